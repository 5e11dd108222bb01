//go:build e2e

package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/ciscophone"
	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	voiceProfile   = "Device.Services.VoiceService.1.VoiceProfile.1."
	registrarPath  = voiceProfile + "SIP.RegistrarServer"
	callerNamePath = voiceProfile + "Line.1.CallingFeatures.CallerIDName"
)

// managedPhone is a simulated phone with telephony and the device that was added for it.
type managedPhone struct {
	*client
	phone *cpe.Device
	id    string
}

// accountSettings are two accounts of one registrar.
func accountSettings() []object {
	return []object{
		declare("account.*.registrar", "sip.example.net"), declare("account.*.expires", 600),
		declare("account.1.user", "200"), declare("account.1.password", "first=secret;#1"), declare("account.1.displayName", "Front desk"),
		declare("account.2.user", "201"), declare("account.2.password", "second-secret"), declare("account.2.displayName", "Door"),
	}
}

// managePhone adds a phone of a maker that no pack names, with credentials and accounts,
// and switches it on.
func managePhone(t *testing.T, s *server, serial string, adjust func(*cpe.Config)) *managedPhone {
	t.Helper()
	return managePhoneWith(t, s, serial, accountSettings(), adjust)
}

// managePhoneWith is managePhone with other settings.
func managePhoneWith(t *testing.T, s *server, serial string, settings []object, adjust func(*cpe.Config)) *managedPhone {
	t.Helper()
	c := s.Client("operator")
	adjusted := func(config *cpe.Config) {
		config.Identity.Manufacturer, config.Identity.ProductClass, config.Identity.ModelName = "Acme Voice", "AV-"+serial, "AV-"+serial
		config.Identity.OUI = "0A0B0C"
		config.ConnectionRequestListen = "127.0.0.1:0"
		config.Username, config.Password = "user-"+serial, "pass-"+serial
		if adjust != nil {
			adjust(config)
		}
	}
	phone := s.newPhone(t, serial, adjusted)
	id := phone.Identity()
	var added fileDevice
	c.Post("devices", object{
		"oui": id.OUI, "productClass": id.ProductClass, "serialNumber": id.SerialNumber, "settings": settings,
		"cwmpUsername": "user-" + serial, "cwmpPassword": "pass-" + serial,
	}).Want(http.StatusCreated).Decode(&added)
	stop := phone.Start()
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("phone %s: %v", serial, err)
		}
	})
	return &managedPhone{client: c, phone: phone, id: added.ID}
}

// reaches waits until the device is in a state.
func (p *managedPhone) reaches(state string) convergence {
	p.tb.Helper()
	var last convergence
	defer func() {
		if last.State != state {
			p.tb.Logf("the device is %+v", last)
		}
	}()
	p.Eventually("the device is "+state, func() bool {
		last = p.convergence(p.id)
		return last.State == state
	})
	return last
}

// has waits until the phone has a value.
func (p *managedPhone) has(path, want string) {
	p.tb.Helper()
	p.Eventually("the phone has "+want+" at "+path, func() bool {
		got, _ := p.phone.Parameter(path)
		return got == want
	})
}

// informs has the phone inform, and waits for the end of the session.
func (p *managedPhone) informs(events ...string) {
	p.tb.Helper()
	before := p.phone.Sessions()
	var all []cwmp.EventStruct
	for _, event := range events {
		all = append(all, cwmp.EventStruct{EventCode: event})
	}
	p.phone.Inform(all...)
	waitPhone(p.tb, p.phone, "has informed", func() bool { return p.phone.Sessions() > before })
}

// quiet checks that periodic sessions bring no RPC.
func (p *managedPhone) quiet(sessions int) {
	p.tb.Helper()
	before := p.rpcs()
	for range sessions {
		p.informs(cwmp.EventPeriodic)
	}
	for method, n := range p.rpcs() {
		if n != before[method] {
			p.tb.Errorf("%d %s in %d periodic sessions, want none", n-before[method], method, sessions)
		}
	}
}

// drifted checks that the one difference is a drift of a parameter.
func (p *managedPhone) drifted(path, wanted, has string) {
	p.tb.Helper()
	c := p.reaches("drifted")
	if len(c.Differences) != 1 {
		p.tb.Fatalf("the differences are %+v", c.Differences)
	}
	d := c.Differences[0]
	if d.Path != path || d.Kind != "drifted" || d.Wanted == nil || *d.Wanted != wanted || d.Has == nil || *d.Has != has {
		p.tb.Errorf("the difference is %+v", d)
	}
}

func driftingServer(t *testing.T) *server {
	t.Helper()
	return serve(t, "--cwmp-auth", "digest", "--inform-interval", "0")
}

func TestAChangeOnThePhonesPageIsSeenAsDrift(t *testing.T) {
	s := driftingServer(t)
	p := managePhone(t, s, "D1", nil)
	p.reaches("converged")
	p.quiet(3)
	if err := p.phone.SetLocal(registrarPath, "evil.example.org"); err != nil {
		t.Fatal(err)
	}
	p.drifted(registrarPath, "sip.example.net", "evil.example.org")
	p.quiet(3)
	p.Post("devices/"+p.id+"/convergence/restore", object{}).Want(http.StatusOK)
	p.has(registrarPath, "sip.example.net")
	p.reaches("converged")

	t.Run("and adopted where that is chosen", func(t *testing.T) {
		if err := p.phone.SetLocal(callerNamePath, "Reception"); err != nil {
			t.Fatal(err)
		}
		p.drifted(callerNamePath, "Front desk", "Reception")
		before := p.phone.Counters()["SetParameterValues"]
		p.Post("devices/"+p.id+"/convergence/adopt", object{"paths": []string{callerNamePath}}).Want(http.StatusOK)
		p.reaches("converged")
		if n := p.phone.Counters()["SetParameterValues"] - before; n != 0 {
			t.Errorf("%d SetParameterValues, want none", n)
		}
		p.has(callerNamePath, "Reception")
	})
	t.Run("what an operator sets by a task is not fought", func(t *testing.T) {
		p.Succeed(p.id, object{"kind": "setParameterValues", "parameters": []object{{"path": registrarPath, "value": "test.example.net", "type": "xsd:string"}}}, nil)
		p.drifted(registrarPath, "sip.example.net", "test.example.net")
		p.quiet(3)
		p.has(registrarPath, "test.example.net")
	})
	t.Run("and is set again by itself where the settings say so", func(t *testing.T) {
		p.put("devices/"+p.id, declare("cwmp.drift", "restore"))
		p.has(registrarPath, "sip.example.net")
		p.reaches("converged")
	})
}

func TestDriftOfAPhoneThatRefusesNotificationIsSeenWhenItIsReadAgain(t *testing.T) {
	s := driftingServer(t)
	p := managePhone(t, s, "D2", func(c *cpe.Config) { c.Odd = []string{"refuses-notification"} })
	p.reaches("converged")
	if err := p.phone.SetLocal(registrarPath, "evil.example.org"); err != nil {
		t.Fatal(err)
	}
	p.informs(cwmp.EventPeriodic)
	if c := p.convergence(p.id); c.State != "converged" {
		t.Errorf("the device is %+v, though nobody can know better", c)
	}
	p.Post("devices/"+p.id+"/convergence/retry", object{}).Want(http.StatusOK)
	p.drifted(registrarPath, "sip.example.net", "evil.example.org")
}

// TestDriftIsSeenByItselfWhenParametersComeDue has a phone that tells nothing, and whose
// parameters are read again in its own sessions once that is due.
func TestDriftIsSeenByItselfWhenParametersComeDue(t *testing.T) {
	t.Parallel()
	s := serve(t, "--cwmp-auth", "digest", "--inform-interval", "0", "--settings-recheck", "1m")
	p := managePhone(t, s, "D3", func(c *cpe.Config) {
		c.Odd, c.Interval, c.HoldInterval = []string{"refuses-notification"}, 2*time.Second, true
	})
	p.reaches("converged")
	begun := time.Now()
	if err := p.phone.SetLocal(registrarPath, "evil.example.org"); err != nil {
		t.Fatal(err)
	}
	p.quiet(5)
	p.Within(90*time.Second, "the device is drifted", func() bool { return p.convergence(p.id).State == "drifted" })
	if waited := time.Since(begun); waited < 40*time.Second {
		t.Errorf("the parameters were read after %s, long before they were due", waited)
	}
	p.drifted(registrarPath, "sip.example.net", "evil.example.org")
	p.quiet(5)
}

// TestAChangeOnACiscoPhonesPageIsSeenAsDrift has somebody change what a parameter carries,
// and then what the file carries, on the page of the phone.
func TestAChangeOnACiscoPhonesPageIsSeenAsDrift(t *testing.T) {
	t.Parallel()
	s := driftingServer(t)
	c := s.Client("operator")
	var added fileDevice
	c.Post("devices", object{"mac": "d0:ec:35:00:00:02", "model": "8851", "settings": ciscoSettings()}).Want(http.StatusCreated).Decode(&added)
	phone := startCisco(t, "d0ec35000002", ciscophone.Answer{66: []byte(s.FilesURL() + "$PSN.xml")})
	p := &managedPhone{client: c, phone: phone.Device(), id: added.ID}
	p.Eventually("the phone has informed, and is converged", func() bool {
		return phone.Counts().Sessions > 0 && phone.Device().Up() && p.convergence(p.id).State == "converged"
	})
	phone.Change("Display_Name_1_", "Reception")
	p.drifted(callerNamePath, "Front desk <1>", "Reception")
	p.quiet(3)
	p.Post("devices/"+p.id+"/convergence/restore", object{"paths": []string{callerNamePath}}).Want(http.StatusOK)
	p.reaches("converged")
	if name := phone.Held().Accounts[0].DisplayName; name != "Front desk <1>" {
		t.Errorf("the phone has the name %q after it was restored", name)
	}
	phone.Change("Display_Name_1_", "Lobby")
	p.drifted(callerNamePath, "Front desk <1>", "Lobby")
	before := phone.Counts()
	p.Post("devices/"+p.id+"/convergence/adopt", object{"paths": []string{callerNamePath}}).Want(http.StatusOK)
	p.reaches("converged")
	p.quiet(3)
	after := phone.Counts()
	if n := after.RPCs["SetParameterValues"] - before.RPCs["SetParameterValues"]; n != 0 || after.RPCs["Download"] != before.RPCs["Download"] {
		t.Errorf("from %+v to %+v, want no set and no download", before, after)
	}
	if name := phone.Held().Accounts[0].DisplayName; name != "Lobby" {
		t.Errorf("the phone has the name %q after it was adopted", name)
	}
}
