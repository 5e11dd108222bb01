package cpe

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	registrar  = "Device.Services.VoiceService.1.VoiceProfile.1.SIP.RegistrarServer"
	callerName = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.CallingFeatures.CallerIDName"
	ntpServer  = "Device.Time.NTPServer1"
	keyPath    = "Device.ManagementServer.ParameterKey"
)

// sets is a SetParameterValues of texts, by turns path and value.
func sets(key string, pairs ...string) *cwmp.SetParameterValues {
	m := &cwmp.SetParameterValues{ParameterKey: key}
	for i := 0; i+1 < len(pairs); i += 2 {
		m.ParameterList = append(m.ParameterList, cwmp.ParameterValueStruct{Name: pairs[i], Value: pairs[i+1], Type: cwmp.TypeString})
	}
	return m
}

func oddConfig(acs *testACS, odd ...string) Config {
	c := testConfig(acs)
	c.Odd = odd
	return c
}

func wantParameter(t *testing.T, d *Device, path, want string) {
	t.Helper()
	if got, ok := d.Parameter(path); !ok || got != want {
		t.Errorf("%s is %q, %v; want %q", path, got, ok, want)
	}
}

func TestAQuirkNamesAParameterByTheEndOfItsPath(t *testing.T) {
	for name, want := range map[string]bool{
		"RegistrarServer": true, "SIP.RegistrarServer": true, registrar: true, "VoiceProfile.*.SIP.RegistrarServer": true,
		"Server": false, "VoiceProfile.2.SIP.RegistrarServer": false, "SIP.ProxyServer": false, "": false,
	} {
		if got := isNamed([]string{"NTPServer1", name}, registrar); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

func TestADeviceThatUpperCasesAValueTakesItAndReadsItBackSo(t *testing.T) {
	for _, voice := range []Voice{VoiceLines, VoiceIssue2} {
		path := registrar
		if voice == VoiceIssue2 {
			path = "Device.Services.VoiceService.1.SIP.Network.1.RegistrarServer"
		}
		acs := newTestACS(t, sets("k", path, "sip.example.net", ntpServer, "ntp.example.net"), &cwmp.GetParameterValues{ParameterNames: []string{path}})
		c := oddConfig(acs, "upper-cases-registrar")
		c.Voice = voice
		d := start(t, c)
		wantParameter(t, d, path, "SIP.EXAMPLE.NET")
		wantParameter(t, d, ntpServer, "ntp.example.net")
		read, ok := acs.answers[1].(*cwmp.GetParameterValuesResponse)
		if !ok || read.ParameterList[0].Value != "SIP.EXAMPLE.NET" {
			t.Errorf("reads back %+v", acs.answers[1])
		}
	}
}

func TestADeviceThatRefusesAValueSaysWhichAndSetsNothing(t *testing.T) {
	for odd, named := range map[string]bool{"refuses-caller-name": true, "refuses-caller-name-unsaid": false} {
		acs := newTestACS(t, sets("k", callerName, "Ada", ntpServer, "ntp.example.net"), sets("k", ntpServer, "second.example.net"))
		d := newTestDevice(t, oddConfig(acs, odd))
		d.boot()
		d.runSession(t.Context())
		fault, ok := acs.answers[0].(*cwmp.Fault)
		if !ok || fault.Code != cwmp.FaultInvalidArguments || len(fault.ParameterFaults) == 1 != named {
			t.Fatalf("%s: answered %+v", odd, acs.answers[0])
		}
		if named && (fault.ParameterFaults[0].ParameterName != callerName || fault.ParameterFaults[0].Code != cwmp.FaultInvalidParameterValue) {
			t.Errorf("%s: refused %+v", odd, fault.ParameterFaults)
		}
		wantParameter(t, d, callerName, "")
		wantParameter(t, d, ntpServer, "second.example.net")
	}
}

func TestADeviceThatForgetsItsSettingsKeepsHowItReachesItsACS(t *testing.T) {
	for odd, key := range map[string]string{"forgets-settings": "", "forgets-settings-not-key": "gen 7", "": "gen 7"} {
		acs := newTestACS(t,
			sets("gen 7", ntpServer, "set.example.net", "Device.ManagementServer.Username", "new name", "Device.ManagementServer.ConnectionRequestUsername", "caller"),
			&cwmp.AddObject{ObjectName: "Device.Services.VoiceService.1.VoiceProfile.1.Line.", ParameterKey: "gen 7"},
			&cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{{Name: ntpServer, NotificationChange: true, Notification: 2}}},
		)
		c := testConfig(acs)
		if odd != "" {
			c.Odd = []string{odd}
		}
		d := start(t, c)
		n := d.Sessions()
		d.Reboot()
		r := waitSession(t, d, n)
		if got := eventCodes(r.Events); !slices.Equal(got, []string{"1 BOOT"}) {
			t.Errorf("%q: events %v", odd, got)
		}
		wantParameter(t, d, keyPath, key)
		wantParameter(t, d, "Device.ManagementServer.Username", "new name")
		wantParameter(t, d, "Device.ManagementServer.ConnectionRequestUsername", "caller")
		server := "0.pool.ntp.org"
		if odd == "" {
			server = "set.example.net"
		}
		wantParameter(t, d, ntpServer, server)
		if _, found := d.Parameter("Device.Services.VoiceService.1.VoiceProfile.1.Line.3.Enable"); found != (odd == "") {
			t.Errorf("%q: the line that was added is there: %v", odd, found)
		}
	}
}

func TestADeviceThatRebootsInTheMiddleHasTheValueAndComesBackWithABoot(t *testing.T) {
	acs := newTestACS(t, sets("k1", ntpServer, "first.example.net"))
	d := start(t, oddConfig(acs, "reboots-at-first-set"))
	r := waitEvent(t, d, "1 BOOT")
	for r.Err != nil {
		r = waitSession(t, d, r.Number)
	}
	if !r.HasEvent("1 BOOT") || r.HasEvent("M Reboot") || r.RetryCount != 0 {
		t.Errorf("came back with %+v", r)
	}
	wantParameter(t, d, ntpServer, "first.example.net")
	if len(acs.answers) != 0 {
		t.Errorf("answered %+v", acs.answers)
	}
	acs.ask(sets("k2", ntpServer, "second.example.net"))
	if r := inform(t, d); r.Err != nil || len(acs.answers) != 1 {
		t.Errorf("the second set: %+v, answers %v", r, acs.answers)
	}
	if n := d.Executions()[Execution{Method: "SetParameterValues", CommandKey: "k1"}]; n != 1 {
		t.Errorf("executed the first set %d times", n)
	}
}

func TestHowOftenADeviceRebootsInTheMiddleIsToBeChosen(t *testing.T) {
	acs := newTestACS(t)
	c := testConfig(acs)
	c.Quirks.RebootAfterSets, c.Quirks.RebootTimes = 2, 1
	always := c
	always.Quirks.RebootTimes = 0
	for name, test := range map[string]struct {
		config Config
		fails  []bool
	}{"once": {c, []bool{false, true, false, false, false}}, "always": {always, []bool{false, true, false, true, false}}} {
		d := start(t, test.config)
		for i, fails := range test.fails {
			acs.ask(sets("k", ntpServer, "a.example.net"))
			r := inform(t, d)
			if (r.Err != nil) != fails {
				t.Errorf("%s: set %d ended with %v", name, i+1, r.Err)
			}
			if fails {
				waitSession(t, d, r.Number)
			}
		}
	}
}

func TestADeviceThatRefusesNotificationTakesPassiveOnly(t *testing.T) {
	change := func(notification int) *cwmp.SetParameterAttributes {
		return &cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{{Name: ntpServer, NotificationChange: true, Notification: notification}}}
	}
	acs := newTestACS(t, change(2), change(1))
	d := start(t, oddConfig(acs, "refuses-notification"))
	if fault, ok := acs.answers[0].(*cwmp.Fault); !ok || fault.Code != cwmp.FaultNotificationRejected {
		t.Errorf("active: %+v", acs.answers[0])
	}
	if _, ok := acs.answers[1].(*cwmp.SetParameterAttributesResponse); !ok {
		t.Errorf("passive: %+v", acs.answers[1])
	}
	if err := d.SetLocal(ntpServer, "elsewhere.example.net"); err != nil {
		t.Fatal(err)
	}
	inform(t, d)
	if list := acs.lastInform(t).ParameterList; !slices.ContainsFunc(list, func(p cwmp.ParameterValueStruct) bool { return p.Name == ntpServer }) {
		t.Errorf("the next Inform does not tell of the change: %+v", list)
	}
}

func TestALocalChangeOpensASessionOnlyWhereTheACSWantsToKnowAtOnce(t *testing.T) {
	acs := newTestACS(t, &cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{{Name: ntpServer, NotificationChange: true, Notification: 2}}})
	d := start(t, testConfig(acs))
	n := d.Sessions()
	if err := d.SetLocal(registrar, "nobody.cares"); err != nil {
		t.Fatal(err)
	}
	if err := d.SetLocal(ntpServer, "told.example.net"); err != nil {
		t.Fatal(err)
	}
	r := waitSession(t, d, n)
	if !r.HasEvent("4 VALUE CHANGE") || r.Number != n+1 {
		t.Errorf("session %+v", r)
	}
	for _, p := range acs.lastInform(t).ParameterList {
		if p.Name == registrar {
			t.Error("the Inform tells what nobody asked for")
		}
	}
}

func TestAnotherACSThatIsSetAtTheDeviceMeetsItForTheFirstTime(t *testing.T) {
	d := start(t, testConfig(newTestACS(t)))
	other := newTestACS(t)
	n := d.Sessions()
	if err := d.SetLocal("Device.ManagementServer.URL", other.URL); err != nil {
		t.Fatal(err)
	}
	if r := waitSession(t, d, n); !r.HasEvent("0 BOOTSTRAP") || len(other.informs) != 1 {
		t.Errorf("session %+v; the other ACS got %d Informs", r, len(other.informs))
	}
}

func TestAFactoryResetAtTheDeviceBringsItBackToWhatItWas(t *testing.T) {
	acs := newTestACS(t, sets("k", ntpServer, "set.example.net"))
	d := start(t, testConfig(acs))
	n := d.Sessions()
	d.FactoryReset()
	if r := waitSession(t, d, n); !r.HasEvent("0 BOOTSTRAP") {
		t.Errorf("session %+v", r)
	}
	wantParameter(t, d, ntpServer, "0.pool.ntp.org")
	off := newTestDevice(t, testConfig(nil))
	if err := off.SetLocal(ntpServer, "set.example.net"); err != nil {
		t.Fatal(err)
	}
	off.Reboot()
	off.FactoryReset()
	wantParameter(t, off, ntpServer, "0.pool.ntp.org")
}

func TestABootThatEndsWithAnErrorEndsTheDevice(t *testing.T) {
	off := errors.New("switched off")
	boots := 0
	c := testConfig(newTestACS(t))
	var d *Device
	c.Hooks.Boot = func(ctx context.Context) error {
		if d.Up() {
			t.Error("up while it boots")
		}
		if boots++; boots == 2 {
			return off
		}
		return nil
	}
	d = newTestDevice(t, c)
	done := make(chan error, 1)
	go func() { done <- d.Run(testContext(t)) }()
	waitSession(t, d, 0)
	d.Reboot()
	if err := <-done; !errors.Is(err, off) || d.Up() {
		t.Errorf("ended with %v, up %v", err, d.Up())
	}
}

func TestAFleetIsChangedAtEveryDevice(t *testing.T) {
	acs := newTestACS(t)
	f, err := NewFleet(FleetConfig{
		Device: testConfig(acs), Devices: 3, Duration: 300 * time.Millisecond, ChangeAfter: 50 * time.Millisecond,
		Changes: []LocalChange{{Path: ntpServer, Value: "local.example.net"}, {Path: "Device.None", Value: "x"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Devices() {
		wantParameter(t, d, ntpServer, "local.example.net")
	}
}
