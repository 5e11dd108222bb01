package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

func levelKey(kind provisioners.LevelKind, id string) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: kind, ID: id}
}

// fullEntry returns an entry in which nothing is empty: whether it makes sense is
// not for a store to judge.
func fullEntry() provisioners.Entry {
	return provisioners.Entry{
		Path: "account.*.registrar", Value: "é \"<&>\"\n\x00", Sealed: "sealed", Generate: true, Models: []string{"SIP-T4*", "é"}, Filter: `tags:"lobby"`, Locked: true,
	}
}

// fullLevel returns a level in which nothing is empty but the revision: it is new.
func fullLevel(kind provisioners.LevelKind, id string) provisioners.Level {
	return provisioners.Level{
		Key: levelKey(kind, id), Entries: []provisioners.Entry{fullEntry(), {Path: "time.zone", Value: "Europe/Berlin"}, {Path: "time.zone"}},
		UpdatedAt: now(), UpdatedBy: "user:admin",
	}
}

// storedLevel returns the level as it comes back after it was put.
func storedLevel(l provisioners.Level) provisioners.Level {
	l.Revision++
	l.UpdatedAt = stored(l.UpdatedAt)
	return l
}

// putLevel stores a level and returns it.
func putLevel(t *testing.T, s store.Store, l provisioners.Level) provisioners.Level {
	t.Helper()
	return got[provisioners.Level](t)(s.Levels().PutLevel(t.Context(), l))
}

// levelsOf returns the levels of keys, in the order of kind and ID.
func levelsOf(t *testing.T, s store.Store, keys ...provisioners.LevelKey) []provisioners.Level {
	t.Helper()
	all := got[[]provisioners.Level](t)(s.Levels().Levels(t.Context(), keys))
	slices.SortFunc(all, func(a, b provisioners.Level) int { return compareLevelKeys(a.Key, b.Key) })
	return all
}

func compareLevelKeys(a, b provisioners.LevelKey) int {
	return slices.Compare([]string{string(a.Kind), a.ID}, []string{string(b.Kind), b.ID})
}

// sharedLevels follows the pages of that size to the last and returns the keys.
func sharedLevels(t *testing.T, s store.Store, since time.Time, size int) []string {
	t.Helper()
	var all []string
	for after := (provisioners.LevelKey{}); ; {
		page := got[[]provisioners.Level](t)(s.Levels().SharedLevels(t.Context(), since, after, size))
		if len(page) > size {
			t.Fatalf("a page of %d has %d levels", size, len(page))
		}
		for _, l := range page {
			all = append(all, string(l.Key.Kind)+" "+l.Key.ID)
			after = l.Key
		}
		if len(page) < size {
			return all
		}
	}
}

func levelTests() []test {
	return []test{
		{"a level comes back whole, with its first revision", func(t *testing.T, s store.Store) {
			checkFull(t, fullEntry())
			for _, kind := range []provisioners.LevelKind{provisioners.GroupLevel, provisioners.DeviceLevel, provisioners.UserLevel, provisioners.GeneratedLevel} {
				l := fullLevel(kind, "a/b")
				checkFull(t, storedLevel(l))
				same(t, "answer", putLevel(t, s, l), storedLevel(l))
				same(t, "level", levelsOf(t, s, l.Key), []provisioners.Level{storedLevel(l)})
			}
			same(t, "global", putLevel(t, s, fullLevel(provisioners.GlobalLevel, "")), storedLevel(fullLevel(provisioners.GlobalLevel, "")))
		}},
		{"the largest level comes back", func(t *testing.T, s store.Store) {
			l := fullLevel(provisioners.GroupLevel, "a")
			l.Entries = nil
			for i := range provisioners.MaxEntries {
				path := fmt.Sprintf("phonebook.%d.name", i)
				l.Entries = append(l.Entries, provisioners.Entry{Path: path, Value: strings.Repeat("x", provisioners.MaxLevelBytes/provisioners.MaxEntries-len(path))})
			}
			putLevel(t, s, l)
			same(t, "level", levelsOf(t, s, l.Key), []provisioners.Level{storedLevel(l)})
		}},
		{"a level is stored in place of the revision that was seen", func(t *testing.T, s store.Store) {
			l := putLevel(t, s, fullLevel(provisioners.GroupLevel, "a"))
			old := l
			l.Entries, l.UpdatedAt, l.UpdatedBy = []provisioners.Entry{{Path: "owner", Value: "100"}}, stored(now().Add(time.Hour)), "user:other"
			next := putLevel(t, s, l)
			same(t, "revision", next.Revision, int64(2))
			for _, revision := range []int64{0, 1, 3, 7, -1} {
				old.Revision = revision
				fails(t, second(s.Levels().PutLevel(t.Context(), old)), provisioners.ErrConflict)
			}
			same(t, "level", levelsOf(t, s, l.Key), []provisioners.Level{next})
		}},
		{"a level that is not stored is put in no revision but the first", func(t *testing.T, s store.Store) {
			l := fullLevel(provisioners.DeviceLevel, "d")
			for _, revision := range []int64{1, 2, -1} {
				l.Revision = revision
				fails(t, second(s.Levels().PutLevel(t.Context(), l)), provisioners.ErrConflict)
			}
			same(t, "levels", levelsOf(t, s, l.Key), []provisioners.Level(nil))
		}},
		{"a level from which everything was taken stays, and is told to who asks for what changed", emptiedLevel},
		{"of the named levels those come that are stored, each once", namedLevels},
		{"so many levels may be named and no more", func(t *testing.T, s store.Store) {
			l := putLevel(t, s, fullLevel(provisioners.DeviceLevel, "1"))
			keys := make([]provisioners.LevelKey, provisioners.MaxLevelKeys)
			for i := range keys {
				keys[i] = levelKey(provisioners.DeviceLevel, fmt.Sprint(i))
			}
			same(t, "levels", levelsOf(t, s, keys...), []provisioners.Level{l})
			fails(t, second(s.Levels().Levels(t.Context(), append(keys, l.Key))), device.ErrInvalid)
		}},
		{"shared levels are the global one and those of groups, in pages of any size", pagedSharedLevels},
		{"shared levels are those that were updated at a time or later", updatedSharedLevels},
		{"of those who change a level at the same time one does, again and again", contendedLevel},
		{"of those who put the same new level exactly one wins", func(t *testing.T, s store.Store) {
			for round := range 5 {
				onlyOneWins(t, provisioners.ErrConflict, func(worker int) error {
					l := fullLevel(provisioners.GeneratedLevel, fmt.Sprint(round))
					l.UpdatedBy = fmt.Sprint(worker)
					return second(s.Levels().PutLevel(t.Context(), l))
				})
			}
		}},
	}
}

func emptiedLevel(t *testing.T, s store.Store) {
	l := putLevel(t, s, fullLevel(provisioners.GroupLevel, "a"))
	since := stored(now().Add(time.Minute))
	same(t, "changed before", sharedLevels(t, s, since, 10), []string(nil))
	l.Entries, l.UpdatedAt = nil, since
	emptied := putLevel(t, s, l)
	same(t, "level", levelsOf(t, s, l.Key), []provisioners.Level{emptied})
	same(t, "changed", got[[]provisioners.Level](t)(s.Levels().SharedLevels(t.Context(), since, provisioners.LevelKey{}, 10)), []provisioners.Level{emptied})
	l.Revision = 0
	fails(t, second(s.Levels().PutLevel(t.Context(), l)), provisioners.ErrConflict)
	same(t, "filled again", putLevel(t, s, emptied).Revision, int64(3))
}

func namedLevels(t *testing.T, s store.Store) {
	var want []provisioners.Level
	for _, key := range []provisioners.LevelKey{
		levelKey(provisioners.DeviceLevel, "a"), levelKey(provisioners.DeviceLevel, "b"), levelKey(provisioners.GroupLevel, "a"), levelKey(provisioners.GroupLevel, "é \x00'%"),
		levelKey(provisioners.GlobalLevel, ""), levelKey(provisioners.UserLevel, "a"),
	} {
		want = append(want, putLevel(t, s, fullLevel(key.Kind, key.ID)))
	}
	slices.SortFunc(want, func(a, b provisioners.Level) int { return compareLevelKeys(a.Key, b.Key) })
	keys := []provisioners.LevelKey{levelKey(provisioners.DeviceLevel, "none"), levelKey(provisioners.GeneratedLevel, "a"), levelKey(provisioners.GroupLevel, "A")}
	same(t, "levels that are not stored", levelsOf(t, s, keys...), []provisioners.Level(nil))
	for _, l := range want {
		keys = append(keys, l.Key, l.Key)
	}
	same(t, "levels", levelsOf(t, s, keys...), want)
	same(t, "one", levelsOf(t, s, want[0].Key), want[:1])
	same(t, "of no key", levelsOf(t, s), []provisioners.Level(nil))
}

func pagedSharedLevels(t *testing.T, s store.Store) {
	var want []string
	for _, id := range []string{"b", "a/b", "a", "a-b", "Z", "é", "a0", "a/B"} {
		putLevel(t, s, fullLevel(provisioners.GroupLevel, id))
		want = append(want, "group "+id)
		for _, kind := range []provisioners.LevelKind{provisioners.DeviceLevel, provisioners.UserLevel, provisioners.GeneratedLevel} {
			putLevel(t, s, fullLevel(kind, id))
		}
	}
	global := putLevel(t, s, fullLevel(provisioners.GlobalLevel, ""))
	want = append(want, "global ")
	slices.Sort(want)
	for _, size := range []int{1, 2, 3, len(want), len(want) + 1, store.MaxPageSize} {
		same(t, fmt.Sprint("shared levels in pages of ", size), sharedLevels(t, s, time.Time{}, size), want)
	}
	same(t, "first", got[[]provisioners.Level](t)(s.Levels().SharedLevels(t.Context(), time.Time{}, provisioners.LevelKey{}, 1)), []provisioners.Level{global})
	for _, size := range []int{-1, 0, store.MaxPageSize + 1} {
		fails(t, second(s.Levels().SharedLevels(t.Context(), time.Time{}, provisioners.LevelKey{}, size)), device.ErrInvalid)
	}
}

func updatedSharedLevels(t *testing.T, s store.Store) {
	at := stored(now())
	for i, id := range []string{"c", "a", "b"} {
		l := fullLevel(provisioners.GroupLevel, id)
		l.UpdatedAt = at.Add(time.Duration(i) * time.Millisecond)
		putLevel(t, s, l)
	}
	late := fullLevel(provisioners.DeviceLevel, "d")
	late.UpdatedAt = at.Add(time.Hour)
	putLevel(t, s, late)
	for _, size := range []int{1, 10} {
		same(t, "since the first", sharedLevels(t, s, at, size), []string{"group a", "group b", "group c"})
		same(t, "since the second", sharedLevels(t, s, at.Add(time.Millisecond), size), []string{"group a", "group b"})
		same(t, "since the third", sharedLevels(t, s, at.Add(2*time.Millisecond), size), []string{"group b"})
		same(t, "since after it", sharedLevels(t, s, at.Add(3*time.Millisecond), size), []string(nil))
	}
}

func contendedLevel(t *testing.T, s store.Store) {
	key := putLevel(t, s, fullLevel(provisioners.DeviceLevel, "d")).Key
	const rounds = 4
	together(t, func(worker int) error {
		for round := 0; round < rounds; {
			all, err := s.Levels().Levels(t.Context(), []provisioners.LevelKey{key})
			if err != nil || len(all) != 1 {
				return errors.Join(err, fmt.Errorf("%d levels", len(all)))
			}
			l := all[0]
			l.Entries = append(l.Entries, provisioners.Entry{Path: fmt.Sprintf("account.%d.user", worker), Value: fmt.Sprint(round)})
			switch _, err := s.Levels().PutLevel(t.Context(), l); {
			case err == nil:
				round++
			case !errors.Is(err, provisioners.ErrConflict):
				return err
			}
		}
		return nil
	})
	l := levelsOf(t, s, key)[0]
	same(t, "revision", l.Revision, int64(1+rounds*workers))
	same(t, "entries", len(l.Entries), len(fullLevel(provisioners.DeviceLevel, "d").Entries)+rounds*workers)
}
