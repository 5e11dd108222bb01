package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// RetentionOptions are what a Retention needs.
type RetentionOptions struct {
	// Fetches must be set.
	Fetches provisioners.FetchStore
	// History is how long requests for files and silent strangers are kept;
	// DefaultHistory if zero.
	History time.Duration
	// Interval is the time between two looks of Run; DefaultRetentionInterval if zero.
	Interval time.Duration
	// Now is the machine's clock; time.Now if nil.
	Now func() time.Time
	// Logger is slog.Default() if nil.
	Logger *slog.Logger
}

// What RetentionOptions hold unless they say otherwise.
const (
	DefaultHistory           = 30 * 24 * time.Hour
	DefaultRetentionInterval = 10 * time.Minute
)

// retentionBatch is how many records are removed at once.
const retentionBatch = 500

// Retention removes what was recorded of requests long ago. One node does it for all.
type Retention struct{ options RetentionOptions }

// NewRetention returns a Retention.
func NewRetention(o RetentionOptions) (*Retention, error) {
	if o.Fetches == nil {
		return nil, errors.New("retention of requests for files: a store is needed")
	}
	if o.History < 0 || o.Interval < 0 {
		return nil, errors.New("retention of requests for files: times must not be negative")
	}
	o.History = orDefault(o.History, DefaultHistory)
	o.Interval = orDefault(o.Interval, DefaultRetentionInterval)
	o.Logger = orDefault(o.Logger, slog.Default())
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Retention{o}, nil
}

// Run removes what is old every Interval until the context ends.
func (r *Retention) Run(ctx context.Context) {
	ticker := time.NewTicker(r.options.Interval)
	defer ticker.Stop()
	for {
		if err := r.RunOnce(ctx); err != nil && ctx.Err() == nil {
			r.options.Logger.ErrorContext(ctx, "cannot remove old requests for files", logkeys.Error, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// RunOnce removes what is old, and the strangers beyond provisioners.MaxStrangers. It
// returns the errors of the store.
func (r *Retention) RunOnce(ctx context.Context) error {
	before := r.options.Now().Add(-r.options.History)
	err := untilFew(func() (int, error) { return r.options.Fetches.DeleteFetches(ctx, before, retentionBatch) })
	if err != nil {
		return fmt.Errorf("remove old requests for files: %w", err)
	}
	err = untilFew(func() (int, error) {
		return r.options.Fetches.DeleteStrangers(ctx, provisioners.MaxStrangers, before, retentionBatch)
	})
	if err != nil {
		return fmt.Errorf("remove old strangers: %w", err)
	}
	return nil
}

// untilFew removes batches until one is not full.
func untilFew(remove func() (int, error)) error {
	for {
		n, err := remove()
		if err != nil || n < retentionBatch {
			return err
		}
	}
}
