package tasks_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/tasks"
)

// apart is how far the clocks of the nodes in these tests differ.
const apart = 5 * time.Second

// otherNode returns a queue on the same store whose clock is ahead by the
// given time.
func (h *house) otherNode(ahead time.Duration) *tasks.Queue {
	h.t.Helper()
	q, err := tasks.NewQueue(tasks.QueueOptions{
		Store: h.store.Tasks(), Work: h.store.Sessions(), Keeper: h.keeper, Policy: tasks.DefaultPolicy(), Logger: slog.New(slog.DiscardHandler),
		Metrics: prometheus.NewRegistry(), Now: func() time.Time { return h.now.Add(ahead) },
	})
	h.check(err)
	return q
}

func TestTasksRunInTheOrderInWhichNodesWithDifferentClocksWereAsked(t *testing.T) {
	h := newHouse(t, 2)
	nodes := []*tasks.Queue{h.queue, h.otherNode(apart), h.otherNode(-apart)}
	var asked []tasks.ID
	for _, node := range []int{1, 0, 2, 0, 1, 2, 2, 0} {
		task, err := nodes[node].Enqueue(t.Context(), tasks.New{Device: h.devices[0], Kind: tasks.GetRPCMethods})
		h.check(err)
		asked = append(asked, task.ID)
		h.now = h.now.Add(100 * time.Millisecond)
	}
	for i, id := range asked {
		if got := h.claim(); got.ID != id {
			t.Fatalf("claim %d took %s, want %s", i, got.ID, id)
		}
	}
	other := h.enqueue(tasks.New{Device: h.devices[1]})
	if other.ID >= asked[0] {
		t.Errorf("a task of another device has the ID %s, as if the clock of this node were ahead too", other.ID)
	}
}

func TestATaskThatGoesFromNodeToNodeHasNoTimeBeforeAnEarlierOne(t *testing.T) {
	h := newHouse(t, 1)
	behind := h.otherNode(-apart)
	task, err := h.otherNode(apart).Enqueue(t.Context(), tasks.New{Device: h.devices[0], Kind: tasks.Reboot})
	h.check(err)
	running := h.claim()
	departed, err := behind.Depart(t.Context(), running, tasks.Flight{Method: "Reboot", Class: tasks.Unsafe, At: h.now.Add(-apart)})
	h.check(err)
	waiting, err := behind.Await(t.Context(), departed, "accepted")
	h.check(err)
	if want := tasks.DefaultPolicy().Await(departed, h.now.Add(-apart), "").Deadline; !waiting.Deadline.Equal(want) {
		t.Errorf("deadline is %s, want %s by the clock of the node that awaits", waiting.Deadline, want)
	}
	_, err = h.queue.Succeed(t.Context(), waiting, struct{}{}, "")
	h.check(err)
	ended := h.is(task, tasks.Succeeded)
	last := ended.CreatedAt
	for _, step := range ended.Timeline {
		if step.At.Before(last) {
			t.Errorf("%s at %s, before %s", step.State, step.At, last)
		}
		last = step.At
	}
	if a := ended.Attempts[0]; a.StartedAt.Before(ended.CreatedAt) || a.EndedAt.Before(a.StartedAt) || ended.FinishedAt.Before(a.EndedAt) {
		t.Errorf("created %s, attempt from %s to %s, finished %s", ended.CreatedAt, a.StartedAt, a.EndedAt, ended.FinishedAt)
	}
}

func TestABulkTaskThatWasBegunByAClockAheadGivesNoDeviceTwoTasks(t *testing.T) {
	h := newHouse(t, 3)
	ahead := h.options()
	ahead.Now = func() time.Time { return h.now.Add(apart) }
	_, err := tasks.NewBulkRunner(ahead).Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	o := h.options()
	o.Queue = &brittleQueue{BulkQueue: h.queue, h: h, left: 2}
	if err := tasks.NewBulkRunner(o).RunOnce(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	for _, id := range h.devices {
		h.enqueue(tasks.New{Device: id, Kind: tasks.Refresh}) // Newer than the bulk task's own, and older than the bulk task by its clock.
	}
	h.check(tasks.NewBulkRunner(h.options()).RunOnce(t.Context()))
	for id, n := range h.tasksOf() {
		if n != 2 {
			t.Errorf("device %s has %d tasks, want one of each", id, n)
		}
	}
}
