package acs

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestEveryKindHasAJob(t *testing.T) {
	for _, info := range tasks.Kinds() {
		if newJob(info.Kind) == nil {
			t.Errorf("no job for tasks of kind %s", info.Kind)
		}
	}
	if newJob("explode") != nil {
		t.Error("there is a job for a kind that does not exist")
	}
}

func TestEveryRPCThatADeviceAnswersHasAKind(t *testing.T) {
	for _, m := range cwmp.Methods() {
		if m.Response == "" || m.From == cwmp.FromCPE {
			continue
		}
		kind := tasks.Kind(strings.ToLower(m.Name[:1]) + m.Name[1:])
		if _, ok := kind.Info(); !ok {
			t.Errorf("no kind of task sends %s", m.Name)
		}
	}
}

// values answers GetParameterValues from a map; a name that is not in it is
// refused with 9005.
func values(known map[string]string) func(cwmp.Message) cwmp.Message {
	return func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterValues:
			answer := &cwmp.GetParameterValuesResponse{}
			for _, name := range m.ParameterNames {
				value, ok := known[name]
				if !ok {
					return cwmp.NewFault(9005, "")
				}
				answer.ParameterList = append(answer.ParameterList, cwmp.ParameterValueStruct{Name: name, Value: value, Type: cwmp.TypeString})
			}
			return answer
		case *cwmp.SetParameterValues:
			for _, v := range m.ParameterList {
				known[v.Name] = v.Value
			}
			return &cwmp.SetParameterValuesResponse{}
		default:
			return cwmp.NewFault(9000, "")
		}
	}
}

func TestGetParameterValuesReportsOneBadNameAmongTwenty(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	known := map[string]string{}
	var paths []string
	for i := range 19 {
		path := "Device.X.P" + string(rune('a'+i))
		known[path] = "v"
		paths = append(paths, path)
	}
	paths = slices.Insert(paths, 7, "Device.X.Bad")
	raw, _ := json.Marshal(tasks.GetParameterValuesArgs{Paths: paths})
	task := f.task(d.ID, tasks.GetParameterValues, string(raw))
	p.session(values(known), "2 PERIODIC")
	var result tasks.GetParameterValuesResult
	must(t, json.Unmarshal(f.want(task, tasks.Succeeded).Result, &result))
	if len(result.Values) != 19 {
		t.Errorf("%d values, want 19", len(result.Values))
	}
	want := []tasks.ParameterFault{{Path: "Device.X.Bad", Code: 9005, String: cwmp.FaultText(9005)}}
	if diff := cmp.Diff(want, result.Faults); diff != "" {
		t.Error(diff)
	}
	stored, err := f.store.Parameters().Parameters(t.Context(), d.ID, "Device.X.", "", 100)
	must(t, err)
	if len(stored) != 19 {
		t.Errorf("%d parameters are stored, want 19", len(stored))
	}
}

func TestGetParameterValuesFailsOnlyIfNothingCouldBeRead(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.A","Device.B"]}`)
	p.session(values(map[string]string{}), "2 PERIODIC")
	got := f.want(task, tasks.Failed)
	if got.Fault.Code != 9005 || len(got.Fault.Parameters) != 2 {
		t.Errorf("fault = %+v, want 9005 for two parameters", got.Fault)
	}
}

func TestABatchThatIsTooLargeIsHalvedAndItsSizeRememberedForTheModel(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	var paths []string
	for i := range 100 {
		paths = append(paths, "Device.X.P"+time.Duration(i).String())
	}
	raw, _ := json.Marshal(tasks.GetParameterValuesArgs{Paths: paths})
	sizes := func() (all []int) {
		task := f.task(d.ID, tasks.GetParameterValues, string(raw))
		p.session(func(m cwmp.Message) cwmp.Message {
			asked := m.(*cwmp.GetParameterValues).ParameterNames
			all = append(all, len(asked))
			if len(asked) > 30 {
				return cwmp.NewFault(9004, "")
			}
			answer := &cwmp.GetParameterValuesResponse{}
			for _, name := range asked {
				answer.ParameterList = append(answer.ParameterList, cwmp.ParameterValueStruct{Name: name, Type: cwmp.TypeString})
			}
			return answer
		}, "2 PERIODIC")
		f.want(task, tasks.Succeeded)
		return all
	}
	if first := sizes(); first[0] != 100 || slices.Max(first[3:]) > 50 {
		t.Errorf("first batches = %v, want 100 halved", first)
	}
	if second := sizes(); slices.Max(second) > 30 {
		t.Errorf("the size is not remembered: %v", second)
	}
	record := p.record()
	limits, err := f.store.Models().ModelLimits(t.Context(), record.ModelKey())
	must(t, err)
	if limits.GetParameterValues == 0 || limits.GetParameterValues > 30 {
		t.Errorf("stored limit = %d, want at most 30", limits.GetParameterValues)
	}
}

func TestSetParameterValuesKeepsTheFaultOfEachParameter(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.DeviceInfo.SerialNumber","value":"x","type":"xsd:string"}]}`)
	p.session(func(cwmp.Message) cwmp.Message {
		fault := cwmp.NewFault(9003, "")
		fault.ParameterFaults = []cwmp.SetParameterValuesFault{{ParameterName: "Device.DeviceInfo.SerialNumber", Code: 9008, String: "read only"}}
		return fault
	}, "2 PERIODIC")
	got := f.want(task, tasks.Failed)
	want := &tasks.Fault{Code: 9003, String: cwmp.FaultText(9003), Parameters: []tasks.ParameterFault{{Path: "Device.DeviceInfo.SerialNumber", Code: 9008, String: "read only"}}}
	if diff := cmp.Diff(want, got.Fault); diff != "" {
		t.Error(diff)
	}
	if len(got.Attempts) != 1 {
		t.Errorf("%d attempts, want 1: an argument fault is not tried again", len(got.Attempts))
	}
}

func TestSetParameterValuesIsSentEvenIfTheValueIsThere(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	device := map[string]string{"Device.Time.NTPServer1": "a"}
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.NTPServer1","value":"a","type":"xsd:string"}]}`)
	if asked := p.session(values(device), "2 PERIODIC"); !slices.Equal(asked, []string{"SetParameterValues"}) {
		t.Errorf("asked %v, want SetParameterValues", asked)
	}
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.NTPServer1","value":"a"}],"onlyIfDifferent":true}`)
	if asked := p.session(values(device), "2 PERIODIC"); !slices.Equal(asked, []string{"GetParameterValues"}) {
		t.Errorf("with onlyIfDifferent asked %v, want GetParameterValues alone", asked)
	}
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"status":0,"unchanged":true}` {
		t.Errorf("result = %s", got)
	}
}

func TestAValueIsSetWithTheTypeThatTheDeviceReports(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.Enable","value":"true"}]}`)
	var set *cwmp.SetParameterValues
	asked := p.session(func(m cwmp.Message) cwmp.Message {
		if m, ok := m.(*cwmp.SetParameterValues); ok {
			set = m
			return &cwmp.SetParameterValuesResponse{}
		}
		return &cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{{Name: "Device.Time.Enable", Value: "0", Type: cwmp.TypeBoolean}}}
	}, "2 PERIODIC")
	if !slices.Equal(asked, []string{"GetParameterValues", "SetParameterValues"}) {
		t.Fatalf("asked %v", asked)
	}
	want := []cwmp.ParameterValueStruct{{Name: "Device.Time.Enable", Value: "1", Type: cwmp.TypeBoolean}}
	if diff := cmp.Diff(want, set.ParameterList); diff != "" {
		t.Error(diff)
	}
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.Enable","value":"false"}]}`)
	asked = p.session(func(m cwmp.Message) cwmp.Message { return &cwmp.SetParameterValuesResponse{} }, "2 PERIODIC")
	if !slices.Equal(asked, []string{"SetParameterValues"}) {
		t.Errorf("asked %v: the type is known by now", asked)
	}
}

func TestASecretIsSealedInTaskAndTreeAndMaskedInResults(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	const path = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthPassword"
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"`+path+`","value":"hunter2","type":"xsd:string"}]}`)
	if strings.Contains(string(f.reload(task).Args), "hunter2") {
		t.Error("the task keeps the secret in clear")
	}
	var sent string
	p.session(func(m cwmp.Message) cwmp.Message {
		sent = m.(*cwmp.SetParameterValues).ParameterList[0].Value
		return &cwmp.SetParameterValuesResponse{}
	}, "2 PERIODIC")
	if sent != "hunter2" {
		t.Errorf("the device was sent %q", sent)
	}
	stored, err := f.store.Parameters().Values(t.Context(), d.ID, []string{path})
	must(t, err)
	if len(stored) != 1 || stored[0].Value != "" || stored[0].Sealed == "" {
		t.Errorf("the tree keeps %+v", stored)
	}
	read := f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+path+`"]}`)
	p.session(values(map[string]string{path: "hunter2"}), "2 PERIODIC")
	if got := string(f.want(read, tasks.Succeeded).Result); strings.Contains(got, "hunter2") || !strings.Contains(got, `"secret":true`) {
		t.Errorf("result = %s", got)
	}
}

func TestConnectionRequestCredentialsThatATaskSetsAreNotedOnTheRecord(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[
		{"path":"Device.ManagementServer.ConnectionRequestUsername","value":"acs","type":"xsd:string"},
		{"path":"Device.ManagementServer.ConnectionRequestPassword","value":"word","type":"xsd:string"},
		{"path":"Device.ManagementServer.PeriodicInformInterval","value":300,"type":"xsd:unsignedInt"}]}`)
	p.session(func(cwmp.Message) cwmp.Message {
		pending := p.record().ConnectionRequest
		if pending.PendingUsername != "acs" || pending.PendingPassword == "" {
			t.Errorf("before the answer: %+v, want pending credentials", pending)
		}
		return &cwmp.SetParameterValuesResponse{}
	}, "2 PERIODIC")
	got := p.record()
	if got.ConnectionRequest.Username != "acs" || got.ConnectionRequest.PendingPassword != "" || got.InformInterval != 300 {
		t.Errorf("record = %+v, interval %d", got.ConnectionRequest, got.InformInterval)
	}
}

func TestGetParameterNamesAndAttributes(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	names := f.task(d.ID, tasks.GetParameterNames, `{"path":"Device.Time.","nextLevel":true}`)
	attributes := f.task(d.ID, tasks.GetParameterAttributes, `{"paths":["Device.Time."]}`)
	set := f.task(d.ID, tasks.SetParameterAttributes, `{"parameters":[{"path":"Device.Time.NTPServer1","notification":2}]}`)
	methods := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	asked := p.session(func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			if m.ParameterPath != "Device.Time." || !m.NextLevel {
				t.Errorf("asked %+v", m)
			}
			return &cwmp.GetParameterNamesResponse{ParameterList: []cwmp.ParameterInfoStruct{{Name: "Device.Time.NTPServer1", Writable: true}}}
		case *cwmp.GetParameterAttributes:
			return &cwmp.GetParameterAttributesResponse{ParameterList: []cwmp.ParameterAttributeStruct{{Name: "Device.Time.NTPServer1", Notification: 1, AccessList: []string{"Subscriber"}}}}
		case *cwmp.SetParameterAttributes:
			want := []cwmp.SetParameterAttributesStruct{{Name: "Device.Time.NTPServer1", NotificationChange: true, Notification: 2}}
			if diff := cmp.Diff(want, m.ParameterList); diff != "" {
				t.Error(diff)
			}
			return &cwmp.SetParameterAttributesResponse{}
		default:
			return &cwmp.GetRPCMethodsResponse{MethodList: []string{"Reboot"}}
		}
	}, "2 PERIODIC")
	if len(asked) != 4 {
		t.Errorf("asked %v", asked)
	}
	for task, want := range map[*tasks.Task]string{
		&names:      `{"names":[{"path":"Device.Time.NTPServer1","writable":true}]}`,
		&attributes: `{"attributes":[{"path":"Device.Time.NTPServer1","notification":1,"accessList":["Subscriber"]}]}`,
		&set:        `{}`,
		&methods:    `{"methods":["Reboot"]}`,
	} {
		if got := string(f.want(*task, tasks.Succeeded).Result); got != want {
			t.Errorf("%s: result = %s, want %s", task.Kind, got, want)
		}
	}
	stored, err := f.store.Parameters().Values(t.Context(), d.ID, []string{"Device.Time.NTPServer1"})
	must(t, err)
	if p := stored[0]; *p.Writable != true || *p.Notification != 2 || !slices.Equal(p.AccessList, []string{"Subscriber"}) {
		t.Errorf("stored %+v", p)
	}
}

// tree answers the RPCs of a refresh from a flat tree.
func treeAnswers(tree map[string]string, wholeTree bool) func(cwmp.Message) cwmp.Message {
	return func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			if !wholeTree && !m.NextLevel {
				return cwmp.NewFault(9004, "")
			}
			answer := &cwmp.GetParameterNamesResponse{}
			seen := map[string]bool{}
			for path := range tree {
				rest, below := strings.CutPrefix(path, m.ParameterPath)
				if !below {
					continue
				}
				for i := range rest {
					if rest[i] != '.' && i != len(rest)-1 {
						continue
					}
					name := m.ParameterPath + rest[:i+1]
					if !seen[name] {
						seen[name] = true
						answer.ParameterList = append(answer.ParameterList, cwmp.ParameterInfoStruct{Name: name})
					}
					if m.NextLevel {
						break
					}
				}
			}
			return answer
		default:
			return values(tree)(m)
		}
	}
}

func TestRefreshReadsABranchAndForgetsWhatIsGone(t *testing.T) {
	for name, wholeTree := range map[string]bool{"at once": true, "level by level where the device cannot list it at once": false} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			tree := map[string]string{"Device.A.B.C": "1", "Device.A.B.D": "2", "Device.A.E": "3", "Device.Z": "9"}
			first := f.task(d.ID, tasks.Refresh, `{"path":"Device.A."}`)
			p.session(treeAnswers(tree, wholeTree), "2 PERIODIC")
			if got := string(f.want(first, tasks.Succeeded).Result); got != `{"names":4,"values":3}` {
				t.Errorf("result = %s", got)
			}
			delete(tree, "Device.A.B.C")
			f.task(d.ID, tasks.Refresh, `{"path":"Device.A."}`)
			p.session(treeAnswers(tree, wholeTree), "2 PERIODIC")
			stored, err := f.store.Parameters().Parameters(t.Context(), d.ID, "Device.A.", "", 100)
			must(t, err)
			var paths []string
			for _, s := range stored {
				paths = append(paths, s.Path)
			}
			if want := []string{"Device.A.B.", "Device.A.B.D", "Device.A.E"}; !slices.Equal(paths, want) {
				t.Errorf("stored %v, want %v", paths, want)
			}
		})
	}
}

func TestAddObjectListsFirstThenAddsThenSets(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.AddObject, `{"objectName":"Device.L.","parameters":[{"path":"Enable","value":"1","type":"xsd:boolean"}]}`)
	asked := p.session(func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			return &cwmp.GetParameterNamesResponse{ParameterList: []cwmp.ParameterInfoStruct{{Name: "Device.L.1."}}}
		case *cwmp.AddObject:
			return &cwmp.AddObjectResponse{InstanceNumber: 4}
		case *cwmp.SetParameterValues:
			if m.ParameterList[0].Name != "Device.L.4.Enable" {
				t.Errorf("set %s", m.ParameterList[0].Name)
			}
		}
		return &cwmp.SetParameterValuesResponse{}
	}, "2 PERIODIC")
	if want := []string{"GetParameterNames", "AddObject", "SetParameterValues"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"instanceNumber":4,"status":0}` {
		t.Errorf("result = %s", got)
	}
}

func TestDeleteObjectForgetsTheInstance(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.L.1.Enable"]}`)
	task := f.task(d.ID, tasks.DeleteObject, `{"objectName":"Device.L.1."}`)
	p.session(func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.DeleteObject); ok {
			return &cwmp.DeleteObjectResponse{Status: 1}
		}
		return values(map[string]string{"Device.L.1.Enable": "1"})(m)
	}, "2 PERIODIC")
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"status":1}` {
		t.Errorf("result = %s", got)
	}
	stored, err := f.store.Parameters().Parameters(t.Context(), d.ID, "Device.L.", "", 10)
	must(t, err)
	if len(stored) != 0 {
		t.Errorf("still stored: %v", stored)
	}
}

func TestADownloadGoesFromRunningByWaitingToSucceeded(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Download, `{"file":"firmware.bin"}`)
	var sent *cwmp.Download
	p.session(func(m cwmp.Message) cwmp.Message {
		sent = m.(*cwmp.Download)
		return &cwmp.DownloadResponse{Status: 1}
	}, "2 PERIODIC")
	f.want(task, tasks.Waiting)
	if sent.FileSize != 42 || sent.FileType != cwmp.FileTypeFirmware || !strings.HasSuffix(sent.URL, "/firmware.bin") {
		t.Errorf("sent %+v", sent)
	}
	p.open("7 TRANSFER COMPLETE", "M Download")
	done := &cwmp.TransferComplete{CommandKey: sent.CommandKey, StartTime: cwmp.NewDateTime(f.clock.now()), CompleteTime: cwmp.NewDateTime(f.clock.now().Add(time.Minute))}
	for range 2 { // The second stands for one whose answer was lost.
		if answer := p.send(done, nil); answer.Message.Method() != "TransferCompleteResponse" {
			t.Fatalf("answered with %s", answer.Message.Method())
		}
	}
	got := f.want(task, tasks.Succeeded)
	if want := `{"startTime":"2026-03-01T12:00:00Z","completeTime":"2026-03-01T12:01:00Z","evidence":"TransferComplete"}`; string(got.Result) != want {
		t.Errorf("result = %s, want %s", got.Result, want)
	}
	var states []tasks.State
	for _, step := range got.Timeline {
		states = append(states, step.State)
	}
	if want := []tasks.State{tasks.Queued, tasks.Running, tasks.Waiting, tasks.Succeeded}; !slices.Equal(states, want) {
		t.Errorf("timeline = %v, want %v", states, want)
	}
}

func TestADownloadEndsByItsFaultOrByItsAnswer(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	failing := f.task(d.ID, tasks.Download, `{"file":"a.bin"}`)
	missing := f.task(d.ID, tasks.Download, `{"file":"missing"}`)
	var key string
	p.session(func(m cwmp.Message) cwmp.Message {
		key = m.(*cwmp.Download).CommandKey
		return &cwmp.DownloadResponse{Status: 1}
	}, "2 PERIODIC")
	f.want(missing, tasks.Failed)
	p.open("7 TRANSFER COMPLETE")
	p.send(&cwmp.TransferComplete{CommandKey: key, Fault: cwmp.FaultStruct{FaultCode: 9012, FaultString: "no"}}, nil)
	if got := f.want(failing, tasks.Failed); got.Fault.Code != 9012 {
		t.Errorf("fault = %+v, want 9012", got.Fault)
	}
	at := f.task(d.ID, tasks.Download, `{"file":"b.bin"}`)
	p.session(func(m cwmp.Message) cwmp.Message { return &cwmp.DownloadResponse{Status: 0} }, "2 PERIODIC")
	f.want(at, tasks.Succeeded)
}

func TestARebootEndsTheSessionAndTheEventsOfTheNextShowIt(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   tasks.Kind
		events []cwmp.EventStruct
		state  tasks.State
	}{
		{"M Reboot with the CommandKey shows a reboot", tasks.Reboot, []cwmp.EventStruct{{EventCode: "1 BOOT"}, {EventCode: "M Reboot", CommandKey: "KEY"}}, tasks.Succeeded},
		{"1 BOOT alone shows an accepted reboot", tasks.Reboot, []cwmp.EventStruct{{EventCode: "1 BOOT"}}, tasks.Succeeded},
		{"a periodic Inform shows no reboot", tasks.Reboot, []cwmp.EventStruct{{EventCode: "2 PERIODIC"}}, tasks.Waiting},
		{"0 BOOTSTRAP shows a factory reset", tasks.FactoryReset, []cwmp.EventStruct{{EventCode: "0 BOOTSTRAP"}}, tasks.Succeeded},
		{"1 BOOT shows no factory reset", tasks.FactoryReset, []cwmp.EventStruct{{EventCode: "1 BOOT"}}, tasks.Waiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, c.kind, `{}`)
			later := f.task(d.ID, tasks.GetRPCMethods, `{}`)
			var key string
			asked := p.session(func(m cwmp.Message) cwmp.Message {
				switch m := m.(type) {
				case *cwmp.Reboot:
					key = m.CommandKey
					return &cwmp.RebootResponse{}
				case *cwmp.GetRPCMethods:
					return &cwmp.GetRPCMethodsResponse{MethodList: []string{"FactoryReset"}}
				default:
					return &cwmp.FactoryResetResponse{}
				}
			}, "2 PERIODIC")
			if last := asked[len(asked)-1]; last == "GetRPCMethods" {
				t.Errorf("asked %v: a device that is about to go is asked nothing more", asked)
			}
			f.want(task, tasks.Waiting)
			inform := p.inform()
			for _, e := range c.events {
				if e.CommandKey != "" {
					e.CommandKey = key
				}
				inform.Events = append(inform.Events, e)
			}
			p.send(inform, nil)
			f.want(task, c.state)
			p.work(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} })
			f.want(later, tasks.Succeeded)
		})
	}
}

func TestADownloadTellsTheFileTypeThatTheModelWants(t *testing.T) {
	types := FileTypes{"X CA": "X 00562B Custom CA", "X CA@CP-8851-3PCC": "X 00562B CA 8851"}
	f := newFixture(t, func(o *Options) { o.FileTypes = types })
	p, d := f.known("S1")
	f.task(d.ID, tasks.Download, `{"file":"ca.pem","fileType":"X CA"}`)
	var sent string
	p.session(func(m cwmp.Message) cwmp.Message {
		sent = m.(*cwmp.Download).FileType
		return &cwmp.DownloadResponse{Status: 1}
	}, "2 PERIODIC")
	if sent != "X 00562B CA 8851" {
		t.Errorf("FileType = %q", sent)
	}
	if got := types.For("X CA", "CP-7841-3PCC"); got != "X 00562B Custom CA" {
		t.Errorf("for another model: %q", got)
	}
	if got := types.For("1 Firmware Upgrade Image", "CP-8851-3PCC"); got != "1 Firmware Upgrade Image" {
		t.Errorf("a type that is not translated becomes %q", got)
	}
}

func TestWhatIsReadOrSetOfTheRecordIsNotedOnIt(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	known := map[string]string{"Device.DeviceInfo.ModelName": "8851", "Device.ManagementServer.PeriodicInformInterval": "20", "Device.A": "1"}
	f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.DeviceInfo.ModelName","Device.ManagementServer.PeriodicInformInterval"]}`)
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"2","type":"xsd:string"}],"parameterKey":"k1"}`)
	f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"3","type":"xsd:string"}]}`)
	var keys []string
	p.session(func(m cwmp.Message) cwmp.Message {
		if set, ok := m.(*cwmp.SetParameterValues); ok {
			keys = append(keys, set.ParameterKey)
		}
		return values(known)(m)
	}, "2 PERIODIC")
	if got := p.record(); got.Model != "8851" || got.InformInterval != 20 || got.ParameterKey != "k1" {
		t.Errorf("model %q, interval %d, ParameterKey %q", got.Model, got.InformInterval, got.ParameterKey)
	}
	if !slices.Equal(keys, []string{"k1", "k1"}) {
		t.Errorf("ParameterKeys sent = %v: a task without one must keep the device's", keys)
	}
}
