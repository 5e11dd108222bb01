package api_test

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// session stores a session of a device that ended so long after the time of the
// house.
func (h *house) session(id device.ID, name string, after time.Duration) {
	h.t.Helper()
	at := h.clock.Now().Add(after)
	check(h.t, h.store.History().PutSession(h.t.Context(), history.Session{
		ID: name, Device: id, Events: []string{"1 BOOT"}, StartedAt: at.Add(-time.Second), EndedAt: at, Outcome: "completed", RPCs: 2, Address: "192.0.2.7", Node: "node1",
	}))
}

// walked returns every item of a list, page by page.
func walked[T any](h *house, path, token string, size int) []T {
	h.t.Helper()
	var all []T
	next := ""
	for range 5000 {
		page := as[api.Page[T]](h.do(http.MethodGet, fmt.Sprintf("%s?pageSize=%d&pageToken=%s", path, size, next), token, "").want(http.StatusOK))
		if len(page.Items) > size {
			h.t.Fatalf("a page of %d has %d items", size, len(page.Items))
		}
		all = append(all, page.Items...)
		if next = page.NextPageToken; next == "" {
			return all
		}
	}
	h.t.Fatal("the list does not end")
	return nil
}

func TestTheSessionsOfADeviceAreListedTheNewestFirst(t *testing.T) {
	h := newHouse(t)
	id, other := h.phone("1", "acme/north"), h.phone("2", "acme/north")
	for i := range 7 {
		h.session(id, fmt.Sprint("s", i), -time.Duration(i/2)*time.Minute) // Two end at the same time.
	}
	h.session(other, "other", 0)
	path := "/api/v1/devices/" + string(id) + "/sessions"
	for _, size := range []int{1, 2, 3, 50} {
		got := walked[api.Session](h, path, h.viewer, size)
		if len(got) != 7 || !slices.IsSortedFunc(got, func(a, b api.Session) int { return cmp.Or(b.EndedAt.Compare(a.EndedAt), cmp.Compare(b.ID, a.ID)) }) {
			t.Errorf("in pages of %d: %+v", size, got)
		}
		if s := got[6]; s.Device != string(id) || s.Outcome != "completed" || s.RPCs != 2 || s.Address != "192.0.2.7" || s.Node != "node1" || s.ID != "s6" {
			t.Errorf("the last is %+v", s)
		}
	}
	h.do(http.MethodGet, path, h.south, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodGet, path+"?pageToken=x", h.viewer, "").invalid("query.pageToken")
}

// line says in a few words what an item is.
func line(i api.TimelineItem) string {
	switch {
	case i.Kind == "task" && i.Task != nil && i.Transition != nil && i.At.Equal(i.Transition.At):
		return fmt.Sprint("task ", i.Task.Kind, " ", i.Transition.State)
	case i.Kind == "session" && i.Session != nil:
		return "session " + i.Session.ID
	case i.Kind == "event" && i.Event != nil:
		return "event " + i.Event.Code
	case i.Kind == "audit" && i.Audit != nil:
		return "audit " + i.Audit.Action
	default:
		return fmt.Sprintf("%+v", i)
	}
}

func TestATimelineHasWhatHappenedToADevice(t *testing.T) {
	h := newHouse(t)
	id, other := h.phone("1", "acme/north"), h.phone("2", "acme/north") // Each with the event 1 BOOT.
	base := "/api/v1/devices/" + string(id)
	h.clock.advance(time.Minute)
	h.do(http.MethodPost, base+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	h.do(http.MethodPost, "/api/v1/devices/"+string(other)+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	h.clock.advance(time.Minute)
	h.succeed(id, tasks.OccurredResult{})
	h.clock.advance(time.Minute)
	h.session(id, "s1", 0)
	h.session(other, "s2", 0)
	h.clock.advance(time.Minute)
	h.do(http.MethodPatch, base, h.operator, `{"tags":["vip"]}`, "Content-Type", "application/merge-patch+json").want(http.StatusOK)
	// What is new of the same moment comes first by its kind: tasks, sessions, events, audit.
	for token, want := range map[string][]string{
		h.admin:  {"audit updateDevice", "session s1", "task reboot succeeded", "task reboot running", "task reboot queued", "audit createTask", "event 1 BOOT"},
		h.viewer: {"session s1", "task reboot succeeded", "task reboot running", "task reboot queued", "event 1 BOOT"},
	} {
		for _, size := range []int{1, 2, 3, 50} {
			var got []string
			for _, i := range walked[api.TimelineItem](h, base+"/timeline", token, size) {
				got = append(got, line(i))
			}
			if !slices.Equal(got, want) {
				t.Errorf("in pages of %d:\n%s\nwant\n%s", size, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
	h.do(http.MethodGet, base+"/timeline", h.south, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodGet, base+"/timeline", h.southAdmin, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodGet, base+"/timeline?pageToken=x", h.viewer, "").invalid("query.pageToken")
}

func TestTheAuditEntriesOfATimelineAreForTheWholeFleet(t *testing.T) {
	h := newHouse(t)
	base := "/api/v1/devices/" + string(h.phone("1", "acme/south"))
	h.do(http.MethodPatch, base, h.operator, `{"tags":["vip"]}`, "Content-Type", "application/merge-patch+json").want(http.StatusOK)
	for _, i := range walked[api.TimelineItem](h, base+"/timeline", h.southAdmin, 50) {
		if i.Kind == "audit" {
			t.Errorf("who is limited to a group sees %+v", i.Audit)
		}
	}
}

// A device with more tasks than are read at once, one of which took long, and
// much at the same moment.
func TestATimelineOfManyTasksIsCompleteAndInOrder(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	enqueue := func(n tasks.New) tasks.Task {
		n.Device, n.Kind, n.CreatedBy = id, tasks.GetRPCMethods, "test"
		task, err := h.queue.Enqueue(t.Context(), n)
		check(t, err)
		return task
	}
	slow := enqueue(tasks.New{Priority: -1})
	const many = 230
	for i := range many {
		if i%7 == 0 {
			h.clock.advance(time.Second)
		}
		enqueue(tasks.New{})
		h.succeed(id, tasks.GetRPCMethodsResult{})
		if i%10 == 0 {
			h.session(id, fmt.Sprintf("s%03d", i), 0)
		}
	}
	h.clock.advance(time.Second)
	_, err := h.queue.Cancel(t.Context(), slow.ID, "test")
	check(t, err)
	whole := walked[api.TimelineItem](h, "/api/v1/devices/"+string(id)+"/timeline", h.admin, 1000)
	if want := 3*many + 2 + many/10 + 1; len(whole) != want {
		t.Fatalf("%d items, want %d", len(whole), want)
	}
	if line(whole[0]) != "task getRPCMethods cancelled" || whole[0].Task.ID != string(slow.ID) {
		t.Errorf("the newest is %s of %s", line(whole[0]), whole[0].Task.ID)
	}
	if !slices.IsSortedFunc(whole, func(a, b api.TimelineItem) int { return b.At.Compare(a.At) }) {
		t.Error("the items are not in order")
	}
	for _, size := range []int{7, 50, 160} {
		got := walked[api.TimelineItem](h, "/api/v1/devices/"+string(id)+"/timeline", h.admin, size)
		if len(got) != len(whole) {
			t.Fatalf("in pages of %d there are %d items", size, len(got))
		}
		for i := range got {
			if key(got[i]) != key(whole[i]) {
				t.Fatalf("in pages of %d item %d is %s, want %s", size, i, key(got[i]), key(whole[i]))
			}
		}
	}
}

// key tells items apart.
func key(i api.TimelineItem) string {
	if i.Task != nil {
		return line(i) + " " + i.Task.ID
	}
	return line(i)
}

func TestATimelineLeavesResultsOut(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"getRPCMethods"}`).want(http.StatusAccepted)
	h.succeed(id, tasks.GetRPCMethodsResult{Methods: []string{"Inform"}})
	for _, i := range walked[api.TimelineItem](h, "/api/v1/devices/"+string(id)+"/timeline", h.viewer, 50) {
		if i.Task != nil && string(i.Task.Result) != "null" {
			t.Errorf("a result is shown: %s", i.Task.Result)
		}
	}
}
