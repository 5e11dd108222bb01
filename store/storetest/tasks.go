package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func taskTests() []test {
	return []test{
		{"a task comes back as it was inserted, times in UTC milliseconds", func(t *testing.T, s store.Store) {
			checkFull(t, fullTask(device.NewID()))
			task := addTask(t, s, fullTask(device.NewID()))
			same(t, "task", taskOf(t, s, task.ID), task)
		}},
		{"a task of nothing but what it needs comes back", func(t *testing.T, s store.Store) {
			task := addTask(t, s, tasks.Task{ID: tasks.NewID(now()), Device: device.NewID(), Kind: tasks.Reboot, State: tasks.Queued})
			same(t, "task", taskOf(t, s, task.ID), task)
		}},
		{"a large result comes back", func(t *testing.T, s store.Store) {
			task := fullTask(device.NewID())
			task.Result = json.RawMessage(`{"value":"` + strings.Repeat("x", tasks.MaxResult-20) + `"}`)
			addTask(t, s, task)
			if result := taskOf(t, s, task.ID).Result; !bytes.Equal(result, task.Result) {
				t.Errorf("result has %d bytes and differs from the %d that were stored", len(result), len(task.Result))
			}
		}},
		{"an unknown task is not found by any method", func(t *testing.T, s store.Store) {
			_, err := s.Tasks().Get(t.Context(), tasks.NewID(now()))
			fails(t, err, tasks.ErrNotFound)
			_, err = s.Tasks().Save(t.Context(), fullTask(device.NewID()))
			fails(t, err, tasks.ErrNotFound)
			fails(t, s.Tasks().Delete(t.Context(), tasks.NewID(now())), tasks.ErrNotFound)
		}},
		{"a task is inserted once", func(t *testing.T, s store.Store) {
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			fails(t, s.Tasks().Insert(t.Context(), task), tasks.ErrDuplicate)
		}},
		{"a device has one open task of a unique key", uniqueKey},
		{"saving replaces the task and counts the revision", func(t *testing.T, s store.Store) {
			task := queuedTask(device.NewID(), now())
			addTask(t, s, task)
			full := fullTask(task.Device)
			full.ID, full.Revision = task.ID, task.Revision
			saved := got[tasks.Task](t)(s.Tasks().Save(t.Context(), full))
			full.Revision++
			same(t, "answer", saved, storedTask(full))
			same(t, "task", taskOf(t, s, task.ID), storedTask(full))
		}},
		{"saving an old revision conflicts and changes nothing", func(t *testing.T, s store.Store) {
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			saved := got[tasks.Task](t)(s.Tasks().Save(t.Context(), task))
			task.Priority = 9
			_, err := s.Tasks().Save(t.Context(), task)
			fails(t, err, tasks.ErrConflict)
			same(t, "task", taskOf(t, s, task.ID), saved)
		}},
		{"a claim starts the task as Task.Start does", func(t *testing.T, s store.Store) {
			task := queuedTask(device.NewID(), now())
			task.NotBefore, task.Attempts = now(), []tasks.Attempt{{Session: "s0", StartedAt: now(), EndedAt: now()}}
			task = addTask(t, s, task)
			at := stored(now().Add(time.Second))
			claimed := claim(t, s, task.Device, 3, at)
			want := task.Start(lease(3, at), at)
			want.Revision = claimed.Revision
			same(t, "claimed", claimed, storedTask(want))
			same(t, "task", taskOf(t, s, task.ID), claimed)
			if claimed.Revision <= task.Revision {
				t.Errorf("revision is %d after %d", claimed.Revision, task.Revision)
			}
		}},
		{"a claim by a clock that is behind notes nothing before what was noted last", func(t *testing.T, s store.Store) {
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			at := stored(now()).Add(-time.Minute)
			claimed := claim(t, s, task.Device, 3, at)
			want := task.Start(lease(3, at), at)
			want.Revision = claimed.Revision
			same(t, "claimed", claimed, storedTask(want))
			same(t, "task", taskOf(t, s, task.ID), claimed)
		}},
		{"claims take the greatest priority, then the oldest", func(t *testing.T, s store.Store) {
			id := device.NewID()
			var want []tasks.ID
			for i, priority := range []int{5, 0, 0, -1} {
				task := queuedTask(id, now().Add(time.Duration(i)*time.Second))
				task.Priority = priority
				want = append(want, task.ID)
				addTask(t, s, task)
			}
			late := queuedTask(id, now().Add(time.Hour))
			late.Priority = 7
			addTask(t, s, late)
			want = append([]tasks.ID{late.ID}, want...)
			var claimed []tasks.ID
			for range want {
				claimed = append(claimed, claim(t, s, id, 1, now()).ID)
			}
			same(t, "order", claimed, want)
			noneDue(t, s, id, now(), time.Time{})
		}},
		{"claims pass over what is not due, blocked, not queued or another device's", notClaimed},
		{"an empty claim tells when the next task will be due", func(t *testing.T, s store.Store) {
			id := device.NewID()
			for _, delay := range []time.Duration{3 * time.Hour, 2 * time.Hour} {
				task := queuedTask(id, now())
				task.NotBefore = now().Add(delay)
				addTask(t, s, task)
			}
			noneDue(t, s, id, now(), now().Add(2*time.Hour))
			claim(t, s, id, 1, now().Add(2*time.Hour))
			noneDue(t, s, id, now().Add(2*time.Hour), now().Add(3*time.Hour))
		}},
		{"a session that a newer one superseded claims nothing", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			task := queuedTask(d.ID, now())
			task.NotBefore, task.Attempts = now(), []tasks.Attempt{{Session: "s0", StartedAt: now(), EndedAt: now()}}
			task = addTask(t, s, task)
			at, newest := stored(now().Add(time.Second)), d.Session.Generation
			_, err := s.Tasks().Claim(t.Context(), tasks.Claim{Device: d.ID, Lease: lease(newest-1, at), At: at})
			fails(t, err, device.ErrSessionLost)
			left := taskOf(t, s, task.ID)
			task.Revision = left.Revision
			same(t, "task", left, task)
			claimed := claim(t, s, d.ID, newest, at)
			want := task.Start(lease(newest, at), at)
			want.Revision = claimed.Revision
			same(t, "claimed", claimed, storedTask(want))
			same(t, "task", taskOf(t, s, task.ID), claimed)
		}},
		{"a session claims that is newer than the record knows", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			task := addTask(t, s, queuedTask(d.ID, now()))
			same(t, "claimed", claim(t, s, d.ID, d.Session.Generation+1, now()).ID, task.ID)
		}},
		{"a claim keeps the newest steps of a full timeline", func(t *testing.T, s store.Store) {
			task := queuedTask(device.NewID(), now())
			for i := range tasks.MaxTimeline - 1 {
				task.Timeline = append(task.Timeline, tasks.Transition{State: tasks.Queued, At: now(), Reason: fmt.Sprint(i)})
			}
			addTask(t, s, task)
			claimed := claim(t, s, task.Device, 1, now())
			same(t, "steps", len(claimed.Timeline), tasks.MaxTimeline)
			same(t, "first step", claimed.Timeline[0].Reason, "0")
			same(t, "task", taskOf(t, s, task.ID), claimed)
		}},
		{"a claimed task is saved as any other", func(t *testing.T, s store.Store) {
			addTask(t, s, queuedTask(device.NewID(), now()))
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			claimed := claim(t, s, task.Device, 1, now())
			departed := got[tasks.Task](t)(s.Tasks().Save(t.Context(), claimed.Depart(tasks.Flight{Method: "Reboot", Class: tasks.Unsafe, At: stored(now())})))
			same(t, "command key", departed.CommandKey, claimed.CommandKey)
			same(t, "task", taskOf(t, s, task.ID), departed)
			departed.CommandKey = "of somebody else"
			departed = got[tasks.Task](t)(s.Tasks().Save(t.Context(), departed))
			same(t, "task", taskOf(t, s, task.ID), departed)
		}},
		{"the open tasks of a device come in order of id", func(t *testing.T, s store.Store) {
			id := device.NewID()
			addTask(t, s, queuedTask(device.NewID(), now()))
			var want []tasks.Task
			for i, state := range tasks.States() {
				task := queuedTask(id, now().Add(time.Duration(10-i)*time.Second))
				task.State, task.Blocked = state, i == 0
				task = addTask(t, s, task)
				if !state.Final() {
					want = append([]tasks.Task{task}, want...)
				}
			}
			same(t, "open tasks", got[[]tasks.Task](t)(s.Tasks().Open(t.Context(), id)), want)
		}},
		{"open tasks are bounded", func(t *testing.T, s store.Store) {
			id := device.NewID()
			for i := range tasks.MaxOpenTasks + 1 {
				addTask(t, s, queuedTask(id, now().Add(time.Duration(i)*time.Millisecond)))
			}
			same(t, "open tasks", len(got[[]tasks.Task](t)(s.Tasks().Open(t.Context(), id))), tasks.MaxOpenTasks)
		}},
		{"due are the tasks whose time to be looked after has come, the earliest first", dueTasks},
		{"a deleted task is gone and frees its unique key", func(t *testing.T, s store.Store) {
			task := queuedTask(device.NewID(), now())
			task.UniqueKey = "key"
			addTask(t, s, task)
			must(t, s.Tasks().Delete(t.Context(), task.ID))
			_, err := s.Tasks().Get(t.Context(), task.ID)
			fails(t, err, tasks.ErrNotFound)
			task.ID = tasks.NewID(now())
			addTask(t, s, task)
		}},
	}
}

func claim(t *testing.T, s store.Store, id device.ID, generation int64, at time.Time) tasks.Task {
	t.Helper()
	return got[tasks.Claimed](t)(s.Tasks().Claim(t.Context(), tasks.Claim{Device: id, Lease: lease(generation, at), At: at})).Task
}

func noneDue(t *testing.T, s store.Store, id device.ID, at, due time.Time) {
	t.Helper()
	claimed, err := s.Tasks().Claim(t.Context(), tasks.Claim{Device: id, Lease: lease(1, at), At: at})
	fails(t, err, tasks.ErrNone)
	same(t, "due at", claimed.DueAt, stored(due))
}

func uniqueKey(t *testing.T, s store.Store) {
	unique := func(id device.ID, key string) tasks.Task {
		task := queuedTask(id, now())
		task.UniqueKey = key
		return task
	}
	id := device.NewID()
	first := addTask(t, s, unique(id, "refresh"))
	err := s.Tasks().Insert(t.Context(), unique(id, "refresh"))
	var duplicate *tasks.DuplicateError
	if !errors.As(err, &duplicate) || duplicate.Existing != first.ID {
		t.Fatalf("error is %v, want a DuplicateError of task %s", err, first.ID)
	}
	addTask(t, s, unique(id, "Refresh"))
	addTask(t, s, unique(device.NewID(), "refresh"))
	addTask(t, s, unique(id, ""))
	addTask(t, s, unique(id, ""))
	first.State = tasks.Running
	first = got[tasks.Task](t)(s.Tasks().Save(t.Context(), first))
	fails(t, s.Tasks().Insert(t.Context(), unique(id, "refresh")), tasks.ErrDuplicate)
	first.State = tasks.Succeeded
	got[tasks.Task](t)(s.Tasks().Save(t.Context(), first))
	addTask(t, s, unique(id, "refresh"))
	same(t, "key of the closed task", taskOf(t, s, first.ID).UniqueKey, "refresh")
}

func notClaimed(t *testing.T, s store.Store) {
	id := device.NewID()
	add := func(change func(*tasks.Task)) tasks.Task {
		task := queuedTask(id, now())
		task.Priority = 100
		change(&task)
		return addTask(t, s, task)
	}
	add(func(task *tasks.Task) { task.NotBefore = stored(now()).Add(time.Millisecond) })
	add(func(task *tasks.Task) { task.Blocked = true })
	add(func(task *tasks.Task) { task.Device = device.NewID() })
	for _, state := range tasks.States() {
		if state != tasks.Queued {
			add(func(task *tasks.Task) { task.State = state })
		}
	}
	want := add(func(task *tasks.Task) { task.Priority, task.NotBefore = -5, now() })
	same(t, "claimed", claim(t, s, id, 1, stored(now())).ID, want.ID)
	noneDue(t, s, id, stored(now()), stored(now()).Add(time.Millisecond))
	task := claim(t, s, id, 1, stored(now()).Add(time.Millisecond))
	same(t, "not before", task.NotBefore, time.Time{})
	noneDue(t, s, id, now().Add(time.Hour), time.Time{})
}

func dueTasks(t *testing.T, s store.Store) {
	var want []tasks.ID
	for i, state := range tasks.States() {
		task := fullTask(device.NewID())
		task.State, task.CheckAt = state, now().Add(time.Duration(-i)*time.Minute)
		want = append([]tasks.ID{addTask(t, s, task).ID}, want...)
	}
	never, later := fullTask(device.NewID()), fullTask(device.NewID())
	never.CheckAt, later.CheckAt = time.Time{}, stored(now()).Add(time.Millisecond)
	addTask(t, s, never)
	addTask(t, s, later)
	all := got[[]tasks.Task](t)(s.Tasks().Due(t.Context(), stored(now()), 100))
	same(t, "due", ids(all), want)
	same(t, "first task", all[0], taskOf(t, s, all[0].ID))
	same(t, "first two", ids(got[[]tasks.Task](t)(s.Tasks().Due(t.Context(), now(), 2))), want[:2])
	all[0].CheckAt = time.Time{}
	got[tasks.Task](t)(s.Tasks().Save(t.Context(), all[0]))
	same(t, "after one was looked after", ids(got[[]tasks.Task](t)(s.Tasks().Due(t.Context(), now(), 100))), want[1:])
}
