package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/users"
)

// formerAuditCollection is where servers wrote the audit log before there was a
// chain. Those of the version before still do while an upgrade is under way.
const formerAuditCollection = "audit"

// formerAuditDocument is an entry from before there was a chain. Its id begins
// with the time.
type formerAuditDocument struct {
	ID      string    `bson:"_id"`
	At      time.Time `bson:"at"`
	Actor   string    `bson:"actor"`
	Address string    `bson:"address"`
	Action  string    `bson:"action"`
	Target  string    `bson:"target"`
	Outcome int       `bson:"outcome"`
	Detail  string    `bson:"detail"`
}

func (d *formerAuditDocument) numbered(sequence int64) auditDocument {
	next := documentOfAudit(users.AuditEntry{
		Sequence: sequence, At: d.At, Actor: d.Actor, Address: d.Address, Action: d.Action, Target: d.Target, Outcome: d.Outcome, Detail: d.Detail,
	})
	next.Former = d.ID
	return next
}

// formerAuditBatch is how many entries are numbered at once.
const formerAuditBatch = 500

// moveFormerAudit gives the entries from before there was a chain their numbers,
// the newest first: 0 and below, each below all that are there. Several may do it
// at the same time, and a crash leaves it to be gone on with.
//
// No entry is numbered twice. Who inserts begins at the number below the lowest
// that he read, before he read what is to be moved: if somebody else inserted
// meanwhile, that is taken, and he begins anew. And what was inserted and not
// removed from the former collection yet is among the last batch, as nobody goes
// on before it is.
func (s *Store) moveFormerAudit(ctx context.Context) error {
	for {
		done, err := s.moveFormerAuditBatch(ctx)
		if done || err != nil {
			return err
		}
	}
}

func (s *Store) moveFormerAuditBatch(ctx context.Context) (done bool, err error) {
	chain, former := s.newest(auditCollection), s.newest(formerAuditCollection)
	lowest, err := findUpTo[auditDocument](ctx, chain, everything(), formerAuditBatch,
		options.Find().SetSort(ascending(idField)).SetProjection(onlyFields("sequence", "former")))
	if err != nil {
		return false, err
	}
	entries, err := findUpTo[formerAuditDocument](ctx, former, everything(), formerAuditBatch, options.Find().SetSort(ascending("-"+idField)))
	if err != nil || len(entries) == 0 {
		return true, err
	}
	moved := movedAlready(lowest, entries)
	if len(moved) == 0 {
		documents := numberedBelow(lowest, entries)
		stored, err := insertFront(ctx, chain, documents)
		if err != nil && !errors.Is(err, users.ErrConflict) {
			return false, fmt.Errorf("number audit entries: %w", err)
		}
		for _, d := range documents[:stored] {
			moved = append(moved, d.Former)
		}
	}
	if len(moved) == 0 {
		return false, ctx.Err()
	}
	if _, err := former.DeleteMany(ctx, among(moved)); err != nil {
		return false, fmt.Errorf("remove audit entries that were numbered: %w", err)
	}
	return false, nil
}

// movedAlready returns the ids of the entries that are in the chain.
func movedAlready(lowest []auditDocument, entries []formerAuditDocument) (ids []string) {
	there := make(map[string]bool, len(lowest))
	for i := range lowest {
		there[lowest[i].Former] = true
	}
	for i := range entries {
		if there[entries[i].ID] {
			ids = append(ids, entries[i].ID)
		}
	}
	return ids
}

// numberedBelow returns the entries with numbers below the lowest of the chain.
func numberedBelow(lowest []auditDocument, entries []formerAuditDocument) []auditDocument {
	sequence := int64(1)
	if len(lowest) > 0 {
		sequence = min(sequence, lowest[0].Sequence)
	}
	documents := make([]auditDocument, len(entries))
	for i := range entries {
		sequence--
		documents[i] = entries[i].numbered(sequence)
	}
	return documents
}
