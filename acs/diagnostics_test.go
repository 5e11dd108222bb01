package acs

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

const pingObject = "Device.IP.Diagnostics.IPPing."

// tester is a device that carries tests out: it has one object, and once the inputs
// are set it holds the results.
type tester struct {
	object string
	held   map[string]string
	// done are the values that the object holds once the test is over.
	done map[string]string
	sets []*cwmp.SetParameterValues
	asks int
}

func newTester(object string, inputs ...string) *tester {
	d := &tester{object: object, held: map[string]string{"DiagnosticsState": "None"}}
	for _, name := range inputs {
		d.held[name] = ""
	}
	return d
}

func (d *tester) answer(m cwmp.Message) cwmp.Message {
	switch m := m.(type) {
	case *cwmp.GetParameterNames:
		if m.ParameterPath != d.object {
			return cwmp.NewFault(9005, "")
		}
		answer := &cwmp.GetParameterNamesResponse{}
		for _, name := range slices.Sorted(maps.Keys(d.held)) {
			answer.ParameterList = append(answer.ParameterList, cwmp.ParameterInfoStruct{Name: d.object + name})
		}
		return answer
	case *cwmp.SetParameterValues:
		d.sets = append(d.sets, m)
		for _, p := range m.ParameterList {
			name := strings.TrimPrefix(p.Name, d.object)
			if _, ok := d.held[name]; !ok {
				fault := cwmp.NewFault(9003, "")
				fault.ParameterFaults = []cwmp.SetParameterValuesFault{{ParameterName: p.Name, Code: 9005}}
				return fault
			}
		}
		for _, p := range m.ParameterList {
			d.held[strings.TrimPrefix(p.Name, d.object)] = p.Value
		}
		return &cwmp.SetParameterValuesResponse{}
	case *cwmp.GetParameterValues:
		d.asks++
		answer := &cwmp.GetParameterValuesResponse{}
		for _, name := range slices.Sorted(maps.Keys(d.held)) {
			answer.ParameterList = append(answer.ParameterList, cwmp.ParameterValueStruct{Name: d.object + name, Value: d.held[name], Type: cwmp.TypeString})
		}
		return answer
	default:
		return cwmp.NewFault(9000, "")
	}
}

// finish ends the test.
func (d *tester) finish() { maps.Copy(d.held, d.done) }

// sent returns what the last SetParameterValues set, in order.
func (d *tester) sent() string {
	var parts []string
	for _, p := range d.sets[len(d.sets)-1].ParameterList {
		parts = append(parts, strings.TrimPrefix(p.Name, d.object)+"="+p.Value)
	}
	return strings.Join(parts, " ")
}

func TestEveryTestIsRequestedOnceAndItsResultsAreNumbers(t *testing.T) {
	for _, c := range []struct {
		name, kind, args, root string
		device                 *tester
		done                   map[string]string
		sent, want             string
	}{
		{
			"a ping", "ipPing", `{"host":"192.0.2.1","numberOfRepetitions":3}`, "Device.",
			newTester(pingObject, "Interface", "Host", "NumberOfRepetitions", "Timeout", "DataBlockSize", "DSCP"),
			map[string]string{"SuccessCount": "2", "FailureCount": "1", "AverageResponseTime": "12", "MinimumResponseTime": "10", "MaximumResponseTime": "14"},
			"Interface= Host=192.0.2.1 NumberOfRepetitions=3 Timeout=5000 DataBlockSize=56 DSCP=0 DiagnosticsState=Requested",
			`{"successCount":2,"failureCount":1,"averageResponseTime":12,"minimumResponseTime":10,"maximumResponseTime":14}`,
		},
		{
			"a ping of TR-098 with few inputs", "ipPing", `{"host":"a.example"}`, "InternetGatewayDevice.",
			newTester("InternetGatewayDevice.IPPingDiagnostics.", "Host"), map[string]string{"SuccessCount": "4"},
			"Host=a.example DiagnosticsState=Requested",
			`{"successCount":4,"failureCount":0,"averageResponseTime":0,"minimumResponseTime":0,"maximumResponseTime":0}`,
		},
		{
			"a route of TR-181", "traceRoute", `{"host":"a.example","maxHopCount":2}`, "Device.",
			newTester("Device.IP.Diagnostics.TraceRoute.", "Host", "NumberOfTries", "MaxHopCount"),
			map[string]string{
				"ResponseTime": "30", "RouteHopsNumberOfEntries": "2",
				"RouteHops.10.Host": "b", "RouteHops.10.HostAddress": "192.0.2.2", "RouteHops.10.ErrorCode": "0", "RouteHops.10.RTTimes": "30,31,32",
				"RouteHops.2.Host": "a", "RouteHops.2.HostAddress": "192.0.2.1", "RouteHops.2.ErrorCode": "11", "RouteHops.2.RTTimes": "",
			},
			"Host=a.example NumberOfTries=3 MaxHopCount=2 DiagnosticsState=Requested",
			`{"responseTime":30,"hops":[{"host":"a","address":"192.0.2.1","errorCode":11,"times":[]},{"host":"b","address":"192.0.2.2","errorCode":0,"times":[30,31,32]}]}`,
		},
		{
			"a route of TR-098", "traceRoute", `{"host":"a.example"}`, "Device.",
			newTester("Device.TraceRouteDiagnostics.", "Host"),
			map[string]string{"RouteHops.1.HopHost": "a", "RouteHops.1.HopHostAddress": "192.0.2.1", "RouteHops.1.HopErrorCode": "0", "RouteHops.1.HopRTTimes": "5"},
			"Host=a.example DiagnosticsState=Requested",
			`{"responseTime":0,"hops":[{"host":"a","address":"192.0.2.1","errorCode":0,"times":[5]}]}`,
		},
		{
			"a download", "downloadDiagnostics", `{"url":"http://files.example.net/10M","dscp":46}`, "Device.",
			newTester("Device.IP.Diagnostics.DownloadDiagnostics.", "DownloadURL", "DSCP"),
			map[string]string{
				"ROMTime": "2026-03-01T12:00:00.000100Z", "BOMTime": "2026-03-01T12:00:00.500000Z", "EOMTime": "2026-03-01T12:00:02.500000Z",
				"TestBytesReceived": "1000000", "TotalBytesReceived": "1200000",
			},
			"DownloadURL=http://files.example.net/10M DSCP=46 DiagnosticsState=Requested",
			`{"romTime":"2026-03-01T12:00:00.000100Z","bomTime":"2026-03-01T12:00:00.500000Z","eomTime":"2026-03-01T12:00:02.500000Z","durationMilliseconds":2000,"bytesPerSecond":500000,"testBytesReceived":1000000,"totalBytesReceived":1200000}`,
		},
		{
			"an upload whose times are not known", "uploadDiagnostics", `{"url":"http://files.example.net/in","testFileLength":5000}`, "Device.",
			newTester("Device.UploadDiagnostics.", "UploadURL", "TestFileLength"),
			map[string]string{"BOMTime": "0001-01-01T00:00:00Z", "EOMTime": "2026-03-01T12:00:02Z", "TotalBytesSent": "6000"},
			"UploadURL=http://files.example.net/in TestFileLength=5000 DiagnosticsState=Requested",
			`{"romTime":"","bomTime":"","eomTime":"2026-03-01T12:00:02.000000Z","durationMilliseconds":0,"bytesPerSecond":0,"testBytesSent":5000,"totalBytesSent":6000}`,
		},
		{
			"a look-up", "nsLookup", `{"host":"a.example","dnsServer":"192.0.2.53"}`, "Device.",
			newTester("Device.DNS.Diagnostics.NSLookupDiagnostics.", "HostName", "DNSServer", "Timeout", "NumberOfRepetitions"),
			map[string]string{
				"SuccessCount": "1", "Result.1.Status": "Success", "Result.1.AnswerType": "Authoritative", "Result.1.HostNameReturned": "a.example",
				"Result.1.IPAddresses": "192.0.2.1, 192.0.2.2", "Result.1.DNSServerIP": "192.0.2.53", "Result.1.ResponseTime": "7",
			},
			"HostName=a.example DNSServer=192.0.2.53 Timeout=5000 NumberOfRepetitions=1 DiagnosticsState=Requested",
			`{"successCount":1,"results":[{"status":"Success","answerType":"Authoritative","hostName":"a.example","addresses":["192.0.2.1","192.0.2.2"],"server":"192.0.2.53","responseTime":7}]}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			if c.root != "Device." {
				p.rewrite = func(body []byte) []byte {
					return bytes.ReplaceAll(body, []byte("<Name>Device."), []byte("<Name>"+c.root))
				}
			}
			task := f.task(d.ID, tasks.Kind(c.kind), c.args)
			c.device.done = c.done
			c.device.done["DiagnosticsState"] = "Complete"
			p.session(c.device.answer, "2 PERIODIC")
			f.want(task, tasks.Waiting)
			if got := c.device.sent(); got != c.sent {
				t.Errorf("set %s\nwant %s", got, c.sent)
			}
			c.device.finish()
			if asked := p.session(c.device.answer, "8 DIAGNOSTICS COMPLETE"); !slices.Equal(asked, []string{"GetParameterValues"}) {
				t.Errorf("asked %v", asked)
			}
			got := f.want(task, tasks.Succeeded)
			if string(got.Result) != c.want {
				t.Errorf("result = %s\nwant %s", got.Result, c.want)
			}
			if len(got.Attempts) != 1 || len(c.device.sets) != 1 {
				t.Errorf("%d attempts, %d requests", len(got.Attempts), len(c.device.sets))
			}
		})
	}
}

// ping is a device that can ping, and a task that it waits for.
func (f *fixture) ping() (*phone, *tester, tasks.Task) {
	f.t.Helper()
	p, d := f.known("S1")
	device := newTester(pingObject, "Host")
	device.done = map[string]string{"DiagnosticsState": "Complete", "SuccessCount": "4"}
	task := f.task(d.ID, tasks.IPPing, `{"host":"192.0.2.1"}`)
	p.session(device.answer, "2 PERIODIC")
	return p, device, f.want(task, tasks.Waiting)
}

func TestADeviceThatDoesNotSayThatItIsDoneIsAsked(t *testing.T) {
	f := newFixture(t)
	p, device, task := f.ping()
	var pauses []time.Duration
	for f.reload(task).State == tasks.Waiting && len(pauses) < 6 {
		before := f.clock.now()
		for f.reload(task).State == tasks.Waiting {
			f.clock.advance(time.Second)
			f.reap()
		}
		pauses = append(pauses, f.clock.now().Sub(before))
		if len(pauses) == 6 {
			device.finish()
		}
		p.session(device.answer, "6 CONNECTION REQUEST")
	}
	if want := []time.Duration{5 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute}; !slices.Equal(pauses, want) {
		t.Errorf("asked after %v, want %v", pauses, want)
	}
	got := f.want(task, tasks.Succeeded)
	if len(got.Attempts) != 1 || len(device.sets) != 1 || len(f.woken) != 6 {
		t.Errorf("%d attempts, %d requests, called %d times", len(got.Attempts), len(device.sets), len(f.woken))
	}
}

func TestADeviceThatIsNeverDoneFailsItsTestAtTheDeadline(t *testing.T) {
	for name, comes := range map[string]bool{"a device that comes": true, "a device that stays away": false} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, device, task := f.ping()
			for f.clock.now().Before(task.Deadline) {
				f.clock.advance(20 * time.Second)
				f.reap()
				if comes && f.reload(task).State == tasks.Queued {
					p.session(device.answer, "6 CONNECTION REQUEST")
				}
			}
			f.reap()
			if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.NoEvidence || !got.FinishedAt.Equal(task.Deadline) || len(got.Attempts) != 1 {
				t.Errorf("fault = %v at %s, deadline %s, %d attempts", got.Fault, got.FinishedAt, task.Deadline, len(got.Attempts))
			}
			if len(f.woken) < 10 {
				t.Errorf("called %d times", len(f.woken))
			}
		})
	}
}

func TestATestThatFailedSaysWhy(t *testing.T) {
	for state, want := range map[string]string{
		"Error_CannotResolveHostName": "the name of the host cannot be resolved",
		"Error_SomethingElse":         `"Error_SomethingElse"`,
		"None":                        "restarted",
		"Canceled":                    "cancelled the test",
	} {
		t.Run(state, func(t *testing.T) {
			f := newFixture(t)
			p, device, task := f.ping()
			device.held["DiagnosticsState"] = state
			p.session(device.answer, "8 DIAGNOSTICS COMPLETE")
			if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.DiagnosticsFailed || !strings.Contains(got.Fault.String, want) {
				t.Errorf("fault = %v", got.Fault)
			}
		})
	}
}

func TestADeviceWithoutTheObjectCannotBeTested(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.NSLookup, `{"host":"a"}`)
	asked := p.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9005, "") }, "2 PERIODIC")
	if len(asked) != 2 {
		t.Errorf("asked %v, want both places", asked)
	}
	if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.NotSupported || !strings.Contains(got.Fault.String, "CP-8851-3PCC") {
		t.Errorf("fault = %v", got.Fault)
	}
}

func TestAnObjectThatTheStoreKnowsIsNotLookedFor(t *testing.T) {
	f := newFixture(t)
	p, device, task := f.ping()
	device.finish()
	p.session(device.answer, "8 DIAGNOSTICS COMPLETE")
	f.want(task, tasks.Succeeded)
	again := f.task(task.Device, tasks.IPPing, `{"host":"192.0.2.2"}`)
	if asked := p.session(device.answer, "2 PERIODIC"); !slices.Equal(asked, []string{"SetParameterValues"}) {
		t.Errorf("asked %v", asked)
	}
	device.finish()
	p.session(device.answer, "8 DIAGNOSTICS COMPLETE")
	f.want(again, tasks.Succeeded)
	// New firmware has it elsewhere: what the store knows is out of date.
	device.object = "Device.IPPingDiagnostics."
	moved := f.task(task.Device, tasks.IPPing, `{"host":"192.0.2.3"}`)
	refusing := func(m cwmp.Message) cwmp.Message {
		if set, ok := m.(*cwmp.SetParameterValues); ok && strings.HasPrefix(set.ParameterList[0].Name, pingObject) {
			return cwmp.NewFault(9005, "")
		}
		return device.answer(m)
	}
	p.session(refusing, "2 PERIODIC")
	device.finish()
	p.session(refusing, "8 DIAGNOSTICS COMPLETE")
	f.want(moved, tasks.Succeeded)
}

func TestATestWhoseAnswerWasLostIsRequestedAgainUnlessItRuns(t *testing.T) {
	for name, runs := range map[string]bool{"it runs": true, "it does not": false} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			device := newTester(pingObject, "Host")
			device.done = map[string]string{"DiagnosticsState": "Complete", "SuccessCount": "4"}
			task := f.task(d.ID, tasks.IPPing, `{"host":"192.0.2.1"}`)
			p.open("2 PERIODIC")
			request := p.send(nil, nil)
			for request.Message.Method() != "SetParameterValues" {
				request = p.send(device.answer(request.Message), request)
			}
			if runs {
				device.answer(request.Message)
			}
			again := f.newPhone("S1")
			again.session(device.answer, "1 BOOT")
			f.want(task, tasks.Waiting)
			if len(device.sets) != 1 {
				t.Errorf("requested %d times", len(device.sets))
			}
			device.finish()
			again.session(device.answer, "8 DIAGNOSTICS COMPLETE")
			f.want(task, tasks.Succeeded)
		})
	}
}

func TestAQuestionThatIsCutOffIsAskedAgainLater(t *testing.T) {
	f := newFixture(t)
	p, device, task := f.ping()
	device.finish()
	p.open("8 DIAGNOSTICS COMPLETE")
	if request := p.send(nil, nil); request.Message.Method() != "GetParameterValues" {
		t.Fatalf("asked %s", request.Message.Method())
	}
	f.clock.advance(2 * time.Minute)
	f.server.Sweep(t.Context())
	f.want(task, tasks.Waiting)
	f.clock.advance(time.Minute)
	f.reap()
	again := f.newPhone("S1")
	// A device that cannot say it now is asked later.
	again.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9002, "") }, "6 CONNECTION REQUEST")
	f.want(task, tasks.Waiting)
	f.clock.advance(time.Minute)
	f.reap()
	again.session(device.answer, "6 CONNECTION REQUEST")
	if got := f.want(task, tasks.Succeeded); len(got.Attempts) != 1 || len(device.sets) != 1 {
		t.Errorf("%d attempts, %d requests", len(got.Attempts), len(device.sets))
	}
}

func TestTwoTestsOfOneKindTakeTurns(t *testing.T) {
	f := newFixture(t)
	p, device, first := f.ping()
	second := f.task(first.Device, tasks.IPPing, `{"host":"192.0.2.2"}`)
	other := f.task(first.Device, tasks.GetRPCMethods, `{}`)
	p.session(func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.GetRPCMethods); ok {
			return allMethods()
		}
		return device.answer(m)
	}, "2 PERIODIC")
	f.want(first, tasks.Waiting)
	f.want(second, tasks.Queued)
	f.want(other, tasks.Succeeded)
	if device.held["Host"] != "192.0.2.1" {
		t.Fatalf("the second disturbed the first: %v", device.held)
	}
	device.finish()
	if asked := p.session(device.answer, "8 DIAGNOSTICS COMPLETE"); !slices.Equal(asked, []string{"GetParameterValues", "SetParameterValues"}) {
		t.Errorf("asked %v, want the second to begin where the first ended", asked)
	}
	f.want(first, tasks.Succeeded)
	if got := f.want(second, tasks.Waiting); len(got.Attempts) != 1 || device.held["Host"] != "192.0.2.2" {
		t.Errorf("%d attempts, host %s", len(got.Attempts), device.held["Host"])
	}
	// Cancelled, it makes room for a third.
	third := f.task(first.Device, tasks.IPPing, `{"host":"192.0.2.3"}`)
	p.session(device.answer, "2 PERIODIC")
	_, err := f.queue.Cancel(t.Context(), second.ID, "test")
	must(t, err)
	p.session(device.answer, "2 PERIODIC")
	f.want(third, tasks.Waiting)
}

func TestAResultIsJSONWhateverTheDeviceHolds(t *testing.T) {
	for _, info := range tasks.Kinds() {
		if info.Ask == 0 {
			continue
		}
		raw, err := json.Marshal(diagnosticsResult(info.NewArgs(), map[string]string{"SuccessCount": "-1", "RouteHops.x.Host": "a", "Result.9999999999999999999.Status": "b", "BOMTime": "soon"}))
		if err != nil || string(raw) == "null" || strings.Contains(string(raw), "-1") {
			t.Errorf("%s: %s, %v", info.Kind, raw, err)
		}
	}
}
