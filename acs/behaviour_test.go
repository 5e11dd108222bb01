package acs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// odd makes every device behave toward as one profile says.
func odd(t *testing.T, behaviour string) func(*Options) {
	t.Helper()
	p, err := quirks.ParseProfile("odd", json.RawMessage(`{"name":"odd","devices":{"manufacturer":"*"},"behaviour":`+behaviour+`}`))
	must(t, err)
	return func(o *Options) { o.Quirks = quirks.NewSet(nil, []quirks.Profile{p}) }
}

func TestValuesAreSetInAsManyRequestsAsTheModelTakes(t *testing.T) {
	for name, onlyIfDifferent := range map[string]bool{"all of them": false, "only those that differ": true} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, odd(t, `{"setParameterValuesParameters":2}`))
			p, d := f.known("S1")
			known := map[string]string{"Device.A": "", "Device.B": "same", "Device.C": "", "Device.D": "", "Device.E": ""}
			task := f.task(d.ID, tasks.SetParameterValues, fmt.Sprintf(`{"onlyIfDifferent":%v,"parameters":[{"path":"Device.A","value":"1","type":"xsd:string"},
				{"path":"Device.B","value":"same","type":"xsd:string"},{"path":"Device.C","value":"3","type":"xsd:string"},{"path":"Device.D","value":"4","type":"xsd:string"},{"path":"Device.E","value":"5","type":"xsd:string"}]}`, onlyIfDifferent))
			var sizes []int
			answer := values(known)
			p.session(func(m cwmp.Message) cwmp.Message {
				if set, ok := m.(*cwmp.SetParameterValues); ok {
					sizes = append(sizes, len(set.ParameterList))
				}
				return answer(m)
			}, "2 PERIODIC")
			f.want(task, tasks.Succeeded)
			want := []int{2, 2, 1}
			if onlyIfDifferent {
				want = []int{2, 2}
			}
			if !slices.Equal(sizes, want) || known["Device.E"] != "5" || known["Device.A"] != "1" {
				t.Errorf("requests of %v parameters, want %v; the device has %v", sizes, want, known)
			}
		})
	}
}

func TestAModelThatTakesFewerValuesIsRemembered(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	var sizes []int
	set := func() {
		task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"1","type":"xsd:string"},{"path":"Device.B","value":"2","type":"xsd:string"},{"path":"Device.C","value":"3","type":"xsd:string"}]}`)
		p.session(func(m cwmp.Message) cwmp.Message {
			n := len(m.(*cwmp.SetParameterValues).ParameterList)
			sizes = append(sizes, n)
			if n > 1 {
				return cwmp.NewFault(9004, "")
			}
			return &cwmp.SetParameterValuesResponse{}
		}, "2 PERIODIC")
		f.want(task, tasks.Succeeded)
	}
	set()
	set()
	if want := []int{3, 1, 1, 1, 1, 1, 1}; !slices.Equal(sizes, want) {
		t.Errorf("requests of %v parameters, want %v", sizes, want)
	}
}

func TestWordsAndTypesAreAsTheDeviceReadsThem(t *testing.T) {
	f := newFixture(t, odd(t, `{"booleanWords":true,"nextLevelWords":true,"types":{"*.Interval":"xsd:int"}}`))
	p, d := f.known("S1")
	set := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.On","value":"1","type":"xsd:boolean"},{"path":"Device.Interval","value":"30","type":"xsd:unsignedInt"}]}`)
	list := f.task(d.ID, tasks.GetParameterNames, `{"path":"Device.","nextLevel":true}`)
	var sent []cwmp.ParameterValueStruct
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	sent = request.Message.(*cwmp.SetParameterValues).ParameterList
	var e *cwmp.Envelope
	body, err := cwmp.Encode(&cwmp.Envelope{ID: request.ID, HasID: true, Namespace: p.namespace, Message: &cwmp.SetParameterValuesResponse{}})
	must(t, err)
	_, answer := p.post(body)
	if !bytes.Contains(answer, []byte("<NextLevel>true</NextLevel>")) {
		t.Errorf("asked for names by %s", answer)
	}
	e, err = cwmp.Decode(answer, cwmp.DefaultLimits())
	must(t, err)
	p.send(&cwmp.GetParameterNamesResponse{}, e)
	f.want(set, tasks.Succeeded)
	f.want(list, tasks.Succeeded)
	if sent[0].Value != "true" || sent[1].Type != cwmp.TypeInt {
		t.Errorf("sent %+v", sent)
	}
}

// tree answers the listing of a small tree, refusing what refuse says.
func tree12(refuse func(path string, nextLevel bool) int, asked *[]string) func(cwmp.Message) cwmp.Message {
	names := []string{"Device.", "Device.DeviceInfo.", "Device.DeviceInfo.DeviceLog", "Device.DeviceInfo.SerialNumber", "Device.WAN.", "Device.WAN.1.", "Device.WAN.1.Up"}
	return func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			*asked = append(*asked, fmt.Sprintf("%s %v", m.ParameterPath, m.NextLevel))
			if code := refuse(m.ParameterPath, m.NextLevel); code != 0 {
				return cwmp.NewFault(code, "")
			}
			answer := &cwmp.GetParameterNamesResponse{}
			for _, name := range names {
				rest, below := strings.CutPrefix(name, m.ParameterPath)
				if below && rest != "" && (!m.NextLevel || !strings.Contains(strings.TrimSuffix(rest, "."), ".")) {
					answer.ParameterList = append(answer.ParameterList, cwmp.ParameterInfoStruct{Name: name})
				}
			}
			return answer
		case *cwmp.GetParameterValues:
			answer := &cwmp.GetParameterValuesResponse{}
			for _, name := range m.ParameterNames {
				*asked = append(*asked, name)
				answer.ParameterList = append(answer.ParameterList, cwmp.ParameterValueStruct{Name: name, Value: "v", Type: cwmp.TypeString})
			}
			return answer
		default:
			return cwmp.NewFault(9000, "")
		}
	}
}

func TestARefreshGoesAroundWhatTheDeviceRefuses(t *testing.T) {
	for _, c := range []struct {
		name, behaviour string
		refuse          func(path string, nextLevel bool) int
		want            []string
	}{
		{"a root that cannot be listed, and a branch that this firmware lacks", `{"rootBranches":["DeviceInfo.","Gone.","WAN."],"ignoredParameters":["*.DeviceLog"]}`,
			func(path string, _ bool) int {
				switch path {
				case "Device.":
					return 9003
				case "Device.Gone.":
					return 9005
				}
				return 0
			},
			[]string{"Device.DeviceInfo. true", "Device.Gone. true", "Device.WAN. true", "Device.WAN.1. true", "Device.DeviceInfo.SerialNumber", "Device.WAN.1.Up"}},
		{"a branch below which NextLevel is refused", `{"levelByLevel":true,"wholeBranches":["Device.WAN.*"]}`,
			func(path string, nextLevel bool) int {
				if strings.HasPrefix(path, "Device.WAN.") && nextLevel {
					return 9003
				}
				return 0
			},
			[]string{"Device. true", "Device.DeviceInfo. true", "Device.WAN. false", "Device.DeviceInfo.DeviceLog", "Device.DeviceInfo.SerialNumber", "Device.WAN.1.Up"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, odd(t, c.behaviour))
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.Refresh, `{"path":""}`)
			var asked []string
			p.session(tree12(c.refuse, &asked), "2 PERIODIC")
			f.want(task, tasks.Succeeded)
			if !slices.Equal(asked, c.want) {
				t.Errorf("asked %q, want %q", asked, c.want)
			}
		})
	}
}

func TestAFaultThatMeansBusyIsTriedAgain(t *testing.T) {
	f := newFixture(t, odd(t, `{"busyFaults":[9007]}`))
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"1","type":"xsd:string"}]}`)
	p.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9007, "in a call") }, "2 PERIODIC")
	f.want(task, tasks.Queued)
	f.clock.advance(time.Hour)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.SetParameterValuesResponse{} }, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
}

func TestTheCookieComesWithEveryAnswerWhereTheDeviceForgetsIt(t *testing.T) {
	for behaviour, always := range map[string]bool{`{"cookieAlways":true}`: true, `{}`: false} {
		f := newFixture(t, odd(t, behaviour))
		p, d := f.known("S1")
		f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.A"]}`)
		p.open("2 PERIODIC")
		response, _ := p.post(nil)
		if got := response.Header.Get("Set-Cookie") != ""; got != always {
			t.Errorf("%s: a cookie with the second answer: %v", behaviour, got)
		}
	}
}

func TestAFirmwareCountsAsInstalledOnceTheDeviceShowsIt(t *testing.T) {
	f := newFixture(t, odd(t, `{"noTransferComplete":true}`))
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Download, `{"file":"fw.bin"}`)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.DownloadResponse{Status: 1} }, "2 PERIODIC")
	p.session(nil, "1 BOOT")
	f.want(task, tasks.Waiting)
	inform := p.inform("1 BOOT")
	inform.ParameterList[0].Value = "12.0.5"
	p.send(inform, nil)
	if got := f.want(task, tasks.Succeeded); !strings.Contains(string(got.Result), `"evidence":"SoftwareVersion"`) {
		t.Errorf("result %s", got.Result)
	}
}

func TestNothingFollowsTransferCompleteWhereTheDeviceGoesAwayThen(t *testing.T) {
	f := newFixture(t, odd(t, `{"endAfterTransferComplete":true}`))
	p, d := f.known("S1")
	later := f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.A"]}`)
	p.open("7 TRANSFER COMPLETE")
	if _, ok := p.send(&cwmp.TransferComplete{CommandKey: "unknown"}, nil).Message.(*cwmp.TransferCompleteResponse); !ok {
		t.Fatal("TransferComplete was not answered")
	}
	if request := p.send(nil, nil); request != nil {
		t.Errorf("the device was asked %s", request.Message.Method())
	}
	f.want(later, tasks.Queued)
}

func TestConnectionRequestCredentialsAreLeftToDevicesThatKeepTheirs(t *testing.T) {
	f := newFixture(t, odd(t, `{"keepsConnectionRequestCredentials":true}`), func(o *Options) { o.Onboarding = Onboarding{} })
	p := f.newPhone("S1")
	p.session(func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.SetParameterValues); ok {
			t.Error("values were set")
		}
		return cwmp.NewFault(9005, "")
	}, "0 BOOTSTRAP")
	if got := p.record().ConnectionRequest; got.Username != "" || got.PendingUsername != "" {
		t.Errorf("credentials noted: %+v", got)
	}
}
