package tasks

import (
	"context"
	"errors"
	"sync"
	"time"
)

// waiters tells those who wait for a task in this process when it ended.
type waiters struct {
	mu   sync.Mutex
	byID map[ID][]chan struct{}
}

func newWaiters() *waiters { return &waiters{byID: make(map[ID][]chan struct{})} }

func (w *waiters) add(id ID) chan struct{} {
	c := make(chan struct{})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.byID[id] = append(w.byID[id], c)
	return c
}

func (w *waiters) remove(id ID, c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.byID[id]
	for i := range all {
		if all[i] == c {
			all = append(all[:i], all[i+1:]...)
			break
		}
	}
	if len(all) == 0 {
		delete(w.byID, id)
		return
	}
	w.byID[id] = all
}

func (w *waiters) changed(t Task) {
	if !t.State.Final() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.byID[t.ID] {
		close(c)
	}
	delete(w.byID, t.ID)
}

// pollInterval is how often Wait looks into the store, for a task that another
// process ends.
const pollInterval = time.Second

// EndedElsewhere has those who wait for a task look at once that another process
// ended it. It does not block.
func (q *Queue) EndedElsewhere(t Task) { q.waiters.changed(t) }

// Wait returns the task once it is final, or as it is when the context ends. It
// returns ErrNotFound if there is no such task. A store that is away for a
// moment does not end the wait; one that is away when the context ends does, with
// its error.
func (q *Queue) Wait(ctx context.Context, id ID) (Task, error) {
	ended := q.waiters.add(id)
	defer q.waiters.remove(id, ended)
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		// The look must outlive ctx: whoever waited too long gets the task as it is.
		t, err := q.store.Get(context.WithoutCancel(ctx), id)
		if errors.Is(err, ErrNotFound) || err == nil && t.State.Final() || ctx.Err() != nil {
			return t, err
		}
		select {
		case <-ended:
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}
