package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

func lineKey(group, number string) provisioners.LineKey {
	return provisioners.LineKey{Group: group, Number: number}
}

// fullLine returns a line in which nothing is empty but the revision: it is new.
func fullLine(group, number string) provisioners.Line {
	return provisioners.Line{
		LineKey: lineKey(group, number), User: "user", AuthUser: "auth", Password: "sealed", DisplayName: "Zoë \"<&>\"", Label: "é", Voicemail: "*97", Listed: true,
		UpdatedAt: now(), UpdatedBy: "user:admin",
	}
}

// storedLine returns the line as it comes back after it was put.
func storedLine(l provisioners.Line) provisioners.Line {
	l.Revision++
	l.UpdatedAt = stored(l.UpdatedAt)
	return l
}

// putLine stores a line and returns it.
func putLine(t *testing.T, s store.Store, l provisioners.Line) provisioners.Line {
	t.Helper()
	return got[provisioners.Line](t)(s.Lines().PutLine(t.Context(), l))
}

// linesOf returns the lines of keys, in the order of group and number.
func linesOf(t *testing.T, s store.Store, keys ...provisioners.LineKey) []provisioners.Line {
	t.Helper()
	all := got[[]provisioners.Line](t)(s.Lines().Lines(t.Context(), keys))
	slices.SortFunc(all, compareLines)
	return all
}

func compareLines(a, b provisioners.Line) int {
	return slices.Compare([]string{a.Group, a.Number}, []string{b.Group, b.Number})
}

// listLines follows the pages to the last.
func listLines(t *testing.T, s store.Store, l provisioners.LineList) []provisioners.Line {
	t.Helper()
	var all []provisioners.Line
	for {
		page := got[[]provisioners.Line](t)(s.Lines().ListLines(t.Context(), l))
		if len(page) > l.Limit {
			t.Fatalf("a page of %d has %d lines", l.Limit, len(page))
		}
		all = append(all, page...)
		if len(page) < l.Limit {
			return all
		}
		l.After = page[len(page)-1].LineKey
	}
}

// onlyOneWins has many do the same at once.
func onlyOneWins(t *testing.T, lost error, call func(worker int) error) {
	t.Helper()
	var won atomic.Int64
	together(t, func(worker int) error { return count(&won, lost, func() error { return call(worker) }) })
	same(t, "winners", won.Load(), int64(1))
}

func lineTests() []test {
	return []test{
		{"a line comes back whole, with its first revision", func(t *testing.T, s store.Store) {
			l := fullLine("a/b", "+49 30 100")
			checkFull(t, storedLine(l))
			same(t, "answer", putLine(t, s, l), storedLine(l))
			same(t, "line", linesOf(t, s, l.LineKey), []provisioners.Line{storedLine(l)})
			plain := provisioners.Line{LineKey: lineKey("", "1")}
			same(t, "plain line", putLine(t, s, plain), storedLine(plain))
			same(t, "lines", listLines(t, s, provisioners.LineList{Limit: 10}), []provisioners.Line{storedLine(plain), storedLine(l)})
		}},
		{"a line is stored in place of the revision that was seen", func(t *testing.T, s store.Store) {
			l := putLine(t, s, fullLine("a", "1"))
			old := l
			l.Password, l.Listed, l.UpdatedAt, l.UpdatedBy = "", false, stored(now().Add(time.Hour)), "user:other"
			next := putLine(t, s, l)
			same(t, "revision", next.Revision, int64(2))
			for _, revision := range []int64{0, 1, 3, 7, -1} {
				old.Revision = revision
				fails(t, second(s.Lines().PutLine(t.Context(), old)), provisioners.ErrConflict)
			}
			same(t, "line", linesOf(t, s, l.LineKey), []provisioners.Line{next})
		}},
		{"a line that is gone is put in no revision but the first", func(t *testing.T, s store.Store) {
			l := putLine(t, s, fullLine("a", "1"))
			must(t, s.Lines().DeleteLine(t.Context(), l.LineKey, 1))
			for _, revision := range []int64{1, 2, -1} {
				l.Revision = revision
				fails(t, second(s.Lines().PutLine(t.Context(), l)), provisioners.ErrConflict)
				fails(t, s.Lines().DeleteLine(t.Context(), l.LineKey, revision), provisioners.ErrNotFound)
			}
			fails(t, s.Lines().DeleteLine(t.Context(), l.LineKey, 0), provisioners.ErrNotFound)
			same(t, "lines", linesOf(t, s, l.LineKey), []provisioners.Line(nil))
			same(t, "put again", putLine(t, s, fullLine("a", "1")), storedLine(fullLine("a", "1")))
		}},
		{"a line is deleted in the revision that was seen, or in any", func(t *testing.T, s store.Store) {
			l := putLine(t, s, putLine(t, s, fullLine("a", "1")))
			other := putLine(t, s, fullLine("a/b", "1"))
			fails(t, s.Lines().DeleteLine(t.Context(), l.LineKey, 1), provisioners.ErrConflict)
			same(t, "lines", len(linesOf(t, s, l.LineKey)), 1)
			must(t, s.Lines().DeleteLine(t.Context(), l.LineKey, 2))
			putLine(t, s, putLine(t, s, fullLine("a", "1")))
			must(t, s.Lines().DeleteLine(t.Context(), l.LineKey, 0))
			same(t, "lines", listLines(t, s, provisioners.LineList{Limit: 10}), []provisioners.Line{other})
		}},
		{"of the named lines those come that are stored, each once", func(t *testing.T, s store.Store) {
			want := []provisioners.Line{putLine(t, s, fullLine("", "1")), putLine(t, s, fullLine("a", "1")), putLine(t, s, fullLine("a/b", "1")), putLine(t, s, fullLine("a:b", "2"))}
			keys := []provisioners.LineKey{lineKey("a", "b:2"), lineKey("b", "1"), lineKey("A", "1")}
			same(t, "lines that are not stored", linesOf(t, s, keys...), []provisioners.Line(nil))
			for _, l := range want {
				keys = append(keys, l.LineKey, l.LineKey)
			}
			same(t, "lines", linesOf(t, s, keys...), want)
			same(t, "of no key", linesOf(t, s), []provisioners.Line(nil))
		}},
		{"so many lines may be named and no more", func(t *testing.T, s store.Store) {
			l := putLine(t, s, fullLine("a", "1"))
			keys := make([]provisioners.LineKey, provisioners.MaxLevelKeys)
			for i := range keys {
				keys[i] = lineKey("a", fmt.Sprint(i))
			}
			same(t, "lines", linesOf(t, s, keys...), []provisioners.Line{l})
			fails(t, second(s.Lines().Lines(t.Context(), append(keys, l.LineKey))), device.ErrInvalid)
		}},
		{"any list holds the lines that it asks for, in order, in pages of any size", anyLines},
		{"a page has bounds", func(t *testing.T, s store.Store) {
			for _, size := range []int{-1, 0, store.MaxPageSize + 1} {
				fails(t, second(s.Lines().ListLines(t.Context(), provisioners.LineList{Limit: size})), device.ErrInvalid)
			}
		}},
		{"of those who change a line at the same time one does, again and again", contendedLine},
		{"of those who put or delete the same line exactly one wins", func(t *testing.T, s store.Store) {
			for range 5 {
				onlyOneWins(t, provisioners.ErrConflict, func(int) error { return second(s.Lines().PutLine(t.Context(), fullLine("a", "1"))) })
				onlyOneWins(t, provisioners.ErrNotFound, func(int) error { return s.Lines().DeleteLine(t.Context(), lineKey("a", "1"), 1) })
			}
		}},
	}
}

// anyLines holds lists to what is chosen in memory.
func anyLines(t *testing.T, s store.Store) {
	var all []provisioners.Line
	for i, group := range []string{"", "a", "a/b", "a/b/c", "a-b", "a0", "ab", "b"} {
		for j, number := range []string{"10", "2", "+49", "9%_", "a.B"} {
			l := fullLine(group, number)
			l.User, l.DisplayName, l.Label = []string{"", "Anna", "x_y"}[i%3], []string{"Zoë", "", "ANNABELLE", "É"}[j%4], "label"
			all = append(all, putLine(t, s, l))
		}
	}
	slices.SortFunc(all, compareLines)
	for _, search := range []string{"", "ANNA", "1", "%", "x_Y", "x.y", "ë", "é", "É", "b", "label", "user"} {
		for _, l := range []provisioners.LineList{
			{}, {Scope: device.Scope{Group: "a"}}, {Scope: device.Scope{Group: "a/b"}}, {Scope: device.Scope{Group: "none"}}, {OfGroup: true}, {OfGroup: true, Group: "a"}, {Group: "a"},
			{OfGroup: true, Group: "a/b", Scope: device.Scope{Group: "a"}}, {OfGroup: true, Group: "a-b", Scope: device.Scope{Group: "a"}}, {OfGroup: true, Scope: device.Scope{Group: "a"}},
		} {
			l.Search = search
			var want []provisioners.Line
			for _, line := range all {
				if listed(line, l) {
					want = append(want, line)
				}
			}
			for _, size := range []int{3, len(want) + 1} {
				l.Limit = size
				same(t, fmt.Sprintf("%+v", l), listLines(t, s, l), want)
			}
		}
	}
	same(t, "after a line that is gone", listLines(t, s, provisioners.LineList{After: lineKey("a/b", "3"), Limit: 10, Scope: device.Scope{Group: "a/b"}})[0].LineKey, lineKey("a/b", "9%_"))
	same(t, "after a place before the scope", len(listLines(t, s, provisioners.LineList{After: lineKey("", "2"), Limit: 10, Scope: device.Scope{Group: "a/b"}})), 10)
	same(t, "after a place before the group", len(listLines(t, s, provisioners.LineList{After: lineKey("a", "9%_"), Limit: 10, OfGroup: true, Group: "a/b"})), 5)
	same(t, "after a place behind the group", len(listLines(t, s, provisioners.LineList{After: lineKey("b", "10"), Limit: 10, OfGroup: true, Group: "a/b"})), 0)
	same(t, "after a place behind the scope", len(listLines(t, s, provisioners.LineList{After: lineKey("b", "2"), Limit: 10, Scope: device.Scope{Group: "a/b"}})), 0)
}

// listed reports whether a list holds a line.
func listed(l provisioners.Line, list provisioners.LineList) bool {
	scope := list.Scope.Group
	inScope := scope == "" || l.Group == scope || strings.HasPrefix(l.Group, scope+"/")
	found := list.Search == ""
	for _, text := range []string{l.Number, l.User, l.DisplayName} {
		found = found || strings.Contains(query.Fold(text), query.Fold(list.Search))
	}
	return inScope && found && (!list.OfGroup || l.Group == list.Group)
}

func contendedLine(t *testing.T, s store.Store) {
	key := putLine(t, s, fullLine("a", "1")).LineKey
	const rounds = 4
	together(t, func(worker int) error {
		for round := 0; round < rounds; {
			all, err := s.Lines().Lines(t.Context(), []provisioners.LineKey{key})
			if err != nil || len(all) != 1 {
				return errors.Join(err, fmt.Errorf("%d lines", len(all)))
			}
			l := all[0]
			l.Label += "x"
			switch _, err := s.Lines().PutLine(t.Context(), l); {
			case err == nil:
				round++
			case !errors.Is(err, provisioners.ErrConflict):
				return err
			}
		}
		return nil
	})
	l := linesOf(t, s, key)[0]
	same(t, "revision", l.Revision, int64(1+rounds*workers))
	same(t, "label", l.Label, fullLine("a", "1").Label+strings.Repeat("x", rounds*workers))
}
