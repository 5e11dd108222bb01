package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// fullConvergence returns one in which nothing is empty but the revision: it is new.
func fullConvergence(id device.ID) provisioners.Convergence {
	return provisioners.Convergence{
		Device: id, UpdatedAt: now(), Wanted: "w", Model: "m", Owned: []string{"account.1.registrar", "account.1.port"},
		Unmapped:  []provisioners.Unmapped{{Setting: "account.1.transport", Reason: "cannot be \"TLS\" é<&>"}},
		Instances: []provisioners.Instances{{Table: "Device.Services.VoiceService.", Numbers: []int{1, 7}}},
		Adding:    &provisioners.Adding{Table: "Device.Services.VoiceService.1.VoiceProfile.", Before: []int{1}, At: now().Add(-time.Minute)},
		Confirmed: []provisioners.Confirmed{{Path: "Device.$set.é", Hash: "h", Restored: 2, RestoredAt: now().Add(-time.Hour)}},
		Differences: []provisioners.Difference{
			{
				Path: "Device.A.B", Setting: "account.1.registrar", Also: []string{"account.2.registrar"}, Kind: provisioners.Drifted, Wanted: pointer("a"), Has: pointer(""), Adopt: pointer("b"),
				Code: 9007, Reason: "é", Since: now().Add(-time.Hour), Tries: 2, Hash: "h",
			},
			{Path: "Device.A.Password", Setting: "account.1.password", Kind: provisioners.Withheld, Since: now()},
		},
		Restore:    []string{"Device.A.B"},
		Deliveries: []provisioners.Delivery{{Name: provisioners.DeliveryProfile, Hash: "h", Held: "g", Task: "t", Tries: 1, Problem: "é"}},
		Notified:   "n", Attempts: 3, Losses: 4, NextTry: now().Add(time.Hour),
	}
}

// storedConvergence returns it as it comes back after it was put.
func storedConvergence(c provisioners.Convergence) provisioners.Convergence {
	c = store.WholeConvergence(c)
	c.Revision++
	return c
}

// putConvergence stores one and returns it.
func putConvergence(t *testing.T, s store.Store, c provisioners.Convergence) provisioners.Convergence {
	t.Helper()
	return got[provisioners.Convergence](t)(s.Convergences().PutConvergence(t.Context(), c))
}

func convergenceOf(t *testing.T, s store.Store, id device.ID) provisioners.Convergence {
	t.Helper()
	return got[provisioners.Convergence](t)(s.Convergences().Convergence(t.Context(), id))
}

func convergenceTests() []test {
	return []test{
		{"a convergence comes back whole, with its first revision", func(t *testing.T, s store.Store) {
			c := fullConvergence("d")
			want := storedConvergence(c)
			checkFull(t, want)
			checkFull(t, *want.Adding)
			checkFull(t, want.Differences[0])
			checkFull(t, want.Deliveries[0])
			for _, at := range []time.Time{want.UpdatedAt, want.NextTry, want.Adding.At, want.Differences[0].Since} {
				same(t, "time", at, stored(at))
			}
			same(t, "answer", putConvergence(t, s, c), want)
			same(t, "convergence", convergenceOf(t, s, "d"), want)
			same(t, "what was put", c, fullConvergence("d"))
			plain := provisioners.Convergence{Device: "plain"}
			putConvergence(t, s, plain)
			same(t, "plain", convergenceOf(t, s, "plain"), storedConvergence(plain))
		}},
		{"the largest convergence comes back", func(t *testing.T, s store.Store) {
			c := largestConvergence("d")
			putConvergence(t, s, c)
			same(t, "convergence", convergenceOf(t, s, "d"), storedConvergence(c))
		}},
		{"a convergence is stored in place of the revision that was seen", func(t *testing.T, s store.Store) {
			first := putConvergence(t, s, fullConvergence("d"))
			next := first
			next.Wanted, next.Confirmed, next.Adding = "other", nil, nil
			next = putConvergence(t, s, next)
			same(t, "revision", next.Revision, int64(2))
			for _, revision := range []int64{-1, 0, 1, 3} {
				old := first
				old.Revision = revision
				fails(t, second(s.Convergences().PutConvergence(t.Context(), old)), provisioners.ErrConflict)
			}
			same(t, "convergence", convergenceOf(t, s, "d"), next)
		}},
		{"a convergence that is not stored is not found, and put in no revision but the first", func(t *testing.T, s store.Store) {
			c := fullConvergence("d")
			for _, revision := range []int64{-1, 1, 7} {
				c.Revision = revision
				fails(t, second(s.Convergences().PutConvergence(t.Context(), c)), provisioners.ErrConflict)
			}
			fails(t, second(s.Convergences().Convergence(t.Context(), "d")), provisioners.ErrNotFound)
			putConvergence(t, s, fullConvergence("e"))
			fails(t, second(s.Convergences().Convergence(t.Context(), "d")), provisioners.ErrNotFound)
		}},
		{"of those who change a convergence at the same time one does, again and again", contendedConvergence},
		{"of those who put the same new convergence exactly one wins", func(t *testing.T, s store.Store) {
			for round := range 4 {
				onlyOneWins(t, provisioners.ErrConflict, func(worker int) error {
					c := fullConvergence(device.ID(fmt.Sprint(round)))
					c.Attempts = worker
					return second(s.Convergences().PutConvergence(t.Context(), c))
				})
			}
		}},
	}
}

// largestConvergence is one at its bounds.
func largestConvergence(id device.ID) provisioners.Convergence {
	c := fullConvergence(id)
	path := func(i int) string {
		return fmt.Sprintf("InternetGatewayDevice.Services.VoiceService.1.VoiceProfile.%d.%s", i, strings.Repeat("X", 190))
	}
	value := strings.Repeat("<", provisioners.MaxDifferenceValue)
	c.Confirmed, c.Differences = nil, nil
	for i := range provisioners.MaxConfirmed {
		c.Confirmed = append(c.Confirmed, provisioners.Confirmed{Path: path(i), Hash: strings.Repeat("h", 64)})
		c.Owned = append(c.Owned, path(i))
	}
	for i := range provisioners.MaxDifferences {
		c.Differences = append(c.Differences, provisioners.Difference{Path: path(i), Kind: provisioners.Kept, Wanted: &value, Has: &value, Adopt: &value, Since: now()})
	}
	return c
}

func contendedConvergence(t *testing.T, s store.Store) {
	putConvergence(t, s, provisioners.Convergence{Device: "d"})
	const rounds = 4
	together(t, func(worker int) error {
		for round := 0; round < rounds; {
			c, err := s.Convergences().Convergence(t.Context(), "d")
			if err != nil {
				return err
			}
			c.Owned = append(c.Owned, fmt.Sprint(worker, " ", round))
			switch _, err := s.Convergences().PutConvergence(t.Context(), c); {
			case err == nil:
				round++
			case !errors.Is(err, provisioners.ErrConflict):
				return err
			}
		}
		return nil
	})
	c := convergenceOf(t, s, "d")
	same(t, "revision", c.Revision, int64(1+rounds*workers))
	same(t, "paths", len(c.Owned), rounds*workers)
}
