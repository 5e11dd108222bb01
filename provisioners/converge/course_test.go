package converge

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

const (
	registrar = profiles + "1.SIP.RegistrarServer"
	caller    = profiles + "1.Line.1.CallingFeatures.CallerIDName"
	password  = profiles + "1.Line.1.SIP.AuthPassword"
	ntp       = "Device.Time.NTPServer1"
)

func TestADeviceIsBroughtToItsSettingsAtFirstContact(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.declare(append(accounts(1), "account.1.password", "sesame", "time.ntp.primary", "ntp.example.org")...)
	h.want(device.ProvisioningPending)
	// The names of two branches, the values, what differs, what it made of that, notification.
	h.wantRPCs(h.session(p, "0 BOOTSTRAP", "1 BOOT"), 6, "first contact")
	h.want(device.ProvisioningConverged)
	for path, want := range map[string]string{
		registrar: "sip.example.org", caller: "Desk 100", password: "sesame", ntp: "ntp.example.org",
		profiles + "1.Line.1.SIP.AuthUserName": "100",
	} {
		if got := p.has(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if !p.active[registrar] || p.active[password] {
		t.Errorf("notification is asked of %v", p.active)
	}
}

func TestASecondDeviceOfItsKindIsNotAskedForNames(t *testing.T) {
	h, first := newHouse(t), newPhone()
	h.addDevice("device2")
	h.declare(accounts(2)...)
	h.session(first, "0 BOOTSTRAP")
	second := newPhone()
	h.sessionOf("device2", second, "0 BOOTSTRAP")
	asked := second.counts["GetParameterNames"]
	// Its instances are its own: they are asked, level by level; the names are not.
	for _, m := range second.asked {
		if m, ok := m.(*cwmp.GetParameterNames); ok && !m.NextLevel {
			t.Errorf("it was asked for %q", m.ParameterPath)
		}
	}
	if asked != 1 || first.counts["GetParameterNames"] != 2 {
		t.Errorf("the second was asked %d times, the first %d times", asked, first.counts["GetParameterNames"])
	}
	if second.has(profiles+"2.SIP.RegistrarServer") != "sip.example.org" {
		t.Error("the second account is not set")
	}
}

func TestADeviceOfWhichNothingIsSaidIsAskedNothing(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.mark(id)
	for range 3 {
		h.wantRPCs(h.session(p, "0 BOOTSTRAP"), 0, "nothing declared")
	}
	h.want(device.ProvisioningConverged)
}

func TestADeviceThatHoldsItsSettingsCostsNothing(t *testing.T) {
	h, p := settled(t, accounts(2)...)
	calls, models, convergences := h.records.calls, h.models.Calls("DataModel"), h.convergences.Calls("Convergence")
	for range 20 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "a periodic session")
	}
	if h.records.calls != calls || h.models.Calls("DataModel") != models || h.convergences.Calls("Convergence") != convergences {
		t.Error("the stores were asked")
	}
}

func TestAChangeIsSetAndReadBack(t *testing.T) {
	h, p := settled(t, accounts(2)...)
	changed := accounts(2)
	changed[1] = "new.example.org"
	h.declare(changed...)
	h.want(device.ProvisioningPending)
	set, read := p.counts["SetParameterValues"], p.counts["GetParameterValues"]
	h.wantRPCs(h.session(p, "6 CONNECTION REQUEST"), 2, "a change")
	if p.counts["SetParameterValues"] != set+1 || p.counts["GetParameterValues"] != read+1 {
		t.Errorf("RPCs are %v", p.counts)
	}
	h.want(device.ProvisioningConverged)
	if got := p.has(registrar); got != "new.example.org" {
		t.Errorf("the registrar is %q", got)
	}
}

func TestASecretIsSetOncePerChangeAndAfterAReset(t *testing.T) {
	h, p := settled(t, append(accounts(1), "account.1.password", "sesame")...)
	sent := func() (n int) {
		for _, m := range p.asked {
			if set, ok := m.(*cwmp.SetParameterValues); ok {
				for _, v := range set.ParameterList {
					if v.Name == password {
						n++
					}
				}
			}
		}
		return n
	}
	for _, events := range [][]string{{"2 PERIODIC"}, {"1 BOOT"}, {"4 VALUE CHANGE"}, {"6 CONNECTION REQUEST"}} {
		h.session(p, events...)
	}
	if sent() != 1 {
		t.Fatalf("it was sent %d times", sent())
	}
	h.declare(append(accounts(1), "account.1.password", "secret2")...)
	h.session(p, "2 PERIODIC")
	h.session(p, "2 PERIODIC")
	if sent() != 2 || p.has(password) != "secret2" {
		t.Fatalf("after a change it was sent %d times", sent())
	}
	p.reset()
	h.session(p, "0 BOOTSTRAP")
	h.session(p, "2 PERIODIC")
	if sent() != 3 || p.has(password) != "secret2" {
		t.Fatalf("after a reset it was sent %d times", sent())
	}
	h.want(device.ProvisioningConverged)
}

func TestASecretIsWithheldFromADeviceThatHasNotProvenWhoItIs(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.unproven = true
	h.declare(append(accounts(1), "account.1.password", "sesame")...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningFailing)
	if p.has(password) != "" || p.has(registrar) != "sip.example.org" {
		t.Error("it was given the secret, or not the rest")
	}
	for range 5 {
		h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "still unproven")
	}
	h.unproven = false
	h.wantRPCs(h.session(p, "2 PERIODIC"), 1, "proven")
	h.want(device.ProvisioningConverged)
	if p.has(password) != "sesame" {
		t.Error("it was not given the secret")
	}
}

func TestAnAccountTooManyIsAdded(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.declare(accounts(3)...)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.counts["AddObject"] != 2 || p.has(profiles+"3.SIP.RegistrarServer") != "sip.example.org" {
		t.Errorf("RPCs are %v", p.counts)
	}
}

func TestWhatTheDeviceDoesNotTellCountsAsSet(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		if get, ok := m.(*cwmp.GetParameterValues); ok {
			answer := p.tell(get)
			if told, ok := answer.(*cwmp.GetParameterValuesResponse); ok {
				kept := told.ParameterList[:0]
				for _, v := range told.ParameterList {
					if v.Name != caller {
						kept = append(kept, v)
					}
				}
				told.ParameterList = kept
			}
			return answer
		}
		return nil
	}
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	if p.has(caller) != "Desk 100" {
		t.Errorf("the name is %q", p.has(caller))
	}
	set := p.counts["SetParameterValues"]
	for range 5 {
		h.session(p, "1 BOOT")
	}
	if p.counts["SetParameterValues"] != set {
		t.Errorf("it was set again")
	}
}

func TestANameThatTheDeviceDeniesIsLeftOut(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		if get, ok := m.(*cwmp.GetParameterValues); ok {
			for _, name := range get.ParameterNames {
				if name == caller {
					return cwmp.NewFault(9005, "")
				}
			}
		}
		return nil
	}
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	if p.has(registrar) != "sip.example.org" || p.has(caller) != "" {
		t.Error("the rest is not set")
	}
	if c := h.convergence(); len(c.Unmapped) == 0 || c.Unmapped[0].Setting != "account.1.displayName" {
		t.Errorf("unmapped are %+v", c.Unmapped)
	}
}

func TestADeviceOfAnotherPackOrWithoutProofIsLeftAlone(t *testing.T) {
	for name, change := range map[string]func(*device.Device){
		"quarantined":    func(d *device.Device) { d.Quarantined = true },
		"no root":        func(d *device.Device) { d.Root = "" },
		"files failing":  func(d *device.Device) { d.Provisioning.Problem = "no such file" },
		"holds them all": func(d *device.Device) { d.Provisioning.Managed, d.Provisioning.Held = true, d.Provisioning.Wanted },
	} {
		t.Run(name, func(t *testing.T) {
			h, p := newHouse(t), newPhone()
			h.declare(accounts(1)...)
			d := h.records.devices[id]
			change(&d)
			h.records.devices[id] = d
			h.wantRPCs(h.session(p, "2 PERIODIC"), 0, name)
		})
	}
}

func TestAReadingIsRepeatedWhenItIsDue(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	if at := h.record().CheckAt; at.Sub(h.now) < 6*DefaultRecheck || at.Sub(h.now) > 8*DefaultRecheck {
		t.Errorf("with notification it is read at %v", at.Sub(h.now))
	}
	h.now = h.record().CheckAt.Add(time.Minute)
	h.wantRPCs(h.session(p, "2 PERIODIC"), 1, "reading again")
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "after it")
	h.want(device.ProvisioningConverged)
}

func TestSettingsThatNothingCarriesAreReported(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.declare(append(accounts(1), "network.vlan.voice.id", "20", "account.1.voicemail", "600")...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	c := h.convergence()
	if len(c.Unmapped) != 2 {
		t.Fatalf("unmapped are %+v", c.Unmapped)
	}
	m, err := h.models.DataModel(t.Context(), device.ModelKey{Manufacturer: "Acme", ProductClass: "A1", SoftwareVersion: "1.0"}, "Device.")
	h.check(err)
	want := []provisioners.Unmapped{{Setting: "account.N.voicemail", Reason: "no parameter is known for it"}, {Setting: "network.vlan.voice.id", Reason: "no parameter is known for it"}}
	if len(m.Unmapped) != 2 || m.Unmapped[0] != want[0] || m.Unmapped[1] != want[1] || m.Pack != "acme" {
		t.Errorf("the data model has %+v of %q", m.Unmapped, m.Pack)
	}
}

func TestLinesThatNobodyDeclaresAnyMoreAreSwitchedOff(t *testing.T) {
	h, p := settled(t, accounts(2)...)
	if p.has(profiles+"2.Enable") != "Enabled" {
		t.Fatal("the second account is off")
	}
	h.declare(accounts(1)...)
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.has(profiles+"1.Enable") != "Enabled" || p.has(profiles+"2.Enable") != "Disabled" {
		t.Errorf("they are %s and %s", p.has(profiles+"1.Enable"), p.has(profiles+"2.Enable"))
	}
}

func TestTheLastLineIsSwitchedOffToo(t *testing.T) {
	h, p := settled(t, accounts(1)...)
	h.declare()
	h.lose = losing("SetParameterValues", false)
	h.session(p, "2 PERIODIC")
	h.lose = nil
	h.session(p, "2 PERIODIC")
	h.want(device.ProvisioningConverged)
	if p.has(profiles+"1.Enable") != "Disabled" {
		t.Error("it is not switched off")
	}
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "after it")
}
