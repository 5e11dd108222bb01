package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// bulkKey is the unique key of the tasks that a bulk task makes.
func bulkKey(id ID) string { return BulkKeyPrefix + string(id) }

// BulkKeyPrefix begins the unique keys of tasks that bulk tasks made.
const BulkKeyPrefix = "bulk/"

// give enqueues the task for one device. Unless the page is fresh, it looks
// first whether the device has had it: a task that ended no longer holds its
// unique key.
func (r *BulkRunner) give(ctx context.Context, b *Bulk, id device.ID, args json.RawMessage, fresh bool) error {
	if !fresh {
		had, err := r.had(ctx, b, id)
		if err != nil {
			return err
		}
		if had {
			b.Queued++
			return nil
		}
	}
	_, err := r.Queue.Enqueue(ctx, New{
		Device: id, Kind: b.Kind, Args: args, Priority: b.Priority, Expires: b.Expires, UniqueKey: bulkKey(b.ID), CreatedBy: b.CreatedBy,
	})
	switch {
	case err == nil:
		b.Queued++
		if b.ConnectionRequest && r.Wake != nil {
			r.Wake(id)
		}
	case errors.Is(err, ErrDuplicate):
		b.Queued++
	case errors.Is(err, ErrLimit), errors.Is(err, ErrInvalid), errors.Is(err, device.ErrNotFound):
		b.refuse(id, err)
	default:
		return fmt.Errorf("enqueue for device %s: %w", id, err)
	}
	return nil
}

// hadPage is how many tasks of a device are read at once to find one.
const hadPage = 100

// clockSlack is how far the clocks of two nodes may differ before a task of a
// bulk task, made by one, seems older than the bulk task, begun at another. A
// greater difference could give a device a second task after a crash.
const clockSlack = time.Minute

// had reports whether the device has, or had, its task of the bulk task.
func (r *BulkRunner) had(ctx context.Context, b *Bulk, id device.ID) (bool, error) {
	l := List{Device: id, PageSize: hadPage}
	for {
		page, err := r.Queue.List(ctx, l)
		if err != nil {
			return false, fmt.Errorf("list tasks of device %s: %w", id, err)
		}
		for _, t := range page.Tasks {
			if t.UniqueKey == bulkKey(b.ID) {
				return true, nil
			}
			if t.CreatedAt.Before(b.CreatedAt.Add(-clockSlack)) {
				return false, nil
			}
		}
		if page.NextPageToken == "" {
			return false, nil
		}
		l.PageToken = page.NextPageToken
	}
}
