package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
)

// fixture is a library over a store in memory and a folder of the test.
type fixture struct {
	*files.Library
	store  *filestest.Store
	folder string
	// clock is added to the machine's clock.
	clock *atomic.Int64
}

func newFixture(t *testing.T, change func(*files.Options)) fixture {
	t.Helper()
	f := fixture{store: filestest.NewStore(), folder: t.TempDir(), clock: new(atomic.Int64)}
	options := files.Options{
		Store: f.store, Content: openDirectory(t, f.folder), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Now().Add(time.Duration(f.clock.Load())) },
	}
	if change != nil {
		change(&options)
	}
	var err error
	if f.Library, err = files.NewLibrary(options); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f fixture) add(t *testing.T, file files.File, text string) files.File {
	t.Helper()
	added, err := f.Add(t.Context(), file, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func (f fixture) pass(d time.Duration) { f.clock.Add(int64(d)) }

// mustBeEmpty fails if anything was left in the folder.
func (f fixture) mustBeEmpty(t *testing.T) {
	t.Helper()
	if left := entries(t, f.folder); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAddedFileIsFoundAsItWasAdded(t *testing.T) {
	l := newFixture(t, nil)
	text := strings.Repeat("firmware ", 100_000)
	sum := sha256.Sum256([]byte(text))
	given := files.File{
		Name: "fw.bin", Type: files.TypeFirmware, OUI: "00087B", ProductClass: "CP-8851-3PCC", Version: "12.0.3",
		Siblings: []string{"kern.bin"}, CreatedBy: "admin",
		Size: 1, SHA256: "not mine to say", Content: "../../etc/passwd", CreatedAt: time.Unix(0, 0),
	}
	added := l.add(t, given, text)

	want := given
	want.Size, want.SHA256, want.Content, want.CreatedAt = int64(len(text)), hex.EncodeToString(sum[:]), added.Content, added.CreatedAt
	if diff := cmp.Diff(want, added); diff != "" {
		t.Error(diff)
	}
	if added.Content == given.Content || added.CreatedAt.Location() != time.UTC || added.CreatedAt != added.CreatedAt.Truncate(time.Millisecond) {
		t.Errorf("content %q, created at %v", added.Content, added.CreatedAt)
	}
	got, err := l.Get(t.Context(), "fw.bin")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	page, err := l.List(t.Context(), files.List{PageSize: 10, Count: true})
	if err != nil || page.Total != 1 {
		t.Fatalf("List = %+v, %v", page, err)
	}
	f, content, err := l.Open(t.Context(), "fw.bin")
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if read, err := io.ReadAll(content); err != nil || string(read) != text || f.Size != int64(len(read)) {
		t.Errorf("read %d bytes, %v", len(read), err)
	}
}

func TestAddRefusesAndLeavesNothing(t *testing.T) {
	broken := errors.New("the connection broke")
	for _, test := range []struct {
		name string
		file files.File
		from io.Reader
		want error
	}{
		{"a wrong name", files.File{Name: "../fw"}, strings.NewReader("x"), files.ErrName},
		{"a wrong type", files.File{Name: "fw", Type: "?"}, strings.NewReader("x"), files.ErrInvalid},
		{"more than the largest size", files.File{Name: "fw"}, strings.NewReader(strings.Repeat("x", 1001)), files.ErrTooLarge},
		{"an upload that breaks", files.File{Name: "fw"}, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), broken},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newFixture(t, func(o *files.Options) { o.MaxSize = 1000 })
			if _, err := l.Add(t.Context(), test.file, test.from); !errors.Is(err, test.want) {
				t.Fatalf("Add = %v, want %v", err, test.want)
			}
			l.mustBeEmpty(t)
			if page, err := l.List(t.Context(), files.List{PageSize: 10}); err != nil || len(page.Files) != 0 {
				t.Errorf("List = %+v, %v", page, err)
			}
		})
	}
}

func TestAddTakesExactlyTheLargestSizeAndNothingAtAll(t *testing.T) {
	l := newFixture(t, func(o *files.Options) { o.MaxSize = 1000 })
	if f := l.add(t, files.File{Name: "full"}, strings.Repeat("x", 1000)); f.Size != 1000 {
		t.Errorf("size %d", f.Size)
	}
	empty := sha256.Sum256(nil)
	if f := l.add(t, files.File{Name: "empty"}, ""); f.Size != 0 || f.SHA256 != hex.EncodeToString(empty[:]) {
		t.Errorf("size %d, %s", f.Size, f.SHA256)
	}
}

// endless reads zeros for ever and counts them.
type endless struct{ read int64 }

func (r *endless) Read(p []byte) (int, error) {
	clear(p)
	r.read += int64(len(p))
	return len(p), nil
}

func TestAddStopsReadingOnceTheFileIsTooLarge(t *testing.T) {
	l := newFixture(t, func(o *files.Options) { o.MaxSize = 1 << 20 })
	source := &endless{}
	if _, err := l.Add(t.Context(), files.File{Name: "fw"}, source); !errors.Is(err, files.ErrTooLarge) {
		t.Fatalf("Add = %v", err)
	}
	if source.read > 1<<20+128<<10 {
		t.Errorf("read %d bytes of an upload that may have 1 MiB", source.read)
	}
	l.mustBeEmpty(t)
}

func TestAddStopsWithItsContext(t *testing.T) {
	l := newFixture(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	source := io.MultiReader(io.LimitReader(&endless{}, 1<<20), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }), &endless{})
	if _, err := l.Add(ctx, files.File{Name: "fw"}, source); !errors.Is(err, context.Canceled) {
		t.Fatalf("Add = %v", err)
	}
	l.mustBeEmpty(t)
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAddRefusesATakenNameBeforeItReads(t *testing.T) {
	l := newFixture(t, nil)
	first := l.add(t, files.File{Name: "fw"}, "first")
	source := &endless{}
	if _, err := l.Add(t.Context(), files.File{Name: "fw"}, source); !errors.Is(err, files.ErrExists) {
		t.Fatalf("Add = %v", err)
	}
	if source.read != 0 {
		t.Errorf("read %d bytes", source.read)
	}
	if diff := cmp.Diff([]string{first.Content}, entries(t, l.folder)); diff != "" {
		t.Error(diff)
	}
}

func TestOfManyUploadsOfOneNameOneWins(t *testing.T) {
	l := newFixture(t, nil)
	const uploads = 20
	// No upload ends before all have passed the first check.
	var begun sync.WaitGroup
	begun.Add(uploads)
	var won atomic.Int64
	var done sync.WaitGroup
	for range uploads {
		done.Go(func() {
			once := sync.OnceFunc(func() { begun.Done(); begun.Wait() })
			source := io.MultiReader(readerFunc(func([]byte) (int, error) { once(); return 0, io.EOF }), strings.NewReader("x"))
			switch _, err := l.Add(t.Context(), files.File{Name: "fw"}, source); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, files.ErrExists):
				t.Errorf("Add = %v", err)
			}
		})
	}
	done.Wait()
	if left := entries(t, l.folder); won.Load() != 1 || len(left) != 1 {
		t.Fatalf("%d uploads won, left %v", won.Load(), left)
	}
}

func TestUploadIsNotHeldInMemory(t *testing.T) {
	l := newFixture(t, nil)
	const size = 96 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := l.Add(t.Context(), files.File{Name: "fw"}, io.LimitReader(&endless{}, size))
	runtime.ReadMemStats(&after)
	if err != nil || f.Size != size {
		t.Fatalf("Add = %d bytes, %v", f.Size, err)
	}
	allocated := after.TotalAlloc - before.TotalAlloc
	t.Logf("an upload of %d MiB allocated %d kB in all", size>>20, allocated>>10)
	if allocated > 1<<20 {
		t.Errorf("an upload of %d bytes allocated %d", size, allocated)
	}
}

func TestDeleteLeavesAReaderItsContent(t *testing.T) {
	l := newFixture(t, nil)
	added := l.add(t, files.File{Name: "fw"}, "firmware")
	_, content, err := l.Open(t.Context(), "fw")
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	deleted, err := l.Delete(t.Context(), "fw")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(added, deleted); diff != "" {
		t.Error(diff)
	}
	l.mustBeEmpty(t)
	if got, err := io.ReadAll(content); err != nil || string(got) != "firmware" {
		t.Errorf("read %q, %v", got, err)
	}
	for _, name := range []string{"fw", "../fw", ""} {
		if _, err := l.Delete(t.Context(), name); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("Delete(%q) = %v", name, err)
		}
		if _, err := l.Get(t.Context(), name); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("Get(%q) = %v", name, err)
		}
		if _, _, err := l.Open(t.Context(), name); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("Open(%q) = %v", name, err)
		}
	}
	l.add(t, files.File{Name: "fw"}, "again")
}

// stubborn is content that cannot be removed.
type stubborn struct{ *files.Directory }

func (stubborn) Remove(context.Context, string) error { return errors.New("the disk is read-only") }

func TestContentThatCannotBeRemovedIsSweptLater(t *testing.T) {
	var log bytes.Buffer
	l := newFixture(t, func(o *files.Options) {
		o.Content = stubborn{o.Content.(*files.Directory)}
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	kept := l.add(t, files.File{Name: "kept"}, "kept")
	l.add(t, files.File{Name: "fw"}, "firmware")
	if _, err := l.Delete(t.Context(), "fw"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "read-only") {
		t.Errorf("log: %s", log.String())
	}
	l.pass(2 * time.Hour)
	if swept, err := l.RunOnce(t.Context()); err != nil || swept.Contents != 1 {
		t.Fatalf("RunOnce = %+v, %v", swept, err)
	}
	if diff := cmp.Diff([]string{kept.Content}, entries(t, l.folder)); diff != "" {
		t.Error(diff)
	}
}

func TestALibraryNeedsItsParts(t *testing.T) {
	content := openDirectory(t, t.TempDir())
	for name, options := range map[string]files.Options{
		"no store":            {Content: content},
		"no content":          {Store: filestest.NewStore()},
		"a negative size":     {Store: filestest.NewStore(), Content: content, MaxSize: -1},
		"a negative interval": {Store: filestest.NewStore(), Content: content, SweepInterval: -1},
		"a negative age":      {Store: filestest.NewStore(), Content: content, OrphanAge: -1},
	} {
		if _, err := files.NewLibrary(options); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
