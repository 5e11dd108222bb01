package nodes

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// condition logs when something begins to fail and when it works again, not each
// time that it is tried.
type condition struct {
	logger *slog.Logger
	// what says what fails: "cannot read the nodes".
	what    string
	failing atomic.Bool
}

// note takes how an attempt ended. What fails as its context is over says
// nothing.
func (c *condition) note(ctx context.Context, err error) {
	switch {
	case err == nil && c.failing.CompareAndSwap(true, false):
		c.logger.InfoContext(ctx, c.what+": it works again")
	case err != nil && ctx.Err() == nil && c.failing.CompareAndSwap(false, true):
		c.logger.ErrorContext(ctx, c.what, slog.Any(logkeys.Error, err))
	}
}
