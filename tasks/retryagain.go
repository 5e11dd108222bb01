package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// RetryKeyPrefix begins the unique key of the retry of a task that had none.
const RetryKeyPrefix = "retry/"

// retryKey is the unique key of the retry of a task: two retries of one task are
// never open at once.
func retryKey(t Task) string {
	if t.UniqueKey != "" {
		return t.UniqueKey
	}
	return RetryKeyPrefix + string(t.ID)
}

// Retry enqueues the work of a task that ended without success once more, as a
// new task that names the old one, and notes the new one in the old. It returns
// ErrState if the task is not final or succeeded, a *DuplicateError while a retry
// of it is open, or if there is one that was never noted, which it notes, and what
// Enqueue does.
func (q *Queue) Retry(ctx context.Context, id ID, by string) (Task, error) {
	t, err := q.store.Get(ctx, id)
	if err != nil {
		return Task{}, err
	}
	if !t.State.Final() || t.State == Succeeded {
		return t, fmt.Errorf("%w: only a task that failed, expired or was cancelled can be retried, this one is %s", ErrState, t.State)
	}
	if err := q.noteLostRetry(ctx, t); err != nil {
		return Task{}, err
	}
	args, err := q.OpenArgs(t)
	if err != nil {
		return Task{}, fmt.Errorf("open arguments: %w", err)
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return Task{}, fmt.Errorf("encode arguments: %w", err)
	}
	again, err := q.Enqueue(ctx, New{Device: t.Device, Kind: t.Kind, Args: raw, Priority: t.Priority, UniqueKey: retryKey(t), CreatedBy: by, retryOf: t.ID})
	var duplicate *DuplicateError
	switch {
	case err == nil:
		q.noteRetry(ctx, t, again.ID)
	case errors.As(err, &duplicate):
		q.noteOpenRetry(ctx, t, duplicate.Existing)
	}
	return again, err
}

// noteLostRetry notes the last retry of a task that says of none, and returns a
// *DuplicateError that names it: whoever made it may have been stopped before the
// note, and who retries what nobody has retried must not do the work twice.
func (q *Queue) noteLostRetry(ctx context.Context, t Task) error {
	if t.RetriedBy != "" {
		return nil
	}
	field, _ := Schema().Field("retryOf")
	own := query.Compare{Field: field, Op: query.Equal, Value: query.TextValue(query.Fold(string(t.ID)))}
	page, err := q.store.List(ctx, List{Device: t.Device, Filter: own, PageSize: 1})
	if err != nil {
		return fmt.Errorf("look for a retry: %w", err)
	}
	if len(page.Tasks) == 0 {
		return nil
	}
	lost := page.Tasks[0].ID
	q.noteRetry(ctx, t, lost)
	return &DuplicateError{Existing: lost}
}

// noteOpenRetry notes the retry that is open already, if the note is missing:
// whoever made it may have been stopped between the two.
func (q *Queue) noteOpenRetry(ctx context.Context, t Task, existing ID) {
	open, err := q.store.Get(ctx, existing)
	if err == nil && open.RetryOf == t.ID && t.RetriedBy != existing {
		q.noteRetry(ctx, t, existing)
	}
}

// maxNoteAttempts bounds how often a note meets another change of the task.
const maxNoteAttempts = 5

// noteRetry notes in a final task which task retries it. The retry is stored by
// then and runs all the same, so that a note that cannot be made is only logged.
func (q *Queue) noteRetry(ctx context.Context, t Task, by ID) {
	var err error
	for range maxNoteAttempts {
		t.RetriedBy, t.UpdatedAt = by, t.moment(q.now())
		var saved Task
		if saved, err = q.store.Save(ctx, t); err == nil {
			// The state is the same: it is not counted once more.
			if q.observer != nil {
				q.observer.TaskChanged(saved)
			}
			return
		}
		if !errors.Is(err, ErrConflict) {
			break
		}
		if t, err = q.store.Get(ctx, t.ID); err != nil {
			break
		}
	}
	q.logger.WarnContext(ctx, "cannot note that a task was retried", slog.String(logkeys.Task, string(t.ID)), slog.Any(logkeys.Error, err))
}
