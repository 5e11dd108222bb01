package acs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// listing answers GetRPCMethods with the names, and all else by a function.
func listing(names []string, answer func(cwmp.Message) cwmp.Message) func(cwmp.Message) cwmp.Message {
	return func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.GetRPCMethods); ok {
			return &cwmp.GetRPCMethodsResponse{MethodList: names}
		}
		return answer(m)
	}
}

func scheduled(cwmp.Message) cwmp.Message { return &cwmp.ScheduleInformResponse{} }

const soon = `{"delaySeconds":60}`

func TestAModelIsAskedOnceForItsRPCs(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	knows := []string{"ScheduleInform", "Reboot"}
	first := f.task(d.ID, tasks.ScheduleInform, soon)
	if asked := p.session(listing(knows, scheduled), "2 PERIODIC"); !slices.Equal(asked, []string{"GetRPCMethods", "ScheduleInform"}) {
		t.Errorf("asked %v", asked)
	}
	f.want(first, tasks.Waiting)
	// Another device of the model, at a server that has just started.
	other, e := f.capable("S2")
	f.server.engine.sources[0].(*taskSource).limits = newModelLimits(f.store.Models())
	f.task(e.ID, tasks.ScheduleInform, soon)
	if asked := other.session(listing(knows, scheduled), "2 PERIODIC"); !slices.Equal(asked, []string{"ScheduleInform"}) {
		t.Errorf("asked %v", asked)
	}
	upload := f.task(e.ID, tasks.Upload, `{"fileType":"2 Vendor Log File"}`)
	if asked := other.session(listing(knows, scheduled), "2 PERIODIC"); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
	got := f.want(upload, tasks.Failed)
	if want := "Cisco CP-8851-3PCC with firmware 12.0.4 does not know Upload: by what it said on 2026-03-01 it has no such RPC"; got.Fault.Reason != tasks.NotSupported || got.Fault.String != want {
		t.Errorf("fault = %v", got.Fault)
	}
	if len(got.Attempts) != 1 {
		t.Errorf("%d attempts", len(got.Attempts))
	}
}

func TestAModelIsAskedAgainAfterAMonthOrByATask(t *testing.T) {
	upload := `{"fileType":"2 Vendor Log File"}`
	uploaded := func(cwmp.Message) cwmp.Message { return &cwmp.UploadResponse{Status: 1} }
	for name, again := range map[string]func(f *fixture, p *phone){
		"after a month": func(f *fixture, _ *phone) { f.clock.advance(31 * 24 * time.Hour) },
		"by a task": func(f *fixture, p *phone) {
			record := p.record()
			f.task(record.ID, tasks.GetRPCMethods, `{}`)
			p.session(listing([]string{"Upload"}, nil), "2 PERIODIC")
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			refused := f.task(d.ID, tasks.Upload, upload)
			p.session(listing([]string{"Reboot"}, uploaded), "2 PERIODIC")
			f.want(refused, tasks.Failed)
			again(f, p)
			task := f.task(d.ID, tasks.Upload, upload)
			p.session(listing([]string{"Upload"}, uploaded), "2 PERIODIC")
			f.want(task, tasks.Waiting)
		})
	}
}

func TestWhatAnotherNodeLearntIsBelieved(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	refused := f.task(d.ID, tasks.ScheduleInform, soon)
	p.session(listing([]string{"Reboot"}, scheduled), "2 PERIODIC")
	f.want(refused, tasks.Failed)
	elsewhere, err := newModelLimits(f.store.Models()).of(t.Context(), d.ModelKey(), &quirks.Behaviour{})
	must(t, err)
	must(t, elsewhere.learnMethods(t.Context(), []string{"ScheduleInform"}, f.clock.now()))
	task := f.task(d.ID, tasks.ScheduleInform, soon)
	p.session(scheduled, "2 PERIODIC")
	f.want(task, tasks.Waiting)
}

func TestAnRPCThatAModelDoesNotKnowIsNotSentTwice(t *testing.T) {
	f := newFixture(t)
	p, d := f.capable("S1")
	unknown := func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9000, "") }
	first := f.task(d.ID, tasks.ScheduleInform, soon)
	p.session(listing([]string{"ScheduleInform"}, unknown), "2 PERIODIC")
	if got := f.want(first, tasks.Failed); got.Fault.Code != 9000 {
		t.Errorf("fault = %v", got.Fault)
	}
	second := f.task(d.ID, tasks.ScheduleInform, soon)
	if asked := p.session(unknown, "2 PERIODIC"); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
	if got := f.want(second, tasks.Failed); got.Fault.Reason != tasks.NotSupported || !strings.Contains(got.Fault.String, "answers ScheduleInform with fault 9000") {
		t.Errorf("fault = %v", got.Fault)
	}
}

func TestAModelThatDoesNotSayWhatItKnowsIsTried(t *testing.T) {
	for name, answer := range map[string]cwmp.Message{"with a fault": cwmp.NewFault(9002, ""), "with nothing": &cwmp.GetRPCMethodsResponse{}} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.capable("S1")
			task := f.task(d.ID, tasks.ScheduleInform, soon)
			asked := p.session(func(m cwmp.Message) cwmp.Message {
				if _, ok := m.(*cwmp.GetRPCMethods); ok {
					return answer
				}
				return scheduled(m)
			}, "2 PERIODIC")
			if !slices.Equal(asked, []string{"GetRPCMethods", "ScheduleInform"}) {
				t.Errorf("asked %v", asked)
			}
			f.want(task, tasks.Waiting)
		})
	}
}

func TestADeviceOfAnOlderVersionIsNotSentWhatCameLaterUnlessItListsIt(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1") // CWMP 1.0
	args := `{"file":"f","windows":[{"startSeconds":1,"endSeconds":2,"mode":"2 Immediately"}]}`
	task := f.task(d.ID, tasks.ScheduleDownload, args)
	if asked := p.session(scheduled, "2 PERIODIC"); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
	if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.NotSupported || !strings.Contains(got.Fault.String, "speaks CWMP 1.0, and ScheduleDownload came with 1.2") {
		t.Errorf("fault = %v", got.Fault)
	}
	p.learn()
	listed := f.task(d.ID, tasks.ScheduleDownload, args)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.ScheduleDownloadResponse{} }, "2 PERIODIC")
	f.want(listed, tasks.Waiting)
}
