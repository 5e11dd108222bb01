package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

const auditColumns = "sequence, at, actor, address, action, target, outcome, detail, before, after, previous, hash"

func scanAudit(r *row) users.AuditEntry {
	return users.AuditEntry{
		Sequence: r.int64(), At: r.time(), Actor: r.text(), Address: r.text(), Action: r.text(), Target: r.text(), Outcome: r.int(),
		Detail: r.text(), Before: r.text(), After: r.text(), Previous: r.text(), Hash: r.text(),
	}
}

// putAudit stores an entry in place of the one of its sequence.
func (c *conn) putAudit(e *users.AuditEntry) error {
	_, err := c.exec("INSERT OR REPLACE INTO audit ("+auditColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", e.Sequence, milliseconds(e.At),
		e.Actor, e.Address, e.Action, e.Target, e.Outcome, e.Detail, e.Before, e.After, e.Previous, e.Hash)
	return err
}

// AppendAudit is one transaction: what it says to be stored is on disk, the part
// in front of a conflict too.
func (s audit) AppendAudit(ctx context.Context, entries []users.AuditEntry) (stored int, err error) {
	err = s.write(ctx, "appendAudit", func(c *conn) error {
		stored = 0
		for i := range entries {
			if err := c.appendAudit(&entries[i]); err != nil {
				return err
			}
			stored++
		}
		return nil
	})
	if err != nil && !errors.Is(err, users.ErrConflict) {
		return 0, err
	}
	return stored, err
}

func (c *conn) appendAudit(e *users.AuditEntry) error {
	taken, err := c.one(func(*row) error { return nil }, "SELECT 1 FROM audit WHERE sequence = ?", e.Sequence)
	if err == nil && taken {
		err = users.ErrConflict
	}
	if err != nil {
		return err
	}
	return c.putAudit(e)
}

const lastAudit = "SELECT " + auditColumns + " FROM audit ORDER BY sequence DESC LIMIT 1"

func (s audit) LastAudit(ctx context.Context) (e users.AuditEntry, err error) {
	err = s.read(ctx, "lastAudit", func(c *conn) error {
		found, err := c.one(func(r *row) error { e = scanAudit(r); return nil }, lastAudit)
		return orNotFound(found, err)
	})
	return e, err
}

func auditFields() map[string]column {
	return map[string]column{
		"sequence": {sql: "sequence"},
		"at":       {sql: "at"},
		"actor":    {sql: "actor"},
		"address":  {sql: "address"},
		"action":   {sql: "action"},
		"target":   {sql: "target"},
		"outcome":  {sql: "outcome"},
		"detail":   {sql: "detail"},
	}
}

// auditQuery returns the query for a list.
func auditQuery(l users.AuditList) (sql string, args []any, err error) {
	w := &where{columns: auditFields()}
	w.write("SELECT " + auditColumns + " FROM audit WHERE ")
	if err := w.expr(l.Filter); err != nil {
		return "", nil, fmt.Errorf("%w: %w", users.ErrInvalid, err)
	}
	if l.After != nil {
		w.write(" AND sequence "+beyond(!l.Ascending)+" ?", *l.After)
	}
	w.write(" ORDER BY sequence")
	if !l.Ascending {
		w.write(" DESC")
	}
	w.write(" LIMIT ?", l.Limit)
	return w.text.String(), w.args, nil
}

// Audit returns an error that wraps users.ErrInvalid for a filter that names
// something else than fields of users.AuditSchema.
func (s audit) Audit(ctx context.Context, l users.AuditList) (all []users.AuditEntry, err error) {
	sql, args, err := auditQuery(l)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, "listAudit", func(c *conn) error {
		return c.search(ctx, func(r *row) error { all = append(all, scanAudit(r)); return nil }, sql, args)
	})
	return all, err
}

// firstAudit reads the beginning of what is left.
const firstAudit = "SELECT " + auditColumns + " FROM audit ORDER BY sequence LIMIT ? + 0"

func (s audit) DeleteAudit(ctx context.Context, before time.Time, limit int) (last users.AuditEntry, removed int, err error) {
	err = s.write(ctx, "deleteAudit", func(c *conn) error {
		last, removed = users.AuditEntry{}, 0
		err := c.each(func(r *row) error {
			e := scanAudit(r)
			if milliseconds(e.At) >= milliseconds(before) {
				return errStop
			}
			last = e
			removed++
			return nil
		}, firstAudit, limit)
		if err != nil || removed == 0 {
			return err
		}
		_, err = c.exec("DELETE FROM audit WHERE sequence <= ?", last.Sequence)
		return err
	})
	if err != nil {
		return users.AuditEntry{}, 0, err
	}
	return last, removed, nil
}
