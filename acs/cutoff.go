package acs

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/tasks"
)

// cutOff ends a session in which the device asks without end.
func (e *engine) cutOff(ctx context.Context, s *Session) (*cwmp.Envelope, error) {
	s.Quiet = true
	e.metrics.guards.Inc()
	reason := fmt.Sprintf("the device sent %d requests in one session", e.options.MaxRPCs)
	e.logger.WarnContext(ctx, "guard ends the session", logkeys.Session, s.ID, logkeys.Device, s.Device.ID, logkeys.Reason, reason)
	if err := e.lose(ctx, s, tasks.Fault{Reason: tasks.SessionLimit, String: reason}); err != nil {
		return nil, err
	}
	return e.ask(ctx, s)
}
