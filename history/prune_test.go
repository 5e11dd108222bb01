package history_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/history"
)

// old returns a store with n sessions and n spans, one a minute back from now.
func old(n int, now time.Time) *memory {
	m := &memory{}
	for i := range n {
		at := now.Add(-time.Duration(i) * time.Minute)
		m.sessions = append(m.sessions, history.Session{ID: fmt.Sprint(i), EndedAt: at})
		m.counts = append(m.counts, history.Counts{At: at})
	}
	return m
}

func TestOldHistoryIsRemovedInBatches(t *testing.T) {
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	for name, test := range map[string]struct {
		retention history.Retention
		want      history.Pruned
	}{
		"of each by its own time": {history.Retention{Sessions: 100 * time.Minute, Counts: 1999 * time.Minute}, history.Pruned{Sessions: 1899, Counts: 0}},
		"all but the newest":      {history.Retention{Sessions: time.Second, Counts: time.Second}, history.Pruned{Sessions: 1999, Counts: 1999}},
		"exactly two batches":     {history.Retention{Sessions: 999 * time.Minute, Counts: time.Hour * 1000}, history.Pruned{Sessions: 1000}},
		"nothing, for ever":       {history.Retention{}, history.Pruned{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := old(2000, now)
			got, err := history.Prune(t.Context(), m, test.retention, now)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v, want %+v", got, err, test.want)
			}
			if len(m.sessions) != 2000-test.want.Sessions || len(m.counts) != 2000-test.want.Counts {
				t.Errorf("%d sessions and %d spans are left", len(m.sessions), len(m.counts))
			}
		})
	}
}

func TestAFailureWithTheSessionsDoesNotKeepTheCounts(t *testing.T) {
	now := time.Now()
	m := old(10, now)
	m.away = true
	got, err := history.Prune(t.Context(), m, history.Retention{Sessions: time.Second, Counts: time.Second}, now)
	if !errors.Is(err, errAway) || got != (history.Pruned{Counts: 9}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPruningEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := old(10, time.Now())
	got, err := history.Prune(ctx, m, history.Retention{Sessions: time.Second}, time.Now())
	if !errors.Is(err, context.Canceled) || got != (history.Pruned{}) || len(m.sessions) != 10 {
		t.Errorf("got %+v, %v", got, err)
	}
}
