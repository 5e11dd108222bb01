package zone

import (
	"sync"
	"time"
)

// Table keeps the rules of the zones that were asked for: deriving them takes longer than
// rendering a phone's file. It is safe for concurrent use and holds at most one entry for
// each zone of the database.
type Table struct {
	now func() time.Time

	mu    sync.Mutex
	day   string
	zones map[string]Zone
}

// NewTable returns an empty table. The rules are those from now on, looked at once a day.
func NewTable(now func() time.Time) *Table {
	return &Table{now: now, zones: map[string]Zone{}}
}

// Load returns the rules of a zone, as the function Load does.
func (t *Table) Load(name string) (Zone, error) {
	now := t.now().UTC()
	t.mu.Lock()
	defer t.mu.Unlock()
	if day := now.Format(time.DateOnly); day != t.day {
		t.day = day
		clear(t.zones)
	}
	if z, ok := t.zones[name]; ok {
		return z, nil
	}
	z, err := Load(name, now)
	if err == nil {
		t.zones[name] = z
	}
	return z, err
}
