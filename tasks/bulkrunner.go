package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// BulkOwner is the owner for which the secrets among the arguments of a bulk
// task are sealed.
func BulkOwner(id ID) string { return "bulk/" + string(id) }

// bulkKey is the unique key of the tasks that a bulk task makes.
func bulkKey(id ID) string { return BulkKeyPrefix + string(id) }

// BulkKeyPrefix begins the unique keys of tasks that bulk tasks made.
const BulkKeyPrefix = "bulk/"

// DeviceLister lists devices, as device.Store does.
type DeviceLister interface {
	List(ctx context.Context, l device.List) (device.Page, error)
}

// BulkQueue is what a BulkRunner needs of the Queue.
type BulkQueue interface {
	Enqueue(ctx context.Context, n New) (Task, error)
	List(ctx context.Context, l List) (Page, error)
}

// BulkOptions are what a BulkRunner is made of; all but Wake and
// IndexedParameters are required.
type BulkOptions struct {
	Store   BulkStore
	Devices DeviceLister
	Queue   BulkQueue
	Keeper  Keeper
	Now     func() time.Time
	Logger  *slog.Logger
	// PerSecond paces how many devices get their task in a second.
	PerSecond float64
	// Wake calls a device whose bulk task asks for it. It must not block.
	Wake func(device.ID)
	// Retention is how long a finished bulk task is kept.
	Retention time.Duration
	// IndexedParameters are the names of the indexed parameters that filters may
	// name; empty for none.
	IndexedParameters []string
}

// BulkRunner begins bulk tasks and carries them out: one at a time, page by
// page. A page whose devices all have their task is noted before the next is
// begun, so that whoever goes on after a crash repeats one page at most, and
// looks there which devices have theirs already.
type BulkRunner struct {
	BulkOptions
	schema  *query.Schema
	limiter *rate.Limiter
	begun   chan struct{}
	// saved is the revision of each bulk task that this runner left between two
	// pages; a page that begins elsewhere may have been begun before.
	saved map[ID]int64
}

const (
	// bulkPage is how many devices are done between two notes of the progress.
	bulkPage = 100
	// bulkBatch is how many open bulk tasks are looked at in one run.
	bulkBatch = 16
	// bulkInterval is how often Run looks for bulk tasks that others began.
	bulkInterval = 2 * time.Second
	// maxBulkError bounds Bulk.LastError in bytes.
	maxBulkError = 256
)

// NewBulkRunner returns a runner; Run starts it.
func NewBulkRunner(o BulkOptions) *BulkRunner {
	return &BulkRunner{
		BulkOptions: o, schema: device.Schema(o.IndexedParameters...), limiter: rate.NewLimiter(rate.Limit(o.PerSecond), max(1, int(o.PerSecond))),
		begun: make(chan struct{}, 1), saved: make(map[ID]int64),
	}
}

// NewBulk says what bulk task to begin.
type NewBulk struct {
	// Filter selects the devices within Scope.
	Filter string
	Scope  device.Scope
	Kind   Kind
	// Args are the kind's arguments as JSON.
	Args              json.RawMessage
	Priority          int
	Expires           time.Time
	CreatedBy         string
	ConnectionRequest bool
}

// Begin validates a bulk task, stores it and has it carried out. It returns an
// *ArgumentError or a *query.SyntaxError for what is wrong with it.
func (r *BulkRunner) Begin(ctx context.Context, n NewBulk) (Bulk, error) {
	now := r.Now().UTC().Truncate(time.Millisecond)
	args, err := n.Kind.Parse(n.Args)
	if err != nil {
		return Bulk{}, err
	}
	if _, err := query.Parse(r.schema, n.Filter, query.WithNow(now)); err != nil {
		return Bulk{}, err
	}
	if !n.Expires.IsZero() && !n.Expires.After(now) {
		return Bulk{}, &ArgumentError{Field: "expires", Message: "must lie in the future"}
	}
	b := Bulk{
		ID: NewID(now), Filter: n.Filter, Scope: n.Scope, Kind: n.Kind, Priority: n.Priority, Expires: n.Expires,
		CreatedBy: n.CreatedBy, CreatedAt: now, ConnectionRequest: n.ConnectionRequest,
	}
	if b.Args, err = r.sealed(b.ID, args); err != nil {
		return Bulk{}, err
	}
	if err := r.Store.InsertBulk(ctx, b); err != nil {
		return Bulk{}, fmt.Errorf("insert bulk task: %w", err)
	}
	select {
	case r.begun <- struct{}{}:
	default:
	}
	return b, nil
}

// Get returns a bulk task, or ErrNotFound.
func (r *BulkRunner) Get(ctx context.Context, id ID) (Bulk, error) { return r.Store.Bulk(ctx, id) }

// maxStopAttempts bounds how often Stop meets the runner at the same moment.
const maxStopAttempts = 5

// Stop ends a bulk task early; the tasks that it made stay. It returns ErrState
// if it has ended already, ErrNotFound, and ErrConflict if it kept changing.
func (r *BulkRunner) Stop(ctx context.Context, id ID) (Bulk, error) {
	for range maxStopAttempts {
		b, err := r.Store.Bulk(ctx, id)
		if err != nil {
			return Bulk{}, err
		}
		if !b.FinishedAt.IsZero() {
			return b, fmt.Errorf("%w: the bulk task has ended", ErrState)
		}
		b.Stopped, b.FinishedAt = true, r.end(b)
		saved, err := r.Store.SaveBulk(ctx, b)
		if !errors.Is(err, ErrConflict) {
			return saved, err
		}
	}
	return Bulk{}, ErrConflict
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

// sealed returns the arguments as they are stored.
func (r *BulkRunner) sealed(id ID, args Args) (json.RawMessage, error) {
	if s, ok := args.(sealing); ok {
		err := s.seal(func(plain string) (secret.Sealed, error) { return r.Keeper.Seal(secret.NewText(plain), BulkOwner(id)) })
		if err != nil {
			return nil, fmt.Errorf("seal arguments: %w", err)
		}
	}
	return json.Marshal(args)
}

// opened returns the arguments as they are given to Enqueue.
func (r *BulkRunner) opened(b Bulk) (json.RawMessage, error) {
	args, err := b.Kind.decode(b.Args)
	if err != nil {
		return nil, err
	}
	if s, ok := args.(sealing); ok {
		err := s.open(func(sealed secret.Sealed) (string, error) {
			plain, err := r.Keeper.Open(sealed, BulkOwner(b.ID))
			if err != nil {
				return "", err
			}
			return plain.Reveal(), nil
		})
		if err != nil {
			return nil, fmt.Errorf("open arguments: %w", err)
		}
	}
	return json.Marshal(args)
}

// Run carries out bulk tasks until the context ends. It may be called again then,
// but not twice at once.
func (r *BulkRunner) Run(ctx context.Context) {
	clear(r.saved) // Another runner may have begun pages meanwhile.
	ticker := time.NewTicker(bulkInterval)
	defer ticker.Stop()
	for {
		if err := r.RunOnce(ctx); err != nil && ctx.Err() == nil {
			r.Logger.ErrorContext(ctx, "cannot carry on bulk tasks", slog.Any(logkeys.Error, err))
		}
		select {
		case <-ctx.Done():
			return
		case <-r.begun:
		case <-ticker.C:
		}
	}
}

// RunOnce carries out the open bulk tasks, page by page and taking turns, until
// none is open, and removes old ones.
func (r *BulkRunner) RunOnce(ctx context.Context) error {
	for {
		open, err := r.Store.OpenBulks(ctx, bulkBatch)
		if err != nil {
			return fmt.Errorf("list bulk tasks: %w", err)
		}
		if len(open) == 0 {
			clear(r.saved)
			return r.clean(ctx)
		}
		var failed []error
		for _, b := range open {
			if err := r.step(ctx, b); err != nil {
				failed = append(failed, fmt.Errorf("bulk task %s: %w", b.ID, err))
			}
		}
		if len(failed) > 0 {
			return errors.Join(failed...)
		}
	}
}

// step carries out one page of a bulk task and notes it.
func (r *BulkRunner) step(ctx context.Context, b Bulk) error {
	if !b.Expires.IsZero() && !r.Now().Before(b.Expires) {
		b.LastError = "expired before every device had its task"
		return r.save(ctx, b, "")
	}
	filter, err := query.Parse(r.schema, b.Filter, query.WithNow(b.CreatedAt))
	if err != nil {
		b.LastError = boundedText("filter: " + err.Error())
		return r.save(ctx, b, "")
	}
	args, err := r.opened(b)
	if err != nil {
		return err
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
		if err := r.give(ctx, &b, page.Devices[i].ID, args, fresh); err != nil {
			// The page is begun: the next attempt has to look who has a task.
			delete(r.saved, b.ID)
			return err
		}
	}
	return r.save(ctx, b, page.NextPageToken)
}

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
		b.Refused++
		b.LastError = boundedText("device " + string(id) + ": " + err.Error())
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

// cleanBatch is how many old bulk tasks are removed at once.
const cleanBatch = 100

func (r *BulkRunner) clean(ctx context.Context) error {
	for {
		n, err := r.Store.DeleteBulks(ctx, r.Now().Add(-r.Retention), cleanBatch)
		if err != nil {
			return fmt.Errorf("remove old bulk tasks: %w", err)
		}
		if n < cleanBatch {
			return nil
		}
	}
}

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
