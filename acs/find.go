package acs

import (
	"bytes"
	"context"
	"errors"
	"net/http"
)

// find returns the session of a request, marked busy for it, by cookie or else
// by connection: that of this process, or one that it fetches from the store or
// from another node. It returns nil if there is none. stale says that the
// request has a cookie of no session.
func (s *Server) find(r *http.Request, body []byte) (l *live, stale bool, err error) {
	now := s.options.Now()
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	cookies := sessionCookies(r)
	for _, id := range cookies {
		if l := s.sessions.find(id, true, now); l != nil {
			return l, false, nil
		}
	}
	if len(cookies) > 0 {
		if c != nil {
			c.cookies.Store(true)
		}
		l, err = s.fetch(r.Context(), cookies, true, body)
		return l, l == nil, err
	}
	if c == nil {
		return nil, false, nil
	}
	id := c.session.Load()
	if id == nil {
		return nil, false, nil
	}
	if l := s.sessions.find(*id, false, now); l != nil {
		return l, false, nil
	}
	if c.cookies.Load() {
		return nil, false, nil // A proxy shares the connection among devices.
	}
	l, err = s.fetch(r.Context(), []string{*id}, false, body)
	return l, false, err
}

// maxFetched bounds the cookies of one request that are looked for elsewhere.
const maxFetched = 2

// fetch returns the first of the sessions that is in the store or at another
// node, and that this process goes on with; nil if there is none, and for an
// Inform, which opens a session of its own.
func (s *Server) fetch(ctx context.Context, ids []string, cookie bool, body []byte) (*live, error) {
	if s.carry.store == nil || looksLikeInform(body) {
		return nil, nil
	}
	for i, id := range ids {
		if i == maxFetched {
			break
		}
		if !s.ids.genuine(id) || s.ended.has(id) {
			continue
		}
		carried, err := s.carry.fetch(ctx, id)
		if errors.Is(err, errNoSession) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return s.adopt(ctx, carried, cookie)
	}
	return nil, nil
}

// looksLikeInform reports whether a body may be an Inform. Devices send the
// cookies of sessions that ended with it: nobody is asked for those.
func looksLikeInform(body []byte) bool {
	for _, start := range []string{":Inform>", "<Inform>", ":Inform ", "<Inform "} {
		if bytes.Contains(body, []byte(start)) {
			return true
		}
	}
	return false
}

// adopt takes a fetched session in, marked busy. It returns nil for one that a
// newer session of its device has superseded, after giving it up.
func (s *Server) adopt(ctx context.Context, carried *Session, cookie bool) (*live, error) {
	l, superseded := s.sessions.adopt(carried, cookie, s.options.Now())
	if superseded {
		s.engine.abandon(ctx, carried, Superseded)
		return nil, nil
	}
	if l == nil {
		s.metrics.shed.Inc()
		return nil, errors.Join(errFull, s.carry.put(ctx, carried))
	}
	return l, nil
}

// putAway puts a session into the store for whichever node its device comes to
// next. If that fails, this process goes on having it. The caller holds l.mu.
func (s *Server) putAway(ctx context.Context, l *live) {
	// The device may be gone, and the session is to be had all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTimeout)
	defer cancel()
	l.s.CookieReturned = s.sessions.returnsCookies(l)
	if err := s.carry.put(ctx, l.s); err != nil {
		s.carry.log(ctx, "cannot put session into the store", l.id, err)
		s.carry.withdraw(ctx, l.id)
		return
	}
	l.gone, l.put = true, true
	s.sessions.remove(l)
}

// giveWanted puts into the store what other nodes want of this one.
func (s *Server) giveWanted(ctx context.Context) {
	if s.carry.store == nil || s.carry.others() == 0 {
		return
	}
	ids, err := s.carry.store.WantedSessions(ctx, wantedBatch)
	if err != nil {
		if ctx.Err() == nil {
			s.carry.log(ctx, "cannot look which sessions are wanted", "", err)
		}
		return
	}
	for _, id := range ids {
		l := s.sessions.get(id)
		if l == nil {
			continue
		}
		s.carry.roamed()
		l.wanted.Store(true) // Where a request is under way, its answer puts it.
		if !l.mu.TryLock() {
			continue
		}
		if !l.gone && l.s.Phase != PhaseNew && l.s.Phase != PhaseEnded {
			s.putAway(ctx, l)
		}
		l.mu.Unlock()
	}
}

// SweepCarried gives up sessions in the store that no node took in time. It is
// enough that one node does it.
func (s *Server) SweepCarried(ctx context.Context) error {
	if s.carry.store == nil {
		return nil
	}
	ids, err := s.carry.store.ExpiredSessions(ctx, s.options.Now(), wantedBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.sweepCarried(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) sweepCarried(ctx context.Context, id string) error {
	carried, err := s.carry.take(ctx, id)
	if errors.Is(err, errNoSession) {
		return s.carry.store.DropWish(ctx, id)
	}
	if err != nil {
		return err
	}
	if s.options.Now().Before(s.carry.until(carried)) {
		return s.carry.put(ctx, carried) // It was put a moment ago.
	}
	s.engine.abandon(ctx, carried, TimedOut)
	return nil
}
