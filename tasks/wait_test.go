package tasks_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/tasks"
)

// oneTask is a store of one task that another process changes.
type oneTask struct {
	tasks.Store
	mu   sync.Mutex
	task tasks.Task
}

func (s *oneTask) Get(context.Context, tasks.ID) (tasks.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.task, nil
}

func (s *oneTask) enter(state tasks.State) tasks.Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.task.State = state
	return s.task
}

func TestAWaitEndsAtOnceIfItIsToldOfAnEndElsewhere(t *testing.T) {
	for name, tell := range map[string]bool{"told": true, "not told": false} {
		synctest.Test(t, func(t *testing.T) {
			store := &oneTask{task: tasks.Task{ID: tasks.NewID(time.Now()), State: tasks.Running}}
			q, err := tasks.NewQueue(tasks.QueueOptions{
				Store: store, Policy: tasks.DefaultPolicy(), Now: time.Now, Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
			})
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			var waiting sync.WaitGroup
			waiting.Go(func() {
				if got, err := q.Wait(t.Context(), store.task.ID); err != nil || got.State != tasks.Succeeded {
					t.Errorf("%s: got %s, %v", name, got.State, err)
				}
			})
			synctest.Wait()
			q.EndedElsewhere(store.enter(tasks.Waiting)) // It has not ended.
			synctest.Wait()
			ended := store.enter(tasks.Succeeded)
			if tell {
				q.EndedElsewhere(ended)
			}
			waiting.Wait()
			// Time passes in the bubble only while everybody sleeps: till the next look.
			if took := time.Since(began); (took == 0) != tell {
				t.Errorf("%s: it took %s", name, took)
			}
		})
	}
}
