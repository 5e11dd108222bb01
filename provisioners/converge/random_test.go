package converge

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
)

// misbehave has a phone do anything: refuse, forget, change values, lose sessions.
func misbehave(h *house, p *phone, random *rand.Rand) {
	p.noKey, p.levels = random.IntN(3) == 0, random.IntN(3) == 0
	p.status = random.IntN(2)
	codes := []int{8000, 9000, 9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008, 9009, 9800}
	p.answer = func(m cwmp.Message) cwmp.Message {
		if random.IntN(4) != 0 {
			return nil
		}
		code := codes[random.IntN(len(codes))]
		if _, names := m.(*cwmp.GetParameterNames); names && (code == invalidName || code == invalidArguments) {
			return nil // What a device says that its kind has not is believed.
		}
		f := cwmp.NewFault(code, "no")
		if set, ok := m.(*cwmp.SetParameterValues); ok && random.IntN(2) == 0 {
			for _, v := range set.ParameterList {
				if random.IntN(3) == 0 {
					f.ParameterFaults = append(f.ParameterFaults, cwmp.SetParameterValuesFault{ParameterName: v.Name, Code: 9007})
				}
			}
		}
		return f
	}
	p.set = func(_, value string) string {
		if random.IntN(4) == 0 {
			return strconv.Itoa(random.IntN(5))
		}
		return value
	}
	h.lose = func(cwmp.Message) (bool, bool) { return random.IntN(20) == 0, true }
	h.unproven = random.IntN(3) == 0
	h.values, h.settings = random.IntN(4), random.IntN(4)
}

func TestWhateverADeviceDoesItIsBoundedAndConvergesOnceItBehaves(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			h, p := newHouse(t), newPhone()
			events := []string{"0 BOOTSTRAP", "1 BOOT", "2 PERIODIC", "4 VALUE CHANGE", "6 CONNECTION REQUEST", "7 TRANSFER COMPLETE"}
			for range 50 {
				if random.IntN(5) == 0 {
					h.declare(append(accounts(1+random.IntN(4)), "account.1.password", "sesame", "time.ntp.primary", strconv.Itoa(random.IntN(9)))...)
				}
				if random.IntN(10) == 0 {
					p.reset()
				}
				misbehave(h, p, random)
				if rpcs := h.session(p, events[random.IntN(len(events))]); rpcs > maxRequests {
					t.Fatalf("a session had %d RPCs", rpcs)
				}
				h.now = h.now.Add(time.Duration(random.IntN(7200)) * time.Second)
			}
			p.answer, p.set, p.status, p.noKey, p.levels = nil, nil, 0, false, false
			h.lose, h.unproven, h.values, h.settings = nil, false, 0, 0
			h.declare(append(accounts(2), "account.1.password", "sesame", "time.ntp.primary", "ntp.example.org")...)
			p.reset()
			h.session(p, "0 BOOTSTRAP")
			for n := 0; h.record().State() != device.ProvisioningConverged; n++ {
				if n > 5 {
					h.want(device.ProvisioningConverged)
				}
				if at := h.record().CheckAt; at.After(h.now) {
					h.now = at
				}
				h.session(p, "2 PERIODIC")
			}
			if p.has(registrar) != "sip.example.org" || p.has(profiles+"2.SIP.RegistrarServer") != "sip.example.org" || p.has(password) != "sesame" || p.has(ntp) != "ntp.example.org" {
				t.Errorf("it has %q, %q, %q", p.has(registrar), p.has(profiles+"2.SIP.RegistrarServer"), p.has(ntp))
			}
			for range 5 {
				h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "in the end")
			}
		})
	}
}
