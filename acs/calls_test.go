package acs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// ends keeps how sessions ended.
type ends struct{ all []Summary }

func (*ends) SessionBegan(Summary, bool) {}
func (e *ends) SessionEnded(s Summary)   { e.all = append(e.all, s) }
func (e *ends) last() Summary            { return e.all[len(e.all)-1] }
func observed(e *ends) func(o *Options)  { return func(o *Options) { o.Observer = e } }
func kicked(url string) func(o *Options) { return func(o *Options) { o.KickedURL = url } }

func TestEveryRequestOfADeviceIsAnsweredAndNoted(t *testing.T) {
	for _, c := range []struct {
		name   string
		sent   cwmp.Message
		answer cwmp.Message
		detail string
	}{
		{"AutonomousTransferComplete", &cwmp.AutonomousTransferComplete{IsDownload: true, FileType: "1 Firmware Upgrade Image", TargetFileName: "fw", FileSize: 7, Fault: cwmp.FaultStruct{FaultCode: 9018, FaultString: "corrupt"}},
			&cwmp.AutonomousTransferCompleteResponse{}, `fetched a file of type "1 Firmware Upgrade Image" by itself, named "fw", 7 bytes; it failed with 9018 corrupt`},
		{"RequestDownload", &cwmp.RequestDownload{FileType: "1 Firmware Upgrade Image", FileTypeArg: []cwmp.ArgStruct{{Name: "Version", Value: "2"}}},
			&cwmp.RequestDownloadResponse{}, `asks for a file of type "1 Firmware Upgrade Image", Version="2"`},
		{"Kicked", &cwmp.Kicked{Command: "go", Referer: "r", Arg: "a", Next: "http://evil.example/"},
			&cwmp.KickedResponse{NextURL: "https://help.example.net/"}, `command "go", argument "a", from "r"`},
		{"DUStateChangeComplete", &cwmp.DUStateChangeComplete{CommandKey: "k"}, &cwmp.DUStateChangeCompleteResponse{}, `no task awaits CommandKey "k"; 0 results`},
		{"AutonomousDUStateChangeComplete", &cwmp.AutonomousDUStateChangeComplete{Results: []cwmp.AutonOpResultStruct{{OpResultStruct: cwmp.OpResultStruct{UUID: "u", CurrentState: "Installed"}, OperationPerformed: "Update"}}},
			&cwmp.AutonomousDUStateChangeCompleteResponse{}, "Update of u: Installed"},
		{"TransferComplete", &cwmp.TransferComplete{CommandKey: "k"}, &cwmp.TransferCompleteResponse{}, `no task awaits CommandKey "k"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := &ends{}
			f := newFixture(t, observed(seen), kicked("https://help.example.net/"))
			p, _ := f.known("S1")
			p.open("2 PERIODIC")
			for range 2 {
				if diff := cmp.Diff(c.answer, p.send(c.sent, nil).Message); diff != "" {
					t.Fatal(diff)
				}
			}
			p.send(nil, nil)
			if want := []Call{{c.name, c.detail}, {c.name, c.detail}}; !slices.Equal(seen.last().Calls, want) {
				t.Errorf("calls = %+v, want %+v", seen.last().Calls, want)
			}
		})
	}
}

func TestADeviceIsToldWhatItMayCallAndGetsAFaultForAllElse(t *testing.T) {
	seen := &ends{}
	f := newFixture(t, observed(seen))
	p, _ := f.known("S1")
	p.open("2 PERIODIC")
	answer := p.send(&cwmp.GetRPCMethods{}, nil).Message.(*cwmp.GetRPCMethodsResponse)
	for _, m := range cwmp.Methods() {
		if m.From == cwmp.FromACS || m.Response == "" {
			continue
		}
		if !slices.Contains(answer.MethodList, m.Name) {
			t.Errorf("%s is not listed", m.Name)
		}
	}
	if fault, ok := p.send(&cwmp.VendorRPC{Name: "X_00562B_Hello"}, nil).Message.(*cwmp.Fault); !ok || fault.Code != 8000 {
		t.Errorf("fault = %+v", fault)
	}
	if next := p.send(nil, nil); next != nil {
		t.Errorf("asked %s: the session goes on as before", next.Message.Method())
	}
	if calls := seen.last().Calls; len(calls) != 1 || calls[0].Method != "X_00562B_Hello" {
		t.Errorf("calls = %+v", calls)
	}
}

func TestWhatADeviceTellsIsBounded(t *testing.T) {
	seen := &ends{}
	f := newFixture(t, observed(seen))
	p, _ := f.known("S1")
	p.open("2 PERIODIC")
	for range MaxCalls + 3 {
		p.send(&cwmp.RequestDownload{FileType: strings.Repeat("ä", 1000)}, nil)
	}
	p.send(nil, nil)
	calls := seen.last().Calls
	if len(calls) != MaxCalls || len(calls[0].Detail) > MaxCallDetail {
		t.Errorf("%d calls, %d bytes", len(calls), len(calls[0].Detail))
	}
}

func TestTheVersionIsNegotiatedOnlyIfTheDeviceAsks(t *testing.T) {
	for _, c := range []struct {
		name      string
		namespace string
		supported []string
		timeout   int
		version   string
		use       string
	}{
		{"1.4 that offers all", cwmp.NamespaceV1_2, []string{"1.0", "1.1", "1.2", "1.3", "1.4"}, 0, "1.4", "1.4"},
		{"one that offers less", cwmp.NamespaceV1_0, []string{"1.1"}, 0, "1.1", "1.1"},
		{"1.0", cwmp.NamespaceV1_0, nil, 0, "1.0", ""},
		{"1.3 by its SessionTimeout", cwmp.NamespaceV1_2, nil, 90, "1.3", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p := f.newPhone("S1")
			p.namespace = c.namespace
			p.envelope = func(e *cwmp.Envelope) { e.SupportedCWMPVersions, e.SessionTimeout = c.supported, c.timeout }
			inform := p.inform("2 PERIODIC")
			inform.RetryCount = 3
			answer := p.send(inform, nil)
			if answer.UseCWMPVersion != c.use {
				t.Errorf("UseCWMPVersion = %q, want %q", answer.UseCWMPVersion, c.use)
			}
			p.requests-- // The same ID: the answer was lost.
			if again := p.send(inform, nil); again.UseCWMPVersion != c.use {
				t.Errorf("once more it is %q", again.UseCWMPVersion)
			}
			if got := p.record(); got.CWMPVersion != c.version || got.RetryCount != 3 {
				t.Errorf("record has version %q and %d retries", got.CWMPVersion, got.RetryCount)
			}
		})
	}
}

func TestWithoutACommonVersionTheInformIsRefused(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	p.envelope = func(e *cwmp.Envelope) { e.SupportedCWMPVersions = []string{"9.9"} }
	if fault, ok := p.send(p.inform("2 PERIODIC"), nil).Message.(*cwmp.Fault); !ok || fault.Code != 8006 {
		t.Errorf("fault = %+v", fault)
	}
	if f.server.Sessions() != 0 {
		t.Error("a session is open")
	}
}

func TestAHeaderOutOfPlaceIsRefusedOnlyByAStrictServer(t *testing.T) {
	for strict, want := range map[bool]string{true: "Fault", false: "InformResponse"} {
		f := newFixture(t, func(o *Options) { o.Strict = strict })
		p := f.newPhone("S1")
		p.envelope = func(e *cwmp.Envelope) { e.HoldRequests = true }
		answer := p.send(p.inform("2 PERIODIC"), nil)
		if answer.Message.Method() != want {
			t.Errorf("strict %t: %s", strict, answer.Message.Method())
		}
		if fault, ok := answer.Message.(*cwmp.Fault); ok && fault.Code != 8003 {
			t.Errorf("fault = %+v", fault)
		}
		if got := f.counted("dialtone_cwmp_headers_out_of_place_total"); got != 1 {
			t.Errorf("strict %t: counted %v", strict, got)
		}
	}
}

// counted returns the sum of a counter.
func (f *fixture) counted(name string) (sum float64) {
	f.t.Helper()
	families, err := f.registry.Gather()
	must(f.t, err)
	for _, family := range families {
		if family.GetName() == name {
			for _, m := range family.GetMetric() {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

func TestASessionIsKeptAsLongAsItsDeviceAsks(t *testing.T) {
	for _, c := range []struct {
		asked, kept time.Duration
	}{{0, time.Minute}, {30 * time.Second, time.Minute}, {2 * time.Minute, 2 * time.Minute}, {time.Hour, 5 * time.Minute}} {
		t.Run(fmt.Sprint(c.asked), func(t *testing.T) {
			f := newFixture(t)
			p := f.newPhone("S1")
			p.envelope = func(e *cwmp.Envelope) {
				if _, ok := e.Message.(*cwmp.Inform); ok {
					e.SessionTimeout = int(c.asked / time.Second)
				}
			}
			d := p.open("2 PERIODIC")
			if got := d.Session.Until.Sub(f.clock.now()); got < c.kept {
				t.Errorf("the lock lasts %s", got)
			}
			f.clock.advance(c.kept - time.Second)
			f.server.Sweep(t.Context())
			if f.server.Sessions() != 1 {
				t.Fatal("the session is gone too soon")
			}
			f.clock.advance(2 * time.Second)
			f.server.Sweep(t.Context())
			if f.server.Sessions() != 0 {
				t.Error("the session is still open")
			}
		})
	}
}

// counting counts what sessions ask of the stores beside Begin and End.
type counting struct {
	device.ParameterStore
	Queue
	calls int
}

func (c *counting) Observe(ctx context.Context, id device.ID, at time.Time, all []device.Observation) error {
	c.calls++
	return c.ParameterStore.Observe(ctx, id, at, all)
}

func (c *counting) Open(ctx context.Context, id device.ID) ([]tasks.Task, error) {
	c.calls++
	return c.Queue.Open(ctx, id)
}

func (c *counting) Enqueue(ctx context.Context, n tasks.New) (tasks.Task, error) {
	c.calls++
	return c.Queue.Enqueue(ctx, n)
}

func (c *counting) Claim(ctx context.Context, id device.ID, l tasks.Lease) (tasks.Task, time.Time, error) {
	c.calls++
	return c.Queue.Claim(ctx, id, l)
}

func TestAHeartbeatCostsNothing(t *testing.T) {
	count := &counting{}
	f := newFixture(t, func(o *Options) {
		count.ParameterStore, count.Queue = o.Parameters, o.Queue
		o.Parameters, o.Queue, o.Onboarding = count, count, Onboarding{}
	})
	p := f.newPhone("S1")
	beat := func() *cwmp.Inform {
		inform := p.inform("14 HEARTBEAT")
		inform.ParameterList = append(inform.ParameterList, cwmp.ParameterValueStruct{Name: "Device.Beats", Value: fmt.Sprint(f.clock.now()), Type: cwmp.TypeString})
		return inform
	}
	p.send(beat(), nil)
	if p.send(nil, nil) != nil || count.calls != 0 {
		t.Fatalf("a new device that only beats costs %d operations", count.calls)
	}
	if !p.record().OnboardingDue {
		t.Error("it counts as onboarded")
	}
	p.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9002, "") }, "2 PERIODIC")
	count.calls = 0
	f.clock.advance(time.Second)
	before := p.record()
	p.send(beat(), nil)
	if p.send(nil, nil) != nil || count.calls != 0 {
		t.Errorf("a heartbeat costs %d operations", count.calls)
	}
	if after := p.record(); after.InformDigest != before.InformDigest || len(after.Events) != len(before.Events) {
		t.Error("the heartbeat is noted as what the device told")
	}
}

func TestATaskThatIsDueIsGivenInAHeartbeatToo(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.session(func(cwmp.Message) cwmp.Message { return allMethods() }, "14 HEARTBEAT")
	f.want(task, tasks.Succeeded)
}

func TestABootstrapForgetsAttributesAndLeavesWaitingTasks(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	set := f.task(d.ID, tasks.SetParameterAttributes, `{"parameters":[{"path":"Device.Time.NTPServer1","notification":2}]}`)
	download := f.task(d.ID, tasks.Download, `{"file":"f.bin"}`)
	p.session(func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.Download); ok {
			return &cwmp.DownloadResponse{Status: 1}
		}
		return &cwmp.SetParameterAttributesResponse{}
	}, "2 PERIODIC")
	f.want(set, tasks.Succeeded)
	f.clock.advance(time.Second)
	p.open("0 BOOTSTRAP", "1 BOOT")
	stored, err := f.store.Parameters().Values(t.Context(), d.ID, []string{"Device.Time.NTPServer1"})
	must(t, err)
	if len(stored) > 0 && stored[0].Notification != nil {
		t.Errorf("stored %+v", stored[0])
	}
	f.want(download, tasks.Waiting)
}

func TestEveryEventIsKeptAsItCame(t *testing.T) {
	seen := &ends{}
	f := newFixture(t, observed(seen))
	p, _ := f.known("S1")
	codes := []string{
		"0 BOOTSTRAP", "1 BOOT", "2 PERIODIC", "3 SCHEDULED", "4 VALUE CHANGE", "5 KICKED", "6 CONNECTION REQUEST", "7 TRANSFER COMPLETE", "8 DIAGNOSTICS COMPLETE",
		"9 REQUEST DOWNLOAD", "10 AUTONOMOUS TRANSFER COMPLETE", "11 DU STATE CHANGE COMPLETE", "12 AUTONOMOUS DU STATE CHANGE COMPLETE", "13 WAKEUP", "14 HEARTBEAT",
		"15 ANYTHING", "M Reboot", "M X_00562B_Blink", "X 00562B Hello",
	}
	p.open(codes...)
	p.send(nil, nil)
	var got []string
	for _, e := range seen.last().Events {
		got = append(got, e.Code)
	}
	if !slices.Equal(got, codes) {
		t.Errorf("events = %v", got)
	}
	kept := map[string]bool{}
	for _, e := range p.record().Events {
		kept[e.Code] = true
	}
	for _, code := range codes {
		routine := code == "2 PERIODIC" || code == "6 CONNECTION REQUEST" || code == "14 HEARTBEAT"
		if kept[code] == routine {
			t.Errorf("the record has %s: %t", code, kept[code])
		}
	}
}
