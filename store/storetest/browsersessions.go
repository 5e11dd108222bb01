package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

// putBrowserSessions stores the sessions 0 to count-1 of each user.
func putBrowserSessions(t *testing.T, s store.Store, count int, names ...string) {
	t.Helper()
	for i := range count {
		for _, name := range names {
			must(t, s.BrowserSessions().PutBrowserSession(t.Context(), browserSession(name, i)))
		}
	}
}

// browserSessions returns the ids of a user's sessions, of all with no name.
func browserSessions(t *testing.T, s store.Store, user string, limit int) []string {
	t.Helper()
	var list []string
	for _, b := range got[[]users.BrowserSession](t)(s.BrowserSessions().BrowserSessions(t.Context(), user, limit)) {
		list = append(list, b.ID)
	}
	return list
}

func browserSessionTests() []test {
	return []test{
		{"a session is found by the hash of its cookie and deleted once", func(t *testing.T, s store.Store) {
			b := browserSession("a", 0)
			checkFull(t, b)
			must(t, s.BrowserSessions().PutBrowserSession(t.Context(), b))
			same(t, "session", got[users.BrowserSession](t)(s.BrowserSessions().BrowserSessionByHash(t.Context(), b.Hash)), storedBrowserSession(b))
			_, err := s.BrowserSessions().BrowserSessionByHash(t.Context(), b.ID)
			fails(t, err, users.ErrNotFound)
			must(t, s.BrowserSessions().DeleteBrowserSession(t.Context(), b.ID))
			fails(t, s.BrowserSessions().DeleteBrowserSession(t.Context(), b.ID), users.ErrNotFound)
			_, err = s.BrowserSessions().BrowserSessionByHash(t.Context(), b.Hash)
			fails(t, err, users.ErrNotFound)
		}},
		{"sessions of a user, and of all, come the newest first, up to a limit", func(t *testing.T, s store.Store) {
			putBrowserSessions(t, s, 3, "a")
			b := browserSession("b", 5)
			must(t, s.BrowserSessions().PutBrowserSession(t.Context(), b))
			same(t, "of a user", browserSessions(t, s, "a", 10), []string{"a 2", "a 1", "a 0"})
			same(t, "of a user, up to the limit", browserSessions(t, s, "a", 2), []string{"a 2", "a 1"})
			same(t, "of all", browserSessions(t, s, "", 3), []string{"b 5", "a 2", "a 1"})
			same(t, "of nobody", browserSessions(t, s, "A", 10), []string(nil))
			same(t, "whole", got[[]users.BrowserSession](t)(s.BrowserSessions().BrowserSessions(t.Context(), "b", 1)), []users.BrowserSession{storedBrowserSession(b)})
		}},
		{"a use is noted and brings back nothing that was deleted", func(t *testing.T, s store.Store) {
			putBrowserSessions(t, s, 2, "a")
			at := now().Add(time.Hour)
			must(t, s.BrowserSessions().TouchBrowserSession(t.Context(), "a 1", at))
			want := storedBrowserSession(browserSession("a", 1))
			want.LastUsed = stored(at)
			same(t, "session", got[users.BrowserSession](t)(s.BrowserSessions().BrowserSessionByHash(t.Context(), want.Hash)), want)
			must(t, s.BrowserSessions().DeleteBrowserSession(t.Context(), "a 1"))
			fails(t, s.BrowserSessions().TouchBrowserSession(t.Context(), "a 1", at), users.ErrNotFound)
			same(t, "left", browserSessions(t, s, "", 10), []string{"a 0"})
		}},
		{"all sessions of a user but one are deleted, no others", func(t *testing.T, s store.Store) {
			putBrowserSessions(t, s, 3, "a", "b")
			remove := func(user, keep string) int {
				return got[int](t)(s.BrowserSessions().DeleteBrowserSessions(t.Context(), user, keep))
			}
			same(t, "deleted but one", remove("a", "a 1"), 2)
			same(t, "left of the user", browserSessions(t, s, "a", 10), []string{"a 1"})
			same(t, "deleted with one to keep that is another's", remove("a", "b 1"), 1)
			same(t, "deleted of one who has none", remove("a", ""), 0)
			same(t, "left of the other", browserSessions(t, s, "b", 10), []string{"b 2", "b 1", "b 0"})
			same(t, "deleted without one to keep", remove("b", ""), 3)
			same(t, "left", browserSessions(t, s, "", 10), []string(nil))
		}},
		{"sessions that expired, or that nobody used for long, are deleted up to a limit", oldBrowserSessions},
	}
}

func oldBrowserSessions(t *testing.T, s store.Store) {
	at := stored(now())
	for i, c := range []struct {
		expires, used time.Duration
	}{
		{-time.Millisecond, 0}, {0, -time.Hour}, {time.Hour, -time.Hour - time.Millisecond}, {-time.Hour, -2 * time.Hour}, {time.Hour, 0},
	} {
		b := browserSession("a", i)
		b.Expires, b.LastUsed = at.Add(c.expires), at.Add(c.used)
		must(t, s.BrowserSessions().PutBrowserSession(t.Context(), b))
	}
	remove := func(limit int) int {
		return got[int](t)(s.BrowserSessions().DeleteOldBrowserSessions(t.Context(), at, at.Add(-time.Hour), limit))
	}
	same(t, "deleted at first", remove(2), 2)
	same(t, "deleted next", remove(10), 1)
	same(t, "deleted at last", remove(10), 0)
	same(t, "left", browserSessions(t, s, "", 10), []string{"a 4", "a 1"})
}
