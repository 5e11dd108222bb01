package connreq

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// maxRecheck bounds how many wishes are looked at in one round.
const maxRecheck = 100

// recheck looks at wishes that wait for the end of a session, until the context ends.
func (w *Waker) recheck(ctx context.Context) {
	ticker := time.NewTicker(w.options.Recheck)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.recheckOnce(ctx)
		}
	}
}

// recheckOnce makes those wishes due whose session is over. An answer that cannot be had ends the round; its wishes are
// looked at again when their turn comes.
func (w *Waker) recheckOnce(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, w.options.WorkerTimeout)
	defer cancel()
	for _, id := range w.memory.waiting(maxRecheck) {
		busy, err := w.options.Sessions.InSession(ctx, id)
		switch {
		case errors.Is(err, device.ErrNotFound):
			w.memory.drop(id)
		case err != nil:
			w.options.Logger.LogAttrs(ctx, slog.LevelDebug, "cannot look for the session that a wish waits for",
				slog.String(logkeys.Device, id), slog.String(logkeys.Error, err.Error()))
			return
		case !busy:
			w.memory.sessionEnded(id)
		}
	}
}
