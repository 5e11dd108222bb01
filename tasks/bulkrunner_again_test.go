package tasks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dialtone-acs/dialtone/tasks"
)

// savedBulks calls saved after each note of the progress.
type savedBulks struct {
	tasks.BulkStore
	saved func(tasks.Bulk)
}

func (s *savedBulks) SaveBulk(ctx context.Context, b tasks.Bulk) (tasks.Bulk, error) {
	b, err := s.BulkStore.SaveBulk(ctx, b)
	if err == nil {
		s.saved(b)
	}
	return b, err
}

func TestARunnerThatRunsAgainGivesNoDeviceTwoTasks(t *testing.T) {
	h := newHouse(t, 250)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := h.options()
	store := &savedBulks{BulkStore: o.Store, saved: func(tasks.Bulk) { cancel() }}
	o.Store, o.Queue = store, &brittleQueue{BulkQueue: h.queue, h: h, left: 1000}
	r := tasks.NewBulkRunner(o)
	_, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	r.Run(ctx) // It ends between two pages.

	// Another runner begins the second page, and is killed.
	other := h.options()
	other.Queue = &brittleQueue{BulkQueue: h.queue, h: h, left: 50}
	if err := tasks.NewBulkRunner(other).RunOnce(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if n := len(h.tasksOf()); n != 150 {
		t.Fatalf("%d devices have their task, want 150", n)
	}

	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	store.saved = func(b tasks.Bulk) {
		if !b.FinishedAt.IsZero() {
			cancel()
		}
	}
	r.Run(ctx)
	count := h.tasksOf()
	for id, n := range count {
		if n != 1 {
			t.Fatalf("device %s has %d tasks", id, n)
		}
	}
	if len(count) != 250 {
		t.Errorf("%d devices have their task, want 250", len(count))
	}
}
