package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

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
)

// NewBulkRunner returns a runner; Run starts it.
func NewBulkRunner(o BulkOptions) *BulkRunner {
	return &BulkRunner{
		BulkOptions: o, schema: device.Schema(o.IndexedParameters...), limiter: rate.NewLimiter(rate.Limit(o.PerSecond), max(1, int(o.PerSecond))),
		begun: make(chan struct{}, 1), saved: make(map[ID]int64),
	}
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
