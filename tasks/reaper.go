package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Reaper looks after tasks that nobody else will move on: leases that ended
// with their session, devices that are to be asked whether they are done,
// deadlines without evidence, expiry, blocked tasks whose
// predecessors ended, and final tasks whose retention is over.
type Reaper struct {
	queue    *Queue
	interval time.Duration
	logger   *slog.Logger
}

// NewReaper returns a reaper that looks every interval.
func NewReaper(queue *Queue, interval time.Duration, logger *slog.Logger) *Reaper {
	return &Reaper{queue: queue, interval: interval, logger: logger}
}

// reapBatch bounds what one look takes from the store at a time.
const reapBatch = 200

// Run looks every interval until the context ends.
func (r *Reaper) Run(ctx context.Context) {
	ticker := time.NewTicker(r.interval)
	defer ticker.Stop()
	for {
		if _, err := r.RunOnce(ctx); err != nil && ctx.Err() == nil {
			r.logger.ErrorContext(ctx, "reaper failed", logkeys.Error, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// RunOnce looks after every task that is due for it, and returns how many it
// changed.
func (r *Reaper) RunOnce(ctx context.Context) (int, error) {
	changed := 0
	for {
		due, err := r.queue.store.Due(ctx, r.queue.now(), reapBatch)
		if err != nil {
			return changed, fmt.Errorf("list tasks to look after: %w", err)
		}
		for _, t := range due {
			err := r.reap(ctx, t)
			if errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) {
				continue // Somebody else moved it on.
			}
			if err != nil {
				return changed, err
			}
			changed++
		}
		if len(due) < reapBatch {
			return changed, nil
		}
	}
}

func (r *Reaper) reap(ctx context.Context, t Task) error {
	q, now := r.queue, r.queue.now()
	var err error
	switch {
	case t.State == Running:
		_, err = q.Recover(ctx, t)
	case t.State == Waiting && now.Before(t.Deadline):
		if _, err = q.Continue(ctx, t, "the device is asked whether it is done"); err == nil {
			q.call(t.Device)
		}
	case t.State == Waiting, t.State == Queued && t.Continued() && !now.Before(t.Deadline):
		_, err = q.save(ctx, q.policy.TimeOut(t, now))
	case t.State == Queued && t.Continued():
		// The call may have been lost, and the device comes by itself only later.
		if err = q.raise(ctx, t); err == nil {
			q.call(t.Device)
			t.CheckAt = t.nextCheck(now)
			_, err = q.store.Save(ctx, t)
		}
	case t.State == Queued && !t.Expires.IsZero() && !now.Before(t.Expires):
		_, err = q.save(ctx, q.policy.End(t, Expired, Fault{Reason: ExpiredReason, String: "the device did not come in time"}, now))
	case t.State == Queued && t.Blocked:
		err = q.unblock(ctx, t)
	case t.State == Queued:
		if err = q.raise(ctx, t); err == nil {
			t.CheckAt = t.Expires
			_, err = q.store.Save(ctx, t)
		}
	default:
		err = q.store.Delete(ctx, t.ID)
	}
	if err != nil {
		return fmt.Errorf("look after task %s: %w", t.ID, err)
	}
	return nil
}
