package users

import (
	"context"
	"errors"
	"fmt"
)

// Chain is what Verify found.
type Chain struct {
	// First and Last are the Sequences of the chain's ends, both 0 if it is empty.
	First, Last int64
	// Hash is that of the last entry: whoever keeps it can tell later that the log
	// was not rewritten.
	Hash string
	// Checked counts the entries that were checked.
	Checked int64
	// Unchained counts entries from before there was a chain.
	Unchained int64
	// BrokenAt is the Sequence of the first entry that does not fit; 0 if all fit.
	BrokenAt int64
	// Problem says in words what does not fit.
	Problem string
}

const (
	// verifyPage is how many entries are read at once.
	verifyPage = 1000
	// verifyTries is how often the log is read again because its beginning was
	// removed meanwhile.
	verifyTries = 3
)

// Verify reads the whole log and checks the chain: the hashes, that no number is
// missing, that time does not run backwards, and that the first entry follows the
// last one that Prune removed. The beginning of the chain may be missing only as
// far as an entry of Prune says, and that entry must give the hash which the chain
// goes on from; where Prune did not get to remove all that it announced, the last
// one that it did is there still and must have the hash.
//
// A chain without its last entries is a chain: compare Hash with one that was kept
// elsewhere.
func (l *AuditLog) Verify(ctx context.Context) (Chain, error) {
	for try := 1; ; try++ {
		v := &verification{log: l}
		if err := v.read(ctx); err != nil {
			return Chain{}, err
		}
		if v.chain.BrokenAt == 0 || try == verifyTries {
			return v.chain, nil
		}
		moved, err := v.beginningMoved(ctx)
		if err != nil || !moved {
			return v.chain, err
		}
	}
}

// verification is one reading of the log.
type verification struct {
	log      *AuditLog
	chain    Chain
	began    bool
	oldest   int64
	first    AuditEntry
	previous AuditEntry
	// explained says that the chain begins where it may.
	explained bool
}

func (v *verification) read(ctx context.Context) error {
	var after *int64
	for {
		page, err := v.log.store.Audit(ctx, AuditList{Ascending: true, After: after, Limit: verifyPage})
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		for _, e := range page {
			if err := v.take(ctx, e); err != nil {
				return err
			}
			after = &e.Sequence
		}
		if len(page) < verifyPage {
			break
		}
	}
	if v.chain.Checked > 0 && !v.explained {
		v.chain.BrokenAt = v.first.Sequence
		v.chain.Problem = fmt.Sprintf("the entries before %d are missing, and no entry says that they were removed", v.first.Sequence)
	}
	return nil
}

// take checks the next entry.
func (v *verification) take(ctx context.Context, e AuditEntry) error {
	if !v.began {
		v.began, v.oldest = true, e.Sequence
	}
	if e.Sequence <= 0 {
		v.chain.Unchained++
		return nil
	}
	if v.chain.Checked == 0 {
		v.first, v.chain.First = e, e.Sequence
		v.explained = e.Sequence == 1
	} else if problem := misfit(v.previous, e); problem != "" {
		v.broken(e, problem)
	}
	if e.Sequence == 1 && e.Previous != "" {
		v.broken(e, "it is the first and names one before")
	}
	if AuditHash(e) != e.Hash {
		v.broken(e, "its hash is not that of its content: it was changed")
	}
	v.chain.Checked++
	v.chain.Last, v.chain.Hash, v.previous = e.Sequence, e.Hash, e
	return v.explain(ctx, e)
}

// broken notes the first problem.
func (v *verification) broken(e AuditEntry, problem string) {
	if v.chain.BrokenAt == 0 {
		v.chain.BrokenAt, v.chain.Problem = e.Sequence, fmt.Sprintf("entry %d: %s", e.Sequence, problem)
	}
}

// misfit says why an entry cannot follow another; empty if it can.
func misfit(previous, e AuditEntry) string {
	switch {
	case e.Sequence != previous.Sequence+1:
		return fmt.Sprintf("the one before it is %d: entries are missing", previous.Sequence)
	case e.Previous != previous.Hash:
		return "it does not hold the hash of the one before"
	case e.At.Before(previous.At):
		return "it is earlier than the one before"
	}
	return ""
}

// explain looks whether an entry of Prune says why the chain does not begin at 1.
// With entries from before the chain still there, nothing of it can have been
// removed.
func (v *verification) explain(ctx context.Context, e AuditEntry) error {
	if v.explained || v.chain.Unchained > 0 || e.Actor != pruneActor || e.Action != pruneAction {
		return nil
	}
	p, ok := parsePruned(e.Detail)
	if !ok || p.hash == "" || p.sequence >= e.Sequence || p.sequence < v.first.Sequence-1 {
		return nil
	}
	if p.sequence == v.first.Sequence-1 {
		v.explained = p.hash == v.first.Previous
		return nil
	}
	after := p.sequence - 1
	announced, err := v.log.entryFrom(ctx, &after, true)
	if err != nil {
		return err
	}
	v.explained = announced.Sequence == p.sequence && announced.Hash == p.hash
	return nil
}

// beginningMoved reports whether the log begins elsewhere than when it was read.
func (v *verification) beginningMoved(ctx context.Context) (bool, error) {
	first, err := v.log.entryFrom(ctx, nil, true)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && first.Sequence != v.oldest, err
}
