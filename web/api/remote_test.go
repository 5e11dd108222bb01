package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// elsewhere is the store as another node left it, and a count of what is read.
type elsewhere struct {
	h      *house
	remote *api.Remote
	states map[tasks.ID]tasks.State
	err    error
	reads  int
	ended  []tasks.ID
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	e := &elsewhere{h: newHouse(t), states: map[tasks.ID]tasks.State{}}
	var err error
	e.remote, err = api.NewRemote(api.RemoteOptions{
		Hub: e.h.hub,
		Device: func(context.Context, device.ID) (device.Device, error) {
			e.reads++
			return device.Device{}, device.ErrNotFound
		},
		Task: func(_ context.Context, id tasks.ID) (tasks.Task, error) {
			e.reads++
			state, ok := e.states[id]
			if !ok && e.err == nil {
				return tasks.Task{}, tasks.ErrNotFound
			}
			return tasks.Task{ID: id, State: state, Kind: tasks.Reboot, Args: []byte("{}")}, e.err
		},
		Ended:  func(t tasks.Task) { e.ended = append(e.ended, t.ID) },
		Logger: slog.New(slog.NewTextHandler(e.h.log, nil)),
	})
	check(t, err)
	return e
}

// receive hands over messages, of a kind and data each, and a session that marks
// their end.
func (e *elsewhere) receive(ctx context.Context, pairs ...string) {
	var messages []nodes.Message
	for i := 0; i < len(pairs); i += 2 {
		messages = append(messages, nodes.Message{Node: "n", Sequence: int64(i), Kind: pairs[i], Data: []byte(pairs[i+1])})
	}
	e.remote.Receive(ctx, messages)
	e.h.hub.SessionEnded(api.SessionEvent{ID: "the end"})
}

func TestATaskThatIsNamedSeveralTimesIsReadOnce(t *testing.T) {
	e := newElsewhere(t)
	s := e.h.follow("", e.h.viewer)
	e.states["t1"], e.states["t2"] = tasks.Succeeded, tasks.Running
	e.receive(t.Context(), "task", `{"id":"t1"}`, "task", `{"id":"t2"}`, "task", `{"id":"t1"}`, "task", `{"id":"gone"}`, "device", `{"id":"t1"}`, "task", `{"id":"t1"}`, "newer", "?")
	s.want("task", `"id":"t1"`)
	s.want("task", `"id":"t2"`)
	s.want("session", "the end")
	if e.reads != 4 {
		t.Errorf("%d readings, want 4", e.reads)
	}
	if len(e.ended) != 1 || e.ended[0] != "t1" {
		t.Errorf("told of the end of %v, want t1", e.ended)
	}
}

func TestNothingIsReadThatNobodyFollows(t *testing.T) {
	e := newElsewhere(t)
	e.states["t"] = tasks.Running
	s := e.h.follow("?kinds=session", e.h.viewer)
	e.receive(t.Context(), "task", `{"id":"t"}`, "device", `{"id":"d"}`, "deleted", `{"id":"d"}`)
	s.want("session", "the end")
	if e.reads != 0 {
		t.Errorf("%d readings", e.reads)
	}
}

func TestReadingIsBounded(t *testing.T) {
	e := newElsewhere(t)
	s := e.h.follow("", e.h.viewer)
	var pairs []string
	for i := range 1000 {
		pairs = append(pairs, "task", fmt.Sprintf(`{"id":"t%d"}`, i))
	}
	e.receive(t.Context(), append(pairs, "session", `{"ID":"s9"}`)...)
	s.want("session", "s9")
	s.want("overflow", "read anew")
	s.want("session", "the end")
	if e.reads != 250 {
		t.Errorf("%d readings, want 250", e.reads)
	}
}

func TestWhatCannotBeReadIsToldAsMissed(t *testing.T) {
	e := newElsewhere(t)
	s := e.h.follow("", e.h.viewer)
	e.err = errBroken
	for range 3 {
		e.receive(t.Context(), "task", `{"id":"t1"}`, "task", `{"id":"t2"}`)
		s.want("overflow", "read anew")
		s.want("session", "the end")
	}
	if n := strings.Count(e.h.log.String(), "cannot show events of other nodes"); n != 1 || e.reads != 3 {
		t.Errorf("logged %d times after %d readings, want once after 3", n, e.reads)
	}
	e.err = nil
	for _, broken := range []string{"task", "device", "deleted", "session"} {
		e.receive(t.Context(), broken, "{")
		s.want("overflow", "read anew")
		s.want("session", "the end")
	}
}

func TestAnOverflowIsHandedOnToEveryReader(t *testing.T) {
	e := newElsewhere(t)
	all := []*stream{e.h.follow("?kinds=task", e.h.viewer), e.h.follow("?kinds=device", e.h.south)}
	e.receive(t.Context(), nodes.KindOverflow, "")
	for _, s := range all {
		s.want("overflow", "read anew")
	}
}

func TestOptionsOfARemoteAreChecked(t *testing.T) {
	if _, err := api.NewRemote(api.RemoteOptions{}); err == nil {
		t.Error("made of nothing")
	}
}
