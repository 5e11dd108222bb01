package acs

import (
	"context"
	"time"
)

// sweepInterval is how often Run looks for sessions whose device is gone.
const sweepInterval = time.Second

// Run gives up sessions whose device keeps silent for too long, and hands those
// to other nodes that they want, until the context ends.
func (s *Server) Run(ctx context.Context) {
	sweep, wanted := time.NewTicker(sweepInterval), time.NewTicker(wantedInterval)
	defer sweep.Stop()
	defer wanted.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			s.Sweep(ctx)
		case <-wanted.C:
			s.giveWanted(ctx)
		}
	}
}

// carriedInterval is how often RunCarried looks for sessions that no node took.
const carriedInterval = 5 * time.Second

// RunCarried gives up sessions in the store that no node took in time, until the
// context ends. One node does it for all.
func (s *Server) RunCarried(ctx context.Context) {
	ticker := time.NewTicker(carriedInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.SweepCarried(ctx); err != nil && ctx.Err() == nil {
				s.carry.log(ctx, "cannot give up sessions that no node took", "", err)
			}
		}
	}
}

// Sweep gives up the sessions that are silent for too long by now.
func (s *Server) Sweep(ctx context.Context) {
	for _, l := range s.sessions.idle(s.options.Now(), s.options.SessionTimeout) {
		s.giveUp(ctx, l, TimedOut)
	}
}

// Close hands every session that no request is under way in to the other nodes.
// Where there are none it gives them up, so that their tasks and locks are free
// at once. It is called after the listener is closed.
func (s *Server) Close(ctx context.Context) {
	for _, l := range s.sessions.unused() {
		if s.carry.store != nil && s.carry.others() > 0 && s.handOver(ctx, l) {
			continue
		}
		s.giveUp(ctx, l, TimedOut)
	}
}

// handOver puts a session into the store, and reports whether it is there.
func (s *Server) handOver(ctx context.Context, l *live) bool {
	if !l.mu.TryLock() {
		return false
	}
	defer l.mu.Unlock()
	if l.gone || l.s.Phase == PhaseNew || l.s.Phase == PhaseEnded {
		return false
	}
	s.putAway(ctx, l)
	return l.put
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
