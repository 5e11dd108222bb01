package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// understood tells requests that a handler saw from those that net/http refused
// before: nothing else shows those.
type understood struct {
	refused func()

	mu    sync.Mutex
	known map[net.Conn]*reading
}

// reading is what is known of a connection: begun once a request is being read,
// handled once its handler was called.
type reading struct {
	begun   bool
	handled atomic.Bool
}

type readingKey struct{}

// watch makes a server tell refused of each request that no handler saw. It is
// called after the server has all else.
func (u *understood) watch(s *http.Server) {
	u.known = make(map[net.Conn]*reading)
	handler, connContext := s.Handler, s.ConnContext
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(readingKey{}).(*reading); ok {
			c.handled.Store(true)
		}
		handler.ServeHTTP(w, r)
	})
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if connContext != nil {
			ctx = connContext(ctx, c)
		}
		r := &reading{}
		u.mu.Lock()
		u.known[c] = r
		u.mu.Unlock()
		return context.WithValue(ctx, readingKey{}, r)
	}
}

// note is called for every change of a connection's state.
func (u *understood) note(c net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	r := u.known[c]
	if r == nil {
		return
	}
	switch state {
	case http.StateActive:
		r.begun = true
	case http.StateIdle:
		r.begun = false
		r.handled.Store(false)
	case http.StateClosed, http.StateHijacked:
		delete(u.known, c)
		if r.begun && !r.handled.Load() {
			u.refused()
		}
	}
}
