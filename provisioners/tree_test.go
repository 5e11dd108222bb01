package provisioners

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// shelf is a LevelStore of shared levels that tells what it was asked for.
type shelf struct {
	LevelStore
	mu     sync.Mutex
	levels []Level
	since  []time.Time
	err    error
}

func (s *shelf) SharedLevels(_ context.Context, since time.Time, after LevelKey, limit int) ([]Level, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	s.since = append(s.since, since)
	var page []Level
	for _, l := range s.levels {
		if l.Key.ID > after.ID && !l.UpdatedAt.Before(since) && len(page) < limit {
			page = append(page, l)
		}
	}
	return page, nil
}

func groupLevel(n int, revision int64) Level {
	return Level{Key: LevelKey{GroupLevel, fmt.Sprintf("g%05d", n)}, Revision: revision, UpdatedAt: time.Now()}
}

func newTree(t *testing.T, s *shelf) *Tree {
	t.Helper()
	tree, err := NewTree(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestATreeReadsAllPagesOfLevels(t *testing.T) {
	s := &shelf{}
	for n := range 2*treePage + 1 {
		s.levels = append(s.levels, groupLevel(n, 1))
	}
	tree := newTree(t, s)
	for _, l := range s.levels {
		if _, ok := tree.Level(l.Key); !ok {
			t.Fatalf("%v is missing", l.Key)
		}
	}
	if _, ok := tree.Level(LevelKey{Kind: GlobalLevel}); ok || len(s.since) != 3 {
		t.Errorf("%d reads", len(s.since))
	}
}

func TestATreeSeesChangesWithinItsIntervalAndTellsThemByItsRevision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{levels: []Level{groupLevel(1, 1)}}
		tree := newTree(t, s)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { tree.Run(ctx); close(done) }()
		before := tree.Revision()
		time.Sleep(2 * TreeInterval)
		if tree.Revision() != before {
			t.Error("the revision changed without a change")
		}
		s.mu.Lock()
		s.levels[0] = groupLevel(1, 2)
		s.mu.Unlock()
		time.Sleep(TreeInterval + time.Millisecond)
		if l, _ := tree.Level(s.levels[0].Key); l.Revision != 2 || tree.Revision() == before {
			t.Errorf("the level is of revision %d", l.Revision)
		}
		stop()
		<-done
	})
}

func TestATreeAsksWithAnOverlapForClocksAndNowAndThenForAll(t *testing.T) {
	s := &shelf{}
	tree := newTree(t, s)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tree.now = func() time.Time { return now }
	tree.whole = time.Time{}
	for _, step := range []time.Duration{0, 3 * time.Second, 3 * time.Second, treeWhole} {
		now = now.Add(step)
		if err := tree.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	want := []time.Time{{}, {}, begin.Add(-treeOverlap), begin.Add(3 * time.Second).Add(-treeOverlap), {}}
	if fmt.Sprint(s.since) != fmt.Sprint(want) {
		t.Errorf("asked for %v, want %v", s.since, want)
	}
}

func TestATreeForgetsLevelsThatAreGoneAndTakesOlderRevisions(t *testing.T) {
	s := &shelf{levels: []Level{groupLevel(1, 5), groupLevel(2, 1)}}
	tree := newTree(t, s)
	gone := s.levels[1].Key
	older := s.levels[0]
	older.Revision = 4
	s.levels = []Level{older}
	tree.whole = time.Time{}
	if err := tree.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l, _ := tree.Level(s.levels[0].Key); l.Revision != 4 {
		t.Errorf("the level is of revision %d", l.Revision)
	}
	if _, ok := tree.Level(gone); ok {
		t.Error("the level is still there")
	}
}

func TestATreeThatCannotReadKeepsWhatItHas(t *testing.T) {
	s := &shelf{levels: []Level{groupLevel(1, 1)}}
	tree := newTree(t, s)
	s.err = errors.New("broken")
	tree.whole = time.Time{}
	if err := tree.Refresh(t.Context()); !errors.Is(err, s.err) {
		t.Errorf("refreshed: %v", err)
	}
	if _, ok := tree.Level(s.levels[0].Key); !ok {
		t.Error("the level is gone")
	}
}

func TestATreeIsBounded(t *testing.T) {
	s := &shelf{}
	for n := range MaxSharedLevels + 1 {
		s.levels = append(s.levels, Level{Key: LevelKey{GroupLevel, fmt.Sprintf("g%06d", n)}, Revision: 1})
	}
	tree := newTree(t, &shelf{})
	for i := range s.levels[:MaxSharedLevels] {
		if err := tree.replace(s.levels[i]); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := tree.replace(s.levels[MaxSharedLevels]); !errors.Is(err, ErrTooManyLevels) {
		t.Errorf("one more: %v", err)
	}
	again := s.levels[0]
	again.Revision = 2
	if err := tree.replace(again); err != nil {
		t.Errorf("a change of one that is kept: %v", err)
	}
}
