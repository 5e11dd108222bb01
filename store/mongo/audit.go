package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/users"
)

// auditCollection holds the chain. What servers wrote before there was one is in
// formerAuditCollection until moveFormerAudit has numbered it.
const auditCollection = "auditChain"

// Audit returns the audit log.
func (s *Store) Audit() users.AuditStore { return audit{s} }

type audit struct{ *Store }

func (s audit) collection() *driver.Collection { return s.database.Collection(auditCollection) }

// auditDocument is an entry in the collection auditChain.
type auditDocument struct {
	// ID is auditKey of the sequence: what follows the entry is a range, and a
	// sequence is given once.
	ID       string      `bson:"_id"`
	Sequence int64       `bson:"sequence"`
	At       time.Time   `bson:"at,omitempty"`
	Actor    string      `bson:"actor,omitempty"`
	Address  string      `bson:"address,omitempty"`
	Action   string      `bson:"action,omitempty"`
	Target   string      `bson:"target,omitempty"`
	Outcome  int         `bson:"outcome"`
	Detail   string      `bson:"detail,omitempty"`
	Before   string      `bson:"before,omitempty"`
	After    string      `bson:"after,omitempty"`
	Previous string      `bson:"previous,omitempty"`
	Hash     string      `bson:"hash,omitempty"`
	Folded   foldedAudit `bson:"folded"`
	// Former is the id that an entry had before there was a chain.
	Former string `bson:"former,omitempty"`
}

// foldedAudit holds the text of fields of users.AuditSchema by query.Fold.
type foldedAudit struct {
	Actor   string `bson:"actor,omitempty"`
	Address string `bson:"address,omitempty"`
	Action  string `bson:"action,omitempty"`
	Target  string `bson:"target,omitempty"`
	Detail  string `bson:"detail,omitempty"`
}

// auditKey returns a text that sorts as the sequence does, numbers below 0
// included: shifted, all have one sign and one length.
func auditKey(sequence int64) string { return fmt.Sprintf("%020d", uint64(sequence)+1<<63) }

func documentOfAudit(e users.AuditEntry) auditDocument {
	return auditDocument{
		ID: auditKey(e.Sequence), Sequence: e.Sequence, At: whole(e.At), Actor: e.Actor, Address: e.Address, Action: e.Action, Target: e.Target,
		Outcome: e.Outcome, Detail: e.Detail, Before: e.Before, After: e.After, Previous: e.Previous, Hash: e.Hash,
		Folded: foldedAudit{
			Actor: query.Fold(e.Actor), Address: query.Fold(e.Address), Action: query.Fold(e.Action), Target: query.Fold(e.Target),
			Detail: query.Fold(e.Detail),
		},
	}
}

func (d *auditDocument) entry() users.AuditEntry {
	return users.AuditEntry{
		Sequence: d.Sequence, At: d.At, Actor: d.Actor, Address: d.Address, Action: d.Action, Target: d.Target, Outcome: d.Outcome,
		Detail: d.Detail, Before: d.Before, After: d.After, Previous: d.Previous, Hash: d.Hash,
	}
}

// AppendAudit inserts in order, so that the server stops at the first entry that
// it refuses. If it does not answer, it is not known how many were stored: 0 is
// returned with the error then, and a repetition finds those that are there.
func (s audit) AppendAudit(ctx context.Context, entries []users.AuditEntry) (stored int, err error) {
	if len(entries) == 0 {
		return 0, nil
	}
	documents := make([]auditDocument, len(entries))
	for i, e := range entries {
		documents[i] = documentOfAudit(e)
	}
	err = s.do(ctx, "appendAudit", func(ctx context.Context) error {
		stored, err = insertFront(ctx, s.collection(), documents)
		return err
	})
	return stored, err
}

// insertRun is how many entries are inserted at once. The stand-in of the tests
// goes on behind one that it refuses once it has a hundred more.
const insertRun = 100

// insertFront inserts documents in order and returns how many were inserted, with
// users.ErrConflict if the key of the next is taken.
func insertFront(ctx context.Context, c *driver.Collection, documents []auditDocument) (stored int, err error) {
	for run := range slices.Chunk(documents, insertRun) {
		_, err := c.InsertMany(ctx, run)
		if err == nil {
			stored += len(run)
			continue
		}
		if place, duplicate := firstDuplicate(err); duplicate {
			return stored + place, users.ErrConflict
		}
		var failure driver.BulkWriteException
		if errors.As(err, &failure) && len(failure.WriteErrors) == 1 {
			stored += failure.WriteErrors[0].Index
		}
		return stored, err
	}
	return stored, nil
}

func (s audit) LastAudit(ctx context.Context) (e users.AuditEntry, err error) {
	err = s.do(ctx, "lastAudit", func(ctx context.Context) error {
		d, err := findOne[auditDocument](ctx, s.collection(), everything(), users.ErrNotFound, options.FindOne().SetSort(ascending("-"+idField)))
		e = d.entry()
		return err
	})
	if err != nil {
		return users.AuditEntry{}, err
	}
	return e, nil
}

// auditFields says where the fields of an audit entry lie.
func auditFields(name string) (filterField, bool) {
	f, ok := map[string]filterField{
		"sequence": {path: idField, always: true, key: auditKey},
		"at":       {path: "at"},
		"actor":    {path: "folded.actor"},
		"address":  {path: "folded.address"},
		"action":   {path: "folded.action"},
		"target":   {path: "folded.target"},
		"outcome":  {path: "outcome", always: true},
		"detail":   {path: "folded.detail"},
	}[name]
	return f, ok
}

func (s audit) Audit(ctx context.Context, l users.AuditList) (all []users.AuditEntry, err error) {
	err = s.do(ctx, "listAudit", func(ctx context.Context) error {
		filter, err := s.compile(ctx, auditFields, l.Filter)
		if err != nil {
			return err
		}
		filter, order := auditQuery(l, filter)
		return s.inFilterTime(ctx, auditCollection, func(ctx context.Context) error {
			found, err := findUpTo[auditDocument](ctx, s.collection(), filter, l.Limit, options.Find().SetSort(order).SetComment("listAudit"))
			for i := range found {
				all = append(all, found[i].entry())
			}
			return err
		})
	})
	return all, err
}

// auditQuery returns the filter and the order of a list, its own filter compiled.
func auditQuery(l users.AuditList, filter bson.D) (all, order bson.D) {
	order, beyond := ascending("-"+idField), "$lt"
	if l.Ascending {
		order, beyond = ascending(idField), "$gt"
	}
	if l.After == nil {
		return filter, order
	}
	return allOf(bson.D{{Key: idField, Value: bson.D{{Key: beyond, Value: auditKey(*l.After)}}}}, filter), order
}

// DeleteAudit stops before the first entry that is not old enough, so that there
// is no gap in what is left.
func (s audit) DeleteAudit(ctx context.Context, before time.Time, limit int) (last users.AuditEntry, removed int, err error) {
	err = s.do(ctx, "deleteAudit", func(ctx context.Context) error {
		first, end, err := s.oldest(ctx, before, limit)
		if err != nil || end == "" {
			return err
		}
		d, err := findOne[auditDocument](ctx, s.collection(), byID(end), users.ErrNotFound)
		if errors.Is(err, users.ErrNotFound) {
			return nil // Somebody else removes the same ones.
		}
		if err != nil {
			return err
		}
		gone, err := s.collection().DeleteMany(ctx, bson.D{{Key: idField, Value: bson.D{{Key: "$gte", Value: first}, {Key: "$lte", Value: end}}}})
		if err == nil && gone.DeletedCount > 0 {
			last, removed = d.entry(), int(gone.DeletedCount)
		}
		return err
	})
	return last, removed, err
}

// oldest returns the keys of the first and the last of the entries that are to be
// removed, empty if there is none.
func (s audit) oldest(ctx context.Context, before time.Time, limit int) (first, end string, err error) {
	found, err := findUpTo[auditDocument](ctx, s.collection(), everything(), limit,
		options.Find().SetSort(ascending(idField)).SetProjection(onlyFields("at")))
	for _, d := range found {
		if !d.At.Before(before) {
			break
		}
		if first == "" {
			first = d.ID
		}
		end = d.ID
	}
	return first, end, err
}
