package cpe

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestANewDeviceBootstrapsAndThenInformsPeriodically(t *testing.T) {
	a := newTestACS(t)
	c := testConfig(a)
	c.Interval = 5 * time.Millisecond
	d := start(t, c)
	a.mu.Lock()
	first := a.informs[0]
	a.mu.Unlock()
	if diff := cmp.Diff([]string{"0 BOOTSTRAP", "1 BOOT"}, eventCodes(first.Events)); diff != "" {
		t.Error(diff)
	}
	if first.DeviceID.SerialNumber != "FCH2401TEST" || first.DeviceID.OUI != "000E08" || first.MaxEnvelopes != 1 {
		t.Errorf("Inform %+v", first)
	}
	waitEvent(t, d, cwmp.EventPeriodic)
	if diff := cmp.Diff([]string{"2 PERIODIC"}, eventCodes(a.lastInform(t).Events)); diff != "" {
		t.Error(diff)
	}
}

func TestAnIntervalThatTheACSSetsCounts(t *testing.T) {
	for name, hold := range map[string]bool{"unless it is held": true, "at once": false} {
		t.Run(name, func(t *testing.T) {
			c := testConfig(nil)
			c.HoldInterval = hold
			d := newTestDevice(t, c)
			d.boot()
			d.execute(set(typed("Device.ManagementServer.PeriodicInformInterval", "60", cwmp.TypeUnsignedInt)))
			wait := time.Until(d.periodicAt)
			if soon := wait <= time.Minute; soon == hold {
				t.Errorf("the next Inform is in %s", wait)
			}
			if value, _ := d.Parameter("Device.ManagementServer.PeriodicInformInterval"); value != "60" {
				t.Errorf("the interval reads %s", value)
			}
			d.execute(set(typed("Device.ManagementServer.PeriodicInformEnable", "0", cwmp.TypeBoolean)))
			if !d.periodicAt.IsZero() {
				t.Error("periodic Informs go on although they are disabled")
			}
		})
	}
}

func TestThePeriodicInformTimeSetsThePhase(t *testing.T) {
	d := newTestDevice(t, testConfig(nil))
	d.execute(set(
		text("Device.DeviceInfo.ProvisioningCode", ""),
		typed("Device.ManagementServer.PeriodicInformInterval", "3600", cwmp.TypeUnsignedInt),
		typed("Device.ManagementServer.PeriodicInformTime", "2020-01-01T00:10:00Z", cwmp.TypeDateTime),
	))
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, now := range []string{"2024-05-01T07:00:00Z", "2019-05-01T07:00:00Z"} {
		at := cwmp.ParseDateTime(now).Time
		d.schedulePeriodic(at)
		if want := at.Add(10 * time.Minute); !d.periodicAt.Equal(want) {
			t.Errorf("the Inform after %s is at %s, want %s", now, d.periodicAt, want)
		}
	}
}

func TestTheACSsRequestsAreExecutedInOneSession(t *testing.T) {
	a := newTestACS(t, &cwmp.GetRPCMethods{}, set(text(profile+"Name", "sales")), &cwmp.GetParameterValues{ParameterNames: []string{profile + "Name", "Device.None"}}, &cwmp.GetParameterValues{ParameterNames: []string{profile + "Name"}})
	d := start(t, testConfig(a))
	r := d.LastSession()
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if diff := cmp.Diff([]string{"GetRPCMethods", "SetParameterValues", "GetParameterValues", "GetParameterValues"}, r.RPCs); diff != "" {
		t.Error(diff)
	}
	if got := summary(a.answers[3]); got != profile+`Name string "sales"` {
		t.Errorf("the value is read back as %s", got)
	}
	if r.Requests != 6 {
		t.Errorf("%d requests, want 6", r.Requests)
	}
}

func TestALocalChangeIsReportedAsItsNotificationAsks(t *testing.T) {
	a := newTestACS(t, attribute(profile+"Name", 2), attribute(profile+"Region", 1))
	d := start(t, testConfig(a))
	if err := d.SetLocal(profile+"Region", "DE"); err != nil {
		t.Fatal(err)
	}
	n := d.Sessions()
	if err := d.SetLocal(profile+"Name", "changed here"); err != nil {
		t.Fatal(err)
	}
	if r := waitSession(t, d, n); !r.HasEvent(cwmp.EventValueChange) || len(r.Events) != 1 {
		t.Errorf("events %v", r.Events)
	}
	got := make(map[string]string)
	for _, p := range a.lastInform(t).ParameterList {
		got[p.Name] = p.Value
	}
	if got[profile+"Name"] != "changed here" || got[profile+"Region"] != "DE" {
		t.Errorf("Inform has %v", got)
	}
	inform(t, d, cwmp.EventPeriodic)
	for _, p := range a.lastInform(t).ParameterList {
		if p.Name == profile+"Name" {
			t.Error("a change that was reported is reported again")
		}
	}
	var failure *ParameterError
	if err := d.SetLocal(profile+"Region", "DEU"); !errors.As(err, &failure) || failure.Code != 9007 {
		t.Errorf("a value that does not fit: %v", err)
	}
	if err := d.SetLocal("Device.None", ""); !errors.As(err, &failure) || failure.Code != 9005 {
		t.Errorf("an unknown parameter: %v", err)
	}
}

func TestWhatHappensWhileTheInformIsUnderWayIsNotLost(t *testing.T) {
	a := newTestACS(t, attribute(profile+"Name", 2), attribute(profile+"Region", 2))
	c := listening(a)
	c.ConnectionRequestUsername = ""
	d := newTestDevice(t, c)
	a.intercept = func(_ http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
		if e == nil || e.Message.Method() != "Inform" {
			return false
		}
		switch len(a.informs) {
		case 0:
			if got := connectionRequest(t, urlOf(t, d), "", ""); got != 200 {
				t.Errorf("status %d", got)
			}
		case 2:
			if err := d.SetLocal(profile+"Region", "FR"); err != nil {
				t.Error(err)
			}
		}
		return false
	}
	stop := d.Start()
	defer func() { _ = stop() }()
	if r := waitSession(t, d, 1); !r.HasEvent(cwmp.EventConnectionRequest) || len(r.Events) != 1 {
		t.Errorf("events %v after a connection request during the bootstrap", r.Events)
	}
	if err := d.SetLocal(profile+"Name", "changed"); err != nil {
		t.Fatal(err)
	}
	if r := waitSession(t, d, 3); !r.HasEvent(cwmp.EventValueChange) || len(r.Events) != 1 {
		t.Errorf("events %v after a change during an Inform", r.Events)
	}
	last := a.lastInform(t).ParameterList
	if p := last[len(last)-1]; p.Name != profile+"Region" || p.Value != "FR" {
		t.Errorf("the last Inform has %+v", p)
	}
}

func TestARebootComesBackWithItsCommandKey(t *testing.T) {
	a := newTestACS(t)
	d := start(t, testConfig(a))
	if err := d.SetLocal(lines+"1.CallState", "Ringing"); err != nil {
		t.Fatal(err)
	}
	a.ask(set(text(profile+"Name", "kept")), &cwmp.Reboot{CommandKey: "again"})
	inform(t, d, cwmp.EventPeriodic)
	r := waitEvent(t, d, cwmp.EventMReboot)
	if diff := cmp.Diff([]string{"M Reboot (again)", "1 BOOT"}, eventCodes(r.Events)); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]string{profile + "Name": "kept", lines + "1.CallState": "Idle"} {
		if value, _ := d.Parameter(path); value != want {
			t.Errorf("%s is %q after the reboot, want %q", path, value, want)
		}
	}
	if got := d.Executions()[Execution{Method: "Reboot", CommandKey: "again"}]; got != 1 {
		t.Errorf("counted %d reboots", got)
	}
}

func TestAFactoryResetComesBackAsNew(t *testing.T) {
	a := newTestACS(t)
	d := start(t, testConfig(a))
	a.ask(set(text(profile+"Name", "lost"), text("Device.ManagementServer.Username", "other")), attribute(profile+"Name", 2),
		&cwmp.AddObject{ObjectName: lines}, &cwmp.FactoryReset{})
	inform(t, d, cwmp.EventPeriodic)
	r := waitEvent(t, d, cwmp.EventBootstrap)
	if diff := cmp.Diff([]string{"0 BOOTSTRAP", "1 BOOT"}, eventCodes(r.Events)); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]string{
		profile + "Name": "Profile 1", "Device.ManagementServer.Username": "", profile + "NumberOfLines": "2", "Device.ManagementServer.ParameterKey": "",
	} {
		if value, _ := d.Parameter(path); value != want {
			t.Errorf("%s is %q after the reset, want %q", path, value, want)
		}
	}
	if len(d.tree.attributes) != 0 {
		t.Error("attributes survived the reset")
	}
	if d.Counters()["FactoryReset"] != 1 {
		t.Error("the counters did not survive the reset")
	}
}

func TestANewACSURLIsABootstrapThere(t *testing.T) {
	a, b := newTestACS(t), newTestACS(t)
	a.ask(set(text("Device.ManagementServer.URL", b.URL+"/other")))
	d := newTestDevice(t, testConfig(a))
	stop := d.Start()
	defer func() { _ = stop() }()
	waitSession(t, d, 1)
	if diff := cmp.Diff([]string{"0 BOOTSTRAP"}, eventCodes(b.lastInform(t).Events)); diff != "" {
		t.Error(diff)
	}
}

func TestHooksBreakSessionsBeforeAndAfterAnRPCIsExecuted(t *testing.T) {
	broken := errors.New("broken")
	tests := map[string]struct {
		hooks func(fail func() error) Hooks
		want  int
	}{
		"before": {func(fail func() error) Hooks {
			return Hooks{BeforeRPC: func(cwmp.Message) error { return fail() }}
		}, 0},
		"after": {func(fail func() error) Hooks {
			return Hooks{AfterRPC: func(_, _ cwmp.Message) error { return fail() }}
		}, 1},
		"before a POST": {func(fail func() error) Hooks {
			return Hooks{BeforePost: func(m cwmp.Message) error {
				if _, ok := m.(*cwmp.AddObjectResponse); ok {
					return fail()
				}
				return nil
			}}
		}, 1},
		"after a POST": {func(fail func() error) Hooks {
			return Hooks{AfterPost: func(m cwmp.Message, status int) error {
				if m == nil && status == 200 {
					return fail()
				}
				return nil
			}}
		}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t, &cwmp.AddObject{ObjectName: lines})
			c := testConfig(a)
			failures := 0
			c.Hooks = test.hooks(func() error {
				failures++
				return broken
			})
			d := newTestDevice(t, c)
			stop := d.Start()
			r := waitSession(t, d, 0)
			second := waitSession(t, d, 1)
			_ = stop()
			if second.Number == 1 || failures == 0 {
				t.Error("the session was not broken off and retried")
			}
			if r.Number == 1 && (r.Reason() != ReasonHook || !errors.Is(r.Err, broken)) {
				t.Errorf("session %+v", r)
			}
			if got := d.Counters()["AddObject"]; got != test.want {
				t.Errorf("executed %d times, want %d", got, test.want)
			}
		})
	}
	t.Run("with a fault", func(t *testing.T) {
		a := newTestACS(t, &cwmp.AddObject{ObjectName: lines})
		c := testConfig(a)
		c.Hooks.Fault = func(cwmp.Message) *cwmp.Fault { return cwmp.NewFault(9002, "") }
		d := start(t, c)
		if d.Counters()["AddObject"] != 0 || d.FaultCounters()["AddObject"] != 1 || d.LastSession().Err != nil {
			t.Errorf("counters %v, session %+v", d.Counters(), d.LastSession())
		}
	})
}

func TestTheDevicesOwnRequestsAreAnswered(t *testing.T) {
	a := newTestACS(t)
	d := start(t, testConfig(a))
	for _, test := range []struct {
		request cwmp.Message
		want    string
	}{
		{&cwmp.GetRPCMethods{}, "*cwmp.GetRPCMethodsResponse &{MethodList:[Inform]}"},
		{&cwmp.Unknown{Name: "X_Foo", Namespace: cwmp.NamespaceV1_2}, "fault 8000"},
	} {
		answer := make(chan string, 1)
		go func() {
			m, err := d.Request(testContext(t), test.request)
			if err != nil {
				answer <- err.Error()
				return
			}
			answer <- summary(m)
		}()
		err := d.WaitFor(testContext(t), func() bool {
			d.mu.Lock()
			defer d.mu.Unlock()
			return len(d.outbox) > 0
		})
		if err != nil {
			t.Fatal(err)
		}
		if r := inform(t, d); r.Err != nil {
			t.Error(r.Err)
		}
		if got := <-answer; got != test.want {
			t.Errorf("%s is answered with %s, want %s", test.request.Method(), got, test.want)
		}
	}
}

func TestStatusOneIsAppliedAfterTheSession(t *testing.T) {
	a := newTestACS(t, set(text(profile+"Name", "later")), &cwmp.GetParameterValues{ParameterNames: []string{profile + "Name"}})
	c := testConfig(a)
	c.Quirks.ApplyLater = true
	d := start(t, c)
	if got := summary(a.answers[0]) + summary(a.answers[1]); got != "*cwmp.SetParameterValuesResponse &{Status:1}"+profile+`Name string "Profile 1"` {
		t.Errorf("answers %s", got)
	}
	if value, _ := d.Parameter(profile + "Name"); value != "later" {
		t.Errorf("after the session it is %q", value)
	}
}

func TestADeviceThatIsStoppedBreaksItsSessionOffOrEndsIt(t *testing.T) {
	for name, grace := range map[string]time.Duration{"at once": 0, "with grace": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t)
			entered, release := make(chan struct{}), make(chan struct{})
			a.intercept = func(http.ResponseWriter, *http.Request, *cwmp.Envelope) bool {
				a.intercept = nil
				close(entered)
				<-release
				return false
			}
			c := testConfig(a)
			c.Grace = grace
			d := newTestDevice(t, c)
			stop := d.Start()
			<-entered
			done := make(chan error)
			go func() { done <- stop() }()
			if grace == 0 {
				<-done
				close(release)
			} else {
				close(release)
				<-done
			}
			r := d.LastSession()
			if want := map[bool]Reason{true: ReasonStopped, false: ""}[grace == 0]; r.Reason() != want || r.Number != 1 {
				t.Errorf("session %+v", r)
			}
		})
	}
}

func TestADeviceThatIsSwitchedOnAgainBootsWithWhatItHas(t *testing.T) {
	a := newTestACS(t, set(text(profile+"Name", "kept")))
	d := newTestDevice(t, testConfig(a))
	stop := d.Start()
	waitSession(t, d, 0)
	if err := d.Run(t.Context()); !errors.Is(err, ErrRunning) {
		t.Errorf("Run of a running device: %v", err)
	}
	_ = stop()
	stop = d.Start()
	r := waitSession(t, d, 1)
	_ = stop()
	if diff := cmp.Diff([]string{"1 BOOT"}, eventCodes(r.Events)); diff != "" {
		t.Error(diff)
	}
	if value, _ := d.Parameter(profile + "Name"); value != "kept" {
		t.Errorf("the value is %q", value)
	}
}

func TestAWrongConfigurationNamesItsField(t *testing.T) {
	for field, change := range map[string]func(*Config){
		"ACSURL":       func(c *Config) { c.ACSURL = "acs.example" },
		"SerialNumber": func(c *Config) { c.Identity.SerialNumber = "" },
		"MAC":          func(c *Config) { c.Identity.MAC = "00:11" },
		"Namespace":    func(c *Config) { c.Namespace = "urn:x" },
		"Interval":     func(c *Config) { c.Interval = -1 },
		"Jitter":       func(c *Config) { c.Jitter = 2 },
		"RetryScale":   func(c *Config) { c.RetryScale = -1 },
		"Lines":        func(c *Config) { c.Lines = 17 },
		"Root":         func(c *Config) { c.Root = "Phone." },
		"Model":        func(c *Config) { c.Model = &Model{root: RootGateway} },
	} {
		c := testConfig(nil)
		change(&c)
		if _, err := New(c); err == nil || !contains(err.Error(), field) {
			t.Errorf("%s: error %v", field, err)
		}
	}
}
