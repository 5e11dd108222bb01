package acs

import (
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestASessionInWhichTheDeviceAsksWithoutEndIsEnded(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxRPCs = 10 })
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	for i := range 10 {
		if answer := p.send(&cwmp.GetRPCMethods{}, nil); answer == nil {
			t.Fatalf("request %d has no answer", i)
		}
	}
	if answer := p.send(&cwmp.GetRPCMethods{}, nil); answer != nil {
		t.Errorf("one request too many is answered with %s, want the end of the session", answer.Message.Method())
	}
	if n := f.server.Sessions(); n != 0 {
		t.Errorf("%d sessions are open, want none", n)
	}
	f.want(task, tasks.Queued)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} }, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
}

func TestWhatIsLongerThanAnyDevicesIsNotKept(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.Long","Device.Short","Device.DeviceInfo.SoftwareVersion"]}`)
	p.session(func(cwmp.Message) cwmp.Message {
		return &cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{
			{Name: "Device.Long", Value: strings.Repeat("x", maxValue+1), Type: cwmp.TypeString},
			{Name: "Device.Short", Value: strings.Repeat("x", maxValue), Type: cwmp.TypeString},
			{Name: "Device.DeviceInfo.SoftwareVersion", Value: strings.Repeat("x", maxRecorded+1), Type: cwmp.TypeString},
		}}
	}, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
	stored, err := f.store.Parameters().Parameters(t.Context(), d.ID, "Device.", "", 100)
	must(t, err)
	for _, s := range stored {
		if s.Path == "Device.Long" {
			t.Error("a value that is too long is kept")
		}
	}
	if n := len(p.record().SoftwareVersion); n > maxRecorded {
		t.Errorf("the record has a firmware version of %d bytes", n)
	}
	long := f.newPhone(strings.Repeat("S", 257))
	answer := long.send(long.inform("2 PERIODIC"), nil)
	if fault, ok := answer.Message.(*cwmp.Fault); !ok || fault.Code != cwmp.FaultACSInvalidArguments {
		t.Errorf("a serial number that is too long is answered with %+v", answer.Message)
	}
}

func TestARefreshLevelByLevelFollowsOnlyWhatIsBelow(t *testing.T) {
	f := newFixture(t, odd(t, `{"levelByLevel":true}`))
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Refresh, `{"path":"Device.A."}`)
	listed := map[string][]string{
		"Device.A.":   {"Device.A.", "Device.A.B.", "Device.A.B.", "Device.A.B.C", "Device.", "Device.Loop.", "Device.A.D", "Device.A.Gone.", "Device.A..E.", ""},
		"Device.A.B.": {"Device.A.B.C", "Device.A.", "Device.A.B."},
	}
	var asked []string
	p.session(func(m cwmp.Message) cwmp.Message {
		switch m := m.(type) {
		case *cwmp.GetParameterNames:
			asked = append(asked, m.ParameterPath)
			names, ok := listed[m.ParameterPath]
			if !ok {
				return cwmp.NewFault(9005, "")
			}
			answer := &cwmp.GetParameterNamesResponse{}
			for _, name := range names {
				answer.ParameterList = append(answer.ParameterList, cwmp.ParameterInfoStruct{Name: name})
			}
			return answer
		case *cwmp.GetParameterValues:
			asked = append(asked, m.ParameterNames...)
			return &cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{{Name: "Device.A.D", Value: "1", Type: cwmp.TypeString}}}
		}
		return cwmp.NewFault(9000, "")
	}, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
	if want := []string{"Device.A.", "Device.A.B.", "Device.A.Gone.", "Device.A.D", "Device.A.B.C"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}
