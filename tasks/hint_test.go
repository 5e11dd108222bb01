package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// interruptedStore lets something happen just before a task is stored as queued.
type interruptedStore struct {
	tasks.Store
	before func()
}

func (s *interruptedStore) Insert(ctx context.Context, t tasks.Task) error {
	s.before()
	return s.Store.Insert(ctx, t)
}

func (s *interruptedStore) Save(ctx context.Context, t tasks.Task) (tasks.Task, error) {
	if t.State == tasks.Queued {
		s.before()
	}
	return s.Store.Save(ctx, t)
}

// A session that claims in vain while a task is being stored takes down the hint
// that it saw. The task must not be left without one.
func TestASessionThatEndsWhileATaskIsStoredLeavesItsHintUp(t *testing.T) {
	for _, c := range []struct {
		name string
		// begin leaves a task that act queues.
		begin func(h *house) tasks.Task
		act   func(t *testing.T, q *tasks.Queue, h *house, task tasks.Task) error
	}{
		{"a new task", func(*house) tasks.Task { return tasks.Task{} }, func(t *testing.T, q *tasks.Queue, h *house, _ tasks.Task) error {
			_, err := q.Enqueue(t.Context(), tasks.New{Device: h.devices[0], Kind: tasks.GetRPCMethods})
			return err
		}},
		{"a task whose session was lost", func(h *house) tasks.Task {
			h.enqueue(tasks.New{})
			return h.claim()
		}, func(t *testing.T, q *tasks.Queue, _ *house, task tasks.Task) error {
			_, err := q.Recover(t.Context(), task)
			return err
		}},
		{"a download that failed while it was awaited", func(h *house) tasks.Task {
			h.enqueue(tasks.New{Kind: tasks.Download, Args: json.RawMessage(`{"file":"phone.cfg"}`)})
			waiting, err := h.queue.Await(h.t.Context(), h.claim(), "accepted")
			h.check(err)
			return waiting
		}, func(t *testing.T, q *tasks.Queue, _ *house, task tasks.Task) error {
			_, err := q.Fail(t.Context(), task, tasks.Fault{Code: 9010})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, 1)
			task := c.begin(h)
			q, err := tasks.NewQueue(tasks.QueueOptions{
				Store: &interruptedStore{Store: h.store.Tasks(), before: h.emptySession}, Work: h.store.Sessions(), Keeper: h.keeper,
				Policy: tasks.DefaultPolicy(), Now: h.clock, Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
			})
			h.check(err)
			h.check(c.act(t, q, h, task))
			record, err := h.store.Devices().Get(t.Context(), h.devices[0])
			h.check(err)
			if !record.Work.Due(h.now) {
				t.Errorf("a task is queued and the hint is down: %+v", record.Work)
			}
		})
	}
}

// emptySession is a session of the first device that finds nothing to do.
func (h *house) emptySession() {
	h.t.Helper()
	ctx := h.t.Context()
	began, err := h.store.Sessions().Begin(ctx, device.Contact{
		Device: h.devices[0], Identity: device.CWMPIdentity{OUI: "00562B", SerialNumber: "0"}, Session: "s", At: h.now, Until: h.now.Add(time.Minute),
	})
	h.check(err)
	generation := began.After.Session.Generation
	_, dueAt, err := h.queue.Claim(ctx, h.devices[0], tasks.Lease{Session: "s", Generation: generation, Until: h.now.Add(time.Hour)})
	if !errors.Is(err, tasks.ErrNone) {
		h.t.Fatalf("the session found something to do: %v", err)
	}
	h.check(h.store.Sessions().End(ctx, device.SessionEnd{
		Device: h.devices[0], Generation: generation, At: h.now, Emptied: true, WorkSeen: began.After.Work.Raised, DueAt: dueAt,
	}))
}
