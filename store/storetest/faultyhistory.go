package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/users"
)

type faultyAudit struct {
	next users.AuditStore
	plan *plan
}

// AppendAudit returns how many entries were stored also with an error of its own,
// which says how far it came.
func (f faultyAudit) AppendAudit(ctx context.Context, entries []users.AuditEntry) (int, error) {
	return planned(f.plan, "Audit.AppendAudit", func() (int, error) { return f.next.AppendAudit(ctx, entries) })
}

func (f faultyAudit) LastAudit(ctx context.Context) (users.AuditEntry, error) {
	return planned(f.plan, "Audit.LastAudit", func() (users.AuditEntry, error) { return f.next.LastAudit(ctx) })
}

func (f faultyAudit) Audit(ctx context.Context, l users.AuditList) ([]users.AuditEntry, error) {
	return planned(f.plan, "Audit.Audit", func() ([]users.AuditEntry, error) { return f.next.Audit(ctx, l) })
}

func (f faultyAudit) DeleteAudit(ctx context.Context, before time.Time, limit int) (users.AuditEntry, int, error) {
	removed := 0
	last, err := planned(f.plan, "Audit.DeleteAudit", func() (last users.AuditEntry, err error) {
		last, removed, err = f.next.DeleteAudit(ctx, before, limit)
		return last, err
	})
	if err != nil {
		return users.AuditEntry{}, 0, err
	}
	return last, removed, nil
}

type faultyHistory struct {
	next history.Store
	plan *plan
}

func (f faultyHistory) PutSession(ctx context.Context, s history.Session) error {
	return f.plan.do("History.PutSession", func() error { return f.next.PutSession(ctx, s) })
}

func (f faultyHistory) Sessions(ctx context.Context, id device.ID, before time.Time, beforeID string, limit int) ([]history.Session, error) {
	return planned(f.plan, "History.Sessions", func() ([]history.Session, error) { return f.next.Sessions(ctx, id, before, beforeID, limit) })
}

func (f faultyHistory) DeleteSessions(ctx context.Context, before time.Time, limit int) (int, error) {
	return planned(f.plan, "History.DeleteSessions", func() (int, error) { return f.next.DeleteSessions(ctx, before, limit) })
}

func (f faultyHistory) AddCounts(ctx context.Context, c history.Counts) error {
	return f.plan.do("History.AddCounts", func() error { return f.next.AddCounts(ctx, c) })
}

func (f faultyHistory) Counts(ctx context.Context, from, to time.Time) ([]history.Counts, error) {
	return planned(f.plan, "History.Counts", func() ([]history.Counts, error) { return f.next.Counts(ctx, from, to) })
}

func (f faultyHistory) DeleteCounts(ctx context.Context, before time.Time, limit int) (int, error) {
	return planned(f.plan, "History.DeleteCounts", func() (int, error) { return f.next.DeleteCounts(ctx, before, limit) })
}
