//go:build e2e

package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

const (
	firstPasswordPath = voiceProfile + "Line.1.SIP.AuthPassword"
	secondUserPath    = voiceProfile + "Line.2.SIP.AuthUserName"
)

// odd returns a phone that does things otherwise.
func odd(names ...string) func(*cpe.Config) {
	return func(c *cpe.Config) { c.Odd = names }
}

// rpcs is how often the phone was asked for each RPC, whatever it answered.
func (p *managedPhone) rpcs() map[string]int {
	all := p.phone.Counters()
	for method, n := range p.phone.FaultCounters() {
		all[method] += n
	}
	return all
}

// bounded checks that the phone was asked for no more than so many RPCs of each kind since
// before.
func (p *managedPhone) bounded(before map[string]int, most map[string]int) {
	p.tb.Helper()
	for method, n := range p.rpcs() {
		if n -= before[method]; n > most[method] {
			p.tb.Errorf("%d %s, want at most %d", n, method, most[method])
		}
	}
}

// holdsAccounts checks that the phone has all that accountSettings declares, but for
// some parameters.
func (p *managedPhone) holdsAccounts(except ...string) {
	p.tb.Helper()
	want := map[string]string{
		registrarPath: "sip.example.net", voiceProfile + "SIP.RegisterExpires": "600", callerNamePath: "Front desk",
		firstPasswordPath: "first=secret;#1", voiceProfile + "Line.1.SIP.AuthUserName": "200", voiceProfile + "Line.1.SIP.URI": "sip:200@sip.example.net",
		secondUserPath: "201", voiceProfile + "Line.2.SIP.AuthPassword": "second-secret", voiceProfile + "Line.2.CallingFeatures.CallerIDName": "Door",
	}
	for _, path := range except {
		delete(want, path)
	}
	for path, value := range want {
		if got, _ := p.phone.Parameter(path); got != value {
			p.tb.Errorf("the phone has %q at %s, want %q", got, path, value)
		}
	}
}

// fails checks that the device cannot be given its settings, for a reason at one kind of
// difference, which its problem repeats.
func (p *managedPhone) fails(kind, reason string, paths ...string) {
	p.tb.Helper()
	c := p.reaches("failing")
	if !strings.Contains(c.Problem, reason) || c.NextTry == nil {
		p.tb.Errorf("the problem is %q, want %q, and a next try: %v", c.Problem, reason, c.NextTry)
	}
	var found []string
	for _, d := range c.Differences {
		if d.Kind != kind || !strings.Contains(d.Reason, reason) {
			p.tb.Errorf("the difference is %+v, want one that is %s: %s", d, kind, reason)
		}
		found = append(found, d.Path)
	}
	if strings.Join(found, " ") != strings.Join(paths, " ") {
		p.tb.Errorf("what differs is %v, want %v", found, paths)
	}
}

// settled are the RPCs that bring a new phone to its accounts at most, before what is odd
// about it: its tree is read when it arrives.
func settled(more map[string]int) map[string]int {
	most := map[string]int{"GetRPCMethods": 1, "GetParameterNames": 12, "GetParameterValues": 40, "SetParameterValues": 2, "SetParameterAttributes": 2, "AddObject": 2}
	for method, n := range more {
		most[method] += n
	}
	return most
}

func TestAPhoneThatMakesAnotherValueOfItIsReportedWithWhatItKeeps(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	p := managePhone(t, s, "O1", odd("upper-cases-registrar"))
	p.fails("kept", `the device keeps "SIP.EXAMPLE.NET"`, registrarPath)
	p.holdsAccounts(registrarPath)
	p.bounded(nil, settled(map[string]int{"SetParameterValues": 1}))
	p.quiet(10)
	t.Run("and is converged once that is what is declared", func(t *testing.T) {
		p := managePhone(t, s, "O10", func(c *cpe.Config) { c.Quirks.UpperCase = []string{"CallerIDName"} })
		second := voiceProfile + "Line.2.CallingFeatures.CallerIDName"
		p.fails("kept", "the device keeps", callerNamePath, second)
		p.quiet(3)
		before := p.rpcs()
		p.put("devices/"+p.id, declare("account.1.displayName", "FRONT DESK"), declare("account.2.displayName", "DOOR"))
		p.reaches("converged")
		p.holdsAccounts(callerNamePath, second)
		p.bounded(before, map[string]int{"GetParameterValues": 1, "SetParameterAttributes": 1})
		p.quiet(3)
	})
}

func TestAPhoneThatRefusesAParameterGetsTheRest(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	lines := []string{callerNamePath, voiceProfile + "Line.2.CallingFeatures.CallerIDName"}
	t.Run("and says which it refuses", func(t *testing.T) {
		p := managePhone(t, s, "O2", odd("refuses-caller-name"))
		p.fails("refused", "the device refuses it with fault 9007", lines...)
		p.holdsAccounts(lines...)
		p.bounded(nil, settled(map[string]int{"SetParameterValues": 4}))
		p.quiet(10)
	})
	t.Run("and does not say which", func(t *testing.T) {
		p := managePhone(t, s, "O3", odd("refuses-caller-name-unsaid"))
		p.fails("refused", "the device refuses it with fault 9003", lines...)
		p.holdsAccounts(lines...)
		p.bounded(nil, settled(map[string]int{"SetParameterValues": 24}))
		p.quiet(10)
	})
}

func TestAPhoneThatLosesItsSettingsAtEveryBootHasThemAgain(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	for serial, oddity := range map[string]string{"O4": "forgets-settings", "O5": "forgets-settings-not-key"} {
		t.Run(oddity, func(t *testing.T) {
			p := managePhone(t, s, serial, odd(oddity))
			p.reaches("converged")
			p.holdsAccounts()
			for range 3 {
				before, sessions := p.rpcs(), p.phone.Sessions()
				p.phone.Reboot()
				waitPhone(t, p.phone, "has informed after its boot", func() bool { return p.phone.Sessions() > sessions })
				p.has(firstPasswordPath, "first=secret;#1")
				p.reaches("converged")
				p.holdsAccounts()
				p.bounded(before, map[string]int{"GetParameterNames": 4, "GetParameterValues": 4, "SetParameterValues": 2, "SetParameterAttributes": 2, "AddObject": 2})
			}
			p.quiet(10)
		})
	}
}

func TestAPhoneThatRebootsWhileItIsSetConvergesOrIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	t.Run("once", func(t *testing.T) {
		p := managePhone(t, s, "O6", odd("reboots-at-first-set"))
		p.reaches("converged")
		p.holdsAccounts()
		p.bounded(nil, settled(map[string]int{"SetParameterValues": 2}))
		p.quiet(10)
	})
	t.Run("in the middle of its settings", func(t *testing.T) {
		p := managePhone(t, s, "O7", func(c *cpe.Config) { c.Quirks.RebootAfterSets, c.Quirks.RebootTimes = 2, 1 })
		p.reaches("converged")
		p.holdsAccounts()
		p.bounded(nil, settled(map[string]int{"SetParameterValues": 2}))
		p.quiet(10)
	})
	t.Run("always", func(t *testing.T) {
		p := managePhone(t, s, "O8", odd("reboots-at-every-set"))
		c := p.reaches("failing")
		if !strings.Contains(c.Problem, "sessions in a row ended while the device was given its settings") || c.NextTry == nil {
			t.Errorf("the device is %+v", c)
		}
		p.bounded(nil, settled(map[string]int{"SetParameterValues": 8, "GetParameterValues": 20}))
		p.quiet(10)
	})
}

// TestAPhoneOfUnprovenIdentityGetsAllButSecrets has a server that asks no device who it is.
func TestAPhoneOfUnprovenIdentityGetsAllButSecrets(t *testing.T) {
	t.Parallel()
	s := serve(t, "--cwmp-auth", "none", "--inform-interval", "0")
	p := managePhone(t, s, "O9", nil)
	secrets := []string{firstPasswordPath, voiceProfile + "Line.2.SIP.AuthPassword"}
	p.fails("withheld", "it is a secret, and the device has not proven who it is", secrets...)
	p.holdsAccounts(secrets...)
	for _, path := range secrets {
		if got, _ := p.phone.Parameter(path); got != "" {
			t.Errorf("the phone was given a secret at %s", path)
		}
	}
	p.quiet(10)
	p.Get("devices/" + p.id + "/convergence").Want(http.StatusOK)
	if strings.Contains(s.Answers.String(), "first=secret") || strings.Contains(s.Log.String(), "first=secret") {
		t.Error("an answer or the log has the secret")
	}
}

// heldBy is what a phone is to hold of accountSettings, by its root and arrangement.
func heldBy(root string, voice cpe.Voice) map[string]string {
	service := root + "Services.VoiceService.1."
	if voice == cpe.VoiceShort {
		service = root + "VoiceService."
	}
	want := map[string]string{}
	for n, account := range map[string][3]string{"1": {"200", "first=secret;#1", "Front desk"}, "2": {"201", "second-secret", "Door"}} {
		profile, line, client := service+"VoiceProfile."+n+".", "Line.1.", service+"SIP.Client."+n+"."
		if voice == cpe.VoiceLines {
			profile, line = service+"VoiceProfile.1.", "Line."+n+"."
		}
		uri := "sip:" + account[0] + "@sip.example.net"
		if voice == cpe.VoiceIssue2 {
			network, features := service+"SIP.Network."+n, service+"CallControl.CallingFeatures.Set."+n
			maps.Copy(want, map[string]string{
				client + "AuthUserName": account[0], client + "AuthPassword": account[1], client + "RegisterURI": uri, client + "Network": network, client + "Enable": "1",
				network + ".RegistrarServer": "sip.example.net", network + ".RegisterExpires": "600", features + ".CallerIDName": account[2],
				service + "CallControl.Line." + n + ".Provider": strings.TrimSuffix(client, "."), service + "CallControl.Line." + n + ".CallingFeatures": features,
			})
			continue
		}
		maps.Copy(want, map[string]string{
			profile + "SIP.RegistrarServer": "sip.example.net", profile + "SIP.RegisterExpires": "600", profile + line + "SIP.URI": uri, profile + line + "Enable": "Enabled",
			profile + line + "SIP.AuthUserName": account[0], profile + line + "SIP.AuthPassword": account[1], profile + line + "CallingFeatures.CallerIDName": account[2],
		})
	}
	return want
}

func TestPhonesOfEveryArrangementHoldTwoAccounts(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	for _, root := range []string{cpe.RootDevice, cpe.RootGateway} {
		for _, voice := range cpe.Voices() {
			t.Run(root+string(voice), func(t *testing.T) {
				p := managePhone(t, s, "V-"+string(voice)+"-"+root[:1], func(c *cpe.Config) { c.Root, c.Voice, c.Lines = root, voice, 1 })
				p.reaches("converged")
				for path, want := range heldBy(root, voice) {
					if got, _ := p.phone.Parameter(path); got != want {
						t.Errorf("the phone has %q at %s, want %q", got, path, want)
					}
				}
				p.quiet(3)
			})
		}
	}
}
