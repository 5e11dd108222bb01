package declared

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Watch keeps the documents of one kind in memory, as a T made of them, and looks
// for changes now and then. It is safe for concurrent use.
type Watch[T any] struct {
	store    Store
	kind     Kind
	read     func([]Document) (T, error)
	interval time.Duration
	logger   *slog.Logger

	mu       sync.RWMutex
	current  T
	versions map[string]version
}

// WatchInterval is how often documents are read again.
const WatchInterval = 3 * time.Second

// NewWatch returns a Watch that has read the documents once. Read makes a T of
// them; what it cannot use it logs and leaves out, and an error of it keeps the
// former T.
func NewWatch[T any](ctx context.Context, store Store, kind Kind, read func([]Document) (T, error), logger *slog.Logger) (*Watch[T], error) {
	w := &Watch[T]{store: store, kind: kind, read: read, interval: WatchInterval, logger: logger}
	return w, w.Refresh(ctx)
}

// Current returns the T of the documents as they were last read.
func (w *Watch[T]) Current() T {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.current
}

// Refresh reads the documents now.
func (w *Watch[T]) Refresh(ctx context.Context) error {
	documents, err := w.store.Documents(ctx, w.kind)
	if err != nil {
		return err
	}
	if w.unchanged(documents) {
		return nil
	}
	made, err := w.read(documents)
	if err != nil {
		return err
	}
	versions := make(map[string]version, len(documents))
	for _, d := range documents {
		versions[d.ID] = version{d.Revision, d.UpdatedAt}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.current, w.versions = made, versions
	return nil
}

// version tells two states of a document apart, also of one that was deleted and
// made again.
type version struct {
	revision  int64
	updatedAt time.Time
}

func (w *Watch[T]) unchanged(documents []Document) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.versions == nil || len(documents) != len(w.versions) {
		return false
	}
	for _, d := range documents {
		if known, ok := w.versions[d.ID]; !ok || known.revision != d.Revision || !known.updatedAt.Equal(d.UpdatedAt) {
			return false
		}
	}
	return true
}

// Run reads the documents every WatchInterval until the context ends.
func (w *Watch[T]) Run(ctx context.Context) {
	ticker := time.NewTicker(w.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := w.Refresh(ctx); err != nil && ctx.Err() == nil {
			w.logger.WarnContext(ctx, "cannot read what operators declared", logkeys.Kind, string(w.kind), logkeys.Error, err)
		}
	}
}
