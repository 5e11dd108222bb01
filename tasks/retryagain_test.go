package tasks_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/tasks"
)

// failed returns a task of the first device that failed.
func (h *house) failed(n tasks.New) tasks.Task {
	h.t.Helper()
	h.enqueue(n)
	t, err := h.queue.Fail(h.t.Context(), h.claim(), tasks.Fault{Code: 9003})
	h.check(err)
	return t
}

func TestARetryIsNotedInTheTaskThatItRepeats(t *testing.T) {
	h := newHouse(t, 1)
	for _, key := range []string{"", "k"} {
		old := h.failed(tasks.New{UniqueKey: key})
		again, err := h.queue.Retry(t.Context(), old.ID, "test")
		h.check(err)
		if want := key; again.UniqueKey != want && key != "" || key == "" && again.UniqueKey != tasks.RetryKeyPrefix+string(old.ID) {
			t.Errorf("the retry has the key %q", again.UniqueKey)
		}
		noted := h.is(old, tasks.Failed)
		if noted.RetriedBy != again.ID || noted.CheckAt != old.CheckAt {
			t.Errorf("the old task is %+v", noted)
		}
		var duplicate *tasks.DuplicateError
		if _, err := h.queue.Retry(t.Context(), old.ID, "test"); !errors.As(err, &duplicate) || duplicate.Existing != again.ID {
			t.Errorf("a second retry: %v, want a duplicate of %s", err, again.ID)
		}
		_, err = h.queue.Fail(t.Context(), h.claim(), tasks.Fault{Code: 9003})
		h.check(err)
		third, err := h.queue.Retry(t.Context(), old.ID, "test")
		h.check(err)
		if got := h.is(old, tasks.Failed).RetriedBy; got != third.ID {
			t.Errorf("the old task was retried by %s, want the last, %s", got, third.ID)
		}
		_, err = h.queue.Cancel(t.Context(), third.ID, "test")
		h.check(err)
	}
}

func TestOfTwoRetriesAtOnceOneIsStored(t *testing.T) {
	h := newHouse(t, 1)
	old := h.failed(tasks.New{})
	var all sync.WaitGroup
	results := make(chan error, 8)
	for range cap(results) {
		all.Go(func() {
			_, err := h.queue.Retry(t.Context(), old.ID, "test")
			results <- err
		})
	}
	all.Wait()
	close(results)
	stored := 0
	for err := range results {
		if err == nil {
			stored++
		} else if !errors.Is(err, tasks.ErrDuplicate) {
			t.Error(err)
		}
	}
	if n := h.tasksOf()[h.devices[0]]; stored != 1 || n != 2 {
		t.Errorf("%d retries were stored, the device has %d tasks", stored, n)
	}
}

// forgetful loses the notes of retries, as a process that is stopped does.
type forgetful struct {
	tasks.Store
	conflicts, lost int
}

func (s *forgetful) Save(ctx context.Context, t tasks.Task) (tasks.Task, error) {
	if t.RetriedBy != "" && s.conflicts > 0 {
		s.conflicts--
		return t, tasks.ErrConflict
	}
	if t.RetriedBy != "" && s.lost > 0 {
		s.lost--
		return t, errKilled
	}
	return s.Store.Save(ctx, t)
}

func TestARetryWhoseNoteWasLostIsNotedLater(t *testing.T) {
	h := newHouse(t, 1)
	store := &forgetful{Store: h.store.Tasks(), lost: 1}
	queue, err := tasks.NewQueue(tasks.QueueOptions{
		Store: store, Work: h.store.Sessions(), Keeper: h.keeper, Policy: tasks.DefaultPolicy(), Now: h.clock,
		Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
	})
	h.check(err)
	old := h.failed(tasks.New{})
	again, err := queue.Retry(t.Context(), old.ID, "test")
	h.check(err) // It is queued all the same.
	if got := h.is(old, tasks.Failed).RetriedBy; got != "" {
		t.Fatalf("noted %s", got)
	}
	store.conflicts = 2
	if _, err := queue.Retry(t.Context(), old.ID, "test"); !errors.Is(err, tasks.ErrDuplicate) {
		t.Errorf("a second retry: %v", err)
	}
	if got := h.is(old, tasks.Failed).RetriedBy; got != again.ID {
		t.Errorf("noted %q, want %s", got, again.ID)
	}
}

func TestWorkIsNotDoneTwiceBecauseTheNoteOfItsRetryWasLost(t *testing.T) {
	h := newHouse(t, 1)
	store := &forgetful{Store: h.store.Tasks(), lost: 1}
	queue, err := tasks.NewQueue(tasks.QueueOptions{
		Store: store, Work: h.store.Sessions(), Keeper: h.keeper, Policy: tasks.DefaultPolicy(), Now: h.clock,
		Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
	})
	h.check(err)
	old := h.failed(tasks.New{})
	again, err := queue.Retry(t.Context(), old.ID, "test")
	h.check(err)
	// The retry is over by the time that somebody retries what nobody has retried.
	_, err = h.queue.Fail(t.Context(), h.claim(), tasks.Fault{Code: 9003})
	h.check(err)
	var duplicate *tasks.DuplicateError
	if _, err := queue.Retry(t.Context(), old.ID, "test"); !errors.As(err, &duplicate) || duplicate.Existing != again.ID {
		t.Errorf("a second retry: %v, want a duplicate of %s", err, again.ID)
	}
	if got := h.is(old, tasks.Failed).RetriedBy; got != again.ID {
		t.Errorf("noted %q, want %s", got, again.ID)
	}
	// Who knows of it may retry the old one all the same.
	_, err = queue.Retry(t.Context(), old.ID, "test")
	h.check(err)
}
