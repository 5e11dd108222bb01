package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// What bounds how often a write is begun anew. Each time somebody else has
// changed the document, so that of those who contend one always gets on.
const (
	maxTries     = 100
	triesAtOnce  = 3
	longestPause = 50 * time.Millisecond
)

// retry calls try until it reports that it is done or fails, and gives up with
// an error that wraps device.ErrConflict.
func (s *Store) retry(ctx context.Context, operation string, try func(context.Context) (done bool, err error)) error {
	for n := range maxTries {
		done, err := try(ctx)
		if err != nil || done {
			return err
		}
		s.metrics.retried(operation)
		if err := pause(ctx, n); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: %w: others changed the document %d times in a row", operation, device.ErrConflict, maxTries)
}

// pause waits a random time after the first tries, so that those who contend
// come one after the other.
func pause(ctx context.Context, tries int) error {
	if tries < triesAtOnce {
		return ctx.Err()
	}
	bound := min(longestPause, time.Millisecond<<min(tries-triesAtOnce+1, 10))
	timer := time.NewTimer(rand.N(bound))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// afterwardsTimeout bounds what is still to be done after the write that
// decided.
const afterwardsTimeout = 5 * time.Second

// afterwards returns a context for what is still to be done after the write that
// decided, although the caller may have gone.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), afterwardsTimeout)
}
