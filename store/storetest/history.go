package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/store"
)

// pastSession returns the i-th session of a device; the greater i, the newer.
func pastSession(id device.ID, i int) history.Session {
	at := now().Add(time.Duration(i) * time.Minute)
	return history.Session{
		ID: fmt.Sprintf("%s-%02d", id, i), Device: id, Events: []string{"1 BOOT", "M Reboot"}, StartedAt: at, EndedAt: at.Add(time.Second),
		Outcome: "completed", RPCs: 3, Address: "2001:db8::1", Node: "node-1",
		Calls: []history.Call{{Method: "TransferComplete", Detail: "é \"fault\" 9010"}, {Method: "Kicked"}}, RetryCount: 2,
	}
}

// storedSession returns the session as it comes back.
func storedSession(s history.Session) history.Session {
	s.StartedAt, s.EndedAt = stored(s.StartedAt), stored(s.EndedAt)
	return s
}

func putSessions(t *testing.T, s store.Store, all ...history.Session) {
	t.Helper()
	for _, session := range all {
		must(t, s.History().PutSession(t.Context(), session))
	}
}

func sessionsOf(t *testing.T, s store.Store, id device.ID, before time.Time, beforeID string, limit int) []string {
	t.Helper()
	var list []string
	for _, session := range got[[]history.Session](t)(s.History().Sessions(t.Context(), id, before, beforeID, limit)) {
		list = append(list, session.ID)
	}
	return list
}

func spanAt(i int) time.Time {
	return now().Truncate(history.Span).Add(time.Duration(i) * history.Span)
}

func addCounts(t *testing.T, s store.Store, span int, node string, values map[string]int64) {
	t.Helper()
	must(t, s.History().AddCounts(t.Context(), history.Counts{At: spanAt(span), Node: node, Values: values}))
}

func countsIn(t *testing.T, s store.Store, from, to int) []history.Counts {
	t.Helper()
	return got[[]history.Counts](t)(s.History().Counts(t.Context(), spanAt(from), spanAt(to)))
}

func historyTests() []test {
	return []test{
		{"a session comes back, and is replaced by one of the same id", func(t *testing.T, s store.Store) {
			session := pastSession("d", 1)
			checkFull(t, session)
			putSessions(t, s, session)
			list := func() []history.Session {
				return got[[]history.Session](t)(s.History().Sessions(t.Context(), "d", now().Add(time24), "", 10))
			}
			same(t, "sessions", list(), []history.Session{storedSession(session)})
			session.Outcome, session.Events, session.RPCs, session.EndedAt = "failed", nil, 0, session.EndedAt.Add(time.Hour)
			session.Calls, session.RetryCount = nil, 0
			putSessions(t, s, session)
			same(t, "sessions", list(), []history.Session{storedSession(session)})
		}},
		{"the sessions of a device come the newest first, and by id where they ended at once", pastSessions},
		{"old sessions are removed up to a limit", func(t *testing.T, s store.Store) {
			for i := range 5 {
				putSessions(t, s, pastSession("d", i), pastSession("e", i))
			}
			before := stored(pastSession("d", 2).EndedAt)
			same(t, "removed at first", got[int](t)(s.History().DeleteSessions(t.Context(), before, 3)), 3)
			same(t, "removed next", got[int](t)(s.History().DeleteSessions(t.Context(), before, 3)), 1)
			same(t, "removed at last", got[int](t)(s.History().DeleteSessions(t.Context(), before, 3)), 0)
			for _, id := range []device.ID{"d", "e"} {
				same(t, "left", len(sessionsOf(t, s, id, now().Add(time24), "", 10)), 3)
			}
		}},
		{"counts of the same span and node are added, name by name", func(t *testing.T, s store.Store) {
			full := history.Counts{At: spanAt(0), Node: "node.1", Values: map[string]int64{"sessions.completed": 1, "faults.9002": 1 << 40}}
			checkFull(t, full)
			must(t, s.History().AddCounts(t.Context(), full))
			same(t, "counts", countsIn(t, s, 0, 1), []history.Counts{full})
			addCounts(t, s, 0, "node.1", map[string]int64{"sessions.completed": 2, "sessions": 5})
			addCounts(t, s, 0, "node.1", nil)
			addCounts(t, s, 0, "node.2", map[string]int64{"sessions": 7})
			full.Values = map[string]int64{"sessions.completed": 3, "faults.9002": 1 << 40, "sessions": 5}
			same(t, "counts", countsIn(t, s, 0, 1), []history.Counts{full, {At: spanAt(0), Node: "node.2", Values: map[string]int64{"sessions": 7}}})
		}},
		{"counts come in order of time and then node, from a time to before another", func(t *testing.T, s store.Store) {
			for _, span := range []int{3, 0, 2, 1} {
				for _, node := range []string{"b", "a", "B"} {
					addCounts(t, s, span, node, map[string]int64{"n": int64(span)})
				}
			}
			var listed string
			for _, c := range countsIn(t, s, 1, 3) {
				listed += fmt.Sprint(c.Values["n"], c.Node, " ")
			}
			same(t, "counts", listed, "1B 1a 1b 2B 2a 2b ")
			same(t, "counts of no time", countsIn(t, s, 1, 1), []history.Counts(nil))
		}},
		{"old counts are removed up to a limit", func(t *testing.T, s store.Store) {
			for span := range 5 {
				addCounts(t, s, span, "a", map[string]int64{"n": 1})
			}
			same(t, "removed at first", got[int](t)(s.History().DeleteCounts(t.Context(), spanAt(3), 2)), 2)
			same(t, "removed next", got[int](t)(s.History().DeleteCounts(t.Context(), spanAt(3), 2)), 1)
			same(t, "left", len(countsIn(t, s, 0, 10)), 2)
			same(t, "left from the time on", len(countsIn(t, s, 3, 10)), 2)
		}},
	}
}

func pastSessions(t *testing.T, s store.Store) {
	var want []string
	for i := range 5 {
		session := pastSession("d", i)
		session.EndedAt = now().Add(time.Duration(i/2) * time.Minute)
		putSessions(t, s, session, pastSession("e", i))
		want = append([]string{session.ID}, want...)
	}
	for _, size := range []int{1, 2, 3, 10} {
		var listed []string
		before, beforeID := now().Add(time24), ""
		for {
			page := got[[]history.Session](t)(s.History().Sessions(t.Context(), "d", before, beforeID, size))
			for _, session := range page {
				listed = append(listed, session.ID)
			}
			if len(page) < size {
				break
			}
			before, beforeID = page[size-1].EndedAt, page[size-1].ID
		}
		same(t, fmt.Sprint("sessions in pages of ", size), listed, want)
	}
	at := stored(now()).Add(time.Minute)
	same(t, "before a time", sessionsOf(t, s, "d", at, "", 10), want[3:])
	same(t, "before an id at that time", sessionsOf(t, s, "d", at, "d-03", 10), want[2:])
	same(t, "of a device without", sessionsOf(t, s, "none", now().Add(time24), "", 10), []string(nil))
}
