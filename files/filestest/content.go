package filestest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/dialtone-acs/dialtone/files"
)

// SweptContent is a Content that can remove what a crash left behind.
type SweptContent interface {
	files.Content
	files.Sweeper
}

// ContentFixture is an empty content store for one test.
type ContentFixture struct {
	// Content is what is tested. Its clock is the machine's.
	Content SweptContent
	// Left returns how many files or documents are stored, of whatever kind.
	Left func() int
}

// RunContent holds a content store to everything that files.Content and
// files.Sweeper promise. Fresh returns a fixture that no other call shares.
func RunContent(t *testing.T, fresh func(t *testing.T) ContentFixture) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(t *testing.T, f ContentFixture)
	}{
		{"content is read as it was written, once it is committed", contentIsRead},
		{"content of any size is read whole and from any place", contentOfAnySize},
		{"an aborted writer leaves nothing and takes no more", abortLeavesNothing},
		{"a name that is none is not found, and removing it is no error", namesThatAreNone},
		{"who has content open reads on when it is removed", removedWhileRead},
		{"content written at once by many stays apart", writtenAtOnce},
		{"a sweep removes what a crash left and nobody refers to", sweepRemoves},
		{"a sweep leaves what is being written", sweepLeavesTheYoung},
		{"what was swept while nobody wrote it is not committed", sweptWriter},
		{"every method returns the error of a context that has ended", endedContext},
		{"an upload that was cancelled leaves nothing", cancelledWriter},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, fresh(t)) })
	}
}

func written(t *testing.T, c files.Content, text string) files.ContentWriter {
	t.Helper()
	w, err := c.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.WriteString(w, text); err != nil || n != len(text) {
		t.Fatalf("wrote %d of %d bytes, %v", n, len(text), err)
	}
	return w
}

func committed(t *testing.T, c files.Content, text string) string {
	t.Helper()
	name, err := written(t, c, text).Commit()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func opened(t *testing.T, c files.Content, name string) io.ReadSeekCloser {
	t.Helper()
	r, err := c.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func mustRead(t *testing.T, r io.Reader, want string) {
	t.Helper()
	if got, err := io.ReadAll(r); err != nil || string(got) != want {
		t.Fatalf("read %d bytes, %v, want %d", len(got), err, len(want))
	}
}

func contentIsRead(t *testing.T, f ContentFixture) {
	w := written(t, f.Content, "firm")
	if _, err := io.WriteString(w, "ware"); err != nil {
		t.Fatal(err)
	}
	name, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	w.Abort()
	r := opened(t, f.Content, name)
	mustRead(t, r, "firmware")
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("a committed writer takes more")
	}
	if _, err := w.Commit(); err == nil {
		t.Error("a writer commits twice")
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("reading what was closed: %v", err)
	}
}

// chunk is a size at which stores may divide content.
const chunk = 256 << 10

func contentOfAnySize(t *testing.T, f ContentFixture) {
	random := rand.NewChaCha8([32]byte{1})
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3<<20 + 77} {
		data := make([]byte, size)
		_, _ = random.Read(data)
		w, err := f.Content.Create(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// The writer hides io.ReaderFrom, the buffer is of an odd size: parts do
		// not end where chunks do.
		if n, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{bytes.NewReader(data)}, make([]byte, 61_001)); err != nil || n != int64(size) {
			t.Fatalf("wrote %d of %d bytes, %v", n, size, err)
		}
		name, err := w.Commit()
		if err != nil {
			t.Fatal(err)
		}
		r := opened(t, f.Content, name)
		if end, err := r.Seek(0, io.SeekEnd); err != nil || end != int64(size) {
			t.Errorf("the end is at %d, %v, want %d", end, err, size)
		}
		if size == chunk+1 {
			if err := iotest.TestReader(rewound(t, r), data); err != nil {
				t.Error(err)
			}
		}
		checkPlaces(t, r, data)
		mustRead(t, rewound(t, r), string(data))
	}
}

func rewound(t *testing.T, r io.ReadSeeker) io.ReadSeeker {
	t.Helper()
	if place, err := r.Seek(0, io.SeekStart); err != nil || place != 0 {
		t.Fatalf("Seek to the start = %d, %v", place, err)
	}
	return r
}

func checkPlaces(t *testing.T, r io.ReadSeeker, data []byte) {
	t.Helper()
	for _, place := range []int{len(data) - 1, len(data) / 2, chunk - 2, chunk, 0} {
		if place < 0 || place >= len(data) {
			continue
		}
		if _, err := r.Seek(int64(place), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, min(5, len(data)-place))
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, data[place:place+len(got)]) {
			t.Errorf("of %d bytes those at %d differ, %v", len(data), place, err)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("a place before the start is taken")
	}
	if _, err := r.Seek(3, io.SeekEnd); err != nil {
		t.Error(err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("behind the end are %d bytes, %v", n, err)
	}
}

func abortLeavesNothing(t *testing.T, f ContentFixture) {
	w := written(t, f.Content, strings.Repeat("half", chunk/3))
	w.Abort()
	w.Abort()
	if left := f.Left(); left != 0 {
		t.Errorf("left behind: %d", left)
	}
	if _, err := w.Commit(); err == nil {
		t.Error("an aborted writer commits")
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("an aborted writer takes more")
	}
	if left := f.Left(); left != 0 {
		t.Errorf("left behind later: %d", left)
	}
}

func namesThatAreNone(t *testing.T, f ContentFixture) {
	name := committed(t, f.Content, "x")
	for _, none := range []string{"", ".", "..", "../" + name, name + "x", name[1:], strings.ToUpper(name), name + "\x00", name + "\xff", strings.Repeat("a", len(name)), "$ne"} {
		if _, err := f.Content.Open(t.Context(), none); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("Open(%q) = %v, want %v", none, err, files.ErrNotFound)
		}
		if err := f.Content.Remove(t.Context(), none); err != nil {
			t.Errorf("Remove(%q) = %v", none, err)
		}
	}
	mustRead(t, opened(t, f.Content, name), "x")
}

func removedWhileRead(t *testing.T, f ContentFixture) {
	text := strings.Repeat("firmware", chunk/6)
	name := committed(t, f.Content, text)
	r := opened(t, f.Content, name)
	if _, err := io.ReadFull(r, make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // Removing what is not there is no error.
		if err := f.Content.Remove(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := f.Content.Sweep(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }); err != nil || n != 0 {
		t.Errorf("Sweep = %d, %v", n, err)
	}
	mustRead(t, r, text[8:])
	if _, err := f.Content.Open(t.Context(), name); !errors.Is(err, files.ErrNotFound) {
		t.Fatalf("Open after Remove = %v", err)
	}
	if _, err := f.Content.Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return true }); err != nil {
		t.Error(err)
	}
	if left := f.Left(); left != 0 {
		t.Errorf("left behind: %d", left)
	}
}

func writtenAtOnce(t *testing.T, f ContentFixture) {
	texts := []string{"a", strings.Repeat("b", chunk+5), "c", strings.Repeat("d", 2*chunk)}
	names := make([]string, len(texts))
	var group sync.WaitGroup
	for i, text := range texts {
		group.Go(func() {
			w, err := f.Content.Create(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := io.WriteString(w, text); err != nil {
				t.Error(err)
			}
			if names[i], err = w.Commit(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for i, name := range names {
		mustRead(t, opened(t, f.Content, name), texts[i])
	}
}

func sweepRemoves(t *testing.T, f ContentFixture) {
	written(t, f.Content, strings.Repeat("an upload that the crash cut off", chunk/16))
	kept, orphan := committed(t, f.Content, "kept"), committed(t, f.Content, "orphan")
	keep := func(name string) bool { return name == kept }
	if n, err := f.Content.Sweep(t.Context(), time.Now().Add(-time.Hour), keep); err != nil || n != 0 {
		t.Fatalf("Sweep removed %d young ones, %v", n, err)
	}
	if n, err := f.Content.Sweep(t.Context(), time.Now().Add(time.Hour), keep); err != nil || n != 2 {
		t.Fatalf("Sweep removed %d, %v, want 2", n, err)
	}
	if _, err := f.Content.Open(t.Context(), orphan); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("the orphan: %v", err)
	}
	mustRead(t, opened(t, f.Content, kept), "kept")
	if n, err := f.Content.Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return false }); err != nil || n != 1 {
		t.Errorf("a later Sweep removed %d, %v, want 1", n, err)
	}
	// What a sweep took out of sight may be gone only with the next.
	if _, err := f.Content.Sweep(t.Context(), time.Now().Add(time.Hour), keep); err != nil {
		t.Error(err)
	}
	if left := f.Left(); left != 0 {
		t.Errorf("left behind: %d", left)
	}
}

func sweepLeavesTheYoung(t *testing.T, f ContentFixture) {
	began := time.Now().Add(-time.Second)
	w := written(t, f.Content, "half ")
	if n, err := f.Content.Sweep(t.Context(), began, func(string) bool { return false }); err != nil || n != 0 {
		t.Errorf("Sweep = %d, %v", n, err)
	}
	if _, err := io.WriteString(w, "whole"); err != nil {
		t.Fatal(err)
	}
	name, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	mustRead(t, opened(t, f.Content, name), "half whole")
}

func sweptWriter(t *testing.T, f ContentFixture) {
	w := written(t, f.Content, "half")
	if n, err := f.Content.Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return true }); err != nil || n != 1 {
		t.Fatalf("Sweep = %d, %v", n, err)
	}
	if name, err := w.Commit(); err == nil {
		t.Errorf("Commit of what was swept = %q", name)
	}
}

func endedContext(t *testing.T, f ContentFixture) {
	name := committed(t, f.Content, "x")
	before := f.Left()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, createErr := f.Content.Create(ctx)
	_, openErr := f.Content.Open(ctx, name)
	_, sweepErr := f.Content.Sweep(ctx, time.Now().Add(time.Hour), func(string) bool { return false })
	for operation, err := range map[string]error{"Create": createErr, "Open": openErr, "Remove": f.Content.Remove(ctx, name), "Sweep": sweepErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s = %v", operation, err)
		}
	}
	mustRead(t, opened(t, f.Content, name), "x")
	if left := f.Left(); left != before {
		t.Errorf("%d are stored, before %d", left, before)
	}
}

func cancelledWriter(t *testing.T, f ContentFixture) {
	ctx, cancel := context.WithCancel(t.Context())
	w, err := f.Content.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, chunk+1)); err != nil {
		t.Fatal(err)
	}
	cancel()
	w.Abort()
	if left := f.Left(); left != 0 {
		t.Errorf("left behind: %d", left)
	}
}
