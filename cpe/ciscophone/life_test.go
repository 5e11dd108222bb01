package ciscophone

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestAPhoneIsSilentUntilAProfileSwitchesCWMPOn(t *testing.T) {
	h := newHouse(t)
	h.put("/"+mac+".xml", strings.ReplaceAll(h.profile("sip.example", "41"), `<Enable_TR-069 ua="na">Yes`, `<Enable_TR-069 ua="na">No`))
	p := start(t, h.config())
	wait(t, p, "silence", p.Silent)
	if len(p.Held().Accounts) != 2 || p.Device().Up() {
		t.Errorf("holds %+v, up %v", p.Held(), p.Device().Up())
	}
	p.Change("Enable_TR-069", "Yes")
	// The profile that it fetches at its next start switches it off again.
	wait(t, p, "the next boot", func() bool { return p.Counts().Boots == 2 && p.Silent() })
	h.put("/"+mac+".xml", h.profile("sip.example", "41"))
	if err := p.Resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	arrive(t, p)
	if p.Silent() {
		t.Error("silent although it informs")
	}
}

func TestCWMPThatIsSwitchedOffAtThePhoneEndsIt(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	h.put("/"+mac+".xml", "<flat-profile/>")
	p.Change("Enable_TR-069", "No")
	wait(t, p, "silence", p.Silent)
	n := p.Device().Sessions()
	p.Device().Inform()
	time.Sleep(50 * time.Millisecond)
	if p.Device().Sessions() != n {
		t.Error("a silent phone informed")
	}
}

func TestAFactoryResetTakesCWMPAwayUntilAProfileBringsItBack(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	p.SetDHCP(nil)
	h.ask(&cwmp.FactoryReset{})
	p.Device().Inform()
	wait(t, p, "silence", p.Silent)
	if held := p.Held(); len(held.Accounts) > 0 || held.AdminPassword != "" || held.VLAN.ID != 0 || held.ProvisioningURL != "" {
		t.Errorf("holds %+v", held)
	}
	if url, _ := p.Device().Parameter("Device.ManagementServer.URL"); url != noACS {
		t.Errorf("the ACS is %q", url)
	}
	n := p.Device().Sessions()
	p.PowerCycle(h.dhcp())
	wait(t, p, "a session", func() bool { return p.Device().Sessions() > n })
	if last := p.Device().LastSession(); !last.HasEvent(cwmp.EventBootstrap) || len(p.Held().Accounts) != 2 {
		t.Errorf("session %+v; holds %+v", last, p.Held())
	}
}

func TestAFactoryResetAtThePhoneIsThatOfTheACS(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	n := p.Device().Sessions()
	p.FactoryReset()
	wait(t, p, "a session", func() bool { return p.Device().Sessions() > n })
	if last := p.Device().LastSession(); !last.HasEvent(cwmp.EventBootstrap) {
		t.Errorf("session %+v", last)
	}
	p.SetDHCP(nil)
	p.FactoryReset()
	wait(t, p, "silence", p.Silent)
	boots := p.Counts().Boots
	p.FactoryReset()
	wait(t, p, "another boot", func() bool { return p.Counts().Boots > boots && p.Silent() })
	if len(p.Elements()) != 1 {
		t.Errorf("holds %v", p.Elements())
	}
}

func TestAPowerCycleKeepsWhatThePhoneHolds(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	h.ask(&cwmp.SetParameterValues{ParameterKey: "k", ParameterList: []cwmp.ParameterValueStruct{setting("Device.Time.NTPServer2", "kept.example")}})
	n := inform(t, p).Number
	p.PowerCycle(nil)
	wait(t, p, "a session", func() bool { return p.Device().Sessions() > n })
	last := p.Device().LastSession()
	if !last.HasEvent(cwmp.EventBoot) || last.HasEvent(cwmp.EventBootstrap) {
		t.Errorf("session %+v", last)
	}
	if p.Elements()["Secondary_NTP_Server"] != "kept.example" || len(p.Held().Accounts) != 2 {
		t.Errorf("holds %v", p.Elements())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if want := []string{"/8851-3PCC.xml", "/" + mac + ".xml", "/" + mac + ".xml"}; !slices.Equal(h.asked, want) {
		t.Errorf("asked for %v, want %v: a phone that was told a rule goes by it", h.asked, want)
	}
}

func TestAChangedProfileIsFetchedByTheClockAndRestartsThePhone(t *testing.T) {
	h := newHouse(t)
	h.put("/"+mac+".xml", strings.Replace(h.profile("sip.example", "41"), "</flat-profile>", "<Resync_Periodic>1</Resync_Periodic></flat-profile>", 1))
	p := start(t, h.config())
	arrive(t, p)
	h.put("/"+mac+".xml", strings.Replace(h.profile("sip.example", "43"), "</flat-profile>", "<Resync_Periodic>0</Resync_Periodic></flat-profile>", 1))
	wait(t, p, "the second boot", func() bool { return p.Counts().Boots == 2 })
	wait(t, p, "a session", func() bool { return p.Device().LastSession().HasEvent(cwmp.EventBoot) && p.Device().Sessions() > 1 })
	if keys := p.Held().Keys; keys[1].Value != "43" {
		t.Errorf("holds the keys %+v", keys)
	}
}

func TestAPhoneThatFindsNoProfileTriesAgain(t *testing.T) {
	h := newHouse(t)
	profile := h.profile("sip.example", "41")
	h.put("/"+mac+".xml", "no XML")
	c := h.config()
	c.ErrorRetry = 20 * time.Millisecond
	p := start(t, c)
	wait(t, p, "a second look", func() bool { return len(p.Fetches()) >= 4 })
	h.put("/"+mac+".xml", profile)
	arrive(t, p)
}

func TestServersAreTriedInTheOrderOfTheOptions(t *testing.T) {
	h, dead := newHouse(t), newHouse(t)
	dead.mu.Lock()
	dead.files = map[string]string{}
	dead.mu.Unlock()
	c := h.config()
	c.DHCP = Answer{OptionProfile: []byte(dead.URL + "/x/"), OptionProfileAlternate: append([]byte(h.URL), 0), OptionTFTPServer: []byte(dead.URL + "/none/$PSN.cfg")}
	p := start(t, c)
	arrive(t, p)
	dead.mu.Lock()
	defer dead.mu.Unlock()
	if want := []string{"/none/8851-3PCC.cfg", "/x/8851-3PCC.xml"}; !slices.Equal(dead.asked, want) {
		t.Errorf("asked for %v, want %v", dead.asked, want)
	}
	if n := p.Counts().FetchFailures; n != 2 {
		t.Errorf("%d failures, want 2", n)
	}
}

func TestAnACSOfDHCPIsUsedOnceCWMPIsOn(t *testing.T) {
	h := newHouse(t)
	option := []byte("\x01" + string(rune(len(h.URL)+5)) + h.URL + "/cwmp" + "\x02\x07SITE-42")
	for name, enabled := range map[string]bool{"by default": false, "where DHCP switches it on": true} {
		t.Run(name, func(t *testing.T) {
			p := start(t, Config{MAC: mac, DHCP: Answer{OptionVendor: option}, EnabledByDHCP: enabled, CWMP: cpe.Config{RetryScale: 1000}})
			if !enabled {
				wait(t, p, "silence", p.Silent)
				return
			}
			// The house wants a password that the phone has not been told.
			wait(t, p, "a session", func() bool { return p.Device().LastSession().Reason() == cpe.ReasonAuthentication })
			if code, _ := p.Device().Parameter("Device.DeviceInfo.ProvisioningCode"); code != "SITE-42" {
				t.Errorf("ProvisioningCode %q", code)
			}
		})
	}
}

func TestNothingIsSentOrFetchedInSessionsWithoutAChange(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	before := p.Counts()
	for range 5 {
		inform(t, p)
	}
	after := p.Counts()
	if after.Fetches != before.Fetches || after.Boots != before.Boots || len(after.RPCs) != 0 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestALineHasItsOwnRegistrarWhereItHasAProfileOfItsOwn(t *testing.T) {
	h := newHouse(t)
	c := h.config()
	c.Voice = cpe.VoiceProfiles
	p := start(t, c)
	arrive(t, p)
	h.ask(&cwmp.SetParameterValues{ParameterKey: "k", ParameterList: []cwmp.ParameterValueStruct{
		setting("Device.Services.VoiceService.1.VoiceProfile.2.SIP.RegistrarServer", "second.example"),
	}})
	inform(t, p)
	a := p.Held().Accounts
	if len(a) != 2 || a[0].Registrar != "sip.example" || a[1].Registrar != "second.example" || a[1].Port != 5061 {
		t.Errorf("holds %+v", a)
	}
}

func TestAPhoneThatForgetsItsSettingsHasThoseOfItsProfileAgain(t *testing.T) {
	h := newHouse(t)
	c := h.config()
	c.CWMP.Odd = []string{"forgets-settings"}
	p := start(t, c)
	arrive(t, p)
	h.ask(&cwmp.SetParameterValues{ParameterKey: "k", ParameterList: []cwmp.ParameterValueStruct{
		setting("Device.Time.NTPServer2", "lost.example"), setting(voice+"SIP.RegistrarServer", "lost.example"),
	}})
	n := inform(t, p).Number
	p.Device().Reboot()
	wait(t, p, "a session", func() bool { return p.Device().Sessions() > n })
	if a := p.Held().Accounts; len(a) != 2 || a[0].Registrar != "sip.example" || p.Elements()["Secondary_NTP_Server"] == "lost.example" {
		t.Errorf("holds %+v", p.Elements())
	}
	if key, _ := p.Device().Parameter("Device.ManagementServer.ParameterKey"); key != "" {
		t.Errorf("ParameterKey %q", key)
	}
}
