package converge

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// session has the device inform with events, and answer until the end. It returns how many
// RPCs there were.
func (h *house) session(p *phone, events ...string) int {
	h.t.Helper()
	return h.sessionOf(id, p, events...)
}

func (h *house) sessionOf(id device.ID, p *phone, events ...string) int {
	h.t.Helper()
	before := p.rpcs()
	d := h.records.devices[id]
	d.Session.Generation++
	d.ParameterKey = p.key
	d.LastInform = h.now
	h.records.devices[id] = d
	visit := Visit{Device: &d, Proven: !h.unproven, Changed: h.changed, Values: h.values, Parameters: h.settings, Now: h.now}
	for _, code := range events {
		visit.Events = append(visit.Events, device.Event{Code: code})
	}
	course, err := h.planner.Begin(h.t.Context(), visit)
	h.check(err)
	if course != nil {
		h.run(course, visit, p)
	}
	h.now = h.now.Add(time.Minute)
	return p.rpcs() - before
}

// run takes a course to its end. Between any two requests it goes to another node.
func (h *house) run(course *Course, v Visit, p *phone) {
	h.t.Helper()
	ctx := h.t.Context()
	for n := 0; ; n++ {
		if n > maxRequests {
			h.t.Fatalf("the course does not end after %d requests", n)
		}
		request, isRead, err := course.Next(ctx, v)
		h.check(err)
		if request == nil {
			return
		}
		if _, sets := request.(*cwmp.SetParameterValues); sets && isRead {
			h.t.Error("SetParameterValues counts as a read")
		}
		if h.before != nil {
			h.before(request)
		}
		course = h.carry(course, v)
		lost, done := false, true
		if h.lose != nil {
			lost, done = h.lose(request)
		}
		var answer cwmp.Message
		if done {
			answer = p.do(request)
		}
		if lost {
			h.check(course.Lost(ctx, v, tasks.Fault{}))
			return
		}
		h.note(&v, request, answer)
		h.check(course.Answer(ctx, v, answer))
		course = h.carry(course, v)
	}
}

// carry takes a course to another node.
func (h *house) carry(course *Course, v Visit) *Course {
	h.t.Helper()
	if h.alone {
		return course
	}
	encoded, err := json.Marshal(course)
	h.check(err)
	for _, leak := range []string{"sesame", "secret2"} {
		if strings.Contains(string(encoded), leak) {
			h.t.Fatalf("the secret %s is in %s", leak, encoded)
		}
	}
	h.restart()
	course, err = h.planner.Resume(h.t.Context(), v, encoded)
	h.check(err)
	return course
}

// note does with an answer what sessions do before a course has it.
func (h *house) note(v *Visit, request, answer cwmp.Message) {
	switch m := answer.(type) {
	case *cwmp.GetParameterValuesResponse:
		for _, p := range m.ParameterList {
			h.records.observe(v.Device.ID, p.Name, p.Value, p.Type)
		}
	case *cwmp.SetParameterValuesResponse:
		v.Device.ParameterKey = request.(*cwmp.SetParameterValues).ParameterKey
	case *cwmp.AddObjectResponse:
		v.Device.ParameterKey = request.(*cwmp.AddObject).ParameterKey
	}
}
