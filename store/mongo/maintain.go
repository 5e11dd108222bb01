package mongo

import (
	"context"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/store"
)

var _ store.Store = (*Store)(nil)

// Maintain finishes what a crash between two writes left: devices half deleted,
// copies of the group of a device that moved, the number of devices that nobody
// announced, and parameters that nothing refers to. It makes good what servers of
// the version before wrote during an upgrade: entries of the audit log have no
// number then, and devices no state of their provisioning. One that fails does not
// keep the others back.
func (s *Store) Maintain(ctx context.Context, now time.Time) error {
	return s.do(ctx, "maintain", func(ctx context.Context) error {
		removed, err := s.sweepChunks(ctx, now)
		if removed > 0 {
			s.options.Logger.InfoContext(ctx, "removed parameters that nothing referred to", logkeys.Count, removed)
		}
		return errors.Join(err, s.finishDeletions(ctx, now), s.finishGroupMoves(ctx, now), s.recountContacts(ctx, now), s.moveFormerAudit(ctx),
			s.nameMissingStates(ctx))
	})
}
