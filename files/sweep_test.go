package files_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/files"
)

func TestWhatACrashLeftIsSwept(t *testing.T) {
	l := newFixture(t, nil)
	kept := l.add(t, files.File{Name: "kept"}, "kept")
	directory := openDirectory(t, l.folder)
	create(t, directory, "killed while it was received")
	commit(t, directory, "killed before it was described")

	if swept, err := l.RunOnce(t.Context()); err != nil || swept.Contents != 0 {
		t.Fatalf("RunOnce at once = %+v, %v", swept, err)
	}
	l.pass(2 * time.Hour)
	if swept, err := l.RunOnce(t.Context()); err != nil || swept.Contents != 2 {
		t.Fatalf("RunOnce later = %+v, %v", swept, err)
	}
	if diff := cmp.Diff([]string{kept.Content}, entries(t, l.folder)); diff != "" {
		t.Error(diff)
	}
}

func TestContentIsKeptWhenTheStoreSaysNothingOfIt(t *testing.T) {
	l := newFixture(t, nil)
	directory := openDirectory(t, l.folder)
	create(t, directory, "not committed")
	content := commit(t, directory, "committed under another store")
	l.pass(2 * time.Hour)

	if swept, err := l.RunOnce(t.Context()); err != nil || swept.Contents != 1 {
		t.Fatalf("RunOnce over an empty store = %+v, %v", swept, err)
	}
	l.store.Fail(errors.New("the store is down"))
	if swept, err := l.RunOnce(t.Context()); err == nil || swept.Contents != 0 {
		t.Fatalf("RunOnce over a broken store = %+v, %v", swept, err)
	}
	if diff := cmp.Diff([]string{content}, entries(t, l.folder)); diff != "" {
		t.Error(diff)
	}
}

// unsure is a store that keeps a file and says that it failed, as a commit does
// whose answer got lost.
type unsure struct{ files.Store }

func (s unsure) PutFile(ctx context.Context, f files.File) error {
	if err := s.Store.PutFile(ctx, f); err != nil {
		return err
	}
	return errors.New("the answer got lost")
}

func TestContentOfAFileThatMayBeStoredIsKept(t *testing.T) {
	l := newFixture(t, func(o *files.Options) { o.Store = unsure{o.Store} })
	if _, err := l.Add(t.Context(), files.File{Name: "fw"}, strings.NewReader("firmware")); err == nil {
		t.Fatal("no error")
	}
	l.pass(2 * time.Hour)
	if _, err := l.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, content, err := l.Open(t.Context(), "fw"); err != nil {
		t.Fatalf("the file that was stored: %v", err)
	} else if err := content.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSweepKeepsTheContentOfEveryPage(t *testing.T) {
	l := newFixture(t, nil)
	const count = 1100
	for i := range count {
		err := l.store.PutFile(t.Context(), files.File{Name: fmt.Sprintf("f%d", i), Content: files.RandomName()})
		if err != nil {
			t.Fatal(err)
		}
	}
	last := l.add(t, files.File{Name: "z"}, "sorted behind all others")
	l.pass(2 * time.Hour)
	if swept, err := l.RunOnce(t.Context()); err != nil || swept.Contents != 0 {
		t.Fatalf("RunOnce = %+v, %v", swept, err)
	}
	if diff := cmp.Diff([]string{last.Content}, entries(t, l.folder)); diff != "" {
		t.Error(diff)
	}
}

func TestExpiredGrantsAreSwept(t *testing.T) {
	l := newFixture(t, nil)
	l.add(t, files.File{Name: "fw"}, "x")
	for i := range 1200 {
		err := l.store.PutGrant(t.Context(), files.Grant{TokenHash: fmt.Sprint(i), Expires: time.Now().Add(time.Minute)})
		if err != nil {
			t.Fatal(err)
		}
	}
	offer := l.offer(t, "fw", 3*time.Hour)
	l.pass(2 * time.Hour)
	swept, err := l.RunOnce(t.Context())
	if err != nil || swept.Grants != 1200 {
		t.Fatalf("RunOnce = %+v, %v", swept, err)
	}
	if _, err := l.Resolve(t.Context(), offer.Token, "fw"); err != nil || len(l.store.Grants()) != 1 {
		t.Fatalf("%d grants left, Resolve = %v", len(l.store.Grants()), err)
	}
}

func TestRunSweepsUntilItsContextEnds(t *testing.T) {
	swept := make(chan struct{}, 16)
	l := newFixture(t, func(o *files.Options) {
		o.SweepInterval = time.Millisecond
		o.Store = observed{o.Store, swept}
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.Run(ctx) }()
	for range 3 {
		<-swept
	}
	cancel()
	<-done
}

// observed tells of every look at the grants, as far as there is room.
type observed struct {
	files.Store
	swept chan struct{}
}

func (s observed) DeleteGrants(ctx context.Context, before time.Time, limit int) (int, error) {
	select {
	case s.swept <- struct{}{}:
	default:
	}
	return s.Store.DeleteGrants(ctx, before, limit)
}
