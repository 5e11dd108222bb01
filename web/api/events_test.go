package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// stream is an open answer of GET /events.
type stream struct {
	h      *house
	body   *bufio.Reader
	cancel context.CancelFunc
}

// message is one server-sent event.
type message struct {
	id         int64
	name, data string
}

// follow opens the stream and returns once it is subscribed.
func (h *house) follow(query, token string, headers ...string) *stream {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	h.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+"/api/v1/events"+query, nil)
	check(h.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := h.server.Client().Do(request)
	check(h.t, err)
	h.t.Cleanup(func() { response.Body.Close() })
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		h.t.Fatalf("status %d, type %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	return &stream{h: h, body: bufio.NewReader(response.Body), cancel: cancel}
}

// next returns the next message, whose data it holds against the description;
// ok is false at the end of the stream.
func (s *stream) next() (m message, ok bool) {
	s.h.t.Helper()
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			return m, false
		}
		line = strings.TrimSuffix(line, "\n")
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && m.name != "":
			var data any
			check(s.h.t, json.Unmarshal([]byte(m.data), &data))
			s.h.conforms("event "+m.name, &huma.Schema{Ref: "#/components/schemas/EventData"}, data)
			return m, true
		case name == "id":
			m.id, err = strconv.ParseInt(value, 10, 64)
			check(s.h.t, err)
		case name == "event":
			m.name = value
		case name == "data":
			m.data = value
		}
	}
}

func (s *stream) want(name, holds string) message {
	s.h.t.Helper()
	m, ok := s.next()
	if !ok || m.name != name || !strings.Contains(m.data, holds) {
		s.h.t.Fatalf("got %+v (%v), want %s with %s", m, ok, name, holds)
	}
	return m
}

func TestEventsShowWhatChanges(t *testing.T) {
	h := newHouse(t)
	s := h.follow("", h.viewer)
	created := as[api.Device](h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb01"}`).want(http.StatusCreated))
	first := s.want("device", `"mac":"00:15:65:aa:bb:01"`)
	h.do(http.MethodPost, "/api/v1/devices/"+created.ID+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	second := s.want("task", `"state":"queued"`)
	h.hub.SessionEnded(api.SessionEvent{ID: "s1", Device: device.ID(created.ID), Events: []string{"2 PERIODIC"}, Outcome: "completed", StartedAt: h.clock.Now(), EndedAt: h.clock.Now(), RPCs: 2})
	s.want("session", `"rpcs":2`)
	h.do(http.MethodDelete, "/api/v1/devices/"+created.ID, h.operator, "").want(http.StatusNoContent)
	s.want("task", `"state":"cancelled"`)
	last := s.want("device", `"deleted":true`)
	if first.id >= second.id || second.id >= last.id {
		t.Errorf("ids %d, %d, %d do not grow", first.id, second.id, last.id)
	}
}

func TestEventsAreLimitedToKindsAndScope(t *testing.T) {
	h := newHouse(t)
	inside, outside := h.phone("1", "acme/south/x"), h.phone("2", "acme/north")
	s := h.follow("?kinds=task", h.south)
	for _, id := range []device.ID{outside, inside} {
		d, err := h.store.Devices().Get(t.Context(), id)
		check(t, err)
		h.hub.DeviceChanged(d)
		h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	}
	s.want("task", string(inside))
	h.do(http.MethodGet, "/api/v1/events?kinds=task,phone", h.viewer, "").invalid("query.kinds")
}

func TestEventsShowNothingThatTheRoleMayNotRead(t *testing.T) {
	h := newHouse(t)
	devices := h.token(h.role("wall", users.ReadEvents, users.ReadDevices), "")
	tasksOnly := h.token(h.role("queue", users.ReadEvents, users.ReadTasks), "")
	nothing := h.token(h.role("blind", users.ReadEvents), "")
	h.do(http.MethodGet, "/api/v1/events", nothing, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodGet, "/api/v1/events?kinds=task", devices, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodGet, "/api/v1/events?kinds=task,device", tasksOnly, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodGet, "/api/v1/events?kinds=session", tasksOnly, "").problem(http.StatusForbidden, "forbidden")
	wall, queue := h.follow("", devices), h.follow("", tasksOnly)
	id := h.phone("1", "")
	d, err := h.store.Devices().Get(t.Context(), id)
	check(t, err)
	h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	h.hub.DeviceChanged(d)
	h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"getRPCMethods"}`).want(http.StatusAccepted)
	wall.want("device", string(id))
	queue.want("task", `"kind":"reboot"`)
	queue.want("task", `"kind":"getRPCMethods"`)
}

func TestAReaderThatIsTooSlowIsToldAndHoldsNobodyUp(t *testing.T) {
	h := newHouse(t)
	s := h.follow("", h.viewer)
	// Far more than the buffers of the connection and the hub hold: publishing
	// must come to its end although nobody reads.
	big := strings.Repeat("x", 64<<10)
	for range 4 * api.OverflowAfter {
		h.hub.SessionEnded(api.SessionEvent{ID: big})
	}
	for {
		m, ok := s.next()
		if !ok {
			t.Fatal("the stream ended without a word")
		}
		if m.name == "overflow" {
			return
		}
	}
}

func TestWhoComesBackIsToldWhatWasMissed(t *testing.T) {
	h := newHouse(t)
	h.hub.SessionEnded(api.SessionEvent{ID: "s1"})
	s := h.follow("", h.viewer, "Last-Event-ID", "17")
	missed := s.want("overflow", "read anew")
	s.cancel()
	s = h.follow("", h.viewer, "Last-Event-ID", strconv.FormatInt(missed.id, 10))
	h.hub.SessionEnded(api.SessionEvent{ID: "s2"})
	s.want("session", "s2")
}

func TestReadersAreBoundedAndEndWithTheServer(t *testing.T) {
	h := newHouse(t)
	var all []*stream
	reader := ""
	for i := range api.MaxSubscribers {
		if i%8 == 0 {
			reader = h.token(users.Viewer, "")
		}
		all = append(all, h.follow("", reader))
	}
	p := h.do(http.MethodGet, "/api/v1/events", h.viewer, "").problem(http.StatusTooManyRequests, "limit")
	if !strings.Contains(p.Detail, "as many readers") {
		t.Errorf("the problem is %q", p.Detail)
	}
	h.api.Close()
	for _, s := range all {
		if m, ok := s.next(); ok {
			t.Fatalf("got %+v after the end", m)
		}
	}
	h.do(http.MethodGet, "/api/v1/events", h.viewer, "").problem(http.StatusServiceUnavailable, "unavailable")
	h.hub.TaskChanged(tasks.Task{}) // Publishing to nobody is no error.
}

func TestNoCallerTakesTheStreamsOfAll(t *testing.T) {
	h := newHouse(t)
	for range 8 {
		h.follow("", h.viewer)
	}
	p := h.do(http.MethodGet, "/api/v1/events", h.viewer, "").problem(http.StatusTooManyRequests, "limit")
	if !strings.Contains(p.Detail, "as a caller may: 8") {
		t.Errorf("the problem is %q", p.Detail)
	}
	h.follow("", h.token(users.Viewer, "")).cancel() // Of the same role, and another caller.
}

func TestAReaderThatLeavesMakesRoom(t *testing.T) {
	h := newHouse(t)
	h.follow("", h.viewer).cancel()
	deadline := time.Now().Add(10 * time.Second)
	for api.Subscribers(h.hub) > 0 {
		if time.Now().After(deadline) {
			t.Fatal("the reader is still subscribed")
		}
		h.hub.SessionEnded(api.SessionEvent{ID: "s"})
		runtime.Gosched()
	}
}
