package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func appendAudit(t *testing.T, s store.Store, entries ...users.AuditEntry) {
	t.Helper()
	same(t, "stored entries", got[int](t)(s.Audit().AppendAudit(t.Context(), entries)), len(entries))
}

// listAudit returns everything that a list gives in one answer.
func listAudit(t *testing.T, s store.Store, l users.AuditList) []users.AuditEntry {
	t.Helper()
	if l.Limit == 0 {
		l.Limit = 100
	}
	return got[[]users.AuditEntry](t)(s.Audit().Audit(t.Context(), l))
}

func sequences(entries []users.AuditEntry) []int64 {
	var list []int64
	for i := range entries {
		list = append(list, entries[i].Sequence)
	}
	return list
}

func auditTests() []test {
	return []test{
		{"entries come back as they were appended, to the letter", func(t *testing.T, s store.Store) {
			checkFull(t, auditEntry(1))
			appendAudit(t, s, auditEntries(1, 3)...)
			appendAudit(t, s, users.AuditEntry{Sequence: 4})
			appendAudit(t, s)
			same(t, "entries", listAudit(t, s, users.AuditList{Ascending: true}), append(auditEntries(1, 3), users.AuditEntry{Sequence: 4}))
		}},
		{"a sequence that is taken conflicts, and what was stored in front of it is counted", auditConflicts},
		{"the last entry is that of the greatest sequence", func(t *testing.T, s store.Store) {
			_, err := s.Audit().LastAudit(t.Context())
			fails(t, err, users.ErrNotFound)
			// Those from before there was a chain come with numbers up to 0.
			must(t, s.Copier().Import(t.Context(), []store.Record{{Audit: pointer(auditEntry(0))}, {Audit: pointer(auditEntry(-9))}, {Audit: pointer(auditEntry(-10))}}))
			same(t, "last", got[users.AuditEntry](t)(s.Audit().LastAudit(t.Context())), auditEntry(0))
			appendAudit(t, s, auditEntries(1, 11)...)
			same(t, "last", got[users.AuditEntry](t)(s.Audit().LastAudit(t.Context())), auditEntry(11))
		}},
		{"old entries are removed from the front, up to a limit, and the last of them is told", auditDeletes},
		{"nothing is removed from behind an entry that stays", func(t *testing.T, s store.Store) {
			entries := auditEntries(1, 4)
			entries[1].At = now().Add(time24)
			appendAudit(t, s, entries...)
			last, removed, err := s.Audit().DeleteAudit(t.Context(), entries[3].At.Add(time.Hour), 10)
			must(t, err)
			same(t, "removed", removed, 1)
			same(t, "last that was removed", last, entries[0])
			same(t, "left", sequences(listAudit(t, s, users.AuditList{Ascending: true})), []int64{2, 3, 4})
		}},
	}
}

func auditConflicts(t *testing.T, s store.Store) {
	appendAudit(t, s, auditEntries(1, 3)...)
	appendAudit(t, s, auditEntry(6))
	conflict := func(what string, entries []users.AuditEntry, want int) {
		t.Helper()
		for i := range entries {
			entries[i].Detail = "another"
		}
		stored, err := s.Audit().AppendAudit(t.Context(), entries)
		fails(t, err, users.ErrConflict)
		same(t, what, stored, want)
	}
	conflict("stored of one whose sequence is taken", auditEntries(3, 3), 0)
	conflict("stored of those that begin with one that is taken", auditEntries(3, 4), 0)
	conflict("stored in front of one that is taken", auditEntries(4, 7), 2)
	same(t, "entries", sequences(listAudit(t, s, users.AuditList{Ascending: true})), []int64{1, 2, 3, 4, 5, 6})
	for _, e := range listAudit(t, s, users.AuditList{}) {
		want := auditEntry(e.Sequence)
		if e.Sequence == 4 || e.Sequence == 5 {
			want.Detail = "another"
		}
		same(t, "entry", e, want)
	}
}

func auditDeletes(t *testing.T, s store.Store) {
	for sequence := int64(-2); sequence <= 0; sequence++ {
		must(t, s.Copier().Import(t.Context(), []store.Record{{Audit: pointer(auditEntry(sequence))}}))
	}
	appendAudit(t, s, auditEntries(1, 5)...)
	remove := func(before time.Time, limit, want int, wantLast users.AuditEntry) {
		t.Helper()
		last, removed, err := s.Audit().DeleteAudit(t.Context(), before, limit)
		must(t, err)
		same(t, "removed", removed, want)
		same(t, "last that was removed", last, wantLast)
	}
	remove(auditEntry(-2).At, 10, 0, users.AuditEntry{})
	remove(auditEntry(4).At, 2, 2, auditEntry(-1))
	remove(auditEntry(4).At, 3, 3, auditEntry(2))
	remove(auditEntry(4).At, 10, 1, auditEntry(3))
	remove(auditEntry(4).At, 10, 0, users.AuditEntry{})
	same(t, "left", listAudit(t, s, users.AuditList{Ascending: true}), auditEntries(4, 5))
	fails(t, second(s.Audit().AppendAudit(t.Context(), auditEntries(5, 6))), users.ErrConflict)
	appendAudit(t, s, auditEntry(6))
}
