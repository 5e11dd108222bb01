package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// inFlight knows which connections of a server have a request to be answered, or
// were just opened to send one.
//
// http.Server.Shutdown closes a connection whose first request it reads a moment
// later, without an answer: a balancer that sent it in good faith has to report a
// failure, as it cannot know whether the request was carried out. So the listener
// is closed first, what is in flight is answered, and only then comes Shutdown.
type inFlight struct {
	mu sync.Mutex
	// opened are the connections that have sent nothing, with the time they came;
	// active those with a request.
	opened map[net.Conn]time.Time
	active map[net.Conn]bool
}

func newInFlight() *inFlight {
	return &inFlight{opened: make(map[net.Conn]time.Time), active: make(map[net.Conn]bool)}
}

// note is the ConnState of the server.
func (f *inFlight) note(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.opened, c)
	delete(f.active, c)
	switch state {
	case http.StateNew:
		f.opened[c] = time.Now()
	case http.StateActive:
		f.active[c] = true
	default: // Idle, closed and hijacked connections are nobody's to wait for.
	}
}

const (
	// openedTime is how long a connection that sent nothing is waited for: some
	// clients open more of them than they use.
	openedTime = time.Second
	// inFlightPoll is how often is looked whether all is answered.
	inFlightPoll = 10 * time.Millisecond
)

// wait returns once every request is answered, or when the context ends.
func (f *inFlight) wait(ctx context.Context) {
	ticker := time.NewTicker(inFlightPoll)
	defer ticker.Stop()
	for !f.none(time.Now()) {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (f *inFlight) none(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, came := range f.opened {
		if now.Sub(came) < openedTime {
			return false
		}
	}
	return len(f.active) == 0
}
