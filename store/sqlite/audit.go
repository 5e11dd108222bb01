package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

const auditColumns = "id, at, actor, address, action, target, outcome, detail"

func (s audit) AppendAudit(ctx context.Context, e users.AuditEntry) error {
	return s.write(ctx, "appendAudit", func(c *conn) error {
		_, err := c.exec("INSERT INTO audit ("+auditColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			e.ID, milliseconds(e.At), e.Actor, e.Address, e.Action, e.Target, e.Outcome, e.Detail)
		return err
	})
}

// auditPage reads the entries before an id, the newest first.
const auditPage = "SELECT " + auditColumns + " FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?"

func (s audit) Audit(ctx context.Context, before string, limit int) (all []users.AuditEntry, err error) {
	if before == "" {
		before = endOfText
	}
	err = s.read(ctx, "listAudit", func(c *conn) error {
		return c.each(func(r *row) error {
			all = append(all, users.AuditEntry{
				ID: r.text(), At: r.time(), Actor: r.text(), Address: r.text(), Action: r.text(), Target: r.text(), Outcome: r.int(), Detail: r.text(),
			})
			return nil
		}, auditPage, before, limit)
	})
	return all, err
}

const deleteAudit = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)"

func (s audit) DeleteAudit(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.deleteOld(ctx, "deleteAudit", deleteAudit, before, limit)
}
