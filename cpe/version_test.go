package cpe

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// choosing answers every Inform with a UseCWMPVersion header; sent returns what the
// device sent so far.
func choosing(a *testACS, version string) (sent func() []*cwmp.Envelope) {
	var seen []*cwmp.Envelope
	a.intercept = func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
		if e == nil {
			return false
		}
		seen = append(seen, e)
		if e.Message.Method() != "Inform" {
			return false
		}
		a.step(&headerOnly{w}, &http.Request{}, e)
		body, err := cwmp.Encode(&cwmp.Envelope{ID: e.ID, HasID: true, Namespace: e.Namespace, UseCWMPVersion: version, Message: &cwmp.InformResponse{}})
		if err != nil {
			panic(err)
		}
		_, _ = w.Write(body)
		return true
	}
	return func() []*cwmp.Envelope {
		a.mu.Lock()
		defer a.mu.Unlock()
		return slices.Clone(seen)
	}
}

// headerOnly drops the body.
type headerOnly struct{ http.ResponseWriter }

func (*headerOnly) Write(p []byte) (int, error) { return len(p), nil }

func TestADeviceOffersItsVersionsAndGoesByTheChoice(t *testing.T) {
	for _, test := range []struct {
		choice, namespace string
		has, lacks        string
	}{
		{"1.0", cwmp.NamespaceV1_0, "Upload", "GetAllQueuedTransfers"},
		{"1.1", cwmp.NamespaceV1_1, "GetAllQueuedTransfers", "ChangeDUState"},
		{"1.4", cwmp.NamespaceV1_2, "ChangeDUState", ""},
	} {
		t.Run(test.choice, func(t *testing.T) {
			a := newTestACS(t)
			sent := choosing(a, test.choice)
			c := testConfig(a)
			c.CWMPVersion, c.SessionTimeout = "1.4", time.Minute
			c.RetryScale = 1 // No second session before the test is over.
			a.ask(&cwmp.CancelTransfer{})
			d := start(t, c)
			if r := d.LastSession(); (r.Reason() == ReasonProtocol) != (test.namespace != cwmp.NamespaceV1_2) {
				t.Errorf("after a request in the namespace of 1.2: %v", r.Err)
			}
			if first := sent()[0]; first.SessionTimeout != 60 || !slices.Equal(first.SupportedCWMPVersions, cwmp.Versions()) {
				t.Errorf("headers %+v", first)
			}
			d.mu.Lock()
			methods := d.methods()
			d.mu.Unlock()
			if !slices.Contains(methods, test.has) || slices.Contains(methods, test.lacks) {
				t.Errorf("methods %v", methods)
			}
		})
	}
}

func TestAfterTheChoiceTheDeviceSpeaksItsNamespace(t *testing.T) {
	a := newTestACS(t)
	sent := choosing(a, "1.0")
	c := testConfig(a)
	c.CWMPVersion = "1.4"
	d := start(t, c)
	go func() { _, _ = d.Kick(t.Context(), &cwmp.Kicked{}) }()
	r := waitEvent(t, d, cwmp.EventKicked)
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	seen := sent()
	got := []string{seen[len(seen)-2].Namespace, seen[len(seen)-1].Namespace}
	if diff := cmp.Diff([]string{cwmp.NamespaceV1_2, cwmp.NamespaceV1_0}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAChoiceThatWasNotOfferedFailsTheSession(t *testing.T) {
	for name, test := range map[string]struct{ version, choice string }{
		"to a device of 1.2": {"1.2", "1.2"}, "a version that does not exist": {"1.4", "1.9"}, "to a device that says nothing": {"", "1.0"},
	} {
		a := newTestACS(t)
		sent := choosing(a, test.choice)
		c := testConfig(a)
		c.CWMPVersion = test.version
		if r := start(t, c).LastSession(); r.Reason() != ReasonProtocol {
			t.Errorf("%s: %v", name, r.Err)
		}
		if len(sent()[0].SupportedCWMPVersions) != 0 && test.version != "1.4" {
			t.Errorf("%s: versions are offered", name)
		}
	}
}

func TestADeviceOfAnOldVersionHasItsNamespaceAndItsRPCs(t *testing.T) {
	c := testConfig(nil)
	c.CWMPVersion = "1.0"
	d := newTestDevice(t, c)
	if d.config.Namespace != cwmp.NamespaceV1_0 {
		t.Errorf("namespace %s", d.config.Namespace)
	}
	if got := summary(d.execute(&cwmp.CancelTransfer{})); got != "fault 9000" {
		t.Errorf("CancelTransfer: %s", got)
	}
	if got := summary(d.execute(&cwmp.ScheduleInform{DelaySeconds: 1})); got != "*cwmp.ScheduleInformResponse &{}" {
		t.Errorf("ScheduleInform: %s", got)
	}
}

func TestTheEchoIsWhatWasSent(t *testing.T) {
	a := newTestACS(t)
	a.ask(&cwmp.VendorRPC{Name: EchoMethod, Body: `<Line n="1">a &amp; b</Line>`})
	start(t, testConfig(a))
	want := []cwmp.Message{&cwmp.Unknown{Name: EchoMethod + "Response", Namespace: cwmp.NamespaceV1_2, Content: `<Line n="1">a &amp; b</Line>`}}
	if diff := cmp.Diff(want, a.answers); diff != "" {
		t.Error(diff)
	}
}
