package history_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
)

var errAway = errors.New("the store is away")

// memory is a store in memory that can be away, slow, or stuck.
type memory struct {
	mu       sync.Mutex
	sessions []history.Session
	counts   []history.Counts
	// calls are the AddCounts that were tried.
	calls int
	away  bool
	// silent stores counts and still returns an error.
	silent bool
	// stuck, if not nil, holds PutSession up until it is closed.
	stuck chan struct{}
}

func (m *memory) set(change func(*memory)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m)
}

func (m *memory) PutSession(ctx context.Context, s history.Session) error {
	m.mu.Lock()
	stuck := m.stuck
	m.mu.Unlock()
	if stuck != nil {
		select {
		case <-stuck:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return errAway
	}
	m.sessions = append(m.sessions, s)
	return nil
}

func (m *memory) AddCounts(_ context.Context, c history.Counts) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if !m.away {
		c.Values = maps.Clone(c.Values)
		m.counts = append(m.counts, c)
	}
	if m.away || m.silent {
		return errAway
	}
	return nil
}

// total sums up what is stored, by name.
func (m *memory) total() map[string]int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	total := map[string]int64{}
	for _, c := range m.counts {
		for name, n := range c.Values {
			total[name] += n
		}
	}
	return total
}

// ids returns those of the stored sessions.
func (m *memory) ids() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := []string{}
	for _, s := range m.sessions {
		ids = append(ids, s.ID)
	}
	return ids
}

func (m *memory) Sessions(context.Context, device.ID, time.Time, string, int) ([]history.Session, error) {
	return nil, errAway
}

func (m *memory) Counts(context.Context, time.Time, time.Time) ([]history.Counts, error) {
	return nil, errAway
}

func (m *memory) DeleteSessions(_ context.Context, before time.Time, limit int) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return 0, errAway
	}
	var kept []history.Session
	for _, s := range m.sessions {
		if n < limit && s.EndedAt.Before(before) {
			n++
			continue
		}
		kept = append(kept, s)
	}
	m.sessions = kept
	return n, nil
}

func (m *memory) DeleteCounts(_ context.Context, before time.Time, limit int) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var kept []history.Counts
	for _, c := range m.counts {
		if n < limit && c.At.Before(before) {
			n++
			continue
		}
		kept = append(kept, c)
	}
	m.counts = kept
	return n, nil
}
