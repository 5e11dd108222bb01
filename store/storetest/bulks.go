package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func bulkTests() []test {
	full := func(at time.Time) tasks.Bulk {
		return tasks.Bulk{
			ID: tasks.NewID(at), Filter: `model:"T46"`, Scope: device.Scope{Group: "a/b"}, Kind: tasks.Reboot, Args: []byte(`{}`), Priority: 2,
			Expires: at.Add(time.Hour), CreatedBy: "user:admin", CreatedAt: at, ConnectionRequest: true, PageToken: "p", Queued: 3, Refused: 1, LastError: "é",
			FinishedAt: at.Add(time.Minute), Failed: true, Stopped: true, Revision: 2,
			Edit: &tasks.BulkEdit{AddTags: []string{"a", "é"}, RemoveTags: []string{"b"}, Group: pointer("x/y")},
		}
	}
	whole := func(b tasks.Bulk) tasks.Bulk {
		b.Expires, b.CreatedAt, b.FinishedAt = stored(b.Expires), stored(b.CreatedAt), stored(b.FinishedAt)
		return b
	}
	return []test{
		{"a bulk comes back", func(t *testing.T, s store.Store) {
			b := full(now())
			checkFull(t, b)
			must(t, s.Bulks().InsertBulk(t.Context(), b))
			same(t, "bulk", got[tasks.Bulk](t)(s.Bulks().Bulk(t.Context(), b.ID)), whole(b))
			_, err := s.Bulks().Bulk(t.Context(), tasks.NewID(now()))
			fails(t, err, tasks.ErrNotFound)
		}},
		{"a bulk without an edit has none, and one that takes devices out of their groups is no other", func(t *testing.T, s store.Store) {
			for _, edit := range []*tasks.BulkEdit{nil, {}, {Group: pointer("")}, {RemoveTags: []string{"b"}}} {
				b := full(stored(now()))
				b.ID, b.Edit = tasks.NewID(now()), edit
				must(t, s.Bulks().InsertBulk(t.Context(), b))
				same(t, "edit", got[tasks.Bulk](t)(s.Bulks().Bulk(t.Context(), b.ID)).Edit, edit)
			}
		}},
		{"saving replaces it once for each revision", func(t *testing.T, s store.Store) {
			b := full(now())
			_, err := s.Bulks().SaveBulk(t.Context(), b)
			fails(t, err, tasks.ErrNotFound)
			must(t, s.Bulks().InsertBulk(t.Context(), b))
			b.Queued = 9
			saved := got[tasks.Bulk](t)(s.Bulks().SaveBulk(t.Context(), b))
			_, err = s.Bulks().SaveBulk(t.Context(), b)
			fails(t, err, tasks.ErrConflict)
			b.Revision++
			same(t, "answer", saved, whole(b))
			same(t, "bulk", got[tasks.Bulk](t)(s.Bulks().Bulk(t.Context(), b.ID)), whole(b))
		}},
		{"open ones come the oldest first, and finished ones are removed by age", func(t *testing.T, s store.Store) {
			var open []tasks.Bulk
			for i := range 4 {
				b := full(now().Add(time.Duration(i) * time.Second))
				b.FinishedAt = time.Time{}
				must(t, s.Bulks().InsertBulk(t.Context(), b))
				open = append(open, whole(b))
			}
			same(t, "open", got[[]tasks.Bulk](t)(s.Bulks().OpenBulks(t.Context(), 3)), open[:3])
			for i := range 3 {
				open[i].FinishedAt = stored(now().Add(time.Duration(i) * time.Hour))
				open[i] = got[tasks.Bulk](t)(s.Bulks().SaveBulk(t.Context(), open[i]))
			}
			same(t, "open", got[[]tasks.Bulk](t)(s.Bulks().OpenBulks(t.Context(), 3)), open[3:])
			before := stored(now().Add(2 * time.Hour))
			same(t, "removed", got[int](t)(s.Bulks().DeleteBulks(t.Context(), before, 1)), 1)
			same(t, "removed", got[int](t)(s.Bulks().DeleteBulks(t.Context(), before, 10)), 1)
			got[tasks.Bulk](t)(s.Bulks().Bulk(t.Context(), open[2].ID))
			got[tasks.Bulk](t)(s.Bulks().Bulk(t.Context(), open[3].ID))
		}},
	}
}
