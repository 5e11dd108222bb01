package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// maxAsk is the longest time between two questions whether a device is done.
const maxAsk = time.Minute

// Continued reports whether the device carries out already what the task asks for,
// so that a session has only to ask whether it is done: the task has waited, and
// waits again if it is not.
func (t *Task) Continued() bool {
	return !t.State.Final() && t.Flight != nil && t.Flight.Answered && !t.Deadline.IsZero() && t.asks() > 0
}

// asks is KindInfo.Ask.
func (t *Task) asks() time.Duration {
	info, _ := t.Kind.Info()
	return info.Ask
}

// nextAsk returns when the device of a waiting task is asked whether it is done:
// as long from now as it has been at it, between the kind's Ask and maxAsk, so
// that the time between two questions doubles; after maxAsk for a device that
// tells when it is; or the deadline.
func (t *Task) nextAsk(at time.Time) time.Time {
	first := t.asks()
	if first == 0 || t.Flight == nil {
		return t.Deadline
	}
	if t.Flight.Tells {
		first = maxAsk
	}
	next := at.Add(min(max(at.Sub(t.Flight.At), first), maxAsk))
	if next.After(t.Deadline) {
		return t.Deadline
	}
	return next
}

// Continue returns the waiting task queued, for a session to ask the device
// whether it is done. It goes on with the attempt that it made: none is counted.
func (t Task) Continue(at time.Time, reason string) Task { return t.requeue(time.Time{}, at, reason) }

// Yield returns the running task queued again, without its attempt, and blocked
// until the one of its kind that is under way has ended.
func (t Task) Yield(at time.Time) Task {
	t.Attempts = append([]Attempt{}, t.Attempts[:len(t.Attempts)-1]...)
	t.Blocked = true
	return t.requeue(time.Time{}, at, "another "+string(t.Kind)+" of this device is under way")
}

// Continue saves that a waiting task is to be taken by a session, which asks the
// device whether it is done. It returns ErrState for a task that does not wait, and
// ErrConflict if it changed.
func (q *Queue) Continue(ctx context.Context, t Task, reason string) (Task, error) {
	if t.State != Waiting {
		return t, fmt.Errorf("%w: a task that is %s does not wait", ErrState, t.State)
	}
	continued, err := q.save(ctx, t.Continue(q.now(), reason))
	if err != nil {
		return t, err
	}
	return continued, q.raise(ctx, continued)
}

// Cancelled saves that the device gave up what the task waits for.
func (q *Queue) Cancelled(ctx context.Context, t Task, reason string) (Task, error) {
	return q.save(ctx, q.policy.End(t, Cancelled, Fault{Reason: CancelledReason, String: reason}, q.now()))
}

// call wakes a device, if there is a way to.
func (q *Queue) call(id device.ID) {
	if q.wake != nil {
		q.wake(id)
	}
}

// takesTurns reports whether a device has one task of this kind under way at a
// time: two diagnostics of one kind share their object, and would disturb each
// other's inputs.
func (t *Task) takesTurns() bool { return t.asks() > 0 }

// takeTurn reports whether a task that was claimed may begin; one that may not is
// put behind the one of its kind that is under way.
func (q *Queue) takeTurn(ctx context.Context, t Task) (bool, error) {
	if t.Flight != nil {
		return true, nil
	}
	busy, err := q.underWay(ctx, t)
	if err != nil {
		// The session that claimed it fails: it must not be left to that.
		_, putBack := q.Recover(context.WithoutCancel(ctx), t)
		return false, errors.Join(err, putBack)
	}
	if !busy {
		return true, nil
	}
	_, err = q.save(ctx, t.Yield(q.now()))
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) {
		err = nil // Somebody else moved it on.
	}
	return false, err
}

// underWay reports whether another task of a kind that takes turns was begun on
// the device and has not ended.
func (q *Queue) underWay(ctx context.Context, t Task) (bool, error) {
	if !t.takesTurns() {
		return false, nil
	}
	open, err := q.store.Open(ctx, t.Device)
	if err != nil {
		return false, err
	}
	for i := range open {
		if other := &open[i]; other.ID != t.ID && other.Kind == t.Kind && other.Flight != nil {
			return true, nil
		}
	}
	return false, nil
}
