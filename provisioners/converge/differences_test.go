package converge

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// differs fails the test unless there is one difference, of the kind, and returns it.
func (h *house) differs(kind provisioners.DifferenceKind, path string) provisioners.Difference {
	h.t.Helper()
	c := h.convergence()
	if len(c.Differences) != 1 || c.Differences[0].Kind != kind || c.Differences[0].Path != path {
		h.t.Fatalf("differences are %+v, want %s of %s", c.Differences, kind, path)
	}
	return c.Differences[0]
}

func upperCases(path, value string) string {
	if path == caller {
		return strings.ToUpper(value)
	}
	return value
}

func TestAValueThatTheDeviceMakesAnotherOfIsTriedTwiceAndReported(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.set = upperCases
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningFailing)
	d := h.differs(provisioners.Kept, caller)
	if d.Reason != `the device keeps "DESK 100"` || d.Tries != 2 || *d.Has != "DESK 100" || *d.Wanted != "Desk 100" || p.counts["SetParameterValues"] != 2 {
		t.Fatalf("it is %+v after %v", d, p.counts)
	}
	if !strings.Contains(h.record().Stuck, "account.1.displayName") || !strings.Contains(h.record().Stuck, "DESK 100") {
		t.Errorf("the record says %q", h.record().Stuck)
	}
	for range 5 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "later")
	}
	h.wantRPCs(h.session(p, "4 VALUE CHANGE"), 0, "another change")
	since := h.convergence().Differences[0].Since
	h.now = h.convergence().NextTry
	set := p.counts["SetParameterValues"]
	h.session(p, "2 PERIODIC")
	if p.counts["SetParameterValues"] != set+1 || !h.convergence().NextTry.After(h.now) {
		t.Errorf("at its next try it is set %d times", p.counts["SetParameterValues"]-set)
	}
	if got := h.differs(provisioners.Kept, caller).Since; !got.Equal(since) {
		t.Errorf("it is so since %v, not %v", got, since)
	}
	h.declare("account.1.registrar", "sip.example.org", "account.1.user", "100", "account.1.displayName", "Front Desk")
	set = p.counts["SetParameterValues"]
	h.session(p, "2 PERIODIC")
	if p.counts["SetParameterValues"] != set+2 {
		t.Errorf("another value is set %d times", p.counts["SetParameterValues"]-set)
	}
	h.want(device.ProvisioningFailing)
	p.set = nil
	d1 := h.records.devices[id]
	d1.SoftwareVersion = "2.0"
	h.records.devices[id] = d1
	h.session(p, "1 BOOT")
	h.want(device.ProvisioningConverged)
	if p.has(caller) != "Front Desk" || len(h.convergence().Differences) != 0 {
		t.Error("another firmware was not given it")
	}
}

func TestAParameterThatIsRefusedLeavesTheRestSet(t *testing.T) {
	for _, c := range []struct {
		name  string
		named bool
		most  int
	}{{"with the parameter named", true, 3}, {"without", false, 10}} {
		t.Run(c.name, func(t *testing.T) {
			h, p := newHouse(t), newPhone()
			p.answer = refusing(9007, c.named, ntp)
			h.declare(append(accounts(2), "time.ntp.primary", "ntp.example.org")...)
			h.session(p, "0 BOOTSTRAP")
			h.want(device.ProvisioningFailing)
			if d := h.differs(provisioners.RefusedValue, ntp); d.Code != 9007 || !strings.Contains(d.Reason, "fault 9007: not this") || d.Tries != 2 {
				t.Errorf("it is %+v", d)
			}
			if p.has(registrar) != "sip.example.org" || p.has(profiles+"2.Line.1.CallingFeatures.CallerIDName") != "Desk 101" {
				t.Error("the rest is not set")
			}
			if p.counts["SetParameterValues"] > c.most {
				t.Errorf("RPCs are %v", p.counts)
			}
			for range 3 {
				h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "later")
			}
			h.now = h.convergence().NextTry
			p.answer = nil
			h.session(p, "2 PERIODIC")
			h.want(device.ProvisioningConverged)
		})
	}
}

func TestADeviceThatDeniesAllIsAskedOnce(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.SetParameterValues); ok {
			return cwmp.NewFault(9001, "")
		}
		return nil
	}
	h.declare(accounts(2)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningFailing)
	if p.counts["SetParameterValues"] != 1 || !strings.Contains(h.record().Stuck, "more") {
		t.Errorf("RPCs are %v, stuck is %q", p.counts, h.record().Stuck)
	}
}

func TestADeviceThatTakesFewAtOnceIsGivenFew(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.SetParameterValues:
			if len(m.ParameterList) > 2 {
				return cwmp.NewFault(9004, "")
			}
		case *cwmp.GetParameterValues:
			if len(m.ParameterNames) > 3 {
				return cwmp.NewFault(9004, "")
			}
		}
		return nil
	}
	h.declare(accounts(2)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	other := newHouse(t)
	other.values, other.settings = 3, 2
	p = newPhone()
	other.declare(accounts(2)...)
	other.session(p, "0 BOOTSTRAP")
	other.want(device.ProvisioningConverged)
	for _, m := range p.asked {
		if set, ok := m.(*cwmp.SetParameterValues); ok && len(set.ParameterList) > 2 {
			t.Errorf("%d values at once", len(set.ParameterList))
		}
	}
}

func TestWhatADeviceTakesOverWhenItRestartsIsConfirmedThen(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.status = 1
	h.declare("time.ntp.primary", "ntp.example.org")
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningPending)
	h.differs(provisioners.Later, ntp)
	for range 5 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "before it restarts")
	}
	p.boots()
	h.wantRPCs(h.session(p, "1 BOOT"), 1, "after it")
	h.want(device.ProvisioningConverged)
}

func TestDifferencesAreBounded(t *testing.T) {
	h := newHouse(t)
	c := &Course{planner: h.planner}
	c.effective.Fingerprint = "f"
	for i := range provisioners.MaxDifferences + 10 {
		path := fmt.Sprint("Device.X.", i)
		c.resolved.Parameters = append(c.resolved.Parameters, parameterOf(path, strings.Repeat("x", 3*provisioners.MaxDifferenceValue)))
		c.Faults = map[string]refusal{path: {9007, strings.Repeat("y", 3*provisioners.MaxDifferenceValue)}}
		c.refused(Visit{Now: h.now})
	}
	if got := len(c.Record.Differences); got != provisioners.MaxDifferences {
		t.Errorf("%d differences", got)
	}
	if slices.ContainsFunc(c.Record.Differences, func(d provisioners.Difference) bool {
		return len(*d.Wanted) > provisioners.MaxDifferenceValue || len(d.Reason) > 2*provisioners.MaxDifferenceValue
	}) {
		t.Error("a value is longer than allowed")
	}
}

func TestAFailingDeviceIsTriedAgainADayLater(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.set = upperCases
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	if wait := h.record().CheckAt.Sub(h.now); wait < 20*time.Hour || wait > 28*time.Hour {
		t.Errorf("it is tried again in %v", wait)
	}
}
