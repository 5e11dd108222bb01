package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// hintNeverLost plays against each other one who stores tasks and sessions that
// find nothing. The hint is raised after a task is stored: a session that did not
// see the task yet cannot clear a hint that it did not see either. Once nobody is
// at work any more, no task may be queued without the hint.
func hintNeverLost(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := addDevice(t, s, plainDevice("1"))
	for round := range 30 {
		var group sync.WaitGroup
		group.Go(func() {
			if err := enqueueTwice(ctx, s, d.ID, round); err != nil {
				t.Error(err)
			}
		})
		for range 3 {
			if err := emptySession(ctx, s, d); err != nil {
				t.Fatal(err)
			}
		}
		group.Wait()
		hint := deviceOf(t, s, d.ID).Work
		left := 0
		for _, task := range got[[]tasks.Task](t)(s.Tasks().Open(ctx, d.ID)) {
			if task.State == tasks.Queued {
				left++
			}
		}
		if left > 0 && !hint.Due(now()) {
			t.Fatalf("round %d: %d tasks are queued and the hint is %+v", round, left, hint)
		}
	}
}

func enqueueTwice(ctx context.Context, s store.Store, id device.ID, round int) error {
	for i := range 2 {
		if err := s.Tasks().Insert(ctx, queuedTask(id, now().Add(time.Duration(-round-i)*time.Second))); err != nil {
			return err
		}
		if err := s.Sessions().RaiseWork(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// emptySession claims all there is and ends.
func emptySession(ctx context.Context, s store.Store, d device.Device) error {
	began, err := s.Sessions().Begin(ctx, contact(d, "s", now()))
	if err != nil {
		return err
	}
	generation := began.After.Session.Generation
	end := device.SessionEnd{Device: d.ID, Generation: generation, At: now()}
	for {
		err := s.Sessions().End(ctx, end)
		if !errors.Is(err, device.ErrWorkDue) {
			return err
		}
		record, err := s.Devices().Get(ctx, d.ID)
		if err != nil {
			return err
		}
		end.Emptied, end.WorkSeen = true, record.Work.Raised
		if end.DueAt, err = claimAll(ctx, s, d.ID, generation); err != nil {
			return err
		}
	}
}

func claimAll(ctx context.Context, s store.Store, id device.ID, generation int64) (dueAt time.Time, err error) {
	for {
		c, err := s.Tasks().Claim(ctx, tasks.Claim{Device: id, Lease: lease(generation, now()), At: now()})
		if errors.Is(err, tasks.ErrNone) {
			return c.DueAt, nil
		}
		if err != nil {
			return time.Time{}, err
		}
		c.Task.State = tasks.Succeeded
		if _, err := s.Tasks().Save(ctx, c.Task); err != nil {
			return time.Time{}, err
		}
	}
}

// fencedClaims lets an older session claim while a newer one begins and looks
// through the tasks of the device then: a task that the older one got is among
// those that the newer one sees running.
func fencedClaims(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := addDevice(t, s, plainDevice("1"))
	for range 30 {
		older := begin(t, s, contact(d, "older", now())).After.Session.Generation
		task := addTask(t, s, queuedTask(d.ID, now()))
		var claimed error
		var group sync.WaitGroup
		group.Go(func() {
			_, claimed = s.Tasks().Claim(ctx, tasks.Claim{Device: d.ID, Lease: lease(older, now()), At: now()})
		})
		begin(t, s, contact(d, "newer", now()))
		seen := got[[]tasks.Task](t)(s.Tasks().Open(ctx, d.ID))
		group.Wait()
		switch state := taskOf(t, s, task.ID).State; {
		case errors.Is(claimed, device.ErrSessionLost):
			same(t, "state of a task that nobody claimed", state, tasks.Queued)
		case claimed != nil:
			t.Fatal(claimed)
		case len(seen) != 1 || seen[0].State != tasks.Running:
			t.Fatalf("the older session claimed the task, and the newer one saw %+v", seen)
		}
		must(t, s.Tasks().Delete(ctx, task.ID))
	}
}
