package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// step carries out one page of a bulk task and notes it.
func (r *BulkRunner) step(ctx context.Context, b Bulk) error {
	if !b.Expires.IsZero() && !r.Now().Before(b.Expires) {
		return r.fail(ctx, b, "expired before every device had its task")
	}
	filter, err := query.Parse(r.schema, b.Filter, query.WithNow(b.CreatedAt))
	if err != nil {
		return r.fail(ctx, b, "filter: "+err.Error())
	}
	args, err := r.opened(b)
	if err != nil {
		// No later attempt would read what this one cannot: it would be tried for ever,
		// and hold up those that come after it.
		r.Logger.ErrorContext(ctx, "bulk task cannot be carried out", slog.String(logkeys.Task, string(b.ID)), slog.Any(logkeys.Error, err))
		return r.fail(ctx, b, argsFault(err))
	}
	page, err := r.Devices.List(ctx, device.List{Scope: b.Scope, Filter: filter, PageSize: bulkPage, PageToken: b.PageToken, Now: b.CreatedAt})
	if err != nil {
		return fmt.Errorf("list devices: %w", err)
	}
	revision, ok := r.saved[b.ID]
	fresh := ok && revision == b.Revision
	for i := range page.Devices {
		if err := r.limiter.Wait(ctx); err != nil {
			return fmt.Errorf("wait for the pace: %w", err)
		}
		do := func() error { return r.give(ctx, &b, page.Devices[i].ID, args, fresh) }
		if b.Edit != nil {
			do = func() error { return r.edit(ctx, &b, page.Devices[i], filter) }
		}
		if err := do(); err != nil {
			// The page is begun: the next attempt has to look who has a task.
			delete(r.saved, b.ID)
			return err
		}
	}
	if err := r.keepGroup(ctx, b); err != nil {
		return err
	}
	return r.save(ctx, b, page.NextPageToken)
}

// keepGroup sees to it that the group into which devices were moved is there. It
// comes before the page is noted, so that a crash in between does it again.
func (r *BulkRunner) keepGroup(ctx context.Context, b Bulk) error {
	if r.Groups == nil || b.Edit == nil || b.Edit.Group == nil {
		return nil
	}
	if err := device.KeepGroup(ctx, r.Groups, *b.Edit.Group, r.Now().UTC().Truncate(time.Millisecond)); err != nil {
		return fmt.Errorf("keep group %s: %w", *b.Edit.Group, err)
	}
	return nil
}

// argsFault says why the arguments of a bulk task cannot be read.
func argsFault(err error) string {
	if errors.Is(err, secret.ErrKey) {
		return "its secrets were sealed with a key that this server does not have: begin it anew"
	}
	return "its arguments cannot be read by this server; see its log"
}

// fail ends a bulk task that cannot be carried on.
func (r *BulkRunner) fail(ctx context.Context, b Bulk, because string) error {
	b.Failed, b.LastError = true, boundedText(because)
	return r.save(ctx, b, "")
}

// save notes that a page is done; an empty next ends the bulk task. Somebody
// who stopped it meanwhile wins.
func (r *BulkRunner) save(ctx context.Context, b Bulk, next string) error {
	b.PageToken = next
	if next == "" {
		b.FinishedAt = r.end(b)
	}
	saved, err := r.Store.SaveBulk(ctx, b)
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) {
		delete(r.saved, b.ID)
		return nil
	}
	if err != nil {
		delete(r.saved, b.ID)
		return fmt.Errorf("save: %w", err)
	}
	r.saved[b.ID] = saved.Revision
	if next == "" {
		delete(r.saved, b.ID)
	}
	return nil
}

// end returns the time at which a bulk task ends now: never before it was begun,
// as another node may have done that.
func (r *BulkRunner) end(b Bulk) time.Time {
	now := r.Now().UTC().Truncate(time.Millisecond)
	if now.Before(b.CreatedAt) {
		return b.CreatedAt
	}
	return now
}

// maxBulkError bounds Bulk.LastError in bytes.
const maxBulkError = 256

// boundedText returns text cut to maxBulkError bytes with a mark where it was
// cut.
func boundedText(text string) string {
	if len(text) <= maxBulkError {
		return text
	}
	const mark = "…"
	cut := maxBulkError - len(mark)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + mark
}
