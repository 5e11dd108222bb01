package ciscophone

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
	"github.com/dialtone-acs/dialtone/cwmp"
)

const voice = "Device.Services.VoiceService.1.VoiceProfile.1."

func setting(path, value string) cwmp.ParameterValueStruct {
	return cwmp.ParameterValueStruct{Name: path, Value: value, Type: cwmp.TypeString}
}

func TestANewPhoneFetchesItsProfilesAndThenSpeaksCWMP(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	want := filephone.Held{
		Accounts: []filephone.Account{
			{N: 1, User: "200", AuthUser: "ph200", Password: "secret-200", DisplayName: "Name 200", Registrar: "sip.example", Port: 5061, Transport: "tls", Expires: 600},
			{N: 2, User: "201", AuthUser: "ph201", Password: "secret-201", DisplayName: "Name 201", Registrar: "sip.example", Port: 5061, Transport: "tls", Expires: 600},
		},
		VLAN: filephone.VLAN{ID: 120, Priority: -1},
		Clock: filephone.Clock{
			Known: true, Offset: 3600, NTP: "ntp.example",
			Daylight: &filephone.Daylight{Start: filephone.Change{Month: 3, Week: 5, Hour: 2}, End: filephone.Change{Month: 10, Week: 5, Hour: 3}, Save: 60},
		},
		Keys:          []filephone.Key{{N: 1, Type: "line", Account: 1}, {N: 2, Type: "blf", Value: "41", Label: "Bob", Account: 1}},
		AdminPassword: "open-sesame", ProvisioningURL: h.URL + "/$MA.xml",
	}
	if got := p.Held(); !reflect.DeepEqual(got, want) {
		t.Errorf("holds %+v\nwant  %+v", got, want)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if want := []string{"/8851-3PCC.xml", "/" + mac + ".xml"}; !slices.Equal(h.asked, want) {
		t.Errorf("asked for %v, want %v", h.asked, want)
	}
	id := h.informs[0].DeviceID
	if id.ProductClass != ProductClass || id.OUI != "D0EC35" || h.users["phone-1"] != 1 {
		t.Errorf("informed as %+v, as %v", id, h.users)
	}
	if !slices.ContainsFunc(h.informs[0].ParameterList, func(v cwmp.ParameterValueStruct) bool {
		return v.Name == "Device.LAN.MACAddress" && v.Value == "D0:EC:35:11:22:33"
	}) {
		t.Errorf("the Inform has no MAC address: %+v", h.informs[0].ParameterList)
	}
}

func TestWhatTheProfileSaysIsInTheDataModel(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	for path, want := range map[string]string{
		voice + "SIP.RegistrarServer":                        "sip.example",
		voice + "SIP.RegistrarServerPort":                    "5061",
		voice + "SIP.ProxyServer":                            "sip.example",
		voice + "SIP.RegistrarServerTransport":               "TLS",
		voice + "SIP.RegisterExpires":                        "600",
		voice + "Line.1.Enable":                              "Enabled",
		voice + "Line.1.Status":                              "Up",
		voice + "Line.2.SIP.URI":                             "sip:201@sip.example",
		voice + "Line.2.DirectoryNumber":                     "201",
		voice + "Line.2.SIP.AuthUserName":                    "ph201",
		voice + "Line.2.SIP.AuthPassword":                    "secret-201",
		voice + "Line.1.CallingFeatures.CallerIDName":        "Name 200",
		voice + "Line.3.Enable":                              "Disabled",
		"Device.Time.NTPServer1":                             "ntp.example",
		"Device.Time.LocalTimeZone":                          "<+0100>-01:00<+0200>-02:00,M3.5.0/2:00,M10.5.0/3:00",
		"Device.Ethernet.VLANID":                             "120",
		"Device.ManagementServer.PeriodicInformInterval":     "3600",
		"Device.ManagementServer.Username":                   "phone-1",
		"Device.Services.VoiceService.1.VoiceProfile.1.Name": "Profile 1",
	} {
		if got, ok := p.Device().Parameter(path); !ok || got != want {
			t.Errorf("%s is %q, %v; want %q", path, got, ok, want)
		}
	}
}

func TestWhatTheACSSetsIsInTheProfile(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	h.ask(&cwmp.SetParameterValues{ParameterKey: "k", ParameterList: []cwmp.ParameterValueStruct{
		setting(voice+"SIP.RegistrarServer", "other.example"), setting(voice+"Line.1.SIP.AuthPassword", "new-secret"),
		setting(voice+"Line.1.SIP.URI", "sip:300@other.example"), setting(voice+"Line.2.Enable", "Disabled"),
		setting(voice+"SIP.RegistrarServerTransport", "TCP"), setting("Device.Time.LocalTimeZone", "EST5EDT,M3.2.0,M11.1.0"),
	}})
	inform(t, p)
	held := p.Held()
	want := filephone.Account{N: 1, User: "300", AuthUser: "ph200", Password: "new-secret", DisplayName: "Name 200", Registrar: "other.example", Port: 5061, Transport: "tcp", Expires: 600}
	if len(held.Accounts) != 1 || held.Accounts[0] != want {
		t.Errorf("holds the accounts %+v, want %+v", held.Accounts, want)
	}
	if c := held.Clock; c.Offset != -5*3600 || c.Daylight == nil || c.Daylight.Start != (filephone.Change{Month: 3, Week: 2, Hour: 2}) || c.Daylight.End != (filephone.Change{Month: 11, Week: 1, Hour: 2}) {
		t.Errorf("holds the clock %+v", c)
	}
	if held.VLAN.ID != 120 || len(held.Keys) != 2 {
		t.Errorf("lost what the ACS did not set: %+v", held)
	}
	if n := p.Counts().RPCs["SetParameterValues"]; n != 1 {
		t.Errorf("%d SetParameterValues counted", n)
	}
}

func TestADownloadedProfileIsTakenWithAReboot(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	h.put("/new.xml", `<flat-profile><Extended_Function_2_>fnc=sd+blf+cp;sub=42@$PROXY;nme=Eve</Extended_Function_2_></flat-profile>`)
	h.put("/"+mac+".xml", h.profile("sip.example", "42"))
	h.ask(&cwmp.Download{CommandKey: "d1", FileType: cwmp.FileTypeConfiguration, URL: h.URL + "/new.xml"})
	inform(t, p)
	wait(t, p, "the end of the transfer", func() bool { return p.Device().LastSession().HasEvent(cwmp.EventTransferComplete) })
	last := p.Device().LastSession()
	if !last.HasEvent(cwmp.EventBoot) || !last.HasEvent("M Download") || last.Err != nil {
		t.Errorf("the session after the download is %+v", last)
	}
	if keys := p.Held().Keys; keys[1].Value != "42" {
		t.Errorf("holds the keys %+v", keys)
	}
	if c := p.Counts(); c.Downloads[cwmp.FileTypeConfiguration] != 1 || c.Boots != 2 {
		t.Errorf("counts %+v", c)
	}
}

func TestADownloadedProfileWithNothingNewIsTakenWithoutAReboot(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	h.ask(&cwmp.Download{CommandKey: "d1", FileType: cwmp.FileTypeConfiguration, URL: h.URL + "/" + mac + ".xml"})
	inform(t, p)
	wait(t, p, "the end of the transfer", func() bool { return p.Device().LastSession().HasEvent(cwmp.EventTransferComplete) })
	if last := p.Device().LastSession(); last.HasEvent(cwmp.EventBoot) || p.Counts().Boots != 1 {
		t.Errorf("rebooted: %+v", last)
	}
}

func TestADownloadThatIsNoProfileEndsWithAFault(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	before := p.Held()
	h.put("/bad.xml", "<flat-profile><A>")
	h.ask(&cwmp.Download{CommandKey: "d1", FileType: cwmp.FileTypeConfiguration, URL: h.URL + "/bad.xml"})
	inform(t, p)
	wait(t, p, "the end of the transfer", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.complete) > 0
	})
	if code := h.complete[0].Fault.FaultCode; code != cwmp.FaultTransferFileCorrupted {
		t.Errorf("fault %d", code)
	}
	if !reflect.DeepEqual(p.Held(), before) {
		t.Errorf("holds %+v", p.Held())
	}
}

func TestCertificatesAreTakenAndCounted(t *testing.T) {
	h := newHouse(t)
	c := h.config()
	c.FileTypeCustomCA = "X 000E08 Other CA"
	p := start(t, c)
	arrive(t, p)
	h.put("/ca.pem", "-----BEGIN CERTIFICATE-----")
	h.ask(&cwmp.Download{CommandKey: "d1", FileType: FileTypeCustomCA, URL: h.URL + "/ca.pem"},
		&cwmp.Download{CommandKey: "d2", FileType: c.FileTypeCustomCA, URL: h.URL + "/ca.pem"})
	inform(t, p)
	wait(t, p, "the end of the transfer", func() bool { return p.Device().LastSession().HasEvent(cwmp.EventTransferComplete) })
	if got := p.Counts().Downloads; len(got) != 1 || got[c.FileTypeCustomCA] != 1 {
		t.Errorf("downloads %v", got)
	}
	if n := p.Device().FaultCounters()["Download"]; n != 1 {
		t.Errorf("%d Downloads of an unknown type refused, want 1", n)
	}
}

func TestAChangeAtThePhoneIsToldWhereTheACSWantsToKnow(t *testing.T) {
	h := newHouse(t)
	p := start(t, h.config())
	arrive(t, p)
	h.ask(&cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{
		{Name: voice + "SIP.RegistrarServer", NotificationChange: true, Notification: 2},
	}})
	inform(t, p)
	n := p.Device().Sessions()
	p.Change("Proxy_1_", "drifted.example:5061")
	wait(t, p, "a value change", func() bool { return p.Device().Sessions() > n })
	if last := p.Device().LastSession(); !last.HasEvent(cwmp.EventValueChange) {
		t.Errorf("session %+v", last)
	}
	if uri, _ := p.Device().Parameter(voice + "Line.1.SIP.URI"); uri != "sip:200@sip.example" {
		t.Errorf("the address of the line changed too: %s", uri)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.informs[len(h.informs)-1].ParameterList
	if !slices.ContainsFunc(list, func(v cwmp.ParameterValueStruct) bool {
		return v.Name == voice+"SIP.RegistrarServer" && v.Value == "drifted.example"
	}) {
		t.Errorf("the Inform does not say so: %+v", list)
	}
}

func TestAPhoneThatCannotBeIsRefused(t *testing.T) {
	if _, err := New(Config{MAC: mac, Voice: cpe.VoiceIssue2}); err == nil {
		t.Error("no error")
	}
	if _, err := New(Config{MAC: mac, SerialNumber: strings.Repeat("x", 65)}); err == nil {
		t.Error("no error for a serial number that is too long")
	}
	if _, err := New(Config{MAC: "1"}); err == nil {
		t.Error("no error for a MAC that is none")
	}
}
