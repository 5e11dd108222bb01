package storetest

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func auditListTests(kind Kind) []test {
	fill := func(t *testing.T, s store.Store) {
		t.Helper()
		for sequence := int64(-2); sequence <= 0; sequence++ {
			must(t, s.Copier().Import(t.Context(), []store.Record{{Audit: pointer(auditEntry(sequence))}}))
		}
		appendAudit(t, s, auditEntries(1, 10)...)
	}
	return []test{
		{"entries come the newest first, the oldest first if asked for, up to a limit", func(t *testing.T, s store.Store) {
			fill(t, s)
			for _, c := range []struct {
				what string
				list users.AuditList
				want []int64
			}{
				{"newest", users.AuditList{Limit: 2}, []int64{10, 9}},
				{"older", users.AuditList{Limit: 2, After: pointer(int64(9))}, []int64{8, 7}},
				{"oldest", users.AuditList{Limit: 2, Ascending: true}, []int64{-2, -1}},
				{"newer", users.AuditList{Limit: 3, Ascending: true, After: pointer(int64(-1))}, []int64{0, 1, 2}},
				{"after 0", users.AuditList{Limit: 2, Ascending: true, After: pointer(int64(0))}, []int64{1, 2}},
				{"before 0", users.AuditList{Limit: 5, After: pointer(int64(0))}, []int64{-1, -2}},
				{"after an entry that is not there", users.AuditList{Limit: 2, After: pointer(int64(99))}, []int64{10, 9}},
				{"after the last", users.AuditList{Limit: 2, Ascending: true, After: pointer(int64(10))}, nil},
			} {
				same(t, c.what, sequences(listAudit(t, s, c.list)), c.want)
			}
		}},
		{"a filter and a place go together", func(t *testing.T, s store.Store) {
			fill(t, s)
			l := users.AuditList{Filter: filter(t, users.AuditSchema(), "sequence > 3 AND actor:ADMIN"), After: pointer(int64(8))}
			same(t, "entries", sequences(listAudit(t, s, l)), []int64{7, 6, 5, 4})
		}},
		{"any filter lists the entries that query.Match takes, from either end", func(t *testing.T, s store.Store) { auditFilters(t, s, fleetSize(kind)/2) }},
	}
}

func auditFilters(t *testing.T, s store.Store, count int) {
	var all []users.AuditEntry
	for i := range count {
		e := rapid.Custom(drawAuditEntry).Example(i)
		e.Sequence = int64(i - count/3)
		must(t, s.Copier().Import(t.Context(), []store.Record{{Audit: &e}}))
		all = append(all, e)
	}
	rapid.Check(t, func(rt *rapid.T) {
		l := users.AuditList{Filter: querytest.Expression(users.AuditSchema()).Draw(rt, "filter"), Ascending: rapid.Bool().Draw(rt, "ascending"), Limit: 7}
		var want []int64
		for i := range all {
			if query.Match(l.Filter, all[i].Field) {
				want = append(want, all[i].Sequence)
			}
		}
		if !l.Ascending {
			slices.Reverse(want)
		}
		if listed := pagesOfAudit(rt, s, l); !slices.Equal(listed, want) {
			rt.Fatalf("%s\nlists %v\nwant  %v", query.Format(l.Filter), listed, want)
		}
	})
}

// pagesOfAudit goes on after the last entry of each answer, as callers do.
func pagesOfAudit(t *rapid.T, s store.Store, l users.AuditList) []int64 {
	var listed []int64
	for {
		page, err := s.Audit().Audit(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, sequences(page)...)
		if len(page) < l.Limit {
			return listed
		}
		l.After = &page[len(page)-1].Sequence
	}
}

func drawAuditEntry(t *rapid.T) users.AuditEntry {
	fields := querytest.Record(users.AuditSchema()).Draw(t, "fields")
	return users.AuditEntry{
		At: fields["at"].Time, Actor: fields["actor"].Text, Address: fields["address"].Text, Action: fields["action"].Text,
		Target: fields["target"].Text, Outcome: int(fields["outcome"].Int), Detail: fields["detail"].Text,
	}
}
