package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// ping enqueues a ping, and returns it as it waits for the device.
func (h *house) ping() tasks.Task {
	h.t.Helper()
	h.enqueue(tasks.New{Kind: tasks.IPPing, Args: json.RawMessage(`{"host":"192.0.2.1"}`)})
	return h.begin(h.claim())
}

// begin has the device accept what a task asks for.
func (h *house) begin(t tasks.Task) tasks.Task {
	h.t.Helper()
	departed, err := h.queue.Depart(h.t.Context(), t, tasks.Flight{Method: "SetParameterValues", Class: tasks.Idempotent, At: h.now, Progress: json.RawMessage(`{"Object":"Device.A."}`)})
	h.check(err)
	waiting, err := h.queue.Await(h.t.Context(), departed, "the device began")
	h.check(err)
	return waiting
}

func TestAWaitingTaskThatIsContinuedKeepsItsAttemptItsProgressAndItsDeadline(t *testing.T) {
	h := newHouse(t, 1)
	waiting := h.ping()
	h.now = h.now.Add(time.Minute)
	continued, err := h.queue.Continue(t.Context(), waiting, "asked")
	h.check(err)
	if continued.State != tasks.Queued || !continued.Continued() || string(continued.Flight.Progress) != `{"Object":"Device.A."}` {
		t.Fatalf("continued = %+v", continued)
	}
	for range 3 * tasks.MaxAttempts {
		again, err := h.queue.Await(t.Context(), h.claim(), "not yet")
		h.check(err)
		if len(again.Attempts) != 1 || !again.Deadline.Equal(waiting.Deadline) || again.Attempts[0].EndedAt.IsZero() {
			t.Fatalf("%d attempts, deadline %s, want one and %s", len(again.Attempts), again.Deadline, waiting.Deadline)
		}
		_, err = h.queue.Continue(t.Context(), again, "asked")
		h.check(err)
	}
	ended, err := h.queue.Succeed(t.Context(), h.claim(), struct{}{}, "")
	h.check(err)
	if len(ended.Attempts) != 1 || !ended.Attempts[0].StartedAt.Before(ended.Attempts[0].EndedAt) {
		t.Errorf("attempts = %+v", ended.Attempts)
	}
}

func TestAQuestionThatIsLostLeavesTheTaskWaiting(t *testing.T) {
	for name, lose := range map[string]func(*tasks.Queue, context.Context, tasks.Task) (tasks.Task, error){
		"with its session": (*tasks.Queue).Recover,
		"by a guard": func(q *tasks.Queue, ctx context.Context, t tasks.Task) (tasks.Task, error) {
			return q.Fail(ctx, t, tasks.Fault{Reason: tasks.SessionLimit, String: "too long"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, 1)
			waiting := h.ping()
			_, err := h.queue.Continue(t.Context(), waiting, "asked")
			h.check(err)
			got, err := lose(h.queue, t.Context(), h.claim())
			h.check(err)
			if got.State != tasks.Waiting || !got.Deadline.Equal(waiting.Deadline) || len(got.Attempts) != 1 || !got.Flight.Answered {
				t.Errorf("task = %+v", got)
			}
		})
	}
}

func TestAFaultOfTheDeviceEndsOrRepeatsATestThatWasAskedFor(t *testing.T) {
	for code, state := range map[int]tasks.State{9003: tasks.Failed, 9002: tasks.Queued} {
		h := newHouse(t, 1)
		_, err := h.queue.Continue(t.Context(), h.ping(), "asked")
		h.check(err)
		got, err := h.queue.Fail(t.Context(), h.claim(), tasks.Fault{Code: code})
		h.check(err)
		if got.State != state || got.Continued() || len(got.Attempts) != 1 || got.Attempts[0].Fault.Code != code {
			t.Errorf("%d: %s, attempts %+v", code, got.State, got.Attempts)
		}
	}
}

func TestTheReaperAsksAndCallsUntilTheDeadline(t *testing.T) {
	h := newHouse(t, 1)
	var called []time.Time
	queue, err := tasks.NewQueue(tasks.QueueOptions{
		Store: h.store.Tasks(), Work: h.store.Sessions(), Keeper: h.keeper, Policy: tasks.DefaultPolicy(), Now: h.clock,
		Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), Wake: func(device.ID) { called = append(called, h.now) },
	})
	h.check(err)
	h.queue = queue
	waiting := h.ping()
	start := h.now
	for h.now.Before(waiting.Deadline) {
		h.now = h.now.Add(time.Second)
		h.reap()
		if got := h.is(waiting, h.state(waiting)); got.State == tasks.Queued && len(called) < 4 {
			record, err := h.store.Devices().Get(t.Context(), waiting.Device)
			h.check(err)
			if !record.Work.Due(h.now) {
				t.Fatal("the hint is down")
			}
			_, err = h.queue.Await(t.Context(), h.claim(), "not yet")
			h.check(err)
		}
	}
	var after []time.Duration
	for _, at := range called[:6] {
		after = append(after, at.Sub(start))
	}
	// From the fourth on the device does not come: it is called every minute.
	if want := []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 100 * time.Second, 160 * time.Second}; !slices.Equal(after, want) {
		t.Errorf("called after %v, want %v", after, want)
	}
	got := h.is(waiting, tasks.Failed)
	if got.Fault.Reason != tasks.NoEvidence || !got.FinishedAt.Equal(waiting.Deadline) {
		t.Errorf("fault %v at %s", got.Fault, got.FinishedAt)
	}
}

// state returns the state of a task now.
func (h *house) state(t tasks.Task) tasks.State {
	h.t.Helper()
	now, err := h.queue.Get(h.t.Context(), t.ID)
	h.check(err)
	return now.State
}

func TestATaskThatTheDeviceCarriesOutDoesNotExpire(t *testing.T) {
	h := newHouse(t, 1)
	task := h.enqueue(tasks.New{Kind: tasks.IPPing, Args: json.RawMessage(`{"host":"a"}`), Expires: h.now.Add(10 * time.Second)})
	h.begin(h.claim())
	for range 3 {
		h.now = h.now.Add(time.Minute)
		h.reap()
	}
	h.is(task, tasks.Queued)
}

func TestTasksOfOneKindTakeTurnsHoweverTheFirstEnds(t *testing.T) {
	for name, end := range map[string]func(*house, tasks.Task){
		"it succeeds": func(h *house, first tasks.Task) {
			_, err := h.queue.Succeed(h.t.Context(), first, struct{}{}, "")
			h.check(err)
		},
		"it fails": func(h *house, first tasks.Task) {
			_, err := h.queue.FailFor(h.t.Context(), first, tasks.Fault{Reason: tasks.DiagnosticsFailed})
			h.check(err)
		},
		"it is cancelled": func(h *house, first tasks.Task) {
			_, err := h.queue.Cancel(h.t.Context(), first.ID, "test")
			h.check(err)
		},
		"it is gone without a word": func(h *house, first tasks.Task) {
			h.check(h.store.Tasks().Delete(h.t.Context(), first.ID))
			h.now = h.now.Add(time.Minute)
			h.reap()
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, 2)
			first := h.ping()
			args := json.RawMessage(`{"host":"192.0.2.2"}`)
			second := h.enqueue(tasks.New{Kind: tasks.IPPing, Args: args, Priority: 9})
			third := h.enqueue(tasks.New{Kind: tasks.IPPing, Args: args})
			elsewhere := h.enqueue(tasks.New{Kind: tasks.TraceRoute, Args: args})
			if got := h.claim(); got.ID != elsewhere.ID {
				t.Fatalf("claimed %s, want the other kind", got.Kind)
			}
			h.nothing()
			if got := h.is(second, tasks.Queued); !got.Blocked || len(got.Attempts) != 0 {
				t.Errorf("second = %+v", got)
			}
			h.now = h.now.Add(time.Second)
			end(h, first)
			if got := h.claim(); got.ID != second.ID || len(got.Attempts) != 1 {
				t.Fatalf("claimed %s with %d attempts, want the second", got.ID, len(got.Attempts))
			}
			h.begin(h.is(second, tasks.Running))
			h.nothing()
			h.is(third, tasks.Queued)
		})
	}
}

func TestTheDeviceCanGiveUpWhatATaskWaitsFor(t *testing.T) {
	h := newHouse(t, 1)
	got, err := h.queue.Cancelled(t.Context(), h.ping(), "the device dropped it")
	h.check(err)
	if got.State != tasks.Cancelled || got.Fault.String != "the device dropped it" {
		t.Errorf("task = %s %v", got.State, got.Fault)
	}
	if _, err := h.queue.Continue(t.Context(), got, "asked"); !errors.Is(err, tasks.ErrState) {
		t.Errorf("a task that ended is gone on with: %v", err)
	}
}
