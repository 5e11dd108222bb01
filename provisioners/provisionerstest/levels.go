// Package provisionerstest has the stores of package provisioners in memory, for tests
// of what stands on them.
package provisionerstest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// failing is what a store has that can be made to fail. The store's methods lock it.
type failing struct {
	mu    sync.Mutex
	err   error
	calls map[string]int
}

// Fail makes every method return err from now on; nil ends that.
func (f *failing) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// Calls returns how often a method was called, by its name.
func (f *failing) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// begin counts a call and says why it must fail. The store is locked.
func (f *failing) begin(ctx context.Context, method string) error {
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[method]++
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.err
}

// Levels is a provisioners.LevelStore in memory. It is safe for concurrent use.
type Levels struct {
	failing
	levels map[provisioners.LevelKey]provisioners.Level
}

// NewLevels returns an empty store.
func NewLevels() *Levels {
	return &Levels{levels: map[provisioners.LevelKey]provisioners.Level{}}
}

// Set stores the entries of a level, whatever is stored, and returns the level.
func (s *Levels) Set(key provisioners.LevelKey, entries ...provisioners.Entry) provisioners.Level {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := provisioners.Level{
		Key: key, Entries: copyEntries(entries), Revision: s.levels[key].Revision + 1, UpdatedAt: milliseconds(time.Now()), UpdatedBy: "test",
	}
	s.levels[key] = l
	return copyLevel(l)
}

// DeleteDevice removes the levels of a device, as deleting the device does.
func (s *Levels) DeleteDevice(id device.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.levels {
		if !shared(key.Kind) && key.ID == string(id) {
			delete(s.levels, key)
		}
	}
}

// Levels implements provisioners.LevelStore.
func (s *Levels) Levels(ctx context.Context, keys []provisioners.LevelKey) ([]provisioners.Level, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "Levels"); err != nil {
		return nil, err
	}
	if len(keys) > provisioners.MaxLevelKeys {
		return nil, device.ErrInvalid
	}
	var found []provisioners.Level
	seen := map[provisioners.LevelKey]bool{}
	for _, key := range keys {
		if l, ok := s.levels[key]; ok && !seen[key] {
			seen[key] = true
			found = append(found, copyLevel(l))
		}
	}
	return found, nil
}

// SharedLevels implements provisioners.LevelStore.
func (s *Levels) SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) ([]provisioners.Level, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "SharedLevels"); err != nil {
		return nil, err
	}
	var found []provisioners.Level
	for key, l := range s.levels {
		if shared(key.Kind) && !l.UpdatedAt.Before(since) && compareKeys(key, after) > 0 {
			found = append(found, copyLevel(l))
		}
	}
	slices.SortFunc(found, func(a, b provisioners.Level) int { return compareKeys(a.Key, b.Key) })
	return found[:min(len(found), max(limit, 0))], nil
}

// PutLevel implements provisioners.LevelStore.
func (s *Levels) PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "PutLevel"); err != nil {
		return provisioners.Level{}, err
	}
	if s.levels[l.Key].Revision != l.Revision {
		return provisioners.Level{}, provisioners.ErrConflict
	}
	l.Revision++
	l.UpdatedAt = milliseconds(l.UpdatedAt)
	s.levels[l.Key] = copyLevel(l)
	return copyLevel(l), nil
}

func shared(kind provisioners.LevelKind) bool {
	return kind == provisioners.GlobalLevel || kind == provisioners.GroupLevel
}

func compareKeys(a, b provisioners.LevelKey) int {
	if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// copyLevel returns a level whose entries are the caller's own.
func copyLevel(l provisioners.Level) provisioners.Level {
	l.Entries = copyEntries(l.Entries)
	return l
}

func copyEntries(entries []provisioners.Entry) []provisioners.Entry {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Models = slices.Clone(entries[i].Models)
	}
	return entries
}

// milliseconds returns a time as stores keep it.
func milliseconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
