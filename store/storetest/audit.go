package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func auditTests() []test {
	entry := func(i int) users.AuditEntry {
		return users.AuditEntry{
			ID: fmt.Sprintf("%03d", i), At: stored(now()).Add(time.Duration(i) * time.Hour), Actor: "user:admin", Address: "192.0.2.1",
			Action: "createTask", Target: "device/abc", Outcome: 202, Detail: "é",
		}
	}
	fill := func(t *testing.T, s store.Store) {
		t.Helper()
		for i := range 5 {
			must(t, s.Audit().AppendAudit(t.Context(), entry(i)))
		}
	}
	return []test{
		{"entries come the newest first, in pages", func(t *testing.T, s store.Store) {
			fill(t, s)
			same(t, "newest", got[[]users.AuditEntry](t)(s.Audit().Audit(t.Context(), "", 2)), []users.AuditEntry{entry(4), entry(3)})
			same(t, "older", got[[]users.AuditEntry](t)(s.Audit().Audit(t.Context(), "003", 10)), []users.AuditEntry{entry(2), entry(1), entry(0)})
		}},
		{"old entries are removed, up to a limit", func(t *testing.T, s store.Store) {
			fill(t, s)
			before := entry(3).At
			same(t, "removed", got[int](t)(s.Audit().DeleteAudit(t.Context(), before, 2)), 2)
			same(t, "removed", got[int](t)(s.Audit().DeleteAudit(t.Context(), before, 10)), 1)
			same(t, "left", got[[]users.AuditEntry](t)(s.Audit().Audit(t.Context(), "", 10)), []users.AuditEntry{entry(4), entry(3)})
		}},
	}
}
