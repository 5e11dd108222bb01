package acs

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestTheIDOfARequestComesBackAsItWas(t *testing.T) {
	f := newFixture(t)
	for name, id := range map[string]string{
		"a usual one": "1", "none": "\x00none", "an empty one": "", "a long one": strings.Repeat("x", 200), "one with markup": `a&b<c>"d'`, "one with spaces": "  a b ",
	} {
		t.Run(name, func(t *testing.T) {
			p := f.newPhone("S1")
			has := id != "\x00none"
			// The same ID for all, as devices that count nothing have it.
			for _, c := range []struct {
				sent cwmp.Message
				want string
			}{{p.inform("1 BOOT"), "InformResponse"}, {&cwmp.GetRPCMethods{}, "GetRPCMethodsResponse"}, {&cwmp.VendorRPC{Name: "X_00562B_Blink"}, "Fault"}} {
				e := &cwmp.Envelope{Namespace: cwmp.NamespaceV1_0, Message: c.sent}
				if has {
					e.ID, e.HasID = id, true
				}
				body, err := cwmp.Encode(e)
				must(t, err)
				response, answer := p.post(body)
				got, err := cwmp.Decode(answer, cwmp.DefaultLimits())
				if err != nil || response.StatusCode != http.StatusOK || got.Message.Method() != c.want {
					t.Fatalf("%s: status %d, %v: %s", c.want, response.StatusCode, err, answer)
				}
				if got.HasID != has || got.ID != e.ID {
					t.Errorf("%s has the ID %q (%t), want %q (%t)", c.want, got.ID, got.HasID, e.ID, has)
				}
				if bytes.Contains(answer, []byte("HoldRequests")) || bytes.Contains(answer, []byte("NoMoreRequests")) {
					t.Errorf("a header that is not to be used any more: %s", answer)
				}
			}
		})
	}
}

func TestEveryRequestOfASessionHasAnIDOfItsOwn(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	known := map[string]string{}
	for _, path := range []string{"Device.A", "Device.B", "Device.C", "Device.D"} {
		known[path] = "1"
		f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+path+`"]}`)
	}
	p.open("2 PERIODIC")
	seen := map[string]bool{}
	for request := p.send(nil, nil); request != nil; {
		if seen[request.ID] || !regexp.MustCompile(`^[0-9a-zA-Z]{1,32}$`).MatchString(request.ID) {
			t.Errorf("ID %q after %v", request.ID, seen)
		}
		seen[request.ID] = true
		request = p.send(values(known)(request.Message), request)
	}
	if len(seen) < 4 {
		t.Errorf("%d requests", len(seen))
	}
}

func TestTheEndOfASessionIsAnsweredHoweverOftenItComes(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	// 204 to a response ends the session; some devices send an empty POST after it.
	for i, body := range [][]byte{encoded(t, request.ID, &cwmp.GetRPCMethodsResponse{}), nil, nil} {
		if response, _ := p.post(body); response.StatusCode != http.StatusNoContent {
			t.Errorf("request %d: status %d", i, response.StatusCode)
		}
	}
	if f.server.Sessions() != 0 {
		t.Error("a session is open")
	}
}

func TestARequestOfTheDeviceBehindItsEmptyPOSTIsServed(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	if late := p.send(&cwmp.TransferComplete{CommandKey: "late"}, nil); late == nil || late.Message.Method() != "TransferCompleteResponse" {
		t.Fatalf("answered with %+v", late)
	}
	f.want(task, tasks.Running)
	if next := p.send(&cwmp.GetRPCMethodsResponse{}, request); next != nil {
		t.Errorf("asked %s", next.Message.Method())
	}
	f.want(task, tasks.Succeeded)
}

func TestNoFaultIsAnsweredWithAFault(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	if answer := p.sendUnknown("X_00562B_Foo"); answer.Message.Method() != "Fault" {
		t.Fatalf("answered with %s", answer.Message.Method())
	}
	// There are devices that answer the fault with one of their own.
	request := p.send(cwmp.NewFault(9000, ""), nil)
	if request == nil || request.Message.Method() != "GetRPCMethods" {
		t.Fatalf("the fault is answered with %+v, want the session to go on", request)
	}
	p.send(&cwmp.GetRPCMethodsResponse{}, request)
	f.want(task, tasks.Succeeded)
	p.open("2 PERIODIC")
	if answer := p.send(cwmp.NewFault(9002, ""), nil); answer != nil {
		t.Errorf("with nothing to do it is answered with %s", answer.Message.Method())
	}
}

func TestADeviceThatInformsInTheMiddleOfItsSessionBeginsAnother(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	before := p.open("2 PERIODIC").Session
	p.send(nil, nil)
	f.want(task, tasks.Running)
	after := p.open("1 BOOT").Session // With the cookie of the first, on its connection.
	if after.Generation != before.Generation+1 || after.ID == before.ID || f.server.Sessions() != 1 {
		t.Errorf("session %+v after %+v, %d open", after, before, f.server.Sessions())
	}
	f.want(task, tasks.Queued)
	p.work(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} })
	f.want(task, tasks.Succeeded)
}

func TestTheSameRequestOverAndOverEndsTheWorkOfASession(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxRepeats = 3 })
	p, d := f.known("S1")
	var all []tasks.Task
	for range 5 {
		all = append(all, f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.A"]}`))
	}
	asked := p.session(values(map[string]string{"Device.A": "1"}), "2 PERIODIC")
	if len(asked) != 3 {
		t.Errorf("asked %v, want the same three times", asked)
	}
	f.want(all[2], tasks.Succeeded)
	if got := f.want(all[3], tasks.Queued); got.Attempts[0].Fault.Reason != tasks.SessionLimit {
		t.Errorf("attempt = %+v", got.Attempts[0])
	}
}

// absent is a store of parameters that fails while it is told to.
type absent struct {
	device.ParameterStore
	away bool
}

// Observe implements device.ParameterStore.
func (a *absent) Observe(ctx context.Context, id device.ID, at time.Time, all []device.Observation) error {
	if a.away {
		return errors.New("the store is away")
	}
	return a.ParameterStore.Observe(ctx, id, at, all)
}

func TestAnInformThatCannotBeStoredIsNotAnswered(t *testing.T) {
	store := &absent{away: true}
	f := newFixture(t, func(o *Options) { store.ParameterStore = o.Parameters; o.Parameters = store })
	p := f.newPhone("S1")
	body := encoded(t, "1", p.inform("7 TRANSFER COMPLETE"))
	response, answer := p.post(body)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || len(answer) != 0 {
		t.Errorf("status %d, Retry-After %q: %s", response.StatusCode, response.Header.Get("Retry-After"), answer)
	}
	if f.server.Sessions() != 0 {
		t.Error("a session is open")
	}
	store.away = false
	if response, _ := p.post(body); response.StatusCode != http.StatusOK {
		t.Errorf("once more: status %d", response.StatusCode)
	}
	got, err := f.store.Parameters().Values(t.Context(), p.record().ID, []string{"Device.DeviceInfo.HardwareVersion"})
	if must(t, err); len(got) != 1 {
		t.Errorf("stored %+v", got)
	}
}
