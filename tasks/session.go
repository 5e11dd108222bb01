package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Claim takes the next task of a device for a session. It returns ErrNone if
// none is due; dueAt is then when the next one will be. Of a kind whose tasks take
// turns (KindInfo.Ask) none is taken while another is under way.
func (q *Queue) Claim(ctx context.Context, id device.ID, l Lease) (t Task, dueAt time.Time, err error) {
	for {
		claimed, err := q.store.Claim(ctx, Claim{Device: id, Lease: l, At: q.now()})
		if errors.Is(err, ErrNone) {
			return Task{}, claimed.DueAt, ErrNone
		}
		if err != nil {
			return Task{}, time.Time{}, fmt.Errorf("claim: %w", err)
		}
		taken, err := q.takeTurn(ctx, claimed.Task)
		if err != nil {
			return Task{}, time.Time{}, fmt.Errorf("claim: %w", err)
		}
		if taken {
			q.announce(claimed.Task)
			return claimed.Task, time.Time{}, nil
		}
	}
}

// Depart saves what is about to be sent, before it is sent. It returns
// ErrConflict if the task was taken from the session.
func (q *Queue) Depart(ctx context.Context, t Task, f Flight) (Task, error) {
	return q.save(ctx, t.Depart(f))
}

// Await saves that the device accepted what the task asked for and that the
// task waits for evidence that it happened.
func (q *Queue) Await(ctx context.Context, t Task, reason string) (Task, error) {
	if t.Flight != nil {
		answered := *t.Flight
		answered.Answered = true
		t.Flight = &answered
	}
	return q.save(ctx, q.policy.Await(t, q.now(), reason))
}

// Succeed saves the result.
func (q *Queue) Succeed(ctx context.Context, t Task, result any, reason string) (Task, error) {
	raw, err := json.Marshal(result)
	if err != nil {
		return t, fmt.Errorf("encode result: %w", err)
	}
	if len(raw) > MaxResult {
		return q.Fail(ctx, t, Fault{Reason: TooLarge, String: fmt.Sprintf("the result has %d bytes, more than the %d that are kept: ask for less", len(raw), MaxResult)})
	}
	return q.save(ctx, q.policy.Succeed(t, raw, q.now(), reason))
}

// Fail saves that an attempt failed; the retry table decides what follows.
func (q *Queue) Fail(ctx context.Context, t Task, f Fault) (Task, error) {
	failed, err := q.save(ctx, q.policy.Fail(t, q.concealed(t, f), q.now()))
	// While a task runs, the hint that led to it is still up; while it waits, it
	// may be down.
	if err == nil && failed.State == Queued && t.State == Waiting {
		err = q.raise(ctx, failed)
	}
	return failed, err
}

// FailFor saves that the task failed for good, whatever the retry table says.
func (q *Queue) FailFor(ctx context.Context, t Task, f Fault) (Task, error) {
	return q.save(ctx, q.policy.End(t, Failed, q.concealed(t, f), q.now()))
}

// Recover saves what becomes of a running task whose session was lost.
func (q *Queue) Recover(ctx context.Context, t Task) (Task, error) {
	recovered, err := q.save(ctx, q.policy.Recover(t, q.now()))
	if err == nil && recovered.State == Queued {
		err = q.raise(ctx, recovered)
	}
	return recovered, err
}

// release looks after the open tasks that come after one that ended. What a
// crash or an error leaves undone here, the reaper does.
func (q *Queue) release(ctx context.Context, ended Task) {
	if !ended.State.Final() {
		return
	}
	open, err := q.store.Open(ctx, ended.Device)
	if err != nil {
		q.logger.WarnContext(ctx, "cannot look for tasks that come after", logkeys.Task, ended.ID, logkeys.Error, err)
		return
	}
	for _, t := range open {
		if t.State == Queued && t.Blocked && (t.comesAfter(ended.ID) || t.Kind == ended.Kind && t.takesTurns()) {
			if err := q.unblock(ctx, t); err != nil {
				q.logger.WarnContext(ctx, "cannot release task", logkeys.Task, t.ID, logkeys.Error, err)
			}
		}
	}
}

func (t *Task) comesAfter(id ID) bool {
	for _, before := range t.After {
		if before == id {
			return true
		}
	}
	return false
}

// unblock saves whether the blocked task is free to run by now.
func (q *Queue) unblock(ctx context.Context, t Task) error {
	now := q.now()
	for _, id := range t.After {
		before, err := q.store.Get(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue // Its retention ended, so it had succeeded: a failure would have cancelled t.
		}
		if err != nil {
			return fmt.Errorf("get task %s: %w", id, err)
		}
		if !before.State.Final() {
			t.CheckAt = t.nextCheck(now)
			_, err := q.save(ctx, t)
			return err
		}
		if before.State != Succeeded {
			_, err := q.save(ctx, q.policy.Release(t, false, now))
			return err
		}
	}
	if busy, err := q.underWay(ctx, t); err != nil || busy {
		if err == nil {
			t.CheckAt = t.nextCheck(now)
			_, err = q.save(ctx, t)
		}
		return err
	}
	released, err := q.save(ctx, q.policy.Release(t, true, now))
	if err != nil {
		return err
	}
	return q.raise(ctx, released)
}
