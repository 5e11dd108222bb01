package declared

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	watchStart = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	errPlanned = errors.New("planned")
)

// documents is a store that holds these documents of AccessRule, or fails.
type documents struct {
	Store
	mu  sync.Mutex
	all []Document
	err error
}

func (s *documents) Documents(_ context.Context, kind Kind) ([]Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind != AccessRule {
		return nil, errors.New("documents of another kind are asked for")
	}
	return s.all, s.err
}

func (s *documents) hold(err error, all ...Document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.err = all, err
}

func document(id string, revision int64) Document {
	return Document{Kind: AccessRule, ID: id, Revision: revision, UpdatedAt: watchStart.Add(time.Duration(revision) * time.Minute)}
}

// reader makes the list of IDs of documents, counts how often, and fails if it is
// told to.
type reader struct {
	calls int
	err   error
}

func (r *reader) read(all []Document) (string, error) {
	r.calls++
	var ids []string
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return strings.Join(ids, " "), r.err
}

func newWatch(t *testing.T, s *documents, r *reader) *Watch[string] {
	t.Helper()
	w, err := NewWatch(t.Context(), s, AccessRule, r.read, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAWatchHasReadTheDocumentsOnceItIsThere(t *testing.T) {
	if got := newWatch(t, &documents{all: []Document{document("a", 1), document("b", 1)}}, &reader{}).Current(); got != "a b" {
		t.Errorf("it has %q", got)
	}
	r := &reader{}
	if got := newWatch(t, &documents{}, r).Current(); got != "" || r.calls != 1 {
		t.Errorf("of no documents it has %q, made %d times", got, r.calls)
	}
	if _, err := NewWatch(t.Context(), &documents{err: errPlanned}, AccessRule, r.read, slog.New(slog.DiscardHandler)); !errors.Is(err, errPlanned) {
		t.Errorf("over a store that fails: %v", err)
	}
	if _, err := NewWatch(t.Context(), &documents{}, AccessRule, (&reader{err: errPlanned}).read, slog.New(slog.DiscardHandler)); !errors.Is(err, errPlanned) {
		t.Errorf("of documents that cannot be used: %v", err)
	}
}

func TestDocumentsAreMadeAnewOnlyIfOneOfThemChanged(t *testing.T) {
	again := document("a", 1)
	again.UpdatedAt = again.UpdatedAt.Add(time.Hour)
	elsewhere := document("a", 1)
	elsewhere.UpdatedAt = elsewhere.UpdatedAt.In(time.FixedZone("", 3600))
	for _, c := range []struct {
		name   string
		all    []Document
		anew   bool
		making string
	}{
		{"the same", []Document{document("a", 1), document("b", 1)}, false, "a b"},
		{"the same moment in another zone", []Document{elsewhere, document("b", 1)}, false, "a b"},
		{"another revision", []Document{document("a", 2), document("b", 1)}, true, "a b"},
		{"deleted and made again", []Document{again, document("b", 1)}, true, "a b"},
		{"one more", []Document{document("a", 1), document("b", 1), document("c", 1)}, true, "a b c"},
		{"one less", []Document{document("b", 1)}, true, "b"},
		{"another one", []Document{document("a", 1), document("c", 1)}, true, "a c"},
		{"none", nil, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, r := &documents{all: []Document{document("a", 1), document("b", 1)}}, &reader{}
			w := newWatch(t, s, r)
			s.hold(nil, c.all...)
			for range 2 {
				if err := w.Refresh(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			want := 1
			if c.anew {
				want = 2
			}
			if r.calls != want || w.Current() != c.making {
				t.Errorf("made %d times, want %d; it has %q, want %q", r.calls, want, w.Current(), c.making)
			}
		})
	}
}

func TestAnErrorKeepsWhatWasReadBefore(t *testing.T) {
	s, r := &documents{all: []Document{document("a", 1)}}, &reader{}
	w := newWatch(t, s, r)
	s.hold(errPlanned)
	if err := w.Refresh(t.Context()); !errors.Is(err, errPlanned) || w.Current() != "a" {
		t.Errorf("a store that fails: %v, it has %q", err, w.Current())
	}
	s.hold(nil, document("b", 1))
	r.err = errPlanned
	for range 2 { // What could not be used is tried again.
		if err := w.Refresh(t.Context()); !errors.Is(err, errPlanned) || w.Current() != "a" {
			t.Errorf("documents that cannot be used: %v, it has %q", err, w.Current())
		}
	}
	r.err = nil
	if err := w.Refresh(t.Context()); err != nil || w.Current() != "b" {
		t.Errorf("once they can: %v, it has %q", err, w.Current())
	}
}

func TestAWatchThatRunsSeesAChangeWithinItsIntervalAndOutlivesErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		s := &documents{all: []Document{document("a", 1)}}
		w, err := NewWatch(t.Context(), s, AccessRule, (&reader{}).read, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); w.Run(ctx) }()
		wait := func() { time.Sleep(WatchInterval); synctest.Wait() }
		s.hold(nil, document("b", 1))
		wait()
		if w.Current() != "b" {
			t.Errorf("after an interval it has %q", w.Current())
		}
		s.hold(errPlanned)
		wait()
		if !strings.Contains(log.String(), "kind=accessRule") || !strings.Contains(log.String(), errPlanned.Error()) {
			t.Errorf("the log is %q", log.String())
		}
		s.hold(nil, document("c", 1))
		wait()
		if w.Current() != "c" {
			t.Errorf("after an error it has %q", w.Current())
		}
		cancel()
		<-done
	})
}
