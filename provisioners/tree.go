package provisioners

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

const (
	// TreeInterval is how often shared levels are read again.
	TreeInterval = 3 * time.Second
	// treeOverlap is how far the clocks of nodes may be apart.
	treeOverlap = time.Minute
	// treeWhole is how often all shared levels are read, so that what a store took back
	// (a backup that was restored) is seen too.
	treeWhole = 5 * time.Minute
	// treePage is how many levels one read asks for.
	treePage = 500
	// MaxSharedLevels is how many shared levels a node keeps.
	MaxSharedLevels = 100_000
	// MaxSharedBytes bounds what they hold in all.
	MaxSharedBytes = 512 << 20
)

// ErrTooManyLevels is returned where there are more shared levels than a node keeps.
var ErrTooManyLevels = errors.New("more shared levels of settings than a node keeps")

// Tree keeps the global level and those of groups in memory, by their revisions. It is
// safe for concurrent use.
type Tree struct {
	store  LevelStore
	logger *slog.Logger
	now    func() time.Time

	// reading lets one refresh run at a time: of two, the older read could end last.
	reading sync.Mutex
	// latest and whole are when shared levels, and all of them, were last read.
	latest, whole time.Time

	mu       sync.RWMutex
	levels   map[LevelKey]Level
	bytes    int
	revision uint64
}

// NewTree returns a Tree that has read all shared levels. It returns the errors of the
// store, or ErrTooManyLevels.
func NewTree(ctx context.Context, store LevelStore, logger *slog.Logger) (*Tree, error) {
	t := &Tree{store: store, logger: logger, now: time.Now, levels: map[LevelKey]Level{}}
	return t, t.Refresh(ctx)
}

// Level returns a shared level; ok is false if none is stored. What it holds is
// shared: nobody changes it.
func (t *Tree) Level(key LevelKey) (level Level, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	level, ok = t.levels[key]
	return level, ok
}

// Revision changes whenever a shared level did. It says nothing across nodes and
// restarts.
func (t *Tree) Revision() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.revision
}

// Run reads what changed every TreeInterval until the context ends.
func (t *Tree) Run(ctx context.Context) {
	ticker := time.NewTicker(TreeInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := t.Refresh(ctx); err != nil && ctx.Err() == nil {
			t.logger.WarnContext(ctx, "cannot read the shared levels of settings", logkeys.Error, err)
		}
	}
}

// Refresh reads what changed since the last time now. Who changed a shared level calls
// it, to see the change at once. What was read before an error counts. It returns the
// errors of the store, or ErrTooManyLevels.
func (t *Tree) Refresh(ctx context.Context) error {
	t.reading.Lock()
	defer t.reading.Unlock()
	began := t.now()
	if t.whole.IsZero() || began.Sub(t.whole) >= treeWhole || began.Before(t.whole) {
		return t.readWhole(ctx, began)
	}
	err := t.read(ctx, t.latest.Add(-treeOverlap), t.replace)
	if err == nil {
		t.latest = began
	}
	return err
}

func (t *Tree) readWhole(ctx context.Context, began time.Time) error {
	seen := map[LevelKey]bool{}
	err := t.read(ctx, time.Time{}, func(l Level) error {
		seen[l.Key] = true
		return t.replace(l)
	})
	if err != nil {
		return err
	}
	t.forget(seen)
	t.latest, t.whole = began, began
	return nil
}

// read passes the levels that were updated at since or later to each.
func (t *Tree) read(ctx context.Context, since time.Time, each func(Level) error) error {
	var after LevelKey
	for {
		page, err := t.store.SharedLevels(ctx, since, after, treePage)
		if err != nil {
			return fmt.Errorf("read shared levels: %w", err)
		}
		for _, level := range page {
			if err := each(level); err != nil {
				return err
			}
		}
		if len(page) < treePage {
			return nil
		}
		after = page[len(page)-1].Key
	}
}

// replace keeps a level that is new or has another revision.
func (t *Tree) replace(l Level) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.levels[l.Key]
	if ok && known.Revision == l.Revision && known.UpdatedAt.Equal(l.UpdatedAt) {
		return nil
	}
	size := t.bytes + l.Size() - known.Size()
	if !ok && len(t.levels) >= MaxSharedLevels || size > MaxSharedBytes {
		return fmt.Errorf("%w: %d levels, %d bytes", ErrTooManyLevels, MaxSharedLevels, MaxSharedBytes)
	}
	t.levels[l.Key], t.bytes = l, size
	t.revision++
	return nil
}

// forget drops the levels that were not seen.
func (t *Tree) forget(seen map[LevelKey]bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, level := range t.levels {
		if !seen[key] {
			delete(t.levels, key)
			t.bytes -= level.Size()
			t.revision++
		}
	}
}
