package users

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The entry that Prune leaves.
const (
	pruneAction = "pruneAudit"
	pruneActor  = "system"
	pruneTarget = "audit"
)

// pruned is the last entry that is, or is about to be, removed from the beginning
// of the chain. Its text is the Detail of a pruneAudit entry:
// "up to sequence N, hash H", with "none" for the hash of an entry from before
// there was a chain.
type pruned struct {
	sequence int64
	hash     string
}

const noHash = "none"

// String returns the text.
func (p pruned) String() string {
	hash := p.hash
	if hash == "" {
		hash = noHash
	}
	return "up to sequence " + strconv.FormatInt(p.sequence, 10) + ", hash " + hash
}

// parsePruned reads the text; it takes nothing that String does not make.
func parsePruned(text string) (pruned, bool) {
	rest, ok := strings.CutPrefix(text, "up to sequence ")
	number, hash, found := strings.Cut(rest, ", hash ")
	sequence, err := strconv.ParseInt(number, 10, 64)
	if !ok || !found || err != nil {
		return pruned{}, false
	}
	if hash == noHash {
		hash = ""
	} else if len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return pruned{}, false
	}
	p := pruned{sequence: sequence, hash: hash}
	return p, p.String() == text
}

const (
	// pruneBatch is how many entries are deleted at once.
	pruneBatch = 1000
	// pruneLimit bounds what one Prune removes.
	pruneLimit = 1_000_000
)

// Prune removes up to limit entries (at most a million) from before the given
// time, leaves an entry that says which was the last of them ("pruneAudit"), and
// returns how many. That entry is written first and is younger than what goes: if
// the process ends in between, entries that it names are there still, which Verify
// takes for what it is, and the next Prune removes them.
func (l *AuditLog) Prune(ctx context.Context, before time.Time, limit int) (int, error) {
	if now := l.moment(); before.After(now) {
		before = now
	}
	last, count, err := l.lastBefore(ctx, before, limit)
	if err != nil || count == 0 {
		return 0, err
	}
	if err := l.announce(ctx, last); err != nil {
		return 0, err
	}
	// Another process may do the same at once. Entries after the last one are safe
	// from the two together unless they are of its very millisecond.
	if end := last.At.Add(time.Millisecond); end.Before(before) {
		before = end
	}
	return l.remove(ctx, before, count, last.Sequence)
}

// announce stores the entry that says what goes.
func (l *AuditLog) announce(ctx context.Context, last AuditEntry) error {
	return l.Append(ctx, AuditEntry{
		Actor: pruneActor, Action: pruneAction, Target: pruneTarget, Outcome: http.StatusOK,
		Detail: pruned{sequence: last.Sequence, hash: last.Hash}.String(),
	})
}

// remove deletes entries, and says so if there were others among them than were
// announced.
func (l *AuditLog) remove(ctx context.Context, before time.Time, count int, announced int64) (removed int, err error) {
	for removed < count {
		last, n, err := l.store.DeleteAudit(ctx, before, min(pruneBatch, count-removed))
		removed += n
		if err != nil {
			return removed, fmt.Errorf("delete old audit entries: %w", err)
		}
		if n == 0 {
			break
		}
		if last.Sequence > announced {
			if err := l.announce(ctx, last); err != nil {
				return removed, err
			}
			announced = last.Sequence
		}
	}
	return removed, nil
}

// lastBefore returns the last of the up to limit oldest entries that are from
// before the given time, and how many they are at most. It reads by Sequence only,
// along which time never runs backwards.
func (l *AuditLog) lastBefore(ctx context.Context, before time.Time, limit int) (last AuditEntry, count int, err error) {
	first, err := l.entryFrom(ctx, nil, true)
	if errors.Is(err, ErrNotFound) || err == nil && (limit <= 0 || !first.At.Before(before)) {
		return AuditEntry{}, 0, nil
	}
	if err != nil {
		return AuditEntry{}, 0, err
	}
	last = first
	low, high := first.Sequence, first.Sequence+int64(min(limit, pruneLimit))-1 // low is known to be from before.
	for low < high {
		middle := high - (high-low)/2
		after := middle + 1
		e, err := l.entryFrom(ctx, &after, false)
		if err != nil {
			return AuditEntry{}, 0, err
		}
		if e.At.Before(before) {
			last, low = e, middle
		} else {
			high = middle - 1
		}
	}
	return last, int(last.Sequence - first.Sequence + 1), nil
}

// entryFrom returns the next entry after a Sequence in an order, or ErrNotFound.
func (l *AuditLog) entryFrom(ctx context.Context, after *int64, ascending bool) (AuditEntry, error) {
	entries, err := l.store.Audit(ctx, AuditList{Ascending: ascending, After: after, Limit: 1})
	if err != nil {
		return AuditEntry{}, fmt.Errorf("read the audit log: %w", err)
	}
	if len(entries) == 0 {
		return AuditEntry{}, fmt.Errorf("read the audit log: %w", ErrNotFound)
	}
	return entries[0], nil
}
