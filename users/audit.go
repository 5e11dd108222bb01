package users

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

// AuditEntry says who did what. The entries form a hash chain: each holds the
// hash of the one before, so that none can be changed or left out unseen.
type AuditEntry struct {
	// Sequence numbers the entries without a gap, from 1. Those from before there
	// was a chain have numbers up to 0, and no hashes.
	Sequence int64
	// At never runs backwards along the chain.
	At time.Time
	// Actor is "user:NAME", "token:ID NAME", "anonymous", "system", or "command
	// line" for whoever works on the machine itself.
	Actor string
	// Address is where the request came from.
	Address string
	// Action is the operation's name in the API description, or another in the
	// same form, such as "pruneAudit".
	Action string
	// Target is what was changed, such as "device/abc".
	Target string
	// Outcome is the HTTP status that the actor got.
	Outcome int
	// Detail is bounded, without secrets.
	Detail string
	// Before and After are JSON objects with the fields that were changed, with
	// secrets masked; empty where there is nothing to compare.
	Before string
	After  string
	// Previous is the Hash of the entry before, empty for the first.
	Previous string
	// Hash is the SHA-256 of the entry in lower-case hex, as AuditHash computes it.
	Hash string
}

// AuditStore keeps the audit log. Every method is one atomic operation, but for
// AppendAudit, which may store a part from the front.
type AuditStore interface {
	// AppendAudit stores entries that follow each other and returns how many were
	// stored, from the front. It returns ErrConflict if the Sequence of the first
	// that was not stored is taken.
	AppendAudit(ctx context.Context, entries []AuditEntry) (stored int, err error)
	// LastAudit returns the entry with the greatest Sequence, or ErrNotFound.
	LastAudit(ctx context.Context) (AuditEntry, error)
	// Audit returns entries in the order of Sequence.
	Audit(ctx context.Context, l AuditList) ([]AuditEntry, error)
	// DeleteAudit removes up to limit entries from before the given time, those of
	// the smallest Sequence first, so that what is left is the end of the chain. It
	// returns the last one that it removed, with how many they were; a zero entry
	// if there was none.
	DeleteAudit(ctx context.Context, before time.Time, limit int) (last AuditEntry, removed int, err error)
}

// AuditList asks for audit entries.
type AuditList struct {
	// Filter may be nil for all; its fields are those of AuditSchema.
	Filter query.Expr
	// Ascending asks for the oldest first, else the newest come first.
	Ascending bool
	// After continues after the entry of this Sequence in that order; nil from the
	// beginning.
	After *int64
	// Limit bounds the answer.
	Limit int
}

// AuditSchema returns the fields of an audit entry that filters name.
func AuditSchema() *query.Schema {
	return query.NewSchema(
		query.Field{Name: "sequence", Type: query.Int},
		query.Field{Name: "at", Type: query.Time},
		query.Field{Name: "actor", Type: query.String, Search: true},
		query.Field{Name: "address", Type: query.String, Search: true},
		query.Field{Name: "action", Type: query.String, Search: true},
		query.Field{Name: "target", Type: query.String, Search: true},
		query.Field{Name: "outcome", Type: query.Int},
		query.Field{Name: "detail", Type: query.String, Search: true},
	)
}

// Field returns the value of a field of AuditSchema, as query.Match asks for it;
// ok is false for a field that is not in the schema.
func (e *AuditEntry) Field(name string) (value query.Value, ok bool) {
	switch name {
	case "sequence":
		return query.IntValue(e.Sequence), true
	case "at":
		return query.TimeValue(e.At), true
	case "outcome":
		return query.IntValue(int64(e.Outcome)), true
	}
	text, ok := map[string]string{"actor": e.Actor, "address": e.Address, "action": e.Action, "target": e.Target, "detail": e.Detail}[name]
	return query.TextValue(text), ok
}
