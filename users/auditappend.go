package users

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	// auditTries is how often entries are chained anew, with none of them stored,
	// because others were faster.
	auditTries = 20
	// auditPause is what the pauses between two tries grow by at most.
	auditPause = 3 * time.Millisecond
	// auditTimeout bounds how long somebody stores the entries of others.
	auditTimeout = 5 * time.Second
)

// storeWaiting stores the entries that wait and tells their owners; own is that of
// whoever does it. The turn is held.
func (l *AuditLog) storeWaiting(ctx context.Context, own *waitingEntry) {
	batch := l.dequeue()
	if len(batch) == 0 {
		return
	}
	if len(batch) > 1 || batch[0] != own {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
		defer cancel()
	}
	left, err := l.storeBatch(ctx, batch)
	for _, w := range left {
		w.done <- err
	}
}

// storeBatch stores entries at the end of the chain, which it looks for again if
// others have moved it. It returns those that were not stored, with the reason.
func (l *AuditLog) storeBatch(ctx context.Context, batch []*waitingEntry) ([]*waitingEntry, error) {
	for try := 0; try < auditTries; try++ {
		stored, err := l.storeOnce(ctx, batch)
		for _, w := range batch[:stored] {
			w.done <- nil
		}
		batch = batch[stored:]
		if err == nil && len(batch) == 0 {
			return nil, nil
		}
		if err != nil && !errors.Is(err, ErrConflict) {
			return batch, fmt.Errorf("append to the audit log: %w", err)
		}
		if stored > 0 {
			try = 0
		}
		if err := pause(ctx, rand.N(time.Duration(try+1)*auditPause)); err != nil {
			return batch, fmt.Errorf("append to the audit log: %w", err)
		}
	}
	return batch, fmt.Errorf("append to the audit log, %d times: %w", auditTries, ErrConflict)
}

// storeOnce chains entries to the head and stores them. The head is known
// afterwards only if that went well: after any error it is somewhere else, or may
// be.
func (l *AuditLog) storeOnce(ctx context.Context, batch []*waitingEntry) (stored int, err error) {
	if l.head == nil {
		if err := l.readHead(ctx); err != nil {
			return 0, err
		}
	}
	entries := chain(*l.head, batch)
	l.head = nil // Also if the store panics.
	stored, err = l.store.AppendAudit(ctx, entries)
	if stored < 0 || stored > len(entries) {
		return 0, fmt.Errorf("%w: the store took %d of %d entries", ErrInvalid, stored, len(entries))
	}
	if err == nil && stored > 0 {
		head := entries[stored-1]
		l.head = &head
	}
	return stored, err
}

func (l *AuditLog) readHead(ctx context.Context) error {
	head, err := l.store.LastAudit(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("read the last audit entry: %w", err)
	}
	l.head = &head
	return nil
}

// chain returns entries with what joins them to the one before. One from before
// there was a chain gives nothing but its time.
func chain(head AuditEntry, batch []*waitingEntry) []AuditEntry {
	if head.Sequence <= 0 {
		head = AuditEntry{At: head.At}
	}
	entries := make([]AuditEntry, len(batch))
	for i, w := range batch {
		e := w.entry
		e.Sequence, e.Previous = head.Sequence+1, head.Hash
		if e.At.Before(head.At) {
			e.At = head.At
		}
		e.Hash = AuditHash(e)
		entries[i], head = e, e
	}
	return entries
}

// normalised returns an entry as every store gives it back, without which its hash
// would be another one there.
func (l *AuditLog) normalised(e AuditEntry) AuditEntry {
	if e.At.IsZero() {
		e.At = l.now()
	}
	e.At = e.At.UTC().Truncate(time.Millisecond)
	for _, text := range []*string{&e.Actor, &e.Address, &e.Action, &e.Target, &e.Detail, &e.Before, &e.After} {
		*text = strings.ToValidUTF8(*text, "\uFFFD")
	}
	return e
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
