package acs

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// speaks12 makes the phone one of CWMP 1.2 that lists every RPC of it.
func (p *phone) speaks12() *phone {
	p.namespace = cwmp.NamespaceV1_2
	return p
}

// capable is a phone of CWMP 1.2 whose device is known, with its model's RPCs.
func (f *fixture) capable(serial string) (*phone, device.Device) {
	f.t.Helper()
	p := f.newPhone(serial).speaks12()
	d := p.open("1 BOOT")
	if p.send(nil, nil) != nil {
		f.t.Fatal("an idle session was asked something")
	}
	return p, d
}

// allMethods lists every RPC of the ACS that a device may know.
func allMethods() *cwmp.GetRPCMethodsResponse {
	answer := &cwmp.GetRPCMethodsResponse{}
	for _, m := range cwmp.Methods() {
		if m.Response != "" && m.From != cwmp.FromCPE {
			answer.MethodList = append(answer.MethodList, m.Name)
		}
	}
	return answer
}

// knowing answers GetRPCMethods with all, and all else by the function.
func knowing(answer func(cwmp.Message) cwmp.Message) func(cwmp.Message) cwmp.Message {
	return func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.GetRPCMethods); ok {
			return allMethods()
		}
		return answer(m)
	}
}

// inform sends an Inform with events that have a CommandKey.
func (p *phone) informWith(events ...cwmp.EventStruct) {
	p.f.t.Helper()
	inform := p.inform()
	inform.Events = events
	p.send(inform, nil)
}

// upload begins an upload and returns what the device was sent.
func (p *phone) upload(status int) *cwmp.Upload {
	p.f.t.Helper()
	var sent *cwmp.Upload
	p.session(knowing(func(m cwmp.Message) cwmp.Message {
		sent = m.(*cwmp.Upload)
		if status == 0 {
			p.f.offers.put(p.f.placed(), 9)
		}
		return &cwmp.UploadResponse{Status: status}
	}), "2 PERIODIC")
	return sent
}

// placed is the name of the file for which the last place was made.
func (f *fixture) placed() string {
	f.offers.mu.Lock()
	defer f.offers.mu.Unlock()
	last := f.offers.asked[len(f.offers.asked)-1]
	return "upload-" + string(last.Device) + "-" + string(rune('0'+len(f.offers.asked)))
}

func TestAnUploadEndsByEachOfItsThreeWays(t *testing.T) {
	complete := func(key string) *cwmp.TransferComplete {
		return &cwmp.TransferComplete{CommandKey: key, CompleteTime: cwmp.NewDateTime(time.Date(2026, 3, 1, 12, 5, 0, 0, time.UTC))}
	}
	for name, c := range map[string]struct {
		status int
		end    func(p *phone, key string)
		want   string
	}{
		"by Status 0": {0, func(*phone, string) {}, `"evidence":"UploadResponse"`},
		"by TransferComplete in the next session": {1, func(p *phone, key string) {
			p.f.offers.put(p.f.placed(), 9)
			p.informWith(cwmp.EventStruct{EventCode: "7 TRANSFER COMPLETE"}, cwmp.EventStruct{EventCode: "M Upload", CommandKey: key})
			p.send(complete(key), nil)
		}, `"completeTime":"2026-03-01T12:05:00Z","evidence":"TransferComplete"`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			task := f.task(d.ID, tasks.Upload, `{"fileType":"4 Vendor Log File","instance":2}`)
			sent := p.upload(c.status)
			if sent.FileType != "4 Vendor Log File 2" || !strings.Contains(sent.URL, "/files/u/token/") || sent.Username != "" {
				t.Errorf("sent %+v", sent)
			}
			c.end(p, sent.CommandKey)
			got := f.want(task, tasks.Succeeded)
			if text := string(got.Result); !strings.Contains(text, c.want) || !strings.Contains(text, `"file":"`+f.placed()+`","size":9`) {
				t.Errorf("result = %s", text)
			}
		})
	}
}

func TestAnUploadEndsByTransferCompleteInTheSessionThatAskedForIt(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	task := f.task(d.ID, tasks.Upload, `{"fileType":"2 Vendor Log File"}`)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	request = p.send(allMethods(), request)
	upload := request.Message.(*cwmp.Upload)
	f.offers.put(f.placed(), 9)
	if next := p.send(&cwmp.UploadResponse{Status: 1}, request); next != nil {
		t.Fatalf("asked %s", next.Message.Method())
	}
	p.open("7 TRANSFER COMPLETE")
	p.send(&cwmp.TransferComplete{CommandKey: upload.CommandKey}, nil)
	f.want(task, tasks.Succeeded)
}

func TestAnUploadOfWhichNothingCameFails(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	task := f.task(d.ID, tasks.Upload, `{"fileType":"2 Vendor Log File"}`)
	sent := p.upload(1)
	p.open("7 TRANSFER COMPLETE")
	p.send(&cwmp.TransferComplete{CommandKey: sent.CommandKey}, nil)
	if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.NoEvidence {
		t.Errorf("fault = %v", got.Fault)
	}
}

func TestAnUploadThatFailsIsTriedAgainAtAnotherPlace(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	task := f.task(d.ID, tasks.Upload, `{"fileType":"2 Vendor Log File"}`)
	first := p.upload(1)
	p.open("7 TRANSFER COMPLETE")
	p.send(&cwmp.TransferComplete{CommandKey: first.CommandKey, Fault: cwmp.FaultStruct{FaultCode: 9011, FaultString: "no"}}, nil)
	f.want(task, tasks.Queued)
	p.send(nil, nil)
	f.clock.advance(time.Minute)
	second := p.upload(1)
	if second == nil || second.CommandKey == first.CommandKey || second.URL == first.URL {
		t.Errorf("second = %+v, first %+v", second, first)
	}
	// That the first failed is told once more, as its answer was lost.
	p.open("7 TRANSFER COMPLETE")
	if answer := p.send(&cwmp.TransferComplete{CommandKey: first.CommandKey, Fault: cwmp.FaultStruct{FaultCode: 9011}}, nil); answer.Message.Method() != "TransferCompleteResponse" {
		t.Errorf("answer = %s", answer.Message.Method())
	}
	f.want(task, tasks.Waiting)
}

func TestAnUploadElsewhereIsSentWithItsCredentials(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	task := f.task(d.ID, tasks.Upload, `{"fileType":"1 Vendor Configuration File","url":"ftp://files.example.net/in","username":"u","password":"hunter2","delaySeconds":60}`)
	if raw := string(f.reload(task).Args); strings.Contains(raw, "hunter2") {
		t.Errorf("the task keeps the password in clear: %s", raw)
	}
	sent := p.upload(1)
	want := &cwmp.Upload{CommandKey: sent.CommandKey, FileType: "1 Vendor Configuration File", URL: "ftp://files.example.net/in", Username: "u", Password: "hunter2", DelaySeconds: 60}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Error(diff)
	}
	waiting := f.want(task, tasks.Waiting)
	if got := waiting.Deadline.Sub(f.clock.now()); got != time.Hour+time.Minute {
		t.Errorf("deadline in %s, want an hour after the delay", got)
	}
	p.open("7 TRANSFER COMPLETE")
	p.send(&cwmp.TransferComplete{CommandKey: sent.CommandKey}, nil)
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"evidence":"TransferComplete"}` {
		t.Errorf("result = %s", got)
	}
}

func TestWhatIsScheduledWaitsForItsEvidence(t *testing.T) {
	for _, c := range []struct {
		name, kind, args string
		want             cwmp.Message
		deadline         time.Duration
	}{
		{"a session", "scheduleInform", `{"delaySeconds":600}`, &cwmp.ScheduleInform{DelaySeconds: 600}, 40 * time.Minute},
		{"a download", "scheduleDownload", `{"file":"f.bin","windows":[{"startSeconds":0,"endSeconds":3600,"mode":"3 When Idle"},{"startSeconds":7200,"endSeconds":10800,"mode":"4 Confirmation Needed","userMessage":"Now?","maxRetries":2}]}`,
			&cwmp.ScheduleDownload{
				FileType: "1 Firmware Upgrade Image", URL: "http://127.0.0.1:7567/files/t/token/f.bin", FileSize: 42,
				TimeWindowList: []cwmp.TimeWindowStruct{
					{WindowEnd: 3600, WindowMode: "3 When Idle", MaxRetries: -1},
					{WindowStart: 7200, WindowEnd: 10800, WindowMode: "4 Confirmation Needed", UserMessage: "Now?", MaxRetries: 2},
				},
			}, 4 * time.Hour},
		{"changes of modules", "changeDUState", `{"operations":[{"operation":"install","url":"http://x/a","username":"u","password":"hunter2"},{"operation":"uninstall","uuid":"123e4567-e89b-12d3-a456-426614174000","version":"1"},{"operation":"update","uuid":"123e4567-e89b-12d3-a456-426614174000"}]}`,
			&cwmp.ChangeDUState{Operations: []cwmp.OperationStruct{
				cwmp.InstallOpStruct{URL: "http://x/a", Username: "u", Password: "hunter2"},
				cwmp.UninstallOpStruct{UUID: "123e4567-e89b-12d3-a456-426614174000", Version: "1"},
				cwmp.UpdateOpStruct{UUID: "123e4567-e89b-12d3-a456-426614174000"},
			}}, 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			task := f.task(d.ID, tasks.Kind(c.kind), c.args)
			if strings.Contains(string(f.reload(task).Args), "hunter2") {
				t.Error("the task keeps a password in clear")
			}
			var sent cwmp.Message
			p.session(knowing(func(m cwmp.Message) cwmp.Message {
				sent = m
				switch m.(type) {
				case *cwmp.ScheduleInform:
					return &cwmp.ScheduleInformResponse{}
				case *cwmp.ScheduleDownload:
					return &cwmp.ScheduleDownloadResponse{}
				default:
					return &cwmp.ChangeDUStateResponse{}
				}
			}), "2 PERIODIC")
			waiting := f.want(task, tasks.Waiting)
			switch want := c.want.(type) {
			case *cwmp.ScheduleInform:
				want.CommandKey = waiting.CommandKey
			case *cwmp.ScheduleDownload:
				want.CommandKey = waiting.CommandKey
			case *cwmp.ChangeDUState:
				want.CommandKey = waiting.CommandKey
			}
			if diff := cmp.Diff(c.want, sent); diff != "" {
				t.Error(diff)
			}
			if got := waiting.Deadline.Sub(f.clock.now()); got != c.deadline {
				t.Errorf("deadline in %s, want %s", got, c.deadline)
			}
			p.open("2 PERIODIC", "1 BOOT")
			p.send(nil, nil)
			f.want(task, tasks.Waiting)
		})
	}
}

func TestTheEventsOfAScheduledSessionShowIt(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []cwmp.EventStruct
		state  tasks.State
	}{
		{"with the CommandKey", []cwmp.EventStruct{{EventCode: "3 SCHEDULED"}, {EventCode: "M ScheduleInform", CommandKey: "KEY"}}, tasks.Succeeded},
		{"without any M event", []cwmp.EventStruct{{EventCode: "3 SCHEDULED"}}, tasks.Succeeded},
		{"with the CommandKey of another", []cwmp.EventStruct{{EventCode: "3 SCHEDULED"}, {EventCode: "M ScheduleInform", CommandKey: "other"}}, tasks.Waiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			task := f.task(d.ID, tasks.ScheduleInform, `{"delaySeconds":60}`)
			p.session(knowing(func(cwmp.Message) cwmp.Message { return &cwmp.ScheduleInformResponse{} }), "2 PERIODIC")
			for i := range c.events {
				if c.events[i].CommandKey == "KEY" {
					c.events[i].CommandKey = f.reload(task).CommandKey
				}
			}
			p.informWith(c.events...)
			f.want(task, c.state)
		})
	}
}

func TestASessionThatEndsBeforeTheAnswerLeavesAnUnsafeRPCToItsEvidence(t *testing.T) {
	for kind, args := range map[tasks.Kind]string{
		tasks.Upload:           `{"fileType":"2 Vendor Log File"}`,
		tasks.ScheduleInform:   `{"delaySeconds":60}`,
		tasks.ScheduleDownload: `{"file":"f","windows":[{"startSeconds":1,"endSeconds":2,"mode":"2 Immediately"}]}`,
		tasks.ChangeDUState:    `{"operations":[{"operation":"install","url":"http://x/a"}]}`,
		tasks.VendorRPC:        `{"name":"X_00562B_Blink"}`,
	} {
		t.Run(string(kind), func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			p.learn()
			task := f.task(d.ID, kind, args)
			p.open("2 PERIODIC")
			p.send(nil, nil)
			again := f.newPhone("S1").speaks12()
			if asked := again.session(func(m cwmp.Message) cwmp.Message { return cwmp.NewFault(9000, "") }, "1 BOOT"); len(asked) > 0 {
				t.Errorf("asked %v", asked)
			}
			waiting := f.want(task, tasks.Waiting)
			f.clock.advance(waiting.Deadline.Sub(f.clock.now()))
			f.reap()
			if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.OutcomeUnknown {
				t.Errorf("fault = %v", got.Fault)
			}
		})
	}
}

// learn has the server learn all RPCs of the phone's model.
func (p *phone) learn() {
	p.f.t.Helper()
	record := p.record()
	task := p.f.task(record.ID, tasks.GetRPCMethods, `{}`)
	p.session(func(cwmp.Message) cwmp.Message { return allMethods() }, "2 PERIODIC")
	p.f.want(task, tasks.Succeeded)
}

// reap has the reaper look once.
func (f *fixture) reap() {
	f.t.Helper()
	_, err := tasks.NewReaper(f.queue, time.Second, f.server.logger).RunOnce(f.t.Context())
	must(f.t, err)
}

func TestChangesOfModulesEndWithTheirResults(t *testing.T) {
	const uuid = "123e4567-e89b-12d3-a456-426614174000"
	for _, c := range []struct {
		name    string
		key     string
		results []cwmp.OpResultStruct
		state   tasks.State
		want    string
	}{
		{"all succeeded", "KEY", []cwmp.OpResultStruct{{UUID: uuid, Version: "1", CurrentState: "Installed", Resolved: true, DeploymentUnitRef: "Device.SoftwareModules.DeploymentUnit.1.", ExecutionUnitRefList: "Device.A, Device.B"}}, tasks.Succeeded,
			`{"operations":[{"uuid":"` + uuid + `","module":"Device.SoftwareModules.DeploymentUnit.1.","version":"1","state":"Installed","resolved":true,"executionUnits":["Device.A","Device.B"]}]}`},
		{"without a CommandKey", "", []cwmp.OpResultStruct{{UUID: uuid, CurrentState: "Uninstalled"}}, tasks.Succeeded, `"Uninstalled"`},
		{"one failed", "KEY", []cwmp.OpResultStruct{{UUID: uuid, CurrentState: "Installed"}, {UUID: "other", CurrentState: "Failed", Fault: cwmp.FaultStruct{FaultCode: 9027, FaultString: "full"}}}, tasks.Failed, "other Failed (9027 full)"},
		{"of another", "other", nil, tasks.Waiting, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			task := f.task(d.ID, tasks.ChangeDUState, `{"operations":[{"operation":"install","url":"http://x/a"}]}`)
			p.session(knowing(func(cwmp.Message) cwmp.Message { return &cwmp.ChangeDUStateResponse{} }), "2 PERIODIC")
			if c.key == "KEY" {
				c.key = f.reload(task).CommandKey
			}
			p.open("11 DU STATE CHANGE COMPLETE")
			for range 2 { // Once more, as the answer was lost.
				if answer := p.send(&cwmp.DUStateChangeComplete{CommandKey: c.key, Results: c.results}, nil); answer.Message.Method() != "DUStateChangeCompleteResponse" {
					t.Fatalf("answer = %s", answer.Message.Method())
				}
			}
			got := f.want(task, c.state)
			switch {
			case c.state == tasks.Succeeded && !strings.Contains(string(got.Result), c.want):
				t.Errorf("result = %s", got.Result)
			case c.state == tasks.Failed && (got.Fault.Code != 9027 || !strings.Contains(got.Fault.String, c.want)):
				t.Errorf("fault = %v", got.Fault)
			}
		})
	}
}

func TestCancellingATransferEndsTheTaskThatWaitsForIt(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	download := f.task(d.ID, tasks.Download, `{"file":"f.bin","delaySeconds":3600}`)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.DownloadResponse{Status: 1} }, "2 PERIODIC")
	key := f.want(download, tasks.Waiting).CommandKey
	cancel := f.task(d.ID, tasks.CancelTransfer, `{"task":"`+string(download.ID)+`"}`)
	var sent string
	answer := knowing(func(m cwmp.Message) cwmp.Message {
		sent = m.(*cwmp.CancelTransfer).CommandKey
		return &cwmp.CancelTransferResponse{}
	})
	// The first answer is lost: what is to be cancelled is sent again.
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	p.send(allMethods(), request)
	p.session(answer, "1 BOOT")
	if sent != key {
		t.Errorf("sent %q, want %q", sent, key)
	}
	if got := string(f.want(cancel, tasks.Succeeded).Result); got != `{"commandKey":"`+key+`","cancelled":"`+string(download.ID)+`"}` {
		t.Errorf("result = %s", got)
	}
	f.want(download, tasks.Cancelled)
	again := f.task(d.ID, tasks.CancelTransfer, `{"task":"`+string(download.ID)+`"}`)
	if asked := p.session(answer, "2 PERIODIC"); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
	f.want(again, tasks.Failed)
	refused := f.task(d.ID, tasks.CancelTransfer, `{"commandKey":"foreign"}`)
	p.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9021, "") }, "2 PERIODIC")
	if got := f.want(refused, tasks.Failed); got.Fault.Code != 9021 {
		t.Errorf("fault = %v", got.Fault)
	}
}

func TestListsOfADeviceAreShownAsTheyAre(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	download := f.task(d.ID, tasks.Download, `{"file":"f.bin"}`)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.DownloadResponse{Status: 1} }, "2 PERIODIC")
	key := f.want(download, tasks.Waiting).CommandKey
	all := map[tasks.Kind]string{
		tasks.GetQueuedTransfers:    `{"transfers":[{"commandKey":"` + key + `","task":"` + string(download.ID) + `","state":"inProgress"}]}`,
		tasks.GetAllQueuedTransfers: `{"transfers":[{"commandKey":"","state":"notStarted","direction":"upload","fileType":"4 Vendor Log File","size":7,"targetFileName":"log"}]}`,
		tasks.GetOptions:            `{"options":[{"name":"video","voucherSerial":12,"state":1,"mode":2,"transferable":true}]}`,
		tasks.SetVouchers:           `{}`,
		tasks.VendorRPC:             `{"name":"X_00562B_BlinkResponse","body":"\u003cOn\u003e1\u003c/On\u003e"}`,
	}
	args := map[tasks.Kind]string{tasks.GetOptions: `{"optionName":"video"}`, tasks.SetVouchers: `{"vouchers":["PGE+"]}`, tasks.VendorRPC: `{"name":"X_00562B_Blink","body":"<Times>3</Times>"}`}
	p.rewrite = func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte("X_00562B_Blink"), []byte("X_00562B_BlinkResponse"))
	}
	made := map[tasks.Kind]tasks.Task{}
	for kind := range all {
		raw := args[kind]
		if raw == "" {
			raw = `{}`
		}
		made[kind] = f.task(d.ID, kind, raw)
	}
	p.session(knowing(func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetQueuedTransfers:
			return &cwmp.GetQueuedTransfersResponse{TransferList: []cwmp.QueuedTransferStruct{{CommandKey: key, State: 2}}}
		case *cwmp.GetAllQueuedTransfers:
			return &cwmp.GetAllQueuedTransfersResponse{TransferList: []cwmp.AllQueuedTransferStruct{{State: 1, FileType: "4 Vendor Log File", FileSize: 7, TargetFileName: "log"}}}
		case *cwmp.GetOptions:
			if m.OptionName != "video" {
				t.Errorf("asked for %q", m.OptionName)
			}
			return &cwmp.GetOptionsResponse{OptionList: []cwmp.OptionStruct{{OptionName: "video", VoucherSN: 12, State: 1, Mode: 2, IsTransferable: 1}}}
		case *cwmp.SetVouchers:
			if diff := cmp.Diff([]string{"PGE+"}, m.VoucherList); diff != "" {
				t.Error(diff)
			}
			return &cwmp.SetVouchersResponse{}
		default:
			if sent, ok := m.(*cwmp.Unknown); !ok || sent.Name != "X_00562B_Blink" || sent.Content != "<Times>3</Times>" {
				t.Errorf("sent %+v", m)
			}
			return &cwmp.VendorRPC{Name: "X_00562B_Blink", Body: "<On>1</On>"}
		}
	}), "2 PERIODIC")
	for kind, want := range all {
		got := f.want(made[kind], tasks.Succeeded)
		if string(got.Result) != want {
			t.Errorf("%s: result = %s, want %s", kind, got.Result, want)
		}
		if !json.Valid(got.Result) {
			t.Errorf("%s: no JSON", kind)
		}
	}
}
