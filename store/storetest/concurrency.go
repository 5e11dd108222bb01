package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// workers is how many goroutines contend.
const workers = 16

// together runs the function in many goroutines that begin at once.
func together(t *testing.T, run func(worker int) error) {
	t.Helper()
	var group sync.WaitGroup
	begin := make(chan struct{})
	for worker := range workers {
		group.Go(func() {
			<-begin
			if err := run(worker); err != nil {
				t.Error(err)
			}
		})
	}
	close(begin)
	group.Wait()
}

func concurrencyTests() []test {
	return []test{
		{"every task is claimed exactly once", claimOnce},
		{"sessions that begin at once get generations that differ and grow", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			var mu sync.Mutex
			var generations []int64
			together(t, func(int) error {
				last := int64(0)
				for range 10 {
					began, err := s.Sessions().Begin(t.Context(), contact(d, "s", now()))
					if err != nil {
						return err
					}
					if g := began.After.Session.Generation; g <= last || began.Before.Session.Generation != g-1 {
						t.Errorf("generation %d follows %d, before it was %d", g, last, began.Before.Session.Generation)
					}
					last = began.After.Session.Generation
					mu.Lock()
					generations = append(generations, last)
					mu.Unlock()
				}
				return nil
			})
			slices.Sort(generations)
			if got := len(slices.Compact(generations)); got != 10*workers {
				t.Errorf("%d sessions got %d generations", 10*workers, got)
			}
		}},
		{"of those who save the same revision exactly one wins", func(t *testing.T, s store.Store) {
			task := addTask(t, s, queuedTask(device.NewID(), now()))
			for range 20 {
				var won atomic.Int64
				together(t, func(int) error {
					return count(&won, tasks.ErrConflict, func() error { _, err := s.Tasks().Save(t.Context(), task); return err })
				})
				same(t, "winners", won.Load(), int64(1))
				task = taskOf(t, s, task.ID)
			}
		}},
		{"of those who insert the same unique key exactly one wins", func(t *testing.T, s store.Store) {
			id := device.NewID()
			var won atomic.Int64
			together(t, func(int) error {
				task := queuedTask(id, now())
				task.UniqueKey = "key"
				return count(&won, tasks.ErrDuplicate, func() error { return s.Tasks().Insert(t.Context(), task) })
			})
			same(t, "winners", won.Load(), int64(1))
		}},
		{"of those who create the same identity exactly one wins", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(int) error {
				return count(&won, device.ErrDuplicate, func() error { return s.Devices().Create(t.Context(), plainDevice("1"), 0) })
			})
			same(t, "winners", won.Load(), int64(1))
		}},
		{"of those who put the same new user exactly one wins", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(int) error {
				return count(&won, users.ErrExists, func() error { return s.Users().PutUser(t.Context(), users.User{Name: "admin"}) })
			})
			same(t, "winners", won.Load(), int64(1))
		}},
		{"of those who put users of the same subject exactly one wins", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(worker int) error {
				u := users.User{Name: fmt.Sprint("user ", worker), Subject: "https://id.example.net/ 1"}
				return count(&won, users.ErrExists, func() error { return s.Users().PutUser(t.Context(), u) })
			})
			same(t, "winners", won.Load(), int64(1))
			same(t, "users", len(got[[]users.User](t)(s.Users().Users(t.Context()))), 1)
		}},
		{"of those who append the same sequence exactly one wins", auditWinner},
		{"no tag is lost of those that are added at once", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			together(t, func(worker int) error {
				for i := range 5 {
					if _, err := s.Devices().Edit(t.Context(), d.ID, device.Edit{AddTags: []string{fmt.Sprint(worker, " ", i)}}); err != nil {
						return err
					}
				}
				return nil
			})
			same(t, "tags", len(deviceOf(t, s, d.ID).Tags), 5*workers)
		}},
		{"no count is lost of those that are added at once", func(t *testing.T, s store.Store) {
			together(t, func(worker int) error {
				for range 5 {
					c := history.Counts{At: spanAt(0), Node: "n", Values: map[string]int64{"all": 1, fmt.Sprint("of.", worker%4): 1}}
					if err := s.History().AddCounts(t.Context(), c); err != nil {
						return err
					}
				}
				return nil
			})
			want := map[string]int64{"all": 5 * workers, "of.0": 5 * workers / 4, "of.1": 5 * workers / 4, "of.2": 5 * workers / 4, "of.3": 5 * workers / 4}
			same(t, "counts", countsIn(t, s, 0, 1), []history.Counts{{At: spanAt(0), Node: "n", Values: want}})
		}},
		{"of those who take a carried session exactly one gets it", takenOnce},
		{"of those who save the same revision of a lease exactly one wins", func(t *testing.T, s store.Store) {
			lease := nodes.Lease{Name: "reaper"}
			for range 20 {
				var won atomic.Int64
				together(t, func(worker int) error {
					mine := lease
					mine.Holder = fmt.Sprint(worker)
					return count(&won, nodes.ErrConflict, func() error { _, err := s.Nodes().SaveLease(t.Context(), mine); return err })
				})
				same(t, "winners", won.Load(), int64(1))
				next := got[nodes.Lease](t)(s.Nodes().Lease(t.Context(), "reaper"))
				same(t, "revision", next.Revision, lease.Revision+1)
				lease = next
			}
		}},
		{"those who propose a key check at once all get the same", func(t *testing.T, s store.Store) {
			var mu sync.Mutex
			checks := make(map[secret.Sealed]bool)
			together(t, func(worker int) error {
				check, err := s.KeyCheck(t.Context(), secret.Sealed(fmt.Sprint("check of ", worker)))
				mu.Lock()
				defer mu.Unlock()
				checks[check] = true
				return err
			})
			same(t, "checks", len(checks), 1)
		}},
		{"a wish never takes the place of a session that is put at the same time", wishesAndSessions},
		{"a newer session recovers what an older one claims, or the older one claims nothing", fencedClaims},
		{"the limit of devices that came by themselves holds", func(t *testing.T, s store.Store) {
			var won atomic.Int64
			together(t, func(int) error {
				d := device.Device{ID: device.NewID(), Origin: device.OriginContact}
				return count(&won, device.ErrLimit, func() error { return s.Devices().Create(t.Context(), d, 5) })
			})
			same(t, "created", won.Load(), int64(5))
		}},
		{"a work hint that is raised while a session ends is never lost", hintNeverLost},
	}
}

// auditWinner has all append the next two entries of a chain, each their own. Who
// stored the first of them may lose the second to nobody, as all others failed at
// the first.
func auditWinner(t *testing.T, s store.Store) {
	for round := range int64(10) {
		var won atomic.Int64
		together(t, func(worker int) error {
			entries := auditEntries(2*round+1, 2*round+2)
			for i := range entries {
				entries[i].Actor = fmt.Sprint(worker)
			}
			return count(&won, users.ErrConflict, func() error { return second(s.Audit().AppendAudit(t.Context(), entries)) })
		})
		same(t, "winners", won.Load(), int64(1))
		last := listAudit(t, s, users.AuditList{Limit: 2})
		same(t, "sequences", sequences(last), []int64{2*round + 2, 2*round + 1})
		same(t, "actors", last[0].Actor, last[1].Actor)
	}
}

// count counts the calls that succeed; one that loses is no error.
func count(won *atomic.Int64, lost error, call func() error) error {
	err := call()
	if err == nil {
		won.Add(1)
	}
	if errors.Is(err, lost) {
		return nil
	}
	return err
}

func claimOnce(t *testing.T, s store.Store) {
	id := device.NewID()
	const count = 100
	for i := range count {
		addTask(t, s, queuedTask(id, now().Add(time.Duration(i)*time.Millisecond)))
	}
	var mu sync.Mutex
	claimed := make(map[tasks.ID]int)
	together(t, func(worker int) error {
		for {
			c, err := s.Tasks().Claim(t.Context(), tasks.Claim{Device: id, Lease: lease(int64(worker), now()), At: now().Add(time.Hour)})
			if errors.Is(err, tasks.ErrNone) {
				return nil
			}
			if err != nil {
				return err
			}
			mu.Lock()
			claimed[c.Task.ID]++
			mu.Unlock()
		}
	})
	for task, times := range claimed {
		if times != 1 {
			t.Errorf("task %s was claimed %d times", task, times)
		}
	}
	same(t, "claimed tasks", len(claimed), count)
}
