package converge

import (
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func TestDriftIsSeenByNotificationAndKept(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	at := h.now
	h.wantRPCs(h.changes(p, registrar, "other.example.org"), 0, "the notification")
	h.want(device.ProvisioningDrifted)
	d := h.differs(provisioners.Drifted, registrar)
	if *d.Has != "other.example.org" || d.Adopt == nil || *d.Adopt != "other.example.org" || d.Setting != "account.1.registrar" || !d.Since.Equal(at) {
		t.Errorf("it is %+v", d)
	}
	for range 5 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "later")
	}
	if h.record().Drifted != 1 || !h.record().DriftedSince.Equal(at) {
		t.Errorf("the record is %+v", h.record())
	}
	h.wantRPCs(h.changes(p, registrar, "sip.example.org"), 0, "changed back")
	h.want(device.ProvisioningConverged)
}

func TestDriftIsSeenByReadingWhereTheDeviceDoesNotTell(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.unnotified = func(string) bool { return true }
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	if at := h.record().CheckAt.Sub(h.now); at > DefaultRecheck+DefaultRecheck/5 {
		t.Errorf("it is read again in %v", at)
	}
	p.change(registrar, "other.example.org")
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "before it is due")
	h.want(device.ProvisioningConverged)
	h.now = h.record().CheckAt
	h.wantRPCs(h.session(p, "2 PERIODIC"), 1, "when it is due")
	h.want(device.ProvisioningDrifted)
	if p.has(registrar) != "other.example.org" {
		t.Error("it was set again")
	}
}

// restore asks for paths to be restored, as an operator does.
func (h *house) restore(paths ...string) {
	h.t.Helper()
	c := h.convergence()
	c.Restore = append(c.Restore, paths...)
	_, err := h.convergences.PutConvergence(h.t.Context(), c)
	h.check(err)
	h.check(h.records.Reconsider(h.t.Context(), id, h.now))
}

func TestAnOperatorHasDriftRestored(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.changes(p, registrar, "other.example.org")
	h.restore(registrar)
	// Read, set, read back.
	h.wantRPCs(h.session(p, "6 CONNECTION REQUEST"), 3, "restoring")
	h.want(device.ProvisioningConverged)
	if p.has(registrar) != "sip.example.org" || len(h.convergence().Restore) != 0 {
		t.Error("it is not restored")
	}
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "later")
}

func TestWhatAnOperatorAskedForSurvivesALostSession(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.changes(p, registrar, "other.example.org")
	h.restore(registrar)
	h.lose = losing("SetParameterValues", false)
	h.session(p, "6 CONNECTION REQUEST")
	h.lose = nil
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.has(registrar) != "sip.example.org" {
		t.Error("it is not restored")
	}
}

func TestWhatAnOperatorAsksForWhileASessionIsUnderWayIsNotLost(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.changes(p, registrar, "other.example.org")
	h.changes(p, caller, "Somebody")
	h.restore(registrar)
	asked := false
	h.before = func(m cwmp.Message) {
		if _, sets := m.(*cwmp.SetParameterValues); sets && !asked {
			asked = true
			h.restore(caller)
		}
	}
	h.session(p, "2 PERIODIC")
	if p.has(registrar) != "sip.example.org" || p.has(caller) != "Somebody" {
		t.Fatalf("after the first session: %q, %q", p.has(registrar), p.has(caller))
	}
	h.want(device.ProvisioningDrifted)
	h.session(p, "2 PERIODIC")
	if p.has(caller) != "Desk 100" || len(h.convergence().Restore) != 0 {
		t.Errorf("the second is not restored: %+v", h.convergence())
	}
	h.want(device.ProvisioningConverged)
}

func TestDriftIsRestoredByItselfThreeTimesADay(t *testing.T) {
	h, p := settled(t, append(accounts(1), "cwmp.drift", "restore")...)
	for i := range maxRestored {
		if h.changes(p, registrar, "other.example.org"); p.has(registrar) != "sip.example.org" {
			t.Fatalf("time %d: it is not restored", i+1)
		}
		h.want(device.ProvisioningConverged)
	}
	for range 3 {
		h.wantRPCs(h.changes(p, registrar, "other.example.org"), 0, "too often")
	}
	h.want(device.ProvisioningDrifted)
	if d := h.differs(provisioners.Drifted, registrar); d.Reason != "it is changed again each time that it is set" {
		t.Errorf("the reason is %q", d.Reason)
	}
	h.now = h.now.Add(restoredSpan)
	h.changes(p, registrar, "another.example.org")
	h.want(device.ProvisioningConverged)
}

func TestAdoptedDriftNeedsNoRequest(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.changes(p, ntp, "ntp.example.org") // None of the settings.
	h.want(device.ProvisioningConverged)
	h.changes(p, caller, "Somebody")
	h.want(device.ProvisioningDrifted)
	h.declare("account.1.registrar", "sip.example.org", "account.1.user", "100", "account.1.displayName", "Somebody")
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "adopted")
	h.want(device.ProvisioningConverged)
}

func TestAnOperatorsTaskThatChangesAValueIsDrift(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	p.change(registrar, "by-hand.example.org")
	h.records.observe(id, registrar, "by-hand.example.org", text)
	h.changed = true
	h.wantRPCs(h.session(p, "6 CONNECTION REQUEST"), 0, "after the task")
	h.changed = false
	h.want(device.ProvisioningDrifted)
	h.differs(provisioners.Drifted, registrar)
}
