package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// WorkRaiser raises the work hint of a device after a task is stored for it.
type WorkRaiser interface {
	RaiseWork(ctx context.Context, id device.ID) error
}

// Keeper seals and opens the secrets among a task's arguments.
type Keeper interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
	Opener
}

// Observer is told of every change of a task after it is stored. It must not
// block.
type Observer interface {
	TaskChanged(t Task)
}

// Queue is the task queue: what every part of Dialtone that wants a device to
// do something calls, and what a session calls to do it.
type Queue struct {
	store    Store
	work     WorkRaiser
	keeper   Keeper
	policy   Policy
	now      func() time.Time
	waiters  *waiters
	observer Observer
	logger   *slog.Logger
	metrics  *metrics
	ids      idSource
	wake     func(device.ID)
}

// QueueOptions are what a Queue is made of; all but Observer and Wake are
// required.
type QueueOptions struct {
	Store    Store
	Work     WorkRaiser
	Keeper   Keeper
	Policy   Policy
	Now      func() time.Time
	Observer Observer
	Logger   *slog.Logger
	Metrics  Registerer
	// Wake calls a device that is to be asked whether it is done (KindInfo.Ask). It
	// must not block.
	Wake func(device.ID)
}

// NewQueue returns a queue over a store.
func NewQueue(o QueueOptions) (*Queue, error) {
	m, err := newMetrics(o.Metrics)
	if err != nil {
		return nil, err
	}
	return &Queue{store: o.Store, work: o.Work, keeper: o.Keeper, policy: o.Policy, now: o.Now, observer: o.Observer, logger: o.Logger, metrics: m, waiters: newWaiters(), wake: o.Wake}, nil
}

// New says what task to enqueue.
type New struct {
	Device device.ID
	Kind   Kind
	// Args are the kind's arguments as JSON.
	Args      json.RawMessage
	Priority  int
	NotBefore time.Time
	Expires   time.Time
	After     []ID
	UniqueKey string
	CreatedBy string
	retryOf   ID
}

// MaxAfter bounds New.After.
const MaxAfter = 16

// Enqueue validates a task, stores it and returns it. It returns an
// *ArgumentError for what is wrong with it, a *DuplicateError if an open task
// has the unique key, ErrLimit if the device has MaxOpenTasks open already,
// and device.ErrNotFound.
func (q *Queue) Enqueue(ctx context.Context, n New) (Task, error) {
	now := q.now()
	args, err := n.check(now)
	if err != nil {
		return Task{}, err
	}
	open, err := q.store.Open(ctx, n.Device)
	if err != nil {
		return Task{}, fmt.Errorf("count open tasks: %w", err)
	}
	if len(open) >= MaxOpenTasks {
		return Task{}, fmt.Errorf("%w: at most %d", ErrLimit, MaxOpenTasks)
	}
	t, err := q.newTask(n, args, greatestID(open), now)
	if err != nil {
		return Task{}, err
	}
	if err := q.block(ctx, &t); err != nil {
		return Task{}, err
	}
	if err := q.store.Insert(ctx, t); err != nil {
		return Task{}, fmt.Errorf("insert task: %w", err)
	}
	if err := q.raise(ctx, t); err != nil {
		return Task{}, err
	}
	q.announce(t)
	return t, nil
}

// raise raises the work hint for a task that was stored. It goes second: a
// session that clears the hint after an empty claim compares it with what it saw
// before the claim, so that a hint raised before the task is stored could be
// cleared by a session that did not see the task. A crash in between leaves a
// task without a hint, which the reaper finds at its CheckAt.
func (q *Queue) raise(ctx context.Context, t Task) error {
	err := q.work.RaiseWork(ctx, t.Device)
	if err == nil {
		return nil
	}
	if errors.Is(err, device.ErrNotFound) {
		err = errors.Join(err, q.store.Delete(ctx, t.ID))
	}
	return fmt.Errorf("raise work hint: %w", err)
}

// check returns the arguments, or an *ArgumentError for what is wrong.
func (n *New) check(now time.Time) (Args, error) {
	args, err := n.Kind.Parse(n.Args)
	if err != nil {
		return nil, err
	}
	if len(n.After) > MaxAfter {
		return nil, &ArgumentError{Field: "after", Message: fmt.Sprintf("must name at most %d tasks", MaxAfter)}
	}
	if !n.Expires.IsZero() && !n.Expires.After(now) {
		return nil, &ArgumentError{Field: "expires", Message: "must lie in the future"}
	}
	return args, checkLength("uniqueKey", n.UniqueKey, 128)
}

// greatestID returns the greatest ID of the tasks, empty if there is none.
func greatestID(all []Task) (greatest ID) {
	for i := range all {
		greatest = max(greatest, all[i].ID)
	}
	return greatest
}

// newTask returns the task. Its ID is greater than floor, that of the device's
// open tasks: a node whose clock is ahead may have made those, and the order of
// IDs is the order in which they run.
func (q *Queue) newTask(n New, args Args, floor ID, now time.Time) (t Task, err error) {
	t = Task{
		ID: after(floor, q.ids.next(now)), Device: n.Device, Kind: n.Kind, Priority: n.Priority, NotBefore: n.NotBefore, Expires: n.Expires,
		After: n.After, UniqueKey: n.UniqueKey, CreatedBy: n.CreatedBy, RetryOf: n.retryOf, CreatedAt: now,
	}
	t.CheckAt = t.nextCheck(now)
	if t.Args, err = q.sealArgs(t.ID, args); err != nil {
		return Task{}, err
	}
	return t.enter(Queued, now, ""), nil
}

// block notes whether the task has to wait for those that it comes after.
func (q *Queue) block(ctx context.Context, t *Task) error {
	for i, id := range t.After {
		field := fmt.Sprintf("after[%d]", i)
		before, err := q.store.Get(ctx, id)
		switch {
		case errors.Is(err, ErrNotFound) || err == nil && before.Device != t.Device:
			return &ArgumentError{Field: field, Message: "must be a task of the same device"}
		case err != nil:
			return fmt.Errorf("get %s: %w", field, err)
		case before.State.Final() && before.State != Succeeded:
			return &ArgumentError{Field: field, Message: "names a task that did not succeed"}
		case !before.State.Final():
			t.Blocked = true
		}
	}
	return nil
}

// Get returns a task, or ErrNotFound.
func (q *Queue) Get(ctx context.Context, id ID) (Task, error) { return q.store.Get(ctx, id) }

// List returns a page of tasks, the newest first.
func (q *Queue) List(ctx context.Context, l List) (Page, error) { return q.store.List(ctx, l) }

// Open returns the open tasks of a device.
func (q *Queue) Open(ctx context.Context, id device.ID) ([]Task, error) {
	return q.store.Open(ctx, id)
}

// Cancel ends a task that nobody has begun, or that waits for evidence. It
// returns ErrState if the task is running or final, ErrNotFound, and
// ErrConflict if it changed at the same moment.
func (q *Queue) Cancel(ctx context.Context, id ID, by string) (Task, error) {
	t, err := q.store.Get(ctx, id)
	if err != nil {
		return Task{}, err
	}
	if t.State != Queued && t.State != Waiting {
		return t, fmt.Errorf("%w: a task that is %s cannot be cancelled", ErrState, t.State)
	}
	reason := "cancelled by " + by
	if t.State == Waiting {
		reason += "; the device may still carry it out"
	}
	return q.save(ctx, q.policy.End(t, Cancelled, Fault{Reason: CancelledReason, String: reason}, q.now()))
}

// save stores a task that changed, releases what comes after it if it ended,
// and announces it.
func (q *Queue) save(ctx context.Context, t Task) (Task, error) {
	saved, err := q.store.Save(ctx, t)
	if err != nil {
		return t, fmt.Errorf("save task %s: %w", t.ID, err)
	}
	if saved.State.Final() {
		q.release(ctx, saved)
	}
	q.announce(saved)
	return saved, nil
}

func (q *Queue) announce(t Task) {
	q.metrics.changed(t)
	q.waiters.changed(t)
	if q.observer != nil {
		q.observer.TaskChanged(t)
	}
}
