package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// run does what a session does to the next task of the device.
func (h *house) run(id device.ID, end func(tasks.Task) error) {
	h.t.Helper()
	lease := tasks.Lease{Session: "s1", Generation: 1, Until: h.clock.Now().Add(time.Minute)}
	task, _, err := h.queue.Claim(h.t.Context(), id, lease)
	check(h.t, err)
	check(h.t, end(task))
}

func (h *house) succeed(id device.ID, result any) {
	h.t.Helper()
	h.run(id, func(t tasks.Task) error { _, err := h.queue.Succeed(h.t.Context(), t, result, ""); return err })
}

func (h *house) fail(id device.ID, fault tasks.Fault) {
	h.t.Helper()
	h.run(id, func(t tasks.Task) error { _, err := h.queue.FailFor(h.t.Context(), t, fault); return err })
}

func TestATaskIsShownAsTheContractSays(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	path := "/api/v1/devices/" + string(id) + "/tasks"
	body := `{"kind":"setParameterValues","parameters":[{"path":"Device.A.Password","value":"hunter2"},{"path":"Device.A.Port","value":5060,"type":"xsd:unsignedInt"}],
		"priority":5,"expires":"2030-01-03T00:00:00+01:00","uniqueKey":"k"}`
	a := h.do(http.MethodPost, path, h.operator, body).want(http.StatusAccepted)
	got := as[map[string]any](a)
	task := as[api.Task](a)
	if a.header.Get("Location") != "/api/v1/tasks/"+task.ID {
		t.Errorf("Location %q", a.header.Get("Location"))
	}
	at := "2030-01-02T03:04:05Z"
	want := map[string]any{
		"id": task.ID, "device": string(id), "kind": "setParameterValues", "state": "queued",
		"args": map[string]any{"parameters": []any{
			map[string]any{"path": "Device.A.Password", "value": nil, "secret": true},
			map[string]any{"path": "Device.A.Port", "value": "5060", "type": "xsd:unsignedInt"},
		}},
		"result": nil, "fault": nil, "attempts": []any{}, "createdAt": at, "finishedAt": nil,
		"timeline": []any{map[string]any{"state": "queued", "at": at}},
		"priority": 5.0, "notBefore": nil, "expires": "2030-01-02T23:00:00Z", "after": []any{}, "uniqueKey": "k",
		"createdBy": task.CreatedBy, "retryOf": "", "retriedBy": "", "deadline": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	duplicate := h.do(http.MethodPost, path, h.operator, body).problem(http.StatusConflict, "duplicate")
	if duplicate.Existing != task.ID {
		t.Errorf("the duplicate of %s names %q", task.ID, duplicate.Existing)
	}
	h.fail(id, tasks.Fault{Code: 9003, String: "Invalid arguments", Parameters: []tasks.ParameterFault{{Path: "Device.A.Port", Code: 9008, String: "read-only"}}})
	failed := as[map[string]any](h.do(http.MethodGet, "/api/v1/tasks/"+task.ID, h.viewer, "").want(http.StatusOK))
	fault := map[string]any{"code": 9003.0, "string": "Invalid arguments", "parameters": []any{map[string]any{"path": "Device.A.Port", "code": 9008.0, "string": "read-only"}}}
	attempts := []any{map[string]any{"session": "s1", "startedAt": at, "endedAt": at, "fault": fault}}
	if diff := cmp.Diff([]any{"failed", fault, attempts, at}, []any{failed["state"], failed["fault"], failed["attempts"], failed["finishedAt"]}); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(h.log.String()+string(a.body), "hunter2") {
		t.Error("the password is told")
	}
}

func TestBadTasksNameTheField(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/devices/" + string(h.phone("1", "")) + "/tasks"
	for body, location := range map[string]string{
		`[]`:                                    "body",
		`"reboot"`:                              "body",
		`{}`:                                    "body.kind",
		`{"kind":"explode"}`:                    "body.kind",
		`{"kind":7}`:                            "body.kind",
		`{"kind":null}`:                         "body.kind",
		`{"kind":"reboot","kind":"reboot"}`:     "body.kind",
		`{"kind":"reboot","when":"now"}`:        "body.when",
		`{"kind":"reboot","priority":"high"}`:   "body.priority",
		`{"kind":"reboot","priority":1.5}`:      "body.priority",
		`{"kind":"reboot","priority":1001}`:     "body.priority",
		`{"kind":"reboot","notBefore":"later"}`: "body.notBefore",
		`{"kind":"reboot","expires":null}`:      "body.expires",
		`{"kind":"reboot","expires":"2029-01-01T00:00:00Z"}`:               "body.expires",
		`{"kind":"reboot","after":"x"}`:                                    "body.after",
		`{"kind":"reboot","after":["x"]}`:                                  "body.after[0]",
		`{"kind":"reboot","after":["00000000000000000000000000"]}`:         "body.after[0]",
		`{"kind":"reboot","uniqueKey":"bulk/1"}`:                           "body.uniqueKey",
		`{"kind":"reboot","uniqueKey":"` + strings.Repeat("x", 129) + `"}`: "body.uniqueKey",
		`{"kind":"getParameterValues"}`:                                    "body.paths",
		`{"kind":"getParameterValues","paths":["Device.","a b"]}`:          "body.paths[1]",
		`{"kind":"setParameterValues","parameters":[{"path":"A","value":1},{"path":"B","value":"x"},{"path":"C.","value":"y"}]}`: "body.parameters[2].path",
		`{"kind":"setParameterValues","parameters":[{"path":"A","value":"x","type":"string"}]}`:                                  "body.parameters[0].type",
		`{"kind":"setParameterValues","parameters":[{"path":"A","value":"","sealed":"x"}]}`:                                      "body.parameters[0].sealed",
		`{"kind":"addObject","objectName":"Device.X"}`:                                                                           "body.objectName",
		`{"kind":"download"}`: "body.file",
		`{"kind":"download","url":"gopher://x","fileType":"1 Firmware Upgrade Image"}`:   "body.url",
		`{"kind":"setParameterAttributes","parameters":[{"path":"A","notification":9}]}`: "body.parameters[0].notification",
	} {
		h.do(http.MethodPost, path, h.operator, body).invalid(location)
	}
	h.do(http.MethodPost, path, h.operator, `{"kind":"reboot"`).problem(http.StatusBadRequest, "malformed")
	h.do(http.MethodPost, path, h.operator, `{"kind":"reboot"} {}`).problem(http.StatusBadRequest, "malformed")
	h.do(http.MethodPost, path, h.operator, `{"kind":"reboot","x":"`+strings.Repeat("x", 300<<10)+`"}`).problem(http.StatusRequestEntityTooLarge, "too-large")
	h.do(http.MethodPost, path, h.operator, `kind=reboot`, "Content-Type", "application/x-www-form-urlencoded").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	if page := as[api.Page[api.Task]](h.do(http.MethodGet, path, h.viewer, "")); len(page.Items) != 0 {
		t.Errorf("%d tasks were queued all the same", len(page.Items))
	}
}

func TestTheAnswerWaitsForTheTaskToEnd(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	path := "/api/v1/devices/" + string(id) + "/tasks?connectionRequest=true"
	for name, end := range map[string]func(){
		"succeeded": func() { h.succeed(id, tasks.GetRPCMethodsResult{Methods: []string{"Reboot"}}) },
		"failed":    func() { h.fail(id, tasks.Fault{Code: 9000, String: "Method not supported"}) },
	} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			<-h.waker.called // The call comes once the task is queued.
			end()
		}()
		a := h.do(http.MethodPost, path, h.operator, `{"kind":"getRPCMethods"}`, "Prefer", "respond-async, wait=300").want(http.StatusOK)
		<-done
		if got := as[api.Task](a); string(got.State) != name || a.header.Get("Preference-Applied") != "wait=120" || got.FinishedAt == nil {
			t.Errorf("%s: %s with %q", name, a.body, a.header.Get("Preference-Applied"))
		}
	}
}

func TestTheAnswerWaitsNoLongerThanItIsAskedTo(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/devices/" + string(h.phone("1", "")) + "/tasks"
	for prefer, applied := range map[string]string{"wait=0": "wait=0", "wait=x": "", "wait=-1": "", "": "", "handling=strict": ""} {
		a := h.do(http.MethodPost, path, h.operator, `{"kind":"reboot"}`, "Prefer", prefer).want(http.StatusAccepted)
		if a.header.Get("Preference-Applied") != applied {
			t.Errorf("Prefer %q applied %q", prefer, a.header.Get("Preference-Applied"))
		}
	}
	select {
	case <-h.waker.called:
		t.Error("the device was called, which nobody asked for")
	default:
	}
}

func TestTasksAreListedTheNewestFirst(t *testing.T) {
	h := newHouse(t)
	one, two := h.phone("1", ""), h.phone("2", "")
	for _, id := range []device.ID{one, two, one} {
		h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
		h.clock.advance(time.Second)
	}
	page := as[api.Page[api.Task]](h.do(http.MethodGet, "/api/v1/tasks?pageSize=2", h.viewer, "").want(http.StatusOK))
	if len(page.Items) != 2 || page.Items[0].Device != string(one) || page.Items[1].Device != string(two) || *page.TotalSize != 3 {
		t.Errorf("listed %+v", page)
	}
	page = as[api.Page[api.Task]](h.do(http.MethodGet, "/api/v1/devices/"+string(one)+"/tasks?filter=state%20%3D%20queued", h.viewer, "").want(http.StatusOK))
	if len(page.Items) != 2 {
		t.Errorf("the device has %d", len(page.Items))
	}
	h.do(http.MethodGet, "/api/v1/tasks?filter=color%3D1", h.viewer, "").invalid("query.filter")
	h.do(http.MethodGet, "/api/v1/tasks?pageToken=zz", h.viewer, "").invalid("query.pageToken")
}

func TestATaskIsCancelledAndRetried(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	task := as[api.Task](h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"reboot"}`))
	path := "/api/v1/tasks/" + task.ID
	h.do(http.MethodPost, path+"/retry", h.operator, "").problem(http.StatusConflict, "state")
	cancelled := as[api.Task](h.do(http.MethodPost, path+"/cancel", h.operator, "").want(http.StatusOK))
	if cancelled.State != tasks.Cancelled || cancelled.Fault == nil || cancelled.Fault.Reason != "cancelled" {
		t.Errorf("cancelled to %+v", cancelled)
	}
	p := h.do(http.MethodPost, path+"/cancel", h.operator, "").problem(http.StatusConflict, "state")
	if !strings.Contains(p.Detail, "cancelled") {
		t.Errorf("the detail is %q", p.Detail)
	}
	a := h.do(http.MethodPost, path+"/retry", h.operator, "").want(http.StatusAccepted)
	if again := as[api.Task](a); again.RetryOf != task.ID || again.State != tasks.Queued || a.header.Get("Location") != "/api/v1/tasks/"+again.ID {
		t.Errorf("retried as %s", a.body)
	}
	for _, missing := range []string{"bulk", "x", string(tasks.NewID(time.Unix(0, 0)))} {
		h.do(http.MethodGet, "/api/v1/tasks/"+missing, h.viewer, "").problem(http.StatusNotFound, "not-found")
	}
}

func TestADeviceThatIsFullIsALimit(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	for range tasks.MaxOpenTasks {
		_, err := h.queue.Enqueue(t.Context(), tasks.New{Device: id, Kind: tasks.Reboot})
		check(t, err)
	}
	a := h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"reboot"}`)
	a.problem(http.StatusTooManyRequests, "limit")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// resultExamples has a result of every kind.
func resultExamples() map[tasks.Kind]any {
	value := "x"
	return map[tasks.Kind]any{
		tasks.GetParameterValues:     tasks.GetParameterValuesResult{Values: []tasks.ParameterValue{{Path: "A", Value: &value, Type: "xsd:string"}, {Path: "Password", Secret: true}}, Faults: []tasks.ParameterFault{{Path: "B", Code: 9005, String: "no"}}},
		tasks.SetParameterValues:     tasks.SetParameterValuesResult{Status: 1},
		tasks.GetParameterNames:      tasks.GetParameterNamesResult{Names: []tasks.ParameterName{{Path: "A", Writable: true}}},
		tasks.GetParameterAttributes: tasks.GetParameterAttributesResult{Attributes: []tasks.ParameterAttributes{{Path: "A", Notification: 1, AccessList: []string{"Subscriber"}}}},
		tasks.SetParameterAttributes: tasks.NoArgs{},
		tasks.AddObject:              tasks.AddObjectResult{InstanceNumber: 3},
		tasks.DeleteObject:           tasks.DeleteObjectResult{Confirmed: true},
		tasks.Refresh:                tasks.RefreshResult{Names: 400, Values: 390},
		tasks.Download:               tasks.DownloadResult{Evidence: "TransferComplete"},
		tasks.Reboot:                 tasks.OccurredResult{Evidence: "M Reboot"},
		tasks.FactoryReset:           tasks.OccurredResult{Evidence: "0 BOOTSTRAP"},
		tasks.GetRPCMethods:          tasks.GetRPCMethodsResult{Methods: []string{"Reboot"}},
		tasks.Upload:                 tasks.UploadResult{File: "upload-a", Size: 9, Evidence: "TransferComplete"},
		tasks.ScheduleDownload:       tasks.DownloadResult{Evidence: "TransferComplete"},
		tasks.ScheduleInform:         tasks.OccurredResult{Evidence: "M ScheduleInform"},
		tasks.CancelTransfer:         tasks.CancelTransferResult{CommandKey: "k"},
		tasks.GetQueuedTransfers:     tasks.QueuedTransfersResult{Transfers: []tasks.QueuedTransfer{{CommandKey: "k", State: "inProgress"}}},
		tasks.GetAllQueuedTransfers:  tasks.QueuedTransfersResult{Transfers: []tasks.QueuedTransfer{{State: "notStarted", Direction: "upload", Size: 7}}},
		tasks.ChangeDUState:          tasks.ChangeDUStateResult{Operations: []tasks.ModuleResult{{UUID: "u", State: "Installed", Resolved: true, ExecutionUnits: []string{"Device.A"}}}},
		tasks.SetVouchers:            tasks.NoArgs{},
		tasks.GetOptions:             tasks.GetOptionsResult{Options: []tasks.DeviceOption{{Name: "video", State: 1}}},
		tasks.VendorRPC:              tasks.VendorRPCResult{Name: "X_00562B_BlinkResponse", Body: "<On>1</On>"},
		tasks.IPPing:                 tasks.IPPingResult{SuccessCount: 4, AverageResponseTime: 12},
		tasks.TraceRoute:             tasks.TraceRouteResult{Hops: []tasks.RouteHop{{Host: "a", Times: []int{1, 2}}}},
		tasks.DownloadDiagnostics:    tasks.DownloadDiagnosticsResult{TransferTimes: tasks.TransferTimes{BomTime: "2026-03-01T12:00:00.000000Z", DurationMilliseconds: 1.5, BytesPerSecond: 9}, TestBytesReceived: 9},
		tasks.UploadDiagnostics:      tasks.UploadDiagnosticsResult{TestBytesSent: 9},
		tasks.NSLookup:               tasks.NSLookupResult{Results: []tasks.NameResult{{Status: "Success", Addresses: []string{"192.0.2.1"}}}},
	}
}

// bodyExamples has a body of every kind.
func bodyExamples() map[tasks.Kind]string {
	return map[tasks.Kind]string{
		tasks.GetParameterValues:     `"paths":["Device."]`,
		tasks.SetParameterValues:     `"parameters":[{"path":"A","value":true},{"path":"B","value":1},{"path":"C","value":"x","type":"xsd:string"}],"onlyIfDifferent":true,"parameterKey":"k"`,
		tasks.GetParameterNames:      `"path":"Device.","nextLevel":true`,
		tasks.GetParameterAttributes: `"paths":["Device."]`,
		tasks.SetParameterAttributes: `"parameters":[{"path":"A","notification":2},{"path":"B","accessList":[]}]`,
		tasks.AddObject:              `"objectName":"Device.X.","parameters":[{"path":"Name","value":"n"}]`,
		tasks.DeleteObject:           `"objectName":"Device.X.1."`,
		tasks.Refresh:                `"path":"Device."`,
		tasks.Download:               `"url":"https://example.com/f","fileType":"1 Firmware Upgrade Image","username":"u","password":"hunter2","delaySeconds":3`,
		tasks.Reboot:                 ``,
		tasks.FactoryReset:           ``,
		tasks.GetRPCMethods:          ``,
		tasks.Upload:                 `"fileType":"3 Vendor Configuration File","instance":1,"url":"https://example.com/f","username":"u","password":"hunter2","delaySeconds":3`,
		tasks.ScheduleDownload:       `"file":"f.bin","windows":[{"startSeconds":0,"endSeconds":60,"mode":"4 Confirmation Needed","userMessage":"Now?","maxRetries":2}]`,
		tasks.ScheduleInform:         `"delaySeconds":60`,
		tasks.CancelTransfer:         `"commandKey":"k"`,
		tasks.GetQueuedTransfers:     ``,
		tasks.GetAllQueuedTransfers:  ``,
		tasks.ChangeDUState:          `"operations":[{"operation":"install","url":"https://example.com/m","username":"u","password":"hunter2"}]`,
		tasks.SetVouchers:            `"vouchers":["PGE+"]`,
		tasks.GetOptions:             `"optionName":"video"`,
		tasks.VendorRPC:              `"name":"X_00562B_Blink","body":"<Times>3</Times>"`,
		tasks.IPPing:                 `"host":"192.0.2.1","numberOfRepetitions":3,"timeoutMilliseconds":1000,"dataBlockSize":64,"dscp":46,"interface":"Device.IP.Interface.1"`,
		tasks.TraceRoute:             `"host":"a.example","maxHopCount":20`,
		tasks.DownloadDiagnostics:    `"url":"https://example.com/f"`,
		tasks.UploadDiagnostics:      `"url":"https://example.com/f","testFileLength":1000`,
		tasks.NSLookup:               `"host":"a.example","dnsServer":"192.0.2.53"`,
	}
}

func TestEveryKindIsAcceptedAndShownAsDescribed(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	path := "/api/v1/devices/" + string(id) + "/tasks"
	schema := h.api.Description().Paths["/api/v1/devices/{id}/tasks"].Post.RequestBody.Content["application/json"].Schema
	for _, info := range tasks.Kinds() {
		arguments, ok := bodyExamples()[info.Kind]
		if !ok {
			t.Errorf("there is no example of %s", info.Kind)
		}
		body := `{"kind":"` + string(info.Kind) + `","priority":1` + strings.TrimSuffix(","+arguments, ",") + `}`
		var value any
		check(t, json.Unmarshal([]byte(body), &value))
		h.conforms(string(info.Kind), schema, value)
		task := as[api.Task](h.do(http.MethodPost, path, h.operator, body).want(http.StatusAccepted))
		h.succeed(id, resultExamples()[info.Kind])
		// Get holds the result against its description.
		a := h.do(http.MethodGet, "/api/v1/tasks/"+task.ID, h.viewer, "").want(http.StatusOK)
		if as[api.Task](a).State != tasks.Succeeded || strings.Contains(string(a.body), "hunter2") || strings.Contains(string(a.body), "ealed") {
			t.Errorf("%s is shown as %s", info.Kind, a.body)
		}
	}
}
