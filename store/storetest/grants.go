package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
)

// fullGrant returns a grant in which nothing is empty, times as they come back.
func fullGrant(tokenHash string, id device.ID) files.Grant {
	return files.Grant{
		TokenHash: tokenHash, Device: id, Task: "task", Names: []string{"a", "é \"b\""}, Expires: stored(now()), Upload: true, UploadType: "2 Vendor Log File",
	}
}

func grantTests() []test {
	return []test{
		{"a grant is found by the hash of its token and removed once it expired", func(t *testing.T, s store.Store) {
			checkFull(t, fullGrant("h", "d"))
			for i := range 4 {
				g := fullGrant(fmt.Sprint(i), device.NewID())
				g.Expires = g.Expires.Add(time.Duration(i) * time.Hour)
				must(t, s.Files().PutGrant(t.Context(), g))
				same(t, "grant", got[files.Grant](t)(s.Files().Grant(t.Context(), g.TokenHash)), g)
			}
			before := stored(now()).Add(2 * time.Hour)
			same(t, "removed", got[int](t)(s.Files().DeleteGrants(t.Context(), before, 1)), 1)
			same(t, "removed", got[int](t)(s.Files().DeleteGrants(t.Context(), before, 10)), 1)
			for i, want := range []error{files.ErrNotFound, files.ErrNotFound, nil, nil} {
				_, err := s.Files().Grant(t.Context(), fmt.Sprint(i))
				fails(t, err, want)
			}
		}},
		{"a grant that is taken is gone, and others stay", func(t *testing.T, s store.Store) {
			taken, other := fullGrant("taken", device.NewID()), fullGrant("other", device.NewID())
			must(t, s.Files().PutGrant(t.Context(), taken))
			must(t, s.Files().PutGrant(t.Context(), other))
			same(t, "grant", got[files.Grant](t)(s.Files().TakeGrant(t.Context(), "taken")), taken)
			for _, find := range []func() (files.Grant, error){
				func() (files.Grant, error) { return s.Files().TakeGrant(t.Context(), "taken") },
				func() (files.Grant, error) { return s.Files().Grant(t.Context(), "taken") },
			} {
				g, err := find()
				fails(t, err, files.ErrNotFound)
				same(t, "grant that is gone", g, files.Grant{})
			}
			same(t, "grant", got[files.Grant](t)(s.Files().Grant(t.Context(), "other")), other)
		}},
		{"of those who take a grant at the same time one gets it", func(t *testing.T, s store.Store) {
			for round := range 10 {
				hash := fmt.Sprint(round)
				must(t, s.Files().PutGrant(t.Context(), fullGrant(hash, "d")))
				var took atomic.Int64
				together(t, func(int) error {
					_, err := s.Files().TakeGrant(t.Context(), hash)
					if err == nil {
						took.Add(1)
					}
					if errors.Is(err, files.ErrNotFound) {
						return nil
					}
					return err
				})
				same(t, "who got it", took.Load(), int64(1))
			}
		}},
		{"a filter finds the files of a device", func(t *testing.T, s store.Store) {
			for name, id := range map[string]device.ID{"a": "d1", "b": "d2", "c": "d1", "given": ""} {
				f := fullFile(name)
				f.Device = id
				must(t, s.Files().PutFile(t.Context(), f))
			}
			list := func(l files.List) (files.Page, error) { return s.Files().ListFiles(t.Context(), l) }
			for text, want := range map[string][]string{"device = d1": {"a", "c"}, "device = d3": nil, "device:*": {"a", "b", "c"}, "NOT device:*": {"given"}} {
				same(t, text, listFiles(t, list, files.List{PageSize: 2, Filter: filter(t, files.Schema(), text)}), want)
			}
		}},
	}
}
