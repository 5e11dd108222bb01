package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func carriedSession(id string) device.CarriedSession {
	return device.CarriedSession{ID: id, Device: device.NewID(), State: []byte("state of " + id + "\x00\xff"), Until: now().Add(time.Minute)}
}

func putSession(t *testing.T, s store.Store, c device.CarriedSession) device.CarriedSession {
	t.Helper()
	must(t, s.Carried().PutSession(t.Context(), c))
	c.Until = stored(c.Until)
	return c
}

func wanted(t *testing.T, s store.Store) []string {
	t.Helper()
	all := got[[]string](t)(s.Carried().WantedSessions(t.Context(), 100))
	slices.Sort(all)
	return all
}

func expired(t *testing.T, s store.Store, at time.Time) []string {
	t.Helper()
	all := got[[]string](t)(s.Carried().ExpiredSessions(t.Context(), at, 100))
	slices.Sort(all)
	return all
}

func notThere(t *testing.T, s store.Store, id string) {
	t.Helper()
	_, err := s.Carried().TakeSession(t.Context(), id)
	fails(t, err, device.ErrNotFound)
}

func carriedTests() []test {
	return []test{
		{"a session comes back as it was put, once", func(t *testing.T, s store.Store) {
			notThere(t, s, "s1")
			checkFull(t, carriedSession("s1"))
			c := putSession(t, s, carriedSession("s1"))
			other := putSession(t, s, carriedSession("S1"))
			same(t, "session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")), c)
			notThere(t, s, "s1")
			same(t, "other session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "S1")), other)
		}},
		{"a session without a state is there", func(t *testing.T, s store.Store) {
			c := putSession(t, s, device.CarriedSession{ID: "s1", Device: "d", Until: now()})
			same(t, "session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")), c)
		}},
		{"the largest session comes back", func(t *testing.T, s store.Store) {
			c := carriedSession("s1")
			c.State = bytes.Repeat([]byte{0xfe}, device.MaxCarried)
			putSession(t, s, c)
			if taken := got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")); !bytes.Equal(taken.State, c.State) {
				t.Errorf("state has %d bytes and differs from the %d that were put", len(taken.State), len(c.State))
			}
		}},
		{"putting a session replaces an older state", func(t *testing.T, s store.Store) {
			putSession(t, s, carriedSession("s1"))
			newer := carriedSession("s1")
			newer.State = []byte("newer")
			newer = putSession(t, s, newer)
			same(t, "session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")), newer)
		}},
		{"a session that is only wanted is not there, and putting it ends the wish", func(t *testing.T, s store.Store) {
			must(t, s.Carried().WantSession(t.Context(), "s1", now().Add(time.Minute)))
			notThere(t, s, "s1")
			same(t, "wanted", wanted(t, s), []string{"s1"})
			c := putSession(t, s, carriedSession("s1"))
			same(t, "wanted", wanted(t, s), []string(nil))
			same(t, "session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")), c)
			same(t, "wanted", wanted(t, s), []string(nil))
		}},
		{"wanting a session that is there changes nothing", func(t *testing.T, s store.Store) {
			c := putSession(t, s, carriedSession("s1"))
			must(t, s.Carried().WantSession(t.Context(), "s1", now().Add(time.Hour)))
			same(t, "wanted", wanted(t, s), []string(nil))
			same(t, "session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")), c)
		}},
		{"a wish that is made again ends when the later one says", func(t *testing.T, s store.Store) {
			must(t, s.Carried().WantSession(t.Context(), "s1", stored(now())))
			must(t, s.Carried().WantSession(t.Context(), "s1", stored(now()).Add(time.Second)))
			same(t, "wanted", wanted(t, s), []string{"s1"})
			same(t, "expired", expired(t, s, stored(now())), []string(nil))
			same(t, "expired", expired(t, s, stored(now()).Add(time.Second)), []string{"s1"})
		}},
		{"a wish is dropped, there or not, and a session stays", func(t *testing.T, s store.Store) {
			c := putSession(t, s, carriedSession("s1"))
			must(t, s.Carried().WantSession(t.Context(), "s2", now()))
			for _, id := range []string{"s1", "s2", "s3", "s2"} {
				must(t, s.Carried().DropWish(t.Context(), id))
			}
			same(t, "wanted", wanted(t, s), []string(nil))
			same(t, "session", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s1")), c)
		}},
		{"expired are the sessions and wishes whose time has come, up to a limit", func(t *testing.T, s store.Store) {
			for i := range 3 {
				c := carriedSession(fmt.Sprint("s", i))
				c.Until = stored(now()).Add(time.Duration(i) * time.Second)
				putSession(t, s, c)
				must(t, s.Carried().WantSession(t.Context(), fmt.Sprint("w", i), c.Until))
			}
			same(t, "expired", expired(t, s, stored(now()).Add(-time.Millisecond)), []string(nil))
			same(t, "expired", expired(t, s, stored(now()).Add(time.Second)), []string{"s0", "s1", "w0", "w1"})
			same(t, "expired", len(got[[]string](t)(s.Carried().ExpiredSessions(t.Context(), now().Add(time.Hour), 5))), 5)
			same(t, "wanted", len(got[[]string](t)(s.Carried().WantedSessions(t.Context(), 2))), 2)
			got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), "s0"))
		}},
	}
}

func takenOnce(t *testing.T, s store.Store) {
	for round := range 10 {
		id := fmt.Sprint("s", round)
		c := putSession(t, s, carriedSession(id))
		var won atomic.Int64
		together(t, func(int) error {
			return count(&won, device.ErrNotFound, func() error {
				taken, err := s.Carried().TakeSession(t.Context(), id)
				if err == nil && !bytes.Equal(taken.State, c.State) {
					return errors.New("the session that was taken has another state")
				}
				return err
			})
		})
		same(t, "winners", won.Load(), int64(1))
	}
}

// wishesAndSessions has many want a session while one puts it: whatever comes
// first, it is there in the end.
func wishesAndSessions(t *testing.T, s store.Store) {
	for round := range 10 {
		c := carriedSession(fmt.Sprint("s", round))
		together(t, func(worker int) error {
			if worker == 0 {
				return s.Carried().PutSession(t.Context(), c)
			}
			return s.Carried().WantSession(t.Context(), c.ID, now())
		})
		same(t, "wanted", wanted(t, s), []string(nil))
		same(t, "state", got[device.CarriedSession](t)(s.Carried().TakeSession(t.Context(), c.ID)).State, c.State)
	}
}
