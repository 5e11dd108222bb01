package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store/sqlite"
	"github.com/dialtone-acs/dialtone/tasks"
)

// house is a queue over the embedded store with phones, and what is needed
// to make runners.
type house struct {
	t       *testing.T
	store   *sqlite.Store
	queue   *tasks.Queue
	keeper  *secret.Keeper
	now     time.Time
	devices []device.ID
	woken   []device.ID
}

func newHouse(t *testing.T, phones int) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	folder := t.TempDir()
	var err error
	h.store, err = sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(folder, "test.db")})
	h.check(err)
	t.Cleanup(func() { h.check(h.store.Close()) })
	h.keeper, err = secret.LoadOrCreate(filepath.Join(folder, "key"))
	h.check(err)
	h.queue, err = tasks.NewQueue(tasks.QueueOptions{
		Store: h.store.Tasks(), Work: h.store.Sessions(), Keeper: h.keeper, Policy: tasks.DefaultPolicy(), Now: h.clock,
		Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
	})
	h.check(err)
	for i := range phones {
		group := "acme/south"
		if i%10 == 0 {
			group = "acme/north"
		}
		d := device.Device{ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "00562B", SerialNumber: fmt.Sprint(i)}, Model: "CP-8851", Group: group, Origin: device.OriginOperator, Revision: 1}
		h.check(h.store.Devices().Create(t.Context(), d, 0))
		h.devices = append(h.devices, d.ID)
	}
	return h
}

func (h *house) clock() time.Time { return h.now }

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) options() tasks.BulkOptions {
	return tasks.BulkOptions{
		Store: h.store.Bulks(), Devices: h.store.Devices(), Queue: h.queue, Keeper: h.keeper, Now: h.clock, Logger: slog.New(slog.DiscardHandler),
		PerSecond: 1e6, Retention: time.Hour, Wake: func(id device.ID) { h.woken = append(h.woken, id) },
	}
}

// tasksOf returns how many tasks each device ever had.
func (h *house) tasksOf() map[device.ID]int {
	h.t.Helper()
	count := map[device.ID]int{}
	l := tasks.List{PageSize: 1000}
	for {
		page, err := h.queue.List(h.t.Context(), l)
		h.check(err)
		for _, t := range page.Tasks {
			count[t.Device]++
		}
		if l.PageToken = page.NextPageToken; l.PageToken == "" {
			return count
		}
	}
}

func TestABulkTaskGivesEachMatchingDeviceOneTask(t *testing.T) {
	h := newHouse(t, 150)
	r := tasks.NewBulkRunner(h.options())
	b, err := r.Begin(t.Context(), tasks.NewBulk{
		Filter: `model = "CP-8851"`, Scope: device.Scope{Group: "acme/south"}, Kind: tasks.SetParameterValues, ConnectionRequest: true,
		Args: json.RawMessage(`{"parameters":[{"path":"A.Password","value":"hunter2"}]}`), Priority: 7, CreatedBy: "user:anna", Expires: h.now.Add(time.Hour),
	})
	h.check(err)
	if strings.Contains(string(b.Args), "hunter2") {
		t.Error("the password is stored in clear")
	}
	h.check(r.RunOnce(t.Context()))
	count := h.tasksOf()
	if len(count) != 135 || len(h.woken) != 135 {
		t.Errorf("%d devices have tasks, %d were called, want 135", len(count), len(h.woken))
	}
	b, err = r.Get(t.Context(), b.ID)
	h.check(err)
	if b.Queued != 135 || b.Refused != 0 || b.FinishedAt.IsZero() || b.Stopped {
		t.Errorf("ended as %+v", b)
	}
	page, err := h.queue.List(t.Context(), tasks.List{PageSize: 1})
	h.check(err)
	task := page.Tasks[0]
	args, err := h.queue.OpenArgs(task)
	h.check(err)
	if got := string(args.(*tasks.SetParameterValuesArgs).Parameters[0].Value); got != "hunter2" || task.Priority != 7 || task.CreatedBy != "user:anna" || !task.Expires.Equal(h.now.Add(time.Hour)) {
		t.Errorf("task %+v with the value %q", task, got)
	}
	h.now = h.now.Add(2 * time.Hour)
	h.check(r.RunOnce(t.Context()))
	if _, err := r.Get(t.Context(), b.ID); !errors.Is(err, tasks.ErrNotFound) {
		t.Errorf("it is kept for ever: %v", err)
	}
}

// brittleQueue fails after some tasks, and ends those that it took at once, so
// that their unique keys are free.
type brittleQueue struct {
	tasks.BulkQueue
	h    *house
	left int
}

var errKilled = errors.New("killed")

func (q *brittleQueue) Enqueue(ctx context.Context, n tasks.New) (tasks.Task, error) {
	if q.left == 0 {
		return tasks.Task{}, errKilled
	}
	q.left--
	t, err := q.BulkQueue.Enqueue(ctx, n)
	if err == nil {
		_, err = q.h.queue.Cancel(ctx, t.ID, "test")
	}
	return t, err
}

func TestARunnerThatIsKilledAnywhereGivesNoDeviceTwoTasks(t *testing.T) {
	for _, killed := range [][]int{{1, 98, 2}, {100}, {101, 2}} {
		h := newHouse(t, 105)
		b, err := tasks.NewBulkRunner(h.options()).Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
		h.check(err)
		for _, after := range append(killed, 1000) {
			o := h.options()
			o.Queue = &brittleQueue{BulkQueue: h.queue, h: h, left: after}
			// A new runner each time: nothing is left of the one before but the store.
			if err := tasks.NewBulkRunner(o).RunOnce(t.Context()); err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
		}
		count := h.tasksOf()
		for id, n := range count {
			if n != 1 {
				t.Fatalf("killed after %v: device %s has %d tasks", killed, id, n)
			}
		}
		b, err = h.store.Bulks().Bulk(t.Context(), b.ID)
		h.check(err)
		if len(count) != 105 || b.Queued != 105 || b.FinishedAt.IsZero() {
			t.Errorf("killed after %v: %d devices, %+v", killed, len(count), b)
		}
	}
}

func TestARunnerThatGoesOnAfterAnErrorGivesNoDeviceTwoTasks(t *testing.T) {
	h := newHouse(t, 110)
	o := h.options()
	queue := &brittleQueue{BulkQueue: h.queue, h: h, left: 104}
	o.Queue = queue
	r := tasks.NewBulkRunner(o)
	_, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	if err := r.RunOnce(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	queue.left = 1000
	h.check(r.RunOnce(t.Context()))
	count := h.tasksOf()
	for id, n := range count {
		if n != 1 {
			t.Errorf("device %s has %d tasks", id, n)
		}
	}
	if len(count) != 110 {
		t.Errorf("%d devices have tasks", len(count))
	}
}

func TestDevicesThatCannotTakeTheTaskAreCounted(t *testing.T) {
	h := newHouse(t, 3)
	for range tasks.MaxOpenTasks {
		_, err := h.queue.Enqueue(t.Context(), tasks.New{Device: h.devices[1], Kind: tasks.Reboot})
		h.check(err)
	}
	r := tasks.NewBulkRunner(h.options())
	b, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	h.check(r.RunOnce(t.Context()))
	b, err = r.Get(t.Context(), b.ID)
	h.check(err)
	if b.Queued != 2 || b.Refused != 1 || !strings.Contains(b.LastError, string(h.devices[1])) {
		t.Errorf("ended as %+v", b)
	}
}

func TestABulkTaskThatIsStoppedGoesNoFurther(t *testing.T) {
	h := newHouse(t, 120)
	var r *tasks.BulkRunner
	var id tasks.ID
	o := h.options()
	o.Wake = func(d device.ID) {
		if h.woken = append(h.woken, d); len(h.woken) == 50 {
			_, err := r.Stop(t.Context(), id)
			h.check(err)
		}
	}
	r = tasks.NewBulkRunner(o)
	b, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot, ConnectionRequest: true})
	h.check(err)
	id = b.ID
	h.check(r.RunOnce(t.Context()))
	b, err = r.Get(t.Context(), id)
	h.check(err)
	if !b.Stopped || b.FinishedAt.IsZero() || len(h.tasksOf()) != 100 {
		t.Errorf("stopped after %d devices as %+v", len(h.tasksOf()), b)
	}
	if _, err := r.Stop(t.Context(), id); !errors.Is(err, tasks.ErrState) {
		t.Errorf("stopped twice: %v", err)
	}
}

func TestABulkTaskThatExpiresEnds(t *testing.T) {
	h := newHouse(t, 3)
	r := tasks.NewBulkRunner(h.options())
	b, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot, Expires: h.now.Add(time.Minute)})
	h.check(err)
	h.now = h.now.Add(time.Minute)
	h.check(r.RunOnce(t.Context()))
	b, err = r.Get(t.Context(), b.ID)
	h.check(err)
	if b.FinishedAt.IsZero() || b.Queued != 0 || !strings.Contains(b.LastError, "expired") {
		t.Errorf("ended as %+v", b)
	}
}

func TestBulkTasksThatCannotBeAreRefused(t *testing.T) {
	h := newHouse(t, 0)
	r := tasks.NewBulkRunner(h.options())
	var argument *tasks.ArgumentError
	var syntax *query.SyntaxError
	if _, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: "explode"}); !errors.As(err, &argument) {
		t.Error(err)
	}
	if _, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot, Expires: h.now}); !errors.As(err, &argument) || argument.Field != "expires" {
		t.Error(err)
	}
	if _, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "((", Kind: tasks.Reboot}); !errors.As(err, &syntax) {
		t.Error(err)
	}
}

func TestTheRunnerStartsWhenItIsToldAndStopsWithItsContext(t *testing.T) {
	h := newHouse(t, 3)
	done := make(chan device.ID, 3)
	o := h.options()
	o.Wake = func(id device.ID) { done <- id }
	r := tasks.NewBulkRunner(o)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx)
	}()
	_, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot, ConnectionRequest: true})
	h.check(err)
	var got []device.ID
	for range 3 {
		got = append(got, <-done)
	}
	cancel()
	<-ended
	slices.Sort(got)
	slices.Sort(h.devices)
	if !slices.Equal(got, h.devices) {
		t.Errorf("called %v", got)
	}
}

func TestThePaceIsKept(t *testing.T) {
	h := newHouse(t, 6)
	o := h.options()
	o.PerSecond = 10
	r := tasks.NewBulkRunner(o)
	_, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	// Ten a second with a burst of as many: six pass at once, six more do not.
	h.check(r.RunOnce(t.Context()))
	_, err = r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := r.RunOnce(ctx); err == nil {
		t.Error("twelve devices were done at once")
	}
}

func TestABulkTaskWhoseSecretsCannotBeOpenedFails(t *testing.T) {
	h := newHouse(t, 3)
	sealed, err := tasks.NewBulkRunner(h.options()).Begin(t.Context(), tasks.NewBulk{
		Filter: "*", Kind: tasks.SetParameterValues, Args: json.RawMessage(`{"parameters":[{"path":"A.Password","value":"hunter2"}]}`),
	})
	h.check(err)
	o := h.options()
	o.Keeper, err = secret.LoadOrCreate(filepath.Join(t.TempDir(), "another key"))
	h.check(err)
	r := tasks.NewBulkRunner(o)
	plain, err := r.Begin(t.Context(), tasks.NewBulk{Filter: "*", Kind: tasks.Reboot})
	h.check(err)
	h.check(r.RunOnce(t.Context()))
	b, err := r.Get(t.Context(), sealed.ID)
	h.check(err)
	if b.FinishedAt.IsZero() || !b.Failed || b.Stopped || b.Queued != 0 || !strings.Contains(b.LastError, "sealed with a key that this server does not have") {
		t.Errorf("it ended as %+v", b)
	}
	if b, err = r.Get(t.Context(), plain.ID); err != nil || b.Failed || b.Queued != 3 {
		t.Errorf("the one behind it ended as %+v: %v", b, err)
	}
}
