package sqlite

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Bounds of the sessions that are carried.
const (
	maxCarried      = 1000
	maxCarriedBytes = 8 * device.MaxCarried
)

// carriedSessions keeps sessions on their way between nodes in memory: this
// store has one process, which has all of its sessions itself, and none of them
// outlives it.
type carriedSessions struct {
	usable func() error

	mu    sync.Mutex
	byID  map[string]carriedSession
	bytes int
}

// carriedSession is a session, or the wish for one.
type carriedSession struct {
	device.CarriedSession
	wanted bool
}

func newCarriedSessions(usable func() error) *carriedSessions {
	return &carriedSessions{usable: usable, byID: make(map[string]carriedSession)}
}

// do runs a call while nobody else is among the sessions.
func (s *carriedSessions) do(ctx context.Context, run func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.usable(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return run()
}

// put replaces a session or a wish. It returns device.ErrLimit if there is no
// room for it.
func (s *carriedSessions) put(c carriedSession) error {
	old, known := s.byID[c.ID]
	size := s.bytes - len(old.State) + len(c.State)
	if !known && len(s.byID) >= maxCarried || size > maxCarriedBytes {
		return device.ErrLimit
	}
	s.byID[c.ID], s.bytes = c, size
	return nil
}

func (s *carriedSessions) remove(id string) {
	s.bytes -= len(s.byID[id].State)
	delete(s.byID, id)
}

// PutSession returns device.ErrLimit if there is no room for the session.
func (s *carriedSessions) PutSession(ctx context.Context, c device.CarriedSession) error {
	c.Until, c.State = whole(c.Until), bytes.Clone(c.State)
	return s.do(ctx, func() error { return s.put(carriedSession{CarriedSession: c}) })
}

func (s *carriedSessions) TakeSession(ctx context.Context, id string) (c device.CarriedSession, err error) {
	err = s.do(ctx, func() error {
		there, known := s.byID[id]
		if !known || there.wanted {
			return device.ErrNotFound
		}
		s.remove(id)
		c = there.CarriedSession
		return nil
	})
	return c, err
}

// WantSession returns device.ErrLimit if there is no room for the wish.
func (s *carriedSessions) WantSession(ctx context.Context, id string, until time.Time) error {
	return s.do(ctx, func() error {
		if there, known := s.byID[id]; known && !there.wanted {
			return nil
		}
		return s.put(carriedSession{CarriedSession: device.CarriedSession{ID: id, Until: whole(until)}, wanted: true})
	})
}

func (s *carriedSessions) WantedSessions(ctx context.Context, limit int) ([]string, error) {
	return s.ids(ctx, limit, func(c carriedSession) bool { return c.wanted })
}

func (s *carriedSessions) DropWish(ctx context.Context, id string) error {
	return s.do(ctx, func() error {
		if s.byID[id].wanted {
			s.remove(id)
		}
		return nil
	})
}

func (s *carriedSessions) ExpiredSessions(ctx context.Context, at time.Time, limit int) ([]string, error) {
	at = whole(at)
	return s.ids(ctx, limit, func(c carriedSession) bool { return !c.Until.After(at) })
}

// ids returns up to limit IDs, those that end first before the others.
func (s *carriedSessions) ids(ctx context.Context, limit int, take func(carriedSession) bool) (ids []string, err error) {
	var all []carriedSession
	err = s.do(ctx, func() error {
		for _, c := range s.byID {
			if take(c) {
				all = append(all, c)
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b carriedSession) int {
		if c := a.Until.Compare(b.Until); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	for _, c := range all[:min(max(limit, 0), len(all))] {
		ids = append(ids, c.ID)
	}
	return ids, err
}
