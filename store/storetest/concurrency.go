package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// workers is how many goroutines contend.
const workers = 16

// together runs the function in many goroutines that begin at once.
func together(t *testing.T, run func(worker int) error) {
	t.Helper()
	var group sync.WaitGroup
	begin := make(chan struct{})
	for worker := range workers {
		group.Go(func() {
			<-begin
			if err := run(worker); err != nil {
				t.Error(err)
			}
		})
	}
	close(begin)
	group.Wait()
}

func concurrencyTests() []test {
	return []test{
		{"every task is claimed exactly once", claimOnce},
		{"sessions that begin at once get generations that differ and grow", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			var mu sync.Mutex
			var generations []int64
			together(t, func(int) error {
				last := int64(0)
				for range 10 {
					began, err := s.Sessions().Begin(t.Context(), contact(d, "s", now()))
					if err != nil {
						return err
					}
					if g := began.After.Session.Generation; g <= last || began.Before.Session.Generation != g-1 {
						t.Errorf("generation %d follows %d, before it was %d", g, last, began.Before.Session.Generation)
					}
					last = began.After.Session.Generation
					mu.Lock()
					generations = append(generations, last)
					mu.Unlock()
				}
				return nil
			})
			slices.Sort(generations)
			if got := len(slices.Compact(generations)); got != 10*workers {
				t.Errorf("%d sessions got %d generations", 10*workers, got)
			}
		}},
		{"of those who save the same revision exactly one wins", func(t *testing.T, s store.Store) {
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			for range 20 {
				var won atomic.Int64
				together(t, func(int) error {
					return count(&won, tasks.ErrConflict, func() error { _, err := s.Tasks().Save(t.Context(), task); return err })
				})
				same(t, "winners", won.Load(), int64(1))
				task = taskOf(t, s, task.ID)
			}
		}},
		{"of those who insert the same unique key exactly one wins", func(t *testing.T, s store.Store) {
			id := device.NewID()
			var won atomic.Int64
			together(t, func(int) error {
				task := queuedTask(id, now())
				task.UniqueKey = "key"
				return count(&won, tasks.ErrDuplicate, func() error { return s.Tasks().Insert(t.Context(), task) })
			})
			same(t, "winners", won.Load(), int64(1))
		}},
		{"of those who create the same identity exactly one wins", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(int) error {
				return count(&won, device.ErrDuplicate, func() error { return s.Devices().Create(t.Context(), plainDevice("1"), 0) })
			})
			same(t, "winners", won.Load(), int64(1))
		}},
		{"of those who put the same new user exactly one wins", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(int) error {
				return count(&won, users.ErrExists, func() error { return s.Users().PutUser(t.Context(), users.User{Name: "admin"}) })
			})
			same(t, "winners", won.Load(), int64(1))
		}},
		{"of those who take a carried session exactly one gets it", takenOnce},
		{"of those who save the same revision of a lease exactly one wins", func(t *testing.T, s store.Store) {
			lease := nodes.Lease{Name: "reaper"}
			for range 20 {
				var won atomic.Int64
				together(t, func(worker int) error {
					mine := lease
					mine.Holder = fmt.Sprint(worker)
					return count(&won, nodes.ErrConflict, func() error { _, err := s.Nodes().SaveLease(t.Context(), mine); return err })
				})
				same(t, "winners", won.Load(), int64(1))
				next := got[nodes.Lease](t)(s.Nodes().Lease(t.Context(), "reaper"))
				same(t, "revision", next.Revision, lease.Revision+1)
				lease = next
			}
		}},
		{"those who propose a key check at once all get the same", func(t *testing.T, s store.Store) {
			var mu sync.Mutex
			checks := make(map[secret.Sealed]bool)
			together(t, func(worker int) error {
				check, err := s.KeyCheck(t.Context(), secret.Sealed(fmt.Sprint("check of ", worker)))
				mu.Lock()
				defer mu.Unlock()
				checks[check] = true
				return err
			})
			same(t, "checks", len(checks), 1)
		}},
		{"a wish never takes the place of a session that is put at the same time", wishesAndSessions},
		{"a newer session recovers what an older one claims, or the older one claims nothing", fencedClaims},
		{"the limit of devices that came by themselves holds", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(int) error {
				d := device.Device{ID: device.NewID(), Origin: device.OriginContact}
				return count(&won, device.ErrLimit, func() error { return s.Devices().Create(t.Context(), d, 5) })
			})
			same(t, "created", won.Load(), int64(5))
		}},
		{"a work hint that is raised while a session ends is never lost", hintNeverLost},
	}
}

// count counts the calls that succeed; one that loses is no error.
func count(won *atomic.Int64, lost error, call func() error) error {
	err := call()
	if err == nil {
		won.Add(1)
	}
	if errors.Is(err, lost) {
		return nil
	}
	return err
}

func claimOnce(t *testing.T, s store.Store) {
	id := device.NewID()
	const count = 100
	for i := range count {
		addTask(t, s, queuedTask(id, now().Add(time.Duration(i)*time.Millisecond)))
	}
	var mu sync.Mutex
	claimed := make(map[tasks.ID]int)
	together(t, func(worker int) error {
		for {
			c, err := s.Tasks().Claim(t.Context(), tasks.Claim{Device: id, Lease: lease(int64(worker), now()), At: now().Add(time.Hour)})
			if errors.Is(err, tasks.ErrNone) {
				return nil
			}
			if err != nil {
				return err
			}
			mu.Lock()
			claimed[c.Task.ID]++
			mu.Unlock()
		}
	})
	for task, times := range claimed {
		if times != 1 {
			t.Errorf("task %s was claimed %d times", task, times)
		}
	}
	same(t, "claimed tasks", len(claimed), count)
}

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
