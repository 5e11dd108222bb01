//go:build e2e

package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// sets is how many SetParameterValues the phone was asked for while something was done.
func (p *managedPhone) sets(work func()) int {
	p.tb.Helper()
	before := p.rpcs()["SetParameterValues"]
	work()
	return p.rpcs()["SetParameterValues"] - before
}

func TestAChangeOfSettingsIsSetOnce(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	p := managePhone(t, s, "S1", nil)
	p.reaches("converged")
	t.Run("a password, which nobody can read back", func(t *testing.T) {
		n := p.sets(func() {
			p.put("devices/"+p.id, declare("account.1.password", "third;secret"))
			p.has(firstPasswordPath, "third;secret")
			p.reaches("converged")
			p.quiet(5)
		})
		if n != 1 {
			t.Errorf("%d SetParameterValues, want 1", n)
		}
	})
	t.Run("an account that is no longer declared is switched off", func(t *testing.T) {
		p.has(voiceProfile+"Line.2.Enable", "Enabled")
		n := p.sets(func() {
			p.Do(http.MethodPatch, "devices/"+p.id+"/settings", object{"unset": []object{{"path": "account.2.user"}, {"path": "account.2.password"}, {"path": "account.2.displayName"}}}).Want(http.StatusOK)
			p.has(voiceProfile+"Line.2.Enable", "Disabled")
			p.reaches("converged")
			p.quiet(3)
		})
		if n != 1 {
			t.Errorf("%d SetParameterValues, want 1", n)
		}
	})
	t.Run("and no more because the server starts again", func(t *testing.T) {
		s.Restart()
		p.quiet(5)
		p.reaches("converged")
	})
}

func TestWhatADeviceCannotHaveIsSaid(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	settings := append(accountSettings(), declare("account.2.registrar", "other.example.net"))
	p := managePhoneWith(t, s, "S2", settings, nil)
	c := p.reaches("converged")
	p.has(registrarPath, "sip.example.net")
	if len(c.Unmapped) != 1 || c.Unmapped[0].Setting != "account.2.registrar" || !strings.Contains(c.Unmapped[0].Reason, "one such parameter for several accounts") {
		t.Errorf("what is not carried is %v", c.Unmapped)
	}
	p.quiet(3)
}

// TestAnotherServerThatChangesAPhoneIsNoticedByItsParameterKey has a value and the
// ParameterKey changed as by another ACS, of which the phone does not tell.
func TestAnotherServerThatChangesAPhoneIsNoticedByItsParameterKey(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	p := managePhone(t, s, "S3", odd("refuses-notification"))
	p.reaches("converged")
	for path, value := range map[string]string{registrarPath: "evil.example.org", "Device.ManagementServer.ParameterKey": "another"} {
		if err := p.phone.SetLocal(path, value); err != nil {
			t.Fatal(err)
		}
	}
	p.informs(cwmp.EventPeriodic)
	p.drifted(registrarPath, "sip.example.net", "evil.example.org")
	p.quiet(5)
	p.Post("devices/"+p.id+"/convergence/restore", object{}).Want(http.StatusOK)
	p.has(registrarPath, "sip.example.net")
	p.reaches("converged")
	p.quiet(3)
}

// TestAPhoneThatIsResetIsBroughtBack resets phones that then have only the accounts that
// they were made with.
func TestAPhoneThatIsResetIsBroughtBack(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	for _, voice := range cpe.Voices() {
		for _, work := range []struct {
			name string
			odd  []string
			do   func(*cpe.Device)
		}{
			{"by its factory reset", nil, (*cpe.Device).FactoryReset},
			{"at a boot that loses its settings", []string{"forgets-settings"}, (*cpe.Device).Reboot},
			{"at a boot that loses all but its ParameterKey", []string{"forgets-settings-not-key"}, (*cpe.Device).Reboot},
		} {
			t.Run(string(voice)+" "+work.name, func(t *testing.T) {
				serial := "R-" + string(voice) + "-" + strings.Join(append([]string{"reset"}, work.odd...), "-")
				p := managePhone(t, s, serial, func(c *cpe.Config) { c.Voice, c.Lines, c.Odd = voice, 1, work.odd })
				p.reaches("converged")
				before, sessions := p.rpcs(), p.phone.Sessions()
				work.do(p.phone)
				waitPhone(t, p.phone, "has informed after its boot", func() bool { return p.phone.Sessions() > sessions })
				for path, want := range heldBy(cpe.RootDevice, voice) {
					p.has(path, want)
				}
				p.reaches("converged")
				p.bounded(before, settled(map[string]int{"AddObject": 10, "GetParameterNames": 12, "GetParameterValues": 20, "SetParameterValues": 2}))
				p.quiet(5)
			})
		}
	}
}
