package converge

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func TestADeviceThatLostItsSettingsIsGivenThemAgain(t *testing.T) {
	for _, c := range []struct {
		name  string
		noKey bool
	}{{"with its ParameterKey emptied", false}, {"which never reports a ParameterKey", true}} {
		t.Run(c.name, func(t *testing.T) {
			h, p := newHouse(t), newPhone()
			p.noKey = c.noKey
			h.declare(append(accounts(2), "account.1.password", "sesame")...)
			h.session(p, "0 BOOTSTRAP")
			h.want(device.ProvisioningConverged)
			for i := range 4 {
				p.reset()
				p.noKey = c.noKey
				rpcs := h.session(p, "1 BOOT")
				h.want(device.ProvisioningConverged)
				if p.has(password) != "sesame" || p.has(registrar) != "sip.example.org" || p.has(profiles+"2.SIP.RegistrarServer") != "sip.example.org" {
					t.Fatalf("after loss %d it has %q, %q", i+1, p.has(password), p.has(registrar))
				}
				if got := h.convergence().Losses; got != i+1 || rpcs > 20 {
					t.Errorf("%d losses with %d RPCs", got, rpcs)
				}
				for j := range 3 {
					if got := h.session(p, "2 PERIODIC"); got > 0 && (j > 0 || !c.noKey) {
						t.Errorf("a session after it had %d RPCs", got)
					}
				}
			}
		})
	}
}

func TestAnEmptiedParameterKeyWithAValueLostIsALossAndNotDrift(t *testing.T) {
	h, p := settled(t, append(accounts(1), "account.1.password", "sesame")...)
	p.key = ""
	p.change(registrar, "")
	delete(p.secrets, password)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.has(registrar) != "sip.example.org" || p.has(password) != "sesame" || h.convergence().Losses != 1 {
		t.Errorf("it has %q, %q", p.has(registrar), p.has(password))
	}
}

func TestDriftThatWasSeenIsNoLoss(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.changes(p, registrar, "other.example.org")
	p.key = ""
	h.session(p, "1 BOOT")
	h.want(device.ProvisioningDrifted)
	if p.has(registrar) != "other.example.org" {
		t.Error("it was set again")
	}
}

func TestAnotherServersParameterKeyWithValuesChangedIsDrift(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	p.key = "another ACS"
	p.change(registrar, "theirs.example.org")
	h.wantRPCs(h.session(p, "2 PERIODIC"), 1, "the reading")
	h.want(device.ProvisioningDrifted)
	h.differs(provisioners.Drifted, registrar)
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "after it")
}

func TestADeviceThatNeverReportsItsParameterKeyIsReadOncePerChange(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.noKey = true
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	h.wantRPCs(h.session(p, "2 PERIODIC"), 1, "the first session after")
	for range 10 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "later")
	}
	h.want(device.ProvisioningConverged)
}
