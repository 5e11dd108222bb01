package acs

import (
	"context"
	"time"
)

// sweepInterval is how often Run looks for sessions whose device is gone.
const sweepInterval = time.Second

// Run gives up sessions whose device keeps silent for too long, until the
// context ends.
func (s *Server) Run(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.Sweep(ctx)
		}
	}
}

// Sweep gives up the sessions that are silent for too long by now.
func (s *Server) Sweep(ctx context.Context) {
	for _, l := range s.sessions.idle(s.options.Now().Add(-s.options.SessionTimeout)) {
		s.giveUp(ctx, l, TimedOut)
	}
}

// Close gives up every session that no request is under way in, so that their
// tasks and locks are free at once. It is called after the listener is closed.
func (s *Server) Close(ctx context.Context) {
	for _, l := range s.sessions.idle(s.options.Now().Add(time.Hour)) {
		s.giveUp(ctx, l, TimedOut)
	}
}

func (s *Server) giveUp(ctx context.Context, l *live, outcome Outcome) {
	if !l.mu.TryLock() {
		return // A request came at this very moment.
	}
	defer l.mu.Unlock()
	if l.gone {
		return
	}
	s.engine.abandon(ctx, l.s, outcome)
	s.drop(l)
}
