package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/trace"
)

// fullTrace returns an entry in which nothing is empty.
func fullTrace(id device.ID, entry string) trace.Entry {
	return trace.Entry{
		ID: entry, Device: id, Session: "s1", At: now(), Direction: trace.FromDevice, Method: "Inform", Start: "POST /\xff HTTP/1.1",
		Headers: []string{"Content-Type: text/xml", "X-Name: \xe9 \"x\"", "Cookie: "}, Body: "<é>\r\n\x00\xff</é>", Cut: 7,
	}
}

// storedTrace returns the entry as it comes back.
func storedTrace(e trace.Entry) trace.Entry {
	e.At = stored(e.At)
	return e
}

func tracesOf(t *testing.T, s store.Store, id device.ID, after string, limit, bytes int) []trace.Entry {
	t.Helper()
	return got[[]trace.Entry](t)(s.Traces().Trace(t.Context(), id, after, limit, bytes))
}

func entryIDs(all []trace.Entry) []string {
	var list []string
	for i := range all {
		list = append(list, all[i].ID)
	}
	return list
}

// traceIDs returns the entries of a device in order.
func traceIDs(t *testing.T, s store.Store, id device.ID) []string {
	t.Helper()
	return entryIDs(tracesOf(t, s, id, "", 1000, trace.MaxBytes))
}

func appendTrace(t *testing.T, s store.Store, all ...trace.Entry) {
	t.Helper()
	must(t, s.Traces().AppendTrace(t.Context(), all))
}

// sized returns an entry that counts for so many bytes.
func sized(id device.ID, entry string, bytes int) trace.Entry {
	e := trace.Entry{ID: entry, Device: id, At: now()}
	e.Body = strings.Repeat("x", bytes-e.Size())
	return e
}

func usage(t *testing.T, s store.Store, id device.ID) int64 {
	t.Helper()
	return got[int64](t)(s.Traces().TraceUsage(t.Context(), id))
}

func traceTests() []test {
	return []test{
		{"an entry comes back byte by byte", func(t *testing.T, s store.Store) {
			checkFull(t, fullTrace("d", "1"))
			plain := trace.Entry{ID: "2", Device: "d"}
			appendTrace(t, s, fullTrace("d", "1"), plain)
			same(t, "entries", tracesOf(t, s, "d", "", 10, trace.MaxBytes), []trace.Entry{storedTrace(fullTrace("d", "1")), plain})
		}},
		{"the largest body comes back", func(t *testing.T, s store.Store) {
			e := fullTrace("d", "1")
			e.Body = strings.Repeat("é", trace.MaxEntryBody/2)
			appendTrace(t, s, e)
			if all := tracesOf(t, s, "d", "", 1, 1); len(all) != 1 || all[0].Body != e.Body {
				t.Errorf("%d entries come back, or with another body", len(all))
			}
		}},
		{"an entry replaces the one of its ID and device, and counts once", func(t *testing.T, s store.Store) {
			appendTrace(t, s, sized("d", "1", 1000), sized("e", "1", 1000))
			e := fullTrace("d", "1")
			appendTrace(t, s, e, e)
			same(t, "entries", tracesOf(t, s, "d", "", 10, trace.MaxBytes), []trace.Entry{storedTrace(e)})
			same(t, "bytes of the device", usage(t, s, "d"), int64(e.Size()))
			same(t, "bytes of all", usage(t, s, ""), int64(e.Size())+1000)
		}},
		{"the entries of a device come in order of ID, after one, at most so many", func(t *testing.T, s store.Store) {
			appendTrace(t, s, sized("d", "b", 300), sized("d", "a", 300), sized("d", "a-1", 300), sized("d", "a0", 300), sized("e", "a", 300), sized("d/", "a", 300))
			all := []string{"a", "a-1", "a0", "b"}
			same(t, "all", traceIDs(t, s, "d"), all)
			for i := range all {
				same(t, "after "+all[i], entryIDs(tracesOf(t, s, "d", all[i], 2, trace.MaxBytes)), all[i+1:min(i+3, 4)])
			}
			same(t, "of a device without", traceIDs(t, s, "none"), []string(nil))
			same(t, "none", entryIDs(tracesOf(t, s, "d", "", 0, trace.MaxBytes)), []string(nil))
		}},
		{"entries come as long as they fit, and the first in any case", func(t *testing.T, s store.Store) {
			appendTrace(t, s, sized("d", "1", 1000), sized("d", "2", 500), sized("d", "3", 500), sized("d", "4", 400))
			for bytes, want := range map[int][]string{
				0: {"1"}, 999: {"1"}, 1499: {"1"}, 1500: {"1", "2"}, 1999: {"1", "2"}, 2000: {"1", "2", "3"}, 2400: {"1", "2", "3", "4"},
			} {
				same(t, fmt.Sprint("at most ", bytes), entryIDs(tracesOf(t, s, "d", "", 10, bytes)), want)
			}
			same(t, "after an entry", entryIDs(tracesOf(t, s, "d", "2", 10, 1)), []string{"3"})
		}},
		{"the trace of a device is deleted, or the oldest of it", func(t *testing.T, s store.Store) {
			remove := func(id device.ID, limit int) int { return got[int](t)(s.Traces().DeleteTrace(t.Context(), id, limit)) }
			for i := range 5 {
				appendTrace(t, s, sized("d", fmt.Sprint(9-i), 300), sized("e", fmt.Sprint(i), 300))
			}
			same(t, "removed", remove("d", 2), 2)
			same(t, "left", traceIDs(t, s, "d"), []string{"7", "8", "9"})
			same(t, "bytes", usage(t, s, "d"), int64(900))
			same(t, "removed", remove("d", 0), 3)
			same(t, "removed again", remove("d", 0)+remove("d", 1), 0)
			same(t, "left of another", len(traceIDs(t, s, "e")), 5)
			same(t, "bytes", []int64{usage(t, s, "d"), usage(t, s, "")}, []int64{0, 1500})
		}},
		{"old entries are removed, the oldest first, up to a limit", pruneTraces},
		{"nothing is kept at first", func(t *testing.T, s store.Store) {
			must(t, s.Traces().AppendTrace(t.Context(), nil))
			same(t, "bytes", []int64{usage(t, s, ""), usage(t, s, "d")}, []int64{0, 0})
		}},
		{"entries that are appended at the same time are all there", func(t *testing.T, s store.Store) {
			together(t, func(worker int) error {
				return s.Traces().AppendTrace(t.Context(), []trace.Entry{sized("d", fmt.Sprint(worker, "-a"), 300), sized("d", "same", 300)})
			})
			same(t, "entries", len(traceIDs(t, s, "d")), workers+1)
			same(t, "bytes", usage(t, s, ""), int64(300*(workers+1)))
		}},
	}
}

func pruneTraces(t *testing.T, s store.Store) {
	for i, minute := range []int{4, 2, 0, 3, 1} {
		e := sized(device.ID(fmt.Sprint("d", i%2)), fmt.Sprint(i), 1000+minute)
		e.At = now().Add(time.Duration(minute) * time.Minute)
		appendTrace(t, s, e)
	}
	prune := func(minute, limit int) []int64 {
		before := stored(now()).Add(time.Duration(minute) * time.Minute)
		entries, bytes, err := s.Traces().PruneTraces(t.Context(), before, limit)
		must(t, err)
		return []int64{int64(entries), bytes}
	}
	same(t, "removed when nothing is old", prune(0, 10), []int64{0, 0})
	same(t, "removed up to none", prune(9, 0), []int64{0, 0})
	same(t, "removed at first", prune(3, 2), []int64{2, 2001})
	same(t, "removed next", prune(3, 2), []int64{1, 1002})
	same(t, "removed at last", prune(3, 2), []int64{0, 0})
	same(t, "left", append(traceIDs(t, s, "d0"), traceIDs(t, s, "d1")...), []string{"0", "3"})
	same(t, "bytes", usage(t, s, ""), int64(2007))
}
