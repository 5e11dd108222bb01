package acs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// stored returns what the store has of the paths.
func (f *fixture) stored(id device.ID, paths ...string) []device.Parameter {
	f.t.Helper()
	all, err := f.store.Parameters().Values(f.t.Context(), id, paths)
	must(f.t, err)
	return all
}

func TestASecretIsSetWhateverTheDeviceReadsBack(t *testing.T) {
	const path = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthPassword"
	for name, reads := range map[string]string{"nothing, as it must": "", "the same": "hunter2"} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.SetParameterValues, `{"onlyIfDifferent":true,"parameters":[{"path":"`+path+`","value":"hunter2","type":"xsd:string"}]}`)
			asked := p.session(func(m cwmp.Message) cwmp.Message {
				if _, ok := m.(*cwmp.GetParameterValues); ok {
					return &cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{{Name: path, Value: reads, Type: cwmp.TypeString}}}
				}
				return &cwmp.SetParameterValuesResponse{}
			}, "2 PERIODIC")
			if want := []string{"GetParameterValues", "SetParameterValues"}; !slices.Equal(asked, want) {
				t.Errorf("asked %v, want %v", asked, want)
			}
			f.want(task, tasks.Succeeded)
		})
	}
}

func TestABranchWithoutValuesIsNoFault(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.Hosts.Host."]}`)
	p.session(func(m cwmp.Message) cwmp.Message {
		if got := m.(*cwmp.GetParameterValues).ParameterNames; !slices.Equal(got, []string{"Device.Hosts.Host."}) {
			t.Errorf("asked for %v", got)
		}
		return &cwmp.GetParameterValuesResponse{}
	}, "2 PERIODIC")
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"values":[]}` {
		t.Errorf("result = %s", got)
	}
}

func TestAParameterThatIsSaidToBeReadOnlyIsSetAllTheSame(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	f.task(d.ID, tasks.GetParameterNames, `{"path":"Device.Time.","nextLevel":true}`)
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.Time.NTPServer1","value":"a","type":"xsd:string"}]}`)
	asked := p.session(func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.GetParameterNames); ok {
			return &cwmp.GetParameterNamesResponse{ParameterList: []cwmp.ParameterInfoStruct{{Name: "Device.Time.NTPServer1"}}}
		}
		return &cwmp.SetParameterValuesResponse{}
	}, "2 PERIODIC")
	if !slices.Contains(asked, "SetParameterValues") {
		t.Errorf("asked %v", asked)
	}
	f.want(task, tasks.Succeeded)
	if all := f.stored(d.ID, "Device.Time.NTPServer1"); len(all) != 1 || all[0].Writable == nil || *all[0].Writable {
		t.Errorf("stored %+v, want what the device said", all)
	}
}

func TestNumbersOfAnySizeStayDecimalText(t *testing.T) {
	const path = "Device.Ethernet.Interface.1.Stats.BytesSent"
	for _, number := range []string{"18446744073709551615", "-9223372036854775808", "9007199254740993", "0.10000000000000000001", "007"} {
		t.Run(number, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			get := f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+path+`"]}`)
			value := number
			if number == "007" {
				value = `"007"` // JSON has no such number.
			}
			set := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"`+path+`","value":`+value+`,"type":"xsd:decimal"}]}`)
			var sent string
			p.session(func(m cwmp.Message) cwmp.Message {
				if m, ok := m.(*cwmp.SetParameterValues); ok {
					sent = m.ParameterList[0].Value
					return &cwmp.SetParameterValuesResponse{}
				}
				return &cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{{Name: path, Value: number, Type: cwmp.TypeDecimal}}}
			}, "2 PERIODIC")
			f.want(set, tasks.Succeeded)
			if sent != number {
				t.Errorf("the device was sent %q", sent)
			}
			if got, want := string(f.want(get, tasks.Succeeded).Result), `{"values":[{"path":"`+path+`","value":"`+number+`","type":"xsd:decimal"}]}`; got != want {
				t.Errorf("result = %s, want %s", got, want)
			}
			if all := f.stored(d.ID, path); len(all) != 1 || all[0].Value != number {
				t.Errorf("stored %+v", all)
			}
		})
	}
}

func TestOfTwoValuesOfOneNameTheLastCountsAndNoneIsAnotherDevices(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	_, other := f.known("S2")
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.A."]}`)
	p.session(func(cwmp.Message) cwmp.Message {
		answer := &cwmp.GetParameterValuesResponse{}
		for _, v := range [][2]string{{"Device.A.B", "first"}, {"Device.Elsewhere", "unasked"}, {"Device.A.B", "last"}} {
			answer.ParameterList = append(answer.ParameterList, cwmp.ParameterValueStruct{Name: v[0], Value: v[1], Type: cwmp.TypeString})
		}
		return answer
	}, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
	got := map[string]string{}
	for _, v := range f.stored(d.ID, "Device.A.B", "Device.Elsewhere") {
		got[v.Path] = v.Value
	}
	if diff := cmp.Diff(map[string]string{"Device.A.B": "last", "Device.Elsewhere": "unasked"}, got); diff != "" {
		t.Error(diff)
	}
	if all := f.stored(other.ID, "Device.A.B", "Device.Elsewhere"); len(all) != 0 {
		t.Errorf("the other device has %+v", all)
	}
}

func TestTheFaultsOfAllParametersAreKept(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"x","type":"xsd:string"},{"path":"Device.B","value":"x","type":"xsd:string"},{"path":"Device.C","value":"x","type":"xsd:string"}]}`)
	codes := map[string]int{"Device.A": 9006, "Device.B": 9007, "Device.C": 9850}
	p.session(func(cwmp.Message) cwmp.Message {
		fault := cwmp.NewFault(9003, "")
		for _, path := range []string{"Device.A", "Device.B", "Device.C"} {
			fault.ParameterFaults = append(fault.ParameterFaults, cwmp.SetParameterValuesFault{ParameterName: path, Code: codes[path]})
		}
		return fault
	}, "2 PERIODIC")
	got := map[string]int{}
	for _, fault := range f.want(task, tasks.Failed).Fault.Parameters {
		got[fault.Path] = fault.Code
	}
	if diff := cmp.Diff(codes, got); diff != "" {
		t.Error(diff)
	}
}

func TestThatValuesAreAppliedLaterIsTold(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"x","type":"xsd:string"}]}`)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.SetParameterValuesResponse{Status: 1} }, "2 PERIODIC")
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"status":1}` {
		t.Errorf("result = %s", got)
	}
}

func TestAttributesAreSetInAsManyRequestsAsTheModelTakes(t *testing.T) {
	f := newFixture(t, odd(t, `{"setParameterValuesParameters":2}`))
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.SetParameterAttributes, `{"parameters":[{"path":"Device.A","notification":2},{"path":"Device.B","notification":2},{"path":"Device.C","notification":1}]}`)
	var sent [][]string
	p.session(func(m cwmp.Message) cwmp.Message {
		var names []string
		for _, s := range m.(*cwmp.SetParameterAttributes).ParameterList {
			names = append(names, s.Name)
		}
		sent = append(sent, names)
		return &cwmp.SetParameterAttributesResponse{}
	}, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
	if diff := cmp.Diff([][]string{{"Device.A", "Device.B"}, {"Device.C"}}, sent); diff != "" {
		t.Error(diff)
	}
	if all := f.stored(d.ID, "Device.C"); len(all) != 1 || all[0].Notification == nil || *all[0].Notification != 1 {
		t.Errorf("stored %+v", all)
	}
}

func TestAttributesThatAreTooManyAtOnceAreSetBySmallerRequests(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.SetParameterAttributes, `{"parameters":[{"path":"Device.A","notification":2},{"path":"Device.B","notification":2},{"path":"Device.C","notification":1}]}`)
	var sizes []int
	p.session(func(m cwmp.Message) cwmp.Message {
		n := len(m.(*cwmp.SetParameterAttributes).ParameterList)
		sizes = append(sizes, n)
		if n > 1 {
			return cwmp.NewFault(9004, "")
		}
		return &cwmp.SetParameterAttributesResponse{}
	}, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
	if want := []int{3, 1, 1, 1}; !slices.Equal(sizes, want) {
		t.Errorf("requests of %v parameters, want %v", sizes, want)
	}
}

func TestAnInstanceMayHaveAnyNumber(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.AddObject, `{"objectName":"Device.L.","parameters":[{"path":"X_00562B_On","value":"1","type":"xsd:boolean"}]}`)
	var set string
	p.session(func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			return &cwmp.GetParameterNamesResponse{ParameterList: []cwmp.ParameterInfoStruct{{Name: "Device.L.3."}, {Name: "Device.L.70000."}}}
		case *cwmp.AddObject:
			return &cwmp.AddObjectResponse{InstanceNumber: 268435457}
		case *cwmp.SetParameterValues:
			set = m.ParameterList[0].Name
		}
		return &cwmp.SetParameterValuesResponse{}
	}, "2 PERIODIC")
	if set != "Device.L.268435457.X_00562B_On" {
		t.Errorf("set %q", set)
	}
	if got := string(f.want(task, tasks.Succeeded).Result); got != `{"instanceNumber":268435457,"status":0}` {
		t.Errorf("result = %s", got)
	}
}

func TestATreeOfSixThousandParametersIsReadInOneSession(t *testing.T) {
	const parameters = 6000
	f := newFixture(t)
	p, d := f.known("S1")
	list := &cwmp.GetParameterNamesResponse{}
	for i := range parameters {
		list.ParameterList = append(list.ParameterList, cwmp.ParameterInfoStruct{Name: fmt.Sprintf("Device.A.%d.B", i)})
	}
	task := f.task(d.ID, tasks.Refresh, `{"path":""}`)
	p.session(func(m cwmp.Message) cwmp.Message {
		get, ok := m.(*cwmp.GetParameterValues)
		if !ok {
			return list
		}
		answer := &cwmp.GetParameterValuesResponse{}
		for _, name := range get.ParameterNames {
			answer.ParameterList = append(answer.ParameterList, cwmp.ParameterValueStruct{Name: name, Value: "v", Type: cwmp.TypeString})
		}
		return answer
	}, "2 PERIODIC")
	var result tasks.RefreshResult
	must(t, json.Unmarshal(f.want(task, tasks.Succeeded).Result, &result))
	if result.Values != parameters {
		t.Errorf("%d values were read", result.Values)
	}
	stored, err := f.store.Parameters().Parameters(t.Context(), d.ID, "Device.A.", "", device.MaxParameters)
	must(t, err)
	if len(stored) != parameters || stored[0].Value != "v" {
		t.Errorf("%d parameters are stored", len(stored))
	}
}

func TestTheRootIsThatWhichTheInformNames(t *testing.T) {
	for _, root := range []string{"Device.", "InternetGatewayDevice."} {
		f := newFixture(t, func(o *Options) { o.Onboarding = Onboarding{InformInterval: 300} })
		p := f.newPhone("S1")
		inform := p.inform("1 BOOT")
		for i := range inform.ParameterList {
			inform.ParameterList[i].Name = root + strings.TrimPrefix(inform.ParameterList[i].Name, "Device.")
		}
		p.send(inform, nil)
		p.work(func(m cwmp.Message) cwmp.Message {
			switch m := m.(type) {
			case *cwmp.GetParameterNames:
				if !strings.HasPrefix(m.ParameterPath, root) {
					t.Errorf("asked for %s, the root is %s", m.ParameterPath, root)
				}
				return &cwmp.GetParameterNamesResponse{}
			case *cwmp.SetParameterValues:
				if !strings.HasPrefix(m.ParameterList[0].Name, root) {
					t.Errorf("set %s, the root is %s", m.ParameterList[0].Name, root)
				}
			}
			return &cwmp.SetParameterValuesResponse{}
		})
		if got := p.record(); got.Root != root || got.ConnectionRequest.URL == "" || got.SoftwareVersion == "" {
			t.Errorf("record has root %q, %+v", got.Root, got)
		}
	}
}

func TestTheNewestConnectionRequestURLCounts(t *testing.T) {
	f := newFixture(t)
	p, _ := f.known("S1")
	for _, url := range []string{"http://192.0.2.9:7547/first", "http://192.0.2.10:7547/second"} {
		inform := p.inform("4 VALUE CHANGE")
		inform.ParameterList[2].Value = url
		p.send(inform, nil)
		p.work(nil)
		if got := p.record().ConnectionRequest.URL; got != url {
			t.Errorf("the record has %q, want %q", got, url)
		}
	}
}
