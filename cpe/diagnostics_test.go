package cpe

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// diagnosticCase is one diagnostic under one root.
type diagnosticCase struct {
	root, object string
	inputs       []cwmp.ParameterValueStruct
	// results are parameters that must hold something but 0 and Unknown Time.
	results []string
	// rows is the table of results, and how many rows it must have; 0 for
	// some.
	table string
	rows  int
	// nowhere is an input for which there is no host, and state what it ends
	// with.
	nowhere cwmp.ParameterValueStruct
	state   string
}

func unsigned(name, value string) cwmp.ParameterValueStruct {
	return typed(name, value, cwmp.TypeUnsignedInt)
}

func diagnosticCases() []diagnosticCase {
	ping := []cwmp.ParameterValueStruct{text("Host", "pbx.example"), unsigned("NumberOfRepetitions", "4")}
	pinged := []string{"SuccessCount", "AverageResponseTime", "MinimumResponseTime", "MaximumResponseTime"}
	trace := []cwmp.ParameterValueStruct{text("Host", "192.0.2.9"), unsigned("NumberOfTries", "2")}
	lookup := []cwmp.ParameterValueStruct{text("HostName", "pbx.example"), unsigned("NumberOfRepetitions", "3")}
	loaded := []string{"ROMTime", "BOMTime", "EOMTime", "TCPOpenRequestTime", "TCPOpenResponseTime"}
	down := []cwmp.ParameterValueStruct{text("DownloadURL", "http://files.example/10MB")}
	up := []cwmp.ParameterValueStruct{text("UploadURL", "http://files.example/up"), unsigned("TestFileLength", "5000000")}
	nowhere, nohost := text("Host", "none.invalid"), "Error_CannotResolveHostName"
	noserver := text("DNSServer", "none.invalid")
	return []diagnosticCase{
		{RootDevice, "IP.Diagnostics.IPPing.", ping, append(pinged, "IPAddressUsed", "AverageResponseTimeDetailed"), "", 0, nowhere, nohost},
		{RootGateway, "IPPingDiagnostics.", ping, pinged, "", 0, nowhere, nohost},
		{RootDevice, "IP.Diagnostics.TraceRoute.", trace, []string{"ResponseTime", "RouteHops.1.Host", "RouteHops.1.HostAddress", "RouteHops.1.RTTimes"}, "RouteHops.", 0, nowhere, nohost},
		{RootGateway, "TraceRouteDiagnostics.", trace, []string{"ResponseTime", "RouteHops.1.HopHost", "RouteHops.1.HopHostAddress", "RouteHops.1.HopRTTimes"}, "RouteHops.", 0, nowhere, nohost},
		{RootDevice, "DNS.Diagnostics.NSLookupDiagnostics.", lookup, []string{"SuccessCount", "Result.3.IPAddresses", "Result.3.HostNameReturned", "Result.3.ResponseTime"}, "Result.", 3, noserver, "Error_DNSServerNotResolved"},
		{RootGateway, "NSLookupDiagnostics.", lookup, []string{"SuccessCount", "Result.3.IPAddresses"}, "Result.", 3, noserver, "Error_DNSServerNotResolved"},
		{RootDevice, "IP.Diagnostics.DownloadDiagnostics.", down, append(loaded, "TestBytesReceived", "TotalBytesReceived", "TotalBytesSent"), "", 0, text("DownloadURL", "http://none.invalid/"), "Error_InitConnectionFailed"},
		{RootGateway, "DownloadDiagnostics.", down, append(loaded, "TestBytesReceived", "TotalBytesReceived"), "", 0, text("DownloadURL", "/a"), "Error_InitConnectionFailed"},
		{RootDevice, "IP.Diagnostics.UploadDiagnostics.", up, append(loaded, "TestBytesSent", "TotalBytesSent"), "", 0, text("UploadURL", "http://none.invalid/"), "Error_InitConnectionFailed"},
		{RootGateway, "UploadDiagnostics.", up, append(loaded, "TotalBytesSent"), "", 0, text("UploadURL", ""), "Error_InitConnectionFailed"},
	}
}

// request is a SetParameterValues that starts a diagnostic; the order does not count.
func (c *diagnosticCase) request(inputs ...cwmp.ParameterValueStruct) *cwmp.SetParameterValues {
	m := set(text(c.root+c.object+diagnosticsState, diagnosticRequested))
	for _, p := range inputs {
		p.Name = c.root + c.object + p.Name
		m.ParameterList = append(m.ParameterList, p)
	}
	return m
}

func (c *diagnosticCase) value(d *Device, name string) string {
	value, ok := d.Parameter(c.root + c.object + name)
	if !ok {
		return "missing"
	}
	return value
}

func TestADiagnosticRunsAfterTheSessionAndShowsItsResults(t *testing.T) {
	for _, c := range diagnosticCases() {
		t.Run(c.root+c.object, func(t *testing.T) {
			a := newTestACS(t)
			config := testConfig(a)
			config.Root, config.DiagnosticsDuration = c.root, time.Millisecond
			d := start(t, config)
			a.ask(c.request(c.inputs...))
			inform(t, d, cwmp.EventPeriodic)
			r := waitEvent(t, d, cwmp.EventDiagnosticsComplete)
			if diff := cmp.Diff([]string{"8 DIAGNOSTICS COMPLETE"}, eventCodes(r.Events)); diff != "" {
				t.Error(diff)
			}
			if got := c.value(d, diagnosticsState); got != diagnosticComplete {
				t.Fatalf("state %s; the ACS got %v", got, a.answers)
			}
			for _, name := range c.results {
				if got := c.value(d, name); got == "" || got == "0" || got == "missing" || got == cwmp.UnknownTime {
					t.Errorf("%s holds %q", name, got)
				}
			}
			if rows := len(d.tree.instances(c.root + c.object + c.table)); c.table != "" && (rows == 0 || c.rows != 0 && rows != c.rows) {
				t.Errorf("%d rows of results", rows)
			}
			first := resultsOf(d, c)
			a.ask(c.request(c.inputs...))
			n := d.Sessions()
			inform(t, d, cwmp.EventPeriodic)
			if err := d.WaitFor(testContext(t), func() bool {
				return d.Sessions() > n+1 && d.LastSession().HasEvent(cwmp.EventDiagnosticsComplete)
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, resultsOf(d, c)); diff != "" {
				t.Errorf("the same test gives other results:\n%s", diff)
			}
			a.ask(c.request(append(c.inputs, c.nowhere)...))
			if len(c.inputs) > 0 && c.inputs[0].Name == c.nowhere.Name {
				a.script[len(a.script)-1] = c.request(c.nowhere)
			}
			inform(t, d, cwmp.EventPeriodic)
			if err := d.WaitFor(testContext(t), func() bool { return c.value(d, diagnosticsState) == c.state }); err != nil {
				t.Errorf("state %s, want %s", c.value(d, diagnosticsState), c.state)
			}
			if rows := len(d.tree.instances(c.root + c.object + c.table)); rows != 0 && c.table != "" {
				t.Errorf("%d rows of results of a test that failed", rows)
			}
		})
	}
}

// resultsOf is all that a diagnostic shows, but for the times of day.
func resultsOf(d *Device, c diagnosticCase) map[string]string {
	results := map[string]string{}
	for _, p := range d.Parameters() {
		if strings.HasPrefix(p.Name, c.root+c.object) && p.Type != cwmp.TypeDateTime {
			results[p.Name] = p.Value
		}
	}
	return results
}

func TestTheTimesOfASpeedTestGiveAPlausibleSpeed(t *testing.T) {
	for _, c := range diagnosticCases() {
		if !strings.Contains(c.object, "loadDiagnostics") {
			continue
		}
		config := testConfig(nil)
		config.Root = c.root
		d := newTestDevice(t, config)
		d.execute(c.request(c.inputs...))
		r := newDiagnosticRun(d, c.root+c.object, time.Unix(1_700_000_000, 0))
		if got := r.run(); got != diagnosticComplete {
			t.Fatal(got)
		}
		begun, ended := cwmp.ParseDateTime(c.value(d, "BOMTime")), cwmp.ParseDateTime(c.value(d, "EOMTime"))
		total := c.value(d, "TotalBytesReceived")
		if strings.Contains(c.object, "Upload") {
			total = c.value(d, "TotalBytesSent")
		}
		var size float64
		if _, err := fmt.Sscan(total, &size); err != nil {
			t.Fatal(err)
		}
		if speed := size * 8 / ended.Time.Sub(begun.Time).Seconds() / 1e6; speed < 39 || speed > 96 {
			t.Errorf("%s: %f Mbit/s", c.object, speed)
		}
	}
}

func TestADiagnosticEndsWhenItsInputsChange(t *testing.T) {
	c := diagnosticCases()[0]
	host := c.root + c.object + "Host"
	state := c.root + c.object + diagnosticsState
	for name, test := range map[string]struct {
		then *cwmp.SetParameterValues
		want string
	}{
		"another host":            {set(text(host, "other.example")), diagnosticNone},
		"the same host":           {set(text(host, "pbx.example")), diagnosticNone},
		"cancelled":               {set(text(state, diagnosticCanceled)), diagnosticNone},
		"another host, and go on": {set(text(state, diagnosticRequested), text(host, "other.example")), diagnosticRequested},
		"something else":          {set(text(profile+"Name", "a")), diagnosticRequested},
		"requested again":         {set(text(state, diagnosticRequested)), diagnosticRequested},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTestDevice(t, testConfig(nil))
			d.execute(c.request(c.inputs...))
			d.execute(test.then)
			if got := c.value(d, diagnosticsState); got != test.want {
				t.Errorf("state %s, want %s", got, test.want)
			}
			if running := len(d.extras.diagnostics); (running == 1) != (test.want == diagnosticRequested) {
				t.Errorf("%d run", running)
			}
		})
	}
}

func TestADiagnosticThatWasCancelledWhileItRanHasNoResults(t *testing.T) {
	c := diagnosticCases()[0]
	a := newTestACS(t)
	config := testConfig(a)
	clock := &manualClock{}
	config.Clock, config.Interval = clock, 1000*time.Hour
	d := start(t, config)
	a.ask(c.request(c.inputs...))
	inform(t, d, cwmp.EventPeriodic)
	a.ask(set(text(c.root+c.object+diagnosticsState, diagnosticCanceled)), &cwmp.ScheduleInform{DelaySeconds: 3600})
	inform(t, d, cwmp.EventPeriodic)
	clock.passUntil(t, d, func() bool { return d.LastSession().HasEvent(cwmp.EventScheduled) }, time.Minute)
	if d.LastSession().HasEvent(cwmp.EventDiagnosticsComplete) || c.value(d, "SuccessCount") != "0" || c.value(d, diagnosticsState) != diagnosticNone {
		t.Errorf("events %v, state %s", eventCodes(d.LastSession().Events), c.value(d, diagnosticsState))
	}
}

func TestAnACSMaySetNoOtherStates(t *testing.T) {
	c := diagnosticCases()[0]
	d := newTestDevice(t, testConfig(nil))
	for _, state := range []string{diagnosticNone, diagnosticComplete, "Error_Other", "Rubbish"} {
		if got := summary(d.execute(set(text(c.root+c.object+diagnosticsState, state)))); got != "fault 9003 DiagnosticsState=9007" {
			t.Errorf("%s: %s", state, got)
		}
	}
}

func TestADeviceWithoutTheEventMustBeAsked(t *testing.T) {
	c := diagnosticCases()[0]
	a := newTestACS(t)
	config := testConfig(a)
	config.DiagnosticsDuration, config.Quirks.NoDiagnosticsEvent = time.Millisecond, true
	d := start(t, config)
	a.ask(c.request(c.inputs...))
	inform(t, d, cwmp.EventPeriodic)
	n := d.Sessions()
	if err := d.WaitFor(testContext(t), func() bool { return c.value(d, diagnosticsState) == diagnosticComplete }); err != nil {
		t.Fatal(err)
	}
	r := inform(t, d, cwmp.EventPeriodic)
	if r.Number != n+1 || r.HasEvent(cwmp.EventDiagnosticsComplete) {
		t.Errorf("session %d with %v", r.Number, eventCodes(r.Events))
	}
}

func TestTraceRouteStopsAtItsMostHops(t *testing.T) {
	c := diagnosticCases()[2]
	d := newTestDevice(t, testConfig(nil))
	d.execute(c.request(append(c.inputs, unsigned("MaxHopCount", "2"))...))
	if got := newDiagnosticRun(d, c.root+c.object, time.Now()).run(); got != "Error_MaxHopCountExceeded" {
		t.Error(got)
	}
	if got := c.value(d, "RouteHopsNumberOfEntries"); got != "2" {
		t.Errorf("%s hops", got)
	}
}

func TestARebootForgetsResults(t *testing.T) {
	c := diagnosticCases()[2]
	a := newTestACS(t)
	config := testConfig(a)
	config.DiagnosticsDuration = time.Millisecond
	d := start(t, config)
	a.ask(c.request(c.inputs...))
	inform(t, d, cwmp.EventPeriodic)
	waitEvent(t, d, cwmp.EventDiagnosticsComplete)
	a.ask(&cwmp.Reboot{CommandKey: "r"})
	inform(t, d, cwmp.EventPeriodic)
	waitEvent(t, d, cwmp.EventMReboot)
	if state, hops := c.value(d, diagnosticsState), c.value(d, "RouteHopsNumberOfEntries"); state != diagnosticNone || hops != "0" || c.value(d, "Host") != "192.0.2.9" {
		t.Errorf("state %s, %s hops", state, hops)
	}
}
