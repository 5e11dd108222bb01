package users

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestVerifyFindsWhatWasDoneToTheChain(t *testing.T) {
	rehash := func(e *AuditEntry) { e.Hash = AuditHash(*e) }
	for _, c := range []struct {
		name    string
		damage  func(entries []AuditEntry) []AuditEntry
		broken  int64
		problem string
	}{
		{"nothing", func(e []AuditEntry) []AuditEntry { return e }, 0, ""},
		{"changed", func(e []AuditEntry) []AuditEntry { e[2].Actor = "user:bert"; return e }, 3, "was changed"},
		{"changed, with its hash", func(e []AuditEntry) []AuditEntry { e[2].Actor = "user:bert"; rehash(&e[2]); return e }, 4, "hash of the one before"},
		{"left out", func(e []AuditEntry) []AuditEntry { return slices.Delete(e, 2, 3) }, 4, "entries are missing"},
		{"the beginning left out", func(e []AuditEntry) []AuditEntry { return e[2:] }, 3, "before 3 are missing"},
		{"the end left out", func(e []AuditEntry) []AuditEntry { return e[:4] }, 0, ""},
		{"earlier", func(e []AuditEntry) []AuditEntry { e[5].At = e[0].At; rehash(&e[5]); return e }, 6, "earlier"},
		{"a first that is not", func(e []AuditEntry) []AuditEntry { e[0].Previous = e[1].Hash; rehash(&e[0]); return e }, 1, "names one before"},
		{"everything left out", func([]AuditEntry) []AuditEntry { return nil }, 0, ""},
	} {
		log, store := newAudit()
		appendEntries(t, log, 6)
		store.entries = c.damage(store.entries)
		if got := verified(t, log); got.BrokenAt != c.broken || !strings.Contains(got.Problem, c.problem) || (got.Problem == "") != (c.broken == 0) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestVerifyReadsMoreThanAPage(t *testing.T) {
	log, store := newAudit()
	appendEntries(t, log, 2*verifyPage+1)
	if c := verified(t, log); c.Checked != 2*verifyPage+1 || c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
	store.entries[verifyPage].Detail = "x"
	if c := verified(t, log); c.BrokenAt != verifyPage+1 {
		t.Errorf("%+v", c)
	}
}

func TestAPrunedChainBeginsWhereItSays(t *testing.T) {
	log, store := newAudit()
	appendEntries(t, log, 10)
	cut := store.entries[6].At
	for _, want := range []int{4, 2, 0} {
		if n, err := log.Prune(t.Context(), cut, 4); err != nil || n != want {
			t.Fatalf("%d removed, want %d: %v", n, want, err)
		}
	}
	if last := store.entries[len(store.entries)-1]; last.Action != "pruneAudit" || last.Actor != "system" || last.Detail != "up to sequence 6, hash "+store.entries[0].Previous {
		t.Errorf("%+v", last)
	}
	if c := verified(t, log); c.First != 7 || c.Last != 12 || c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
	store.entries = store.entries[1:] // One more than it says.
	if c := verified(t, log); c.BrokenAt != 8 {
		t.Errorf("%+v", c)
	}
}

func TestPruneNeverRemovesItsOwnEntry(t *testing.T) {
	log, store := newAudit()
	appendEntries(t, log, 3)
	for range 3 {
		if _, err := log.Prune(t.Context(), time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC), 1000); err != nil {
			t.Fatal(err)
		}
	}
	appendEntries(t, log, 1)
	if c := verified(t, log); c.BrokenAt != 0 || c.Last != 7 || len(store.entries) != 2 {
		t.Errorf("%+v of %d entries", c, len(store.entries))
	}
}

func TestAPruneThatWasCutShortIsNoBreak(t *testing.T) {
	for _, removed := range []int{0, 3} {
		log, store := newAudit()
		appendEntries(t, log, 10)
		cut := store.entries[6].At
		crash := errors.New("the process ends")
		store.failDelete, store.failAfter = crash, removed
		if n, err := log.Prune(t.Context(), cut, 1000); !errors.Is(err, crash) || n != removed {
			t.Fatalf("%d removed: %v", n, err)
		}
		store.failDelete = nil
		if c := verified(t, log); c.First != int64(removed)+1 || c.BrokenAt != 0 {
			t.Errorf("cut short after %d: %+v", removed, c)
		}
		forged := slices.Clone(store.entries)
		if removed > 0 {
			forged[5-removed].Hash = strings.Repeat("0", 64)
			store.entries, forged = forged, store.entries
			if c := verified(t, log); c.BrokenAt == 0 {
				t.Errorf("the announced entry has another hash: %+v", c)
			}
			store.entries = forged
		}
		if n, err := log.Prune(t.Context(), cut, 1000); err != nil || n != 6-removed {
			t.Errorf("%d removed then: %v", n, err)
		}
		if c := verified(t, log); c.First != 7 || c.BrokenAt != 0 {
			t.Errorf("cut short after %d, and ended: %+v", removed, c)
		}
	}
}

func TestTwoPrunesAtOnceLeaveAChain(t *testing.T) {
	log, store := newAudit()
	other := NewAuditLog(store, log.now)
	same := log.now()
	for range 10 { // All of one millisecond, which is the hard case.
		if err := log.Append(t.Context(), AuditEntry{At: same}); err != nil {
			t.Fatal(err)
		}
	}
	pruning := false
	store.before = func() error {
		if !pruning { // While the first announces, the second does all of its work.
			pruning = true
			if n, err := other.Prune(t.Context(), same.Add(time.Second), 4); err != nil || n != 4 {
				t.Errorf("%d removed: %v", n, err)
			}
		}
		return nil
	}
	if n, err := log.Prune(t.Context(), same.Add(time.Second), 4); err != nil || n != 4 {
		t.Errorf("%d removed: %v", n, err)
	}
	if c := verified(t, log); c.First != 9 || c.BrokenAt != 0 {
		t.Errorf("%+v", c)
	}
}

func TestEntriesWithoutAChainArePrunedToo(t *testing.T) {
	log, store := newAudit()
	for i := range int64(5) {
		store.entries = append(store.entries, AuditEntry{Sequence: 3 * (i - 4), At: auditStart().Add(time.Duration(i))})
	}
	appendEntries(t, log, 5)
	if n, err := log.Prune(t.Context(), store.entries[7].At, 4); err != nil || n > 4 || n == 0 {
		t.Errorf("%d removed: %v", n, err)
	}
	if c := verified(t, log); c.BrokenAt != 0 || c.Unchained == 0 {
		t.Errorf("%+v", c)
	}
	for range 5 {
		if _, err := log.Prune(t.Context(), auditStart().Add(time.Second+time.Millisecond), 4); err != nil {
			t.Error(err)
		}
	}
	if c := verified(t, log); c.BrokenAt != 0 || c.Unchained != 0 || c.First != 2 {
		t.Errorf("%+v", c)
	}
}

func FuzzParsePruned(f *testing.F) {
	f.Add(pruned{sequence: 12, hash: strings.Repeat("0a", 32)}.String())
	f.Add(pruned{sequence: -3}.String())
	f.Add("up to sequence +1, hash none")
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := parsePruned(text)
		if ok && p.String() != text {
			t.Fatalf("%q was read as %q", text, p.String())
		}
		if again, ok := parsePruned(pruned{sequence: p.sequence, hash: p.hash}.String()); !ok || again != p {
			t.Fatalf("%+v was read as %+v", p, again)
		}
	})
}
