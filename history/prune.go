package history

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// pruneBatch is how many records are removed in one operation.
const pruneBatch = 500

// Retention says how long history is kept; 0 or less keeps it for ever.
type Retention struct {
	Sessions time.Duration
	Counts   time.Duration
}

// Pruned says how many records were removed.
type Pruned struct {
	Sessions int
	// Counts is the number of spans.
	Counts int
}

// Prune removes what is older than the retention allows, in batches, until nothing
// is left of it or the context ends. What it removed counts also if it returns an
// error; a failure with the sessions does not keep it from the counts.
func Prune(ctx context.Context, store Store, r Retention, now time.Time) (Pruned, error) {
	var p Pruned
	var sessions, counts error
	if r.Sessions > 0 {
		p.Sessions, sessions = prune(ctx, store.DeleteSessions, now.Add(-r.Sessions))
	}
	if r.Counts > 0 {
		p.Counts, counts = prune(ctx, store.DeleteCounts, now.Add(-r.Counts))
	}
	if sessions != nil {
		sessions = fmt.Errorf("remove old sessions: %w", sessions)
	}
	if counts != nil {
		counts = fmt.Errorf("remove old counts: %w", counts)
	}
	return p, errors.Join(sessions, counts)
}

type deleteBefore func(ctx context.Context, before time.Time, limit int) (int, error)

func prune(ctx context.Context, remove deleteBefore, before time.Time) (removed int, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		n, err := remove(ctx, before, pruneBatch)
		removed += n
		if err != nil || n < pruneBatch {
			return removed, err
		}
	}
}
