package converge

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// losing ends sessions at requests of a method; done says that the phone did those.
func losing(method string, done bool) func(cwmp.Message) (lost, did bool) {
	return func(m cwmp.Message) (bool, bool) {
		lost := m.Method() == method
		return lost, !lost || done
	}
}

func TestADeviceThatIsLostWhileItIsSetIsSetInTheNextSession(t *testing.T) {
	for name, done := range map[string]bool{"before it did it": false, "after it did it": true} {
		t.Run(name, func(t *testing.T) {
			h, p := newHouse(t), newPhone()
			h.declare(append(accounts(1), "account.1.password", "sesame")...)
			h.lose = losing("SetParameterValues", done)
			h.session(p, "0 BOOTSTRAP")
			h.want(device.ProvisioningPending)
			h.lose = nil
			h.session(p, "1 BOOT")
			h.want(device.ProvisioningConverged)
			if p.has(registrar) != "sip.example.org" || p.has(password) != "sesame" || h.convergence().Attempts != 0 {
				t.Errorf("it has %q and %q", p.has(registrar), p.has(password))
			}
			if len(h.convergence().Differences) != 0 {
				t.Errorf("differences are %+v", h.convergence().Differences)
			}
		})
	}
}

func TestALostAddObjectIsNotSentAgainBeforeTheInstancesAreSeen(t *testing.T) {
	for name, done := range map[string]bool{"not made": false, "made": true} {
		t.Run(name, func(t *testing.T) {
			h, p := settled(t, accounts(1)...)
			h.declare(accounts(2)...)
			h.lose = losing("AddObject", done)
			h.session(p, "2 PERIODIC")
			h.want(device.ProvisioningPending)
			if h.convergence().Adding == nil {
				t.Fatal("nothing is noted of the AddObject")
			}
			h.lose = nil
			from := len(p.asked)
			h.session(p, "1 BOOT")
			h.want(device.ProvisioningConverged)
			first, ok := p.asked[from].(*cwmp.GetParameterNames)
			if !ok || first.ParameterPath != profiles || !first.NextLevel {
				t.Errorf("the session began with %+v", p.asked[from])
			}
			if p.hasInstance(profiles, 3) || p.has(profiles+"2.SIP.RegistrarServer") != "sip.example.org" || h.convergence().Adding != nil {
				t.Errorf("RPCs are %v", p.counts)
			}
		})
	}
}

func TestADeviceThatIsLostAgainAndAgainIsLeftForAWhile(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.declare(accounts(1)...)
	h.lose = losing("SetParameterValues", false)
	for range maxAttempts {
		h.session(p, "2 PERIODIC")
		h.want(device.ProvisioningPending)
	}
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningFailing)
	if want := "4 sessions in a row ended while the device was given its settings"; h.record().Stuck != want {
		t.Errorf("the record says %q", h.record().Stuck)
	}
	tries := 0
	h.before = func(m cwmp.Message) {
		if _, sets := m.(*cwmp.SetParameterValues); sets {
			tries++
		}
	}
	for range 3 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "while it waits")
	}
	var waits []time.Duration
	for range 3 {
		h.now = h.record().CheckAt
		h.session(p, "2 PERIODIC")
		for h.record().CheckAt.Before(h.now) {
			h.session(p, "2 PERIODIC")
		}
		waits = append(waits, h.record().CheckAt.Sub(h.now))
	}
	if tries != len(waits) || !slices.IsSorted(waits) || waits[0] == waits[2] {
		t.Errorf("it is tried %d times and waits %v", tries, waits)
	}
	h.lose = nil
	h.now = h.record().CheckAt
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
}

func TestATableThatTakesNoInstanceIsReported(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		if _, adds := m.(*cwmp.AddObject); adds {
			return cwmp.NewFault(9004, "")
		}
		return nil
	}
	h.declare(accounts(2)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	if p.counts["AddObject"] != 1 || p.has(registrar) != "sip.example.org" {
		t.Errorf("RPCs are %v", p.counts)
	}
	c := h.convergence()
	if !slices.ContainsFunc(c.Unmapped, func(u provisioners.Unmapped) bool {
		return u.Setting == "account.2.registrar" && strings.Contains(u.Reason, "room for 1 account")
	}) {
		t.Errorf("unmapped are %+v", c.Unmapped)
	}
	for range 3 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "later")
	}
}

func TestADeviceThatListsLevelByLevelIsAskedSo(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.levels = true
	h.declare(accounts(2)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	if p.has(profiles+"2.Line.1.CallingFeatures.CallerIDName") != "Desk 101" {
		t.Error("the second account is not set")
	}
	m, err := h.models.DataModel(t.Context(), device.ModelKey{Manufacturer: "Acme", ProductClass: "A1", SoftwareVersion: "1.0"}, "Device.")
	h.check(err)
	if !slices.Equal(m.Asked, []string{"Services.VoiceService.", "Time."}) {
		t.Errorf("asked are %v", m.Asked)
	}
}

func TestALargeTreeIsAskedInSeveralSessions(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.levels = true
	for i := range 2 * maxAsks {
		p.values[voice+"Aaa.Object"+strconv.Itoa(i)+".Value"] = parameter{"", text, false}
	}
	h.declare(accounts(1)...)
	sessions := 0
	for h.record().State() != device.ProvisioningConverged {
		if sessions++; sessions > 6 {
			t.Fatalf("it is not known after %d sessions: %+v", sessions, *h.record())
		}
		if rpcs := h.session(p, "2 PERIODIC"); rpcs > maxAsks+20 {
			t.Fatalf("%d RPCs in one session", rpcs)
		}
	}
	if sessions < 3 || p.has(registrar) != "sip.example.org" {
		t.Errorf("it took %d sessions", sessions)
	}
}

func TestABranchThatIsNotToldNowIsAskedAgainLater(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		if names, ok := m.(*cwmp.GetParameterNames); ok && names.ParameterPath == "Device.Time." {
			return cwmp.NewFault(9002, "")
		}
		return nil
	}
	h.declare(append(accounts(1), "time.ntp.primary", "ntp.example.org")...)
	h.session(p, "0 BOOTSTRAP")
	p.answer = nil
	h.now = h.record().CheckAt
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.has(registrar) != "sip.example.org" || p.has(ntp) != "ntp.example.org" {
		t.Errorf("it has %q and %q", p.has(registrar), p.has(ntp))
	}
}

func TestNotificationIsAskedOnceAndRefusalsAreRemembered(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.addDevice("device2")
	p.unnotified = func(path string) bool { return path == caller }
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	if !p.active[registrar] || p.active[caller] || p.counts["SetParameterAttributes"] > 8 {
		t.Errorf("notification is asked of %v with %v", p.active, p.counts)
	}
	h.want(device.ProvisioningConverged)
	second := newPhone()
	second.unnotified = p.unnotified
	h.sessionOf("device2", second, "0 BOOTSTRAP")
	if second.counts["SetParameterAttributes"] != 1 || !second.active[registrar] {
		t.Errorf("the second was asked %d times", second.counts["SetParameterAttributes"])
	}
	asked := p.counts["SetParameterAttributes"]
	h.session(p, "1 BOOT")
	if p.counts["SetParameterAttributes"] != asked {
		t.Error("it is asked again")
	}
}

func TestADeviceWithoutNotificationIsAskedTwiceAtMost(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.unnotified = func(string) bool { return true }
	h.declare(accounts(3)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	if p.counts["SetParameterAttributes"] != 2 {
		t.Errorf("it is asked %d times", p.counts["SetParameterAttributes"])
	}
}

func TestSettingsThatChangeWhileASessionIsUnderWayAreForTheNext(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.declare(accounts(1)...)
	changed := accounts(1)
	changed[1] = "new.example.org"
	changed = append(changed, "time.ntp.primary", "ntp.example.org")
	h.before = func(m cwmp.Message) {
		if _, sets := m.(*cwmp.SetParameterValues); sets && changed != nil {
			h.declare(changed...)
			changed = nil
		}
	}
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningPending)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.has(registrar) != "new.example.org" || p.has(ntp) != "ntp.example.org" {
		t.Errorf("it has %q and %q", p.has(registrar), p.has(ntp))
	}
}

func TestASessionThatWasSupersededNotesNothing(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.declare(accounts(1)...)
	h.before = func(cwmp.Message) {
		d := h.records.devices[id]
		d.Session.Generation = 77
		h.records.devices[id] = d
	}
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningPending)
	if h.record().Managed {
		t.Error("it took charge")
	}
}

func TestAResetWhoseSessionWasLostIsSeenToInTheNextOne(t *testing.T) {
	for _, method := range []string{"SetParameterValues", "GetParameterValues"} {
		t.Run(method, func(t *testing.T) {
			h, p := newHouse(t), newPhone()
			p.noKey = true
			h.declare(append(accounts(1), "account.1.password", "sesame")...)
			h.session(p, "0 BOOTSTRAP")
			h.session(p, "2 PERIODIC")
			p.reset()
			p.noKey = true
			h.lose = losing(method, false)
			h.session(p, "0 BOOTSTRAP", "1 BOOT")
			h.lose = nil
			h.session(p, "2 PERIODIC")
			h.want(device.ProvisioningConverged)
			if p.has(registrar) != "sip.example.org" || p.has(password) != "sesame" {
				t.Errorf("it has %q and %q", p.has(registrar), p.has(password))
			}
		})
	}
}
