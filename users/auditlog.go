package users

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// AuditLog writes the audit log as a hash chain, and checks it. It is safe for
// concurrent use: entries that come at once are stored together, by whoever is
// first. It owns no goroutine. Several logs, in several processes too, may write to
// one store.
type AuditLog struct {
	store AuditStore
	now   func() time.Time
	// turn is held by whoever stores, and with it head.
	turn chan struct{}
	// head is the last entry of the chain as far as it is known; nil if it has to be
	// read.
	head *AuditEntry

	mu      sync.Mutex
	waiting []*waitingEntry
}

// waitingEntry is an entry whose Append waits.
type waitingEntry struct {
	entry AuditEntry
	done  chan error
}

// NewAuditLog returns a log over a store.
func NewAuditLog(store AuditStore, now func() time.Time) *AuditLog {
	return &AuditLog{store: store, now: now, turn: make(chan struct{}, 1)}
}

// Append stores an entry as the next of the chain: its Sequence, Previous and Hash
// are set, and At, if it is zero or earlier than that of the entry before. At is
// kept in milliseconds, text as UTF-8. After an error the entry may still be in the
// log: the store's answer may have been lost. Whoever stores for others too does
// not end with ctx alone, but within five seconds. It returns ErrConflict if other
// logs were always faster, and ErrLimit if too many entries wait already.
func (l *AuditLog) Append(ctx context.Context, e AuditEntry) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	w := &waitingEntry{entry: l.normalised(e), done: make(chan error, 1)}
	if err := l.enqueue(w); err != nil {
		return err
	}
	for {
		select {
		case err := <-w.done:
			return err
		case l.turn <- struct{}{}:
			l.storeInTurn(ctx, w)
		case <-ctx.Done():
			return l.abandon(ctx, w)
		}
	}
}

// storeInTurn gives the turn back also if the store panics.
func (l *AuditLog) storeInTurn(ctx context.Context, own *waitingEntry) {
	defer func() { <-l.turn }()
	l.storeWaiting(ctx, own)
}

// abandon takes an entry back that nobody has begun to store.
func (l *AuditLog) abandon(ctx context.Context, w *waitingEntry) error {
	l.mu.Lock()
	i := slices.Index(l.waiting, w)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	l.mu.Unlock()
	if i >= 0 {
		return fmt.Errorf("wait for the audit log: %w", ctx.Err())
	}
	select {
	case err := <-w.done:
		return err
	default:
		return fmt.Errorf("wait for the audit log, which may store the entry yet: %w", ctx.Err())
	}
}

const (
	// auditBatch is how many entries are stored at once.
	auditBatch = 100
	// auditWaiting is how many entries may wait.
	auditWaiting = 10_000
)

func (l *AuditLog) enqueue(w *waitingEntry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= auditWaiting {
		return fmt.Errorf("%w: %d entries wait for the audit log", ErrLimit, auditWaiting)
	}
	l.waiting = append(l.waiting, w)
	return nil
}

func (l *AuditLog) dequeue() []*waitingEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(auditBatch, len(l.waiting))
	batch := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return batch
}

// List returns entries, as AuditStore.Audit does.
func (l *AuditLog) List(ctx context.Context, list AuditList) ([]AuditEntry, error) {
	return l.store.Audit(ctx, list)
}

func (l *AuditLog) moment() time.Time { return l.now().UTC().Truncate(time.Millisecond) }
