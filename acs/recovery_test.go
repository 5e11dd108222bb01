package acs

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestANewSessionSupersedesTheOldOneOfTheSameDevice(t *testing.T) {
	f := newFixture(t)
	old, d := f.known("S1")
	read := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	old.open("2 PERIODIC")
	request := old.send(nil, nil)
	f.want(read, tasks.Running)
	fresh := f.newPhone("S1")
	fresh.open("1 BOOT")
	f.want(read, tasks.Queued)
	body, err := cwmp.Encode(&cwmp.Envelope{ID: request.ID, HasID: true, Message: &cwmp.GetRPCMethodsResponse{MethodList: []string{"old"}}})
	must(t, err)
	if response, _ := old.post(body); response.StatusCode != 400 {
		t.Errorf("the old session got %d, want 400", response.StatusCode)
	}
	fresh.work(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{MethodList: []string{"new"}} })
	if got := string(f.want(read, tasks.Succeeded).Result); got != `{"methods":["new"]}` {
		t.Errorf("result = %s", got)
	}
}

// slowQueue lets a test act while a session claims.
type slowQueue struct {
	Queue
	beforeClaim func()
}

func (q *slowQueue) Claim(ctx context.Context, id device.ID, l tasks.Lease) (tasks.Task, time.Time, error) {
	if act := q.beforeClaim; act != nil {
		q.beforeClaim = nil
		act()
	}
	return q.Queue.Claim(ctx, id, l)
}

func TestASessionThatIsSupersededWhileItClaimsGivesTheTaskBack(t *testing.T) {
	slow := &slowQueue{}
	f := newFixture(t, func(o *Options) { slow.Queue = o.Queue; o.Queue = slow })
	old, d := f.known("S1")
	task := f.task(d.ID, tasks.Reboot, `{}`)
	old.open("2 PERIODIC")
	fresh := f.newPhone("S1")
	slow.beforeClaim = func() { fresh.open("2 PERIODIC") }
	if response, _ := old.post(nil); response.StatusCode != 204 {
		t.Errorf("the old session got %d", response.StatusCode)
	}
	if got := f.reload(task); got.State == tasks.Running {
		t.Fatalf("the task is left to the old session: %+v", got.Lease)
	}
	if f.server.Sessions() != 1 {
		t.Errorf("%d sessions are open, want the new one", f.server.Sessions())
	}
}

func TestASilentDeviceLosesItsSessionAndItsTaskIsRecovered(t *testing.T) {
	for _, c := range []struct {
		name, kind, args string
		state            tasks.State
	}{
		{"a read is queued again", "getRPCMethods", `{}`, tasks.Queued},
		{"a write is queued again", "setParameterValues", `{"parameters":[{"path":"Device.A","value":"x","type":"xsd:string"}]}`, tasks.Queued},
		{"a reboot waits for evidence", "reboot", `{}`, tasks.Waiting},
		{"a download waits for evidence", "download", `{"file":"f.bin"}`, tasks.Waiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.Kind(c.kind), c.args)
			p.open("2 PERIODIC")
			p.send(nil, nil)
			f.clock.advance(30 * time.Second)
			f.server.Sweep(t.Context())
			f.want(task, tasks.Running)
			f.clock.advance(31 * time.Second)
			f.server.Sweep(t.Context())
			f.want(task, c.state)
			if f.server.Sessions() != 0 {
				t.Error("the session is still open")
			}
			if d := p.record(); d.Session.Open(f.clock.now()) {
				t.Error("the lock is still held")
			}
		})
	}
}

func TestAfterALostAnswerAWriteIsReadBackBeforeItIsSentAgain(t *testing.T) {
	for name, applied := range map[string]bool{"it was applied": true, "it was not": false} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			device := map[string]string{"Device.A": "old"}
			task := f.task(d.ID, tasks.SetParameterValues, `{"parameters":[{"path":"Device.A","value":"new","type":"xsd:string"}]}`)
			p.open("2 PERIODIC")
			p.send(nil, nil)
			if applied {
				device["Device.A"] = "new"
			}
			asked := f.newPhone("S1").session(values(device), "1 BOOT")
			want := []string{"GetParameterValues", "SetParameterValues"}
			if applied {
				want = want[:1]
			}
			if !slices.Equal(asked, want) {
				t.Errorf("asked %v, want %v", asked, want)
			}
			if got := f.want(task, tasks.Succeeded); applied != strings.Contains(string(got.Result), "confirmed") || device["Device.A"] != "new" {
				t.Errorf("result = %s, device has %q", got.Result, device["Device.A"])
			}
		})
	}
}

func TestAfterALostAnswerAddObjectIsNeverSentAgain(t *testing.T) {
	list := func(numbers ...string) *cwmp.GetParameterNamesResponse {
		answer := &cwmp.GetParameterNamesResponse{}
		for _, n := range numbers {
			answer.ParameterList = append(answer.ParameterList, cwmp.ParameterInfoStruct{Name: "Device.L." + n + "."})
		}
		return answer
	}
	for _, c := range []struct {
		name  string
		now   cwmp.Message
		state tasks.State
		want  string
	}{
		{"the new instance in the list is taken for its outcome", list("1", "3"), tasks.Succeeded, `{"instanceNumber":3,"status":0,"confirmed":true}`},
		{"without a new instance the outcome is unknown", list("1"), tasks.Failed, "outcomeUnknown"},
		{"with two new instances the outcome is unknown", list("1", "2", "3"), tasks.Failed, "outcomeUnknown"},
		{"where the list cannot be read the outcome is unknown", cwmp.NewFault(9005, ""), tasks.Failed, "outcomeUnknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.AddObject, `{"objectName":"Device.L."}`)
			p.open("2 PERIODIC")
			request := p.send(nil, nil)
			if request = p.send(list("1"), request); request.Message.Method() != "AddObject" {
				t.Fatalf("asked %s", request.Message.Method())
			}
			asked := f.newPhone("S1").session(func(cwmp.Message) cwmp.Message { return c.now }, "1 BOOT")
			if slices.Contains(asked, "AddObject") {
				t.Errorf("asked %v", asked)
			}
			got := f.want(task, c.state)
			if c.state == tasks.Succeeded && string(got.Result) != c.want || c.state == tasks.Failed && string(got.Fault.Reason) != c.want {
				t.Errorf("result = %s, fault %v, want %s", got.Result, got.Fault, c.want)
			}
		})
	}
}

func TestAReadWhoseAnswerWasLostIsSentOnceMoreInTheSameSession(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	first := p.send(nil, nil)
	second := p.send(nil, nil)
	if second == nil || second.ID != first.ID || second.Message.Method() != "GetRPCMethods" {
		t.Fatalf("second = %+v, want the first again", second)
	}
	if third := p.send(nil, nil); third == nil || third.ID == first.ID {
		t.Fatalf("third = %+v, want a new attempt", third)
	}
	if got := f.reload(task); len(got.Attempts) != 2 || got.Attempts[0].Fault.Reason != tasks.SessionLost {
		t.Errorf("attempts = %+v", got.Attempts)
	}
}

func TestAWrongAnswerIsNotTakenForTheRightOne(t *testing.T) {
	for name, answer := range map[string]*cwmp.Envelope{
		"the response of another RPC": {ID: "1", HasID: true, Message: &cwmp.RebootResponse{}},
		"the ID of another request":   {ID: "77", HasID: true, Message: &cwmp.GetRPCMethodsResponse{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
			p.open("2 PERIODIC")
			p.send(nil, nil)
			body, err := cwmp.Encode(answer)
			must(t, err)
			if response, _ := p.post(body); response.StatusCode != 204 {
				t.Errorf("status = %d, want the session to end in order", response.StatusCode)
			}
			if got := f.want(task, tasks.Queued); got.Attempts[0].Fault.Reason != tasks.InvalidResponse {
				t.Errorf("attempt = %+v", got.Attempts[0])
			}
		})
	}
}

func TestAnAnswerWithoutAnIDIsTakenForTheOneRequestOutstanding(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	p.send(nil, nil)
	body, err := cwmp.Encode(&cwmp.Envelope{Message: &cwmp.GetRPCMethodsResponse{}})
	must(t, err)
	p.post(body)
	f.want(task, tasks.Succeeded)
}

func TestGuardsEndTheWorkOfASessionThatWouldNotEnd(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxRPCs = 10 })
	p, d := f.known("S1")
	var raw []string
	for i := range 40 {
		raw = append(raw, `"Device.P`+strings.Repeat("x", i+1)+`"`)
	}
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":[`+strings.Join(raw, ",")+`]}`)
	asked := p.session(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(9005, "") }, "2 PERIODIC")
	if len(asked) != 10 {
		t.Errorf("%d requests, want 10", len(asked))
	}
	if got := f.want(task, tasks.Queued); got.Attempts[0].Fault.Reason != tasks.SessionLimit {
		t.Errorf("attempt = %+v", got.Attempts[0])
	}
}

func TestASessionIsTheSameAfterItWasEncodedAndDecoded(t *testing.T) {
	s := &Session{ID: "1", Job: &Job{Task: tasks.Task{ID: "t", Kind: tasks.AddObject}, live: &addObjectJob{Listed: true, Before: []int{1, 2}}}}
	raw, err := json.Marshal(s)
	must(t, err)
	var got Session
	must(t, json.Unmarshal(raw, &got))
	restored, err := restoreJob(got.Job)
	must(t, err)
	if j := restored.(*addObjectJob); !j.Listed || !slices.Equal(j.Before, []int{1, 2}) || j.Look {
		t.Errorf("restored %+v", j)
	}
}
