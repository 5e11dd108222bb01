package mongo

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
)

func documents(t *testing.T, s *Store, collection string) int {
	t.Helper()
	n, err := s.database.Collection(collection).CountDocuments(context.WithoutCancel(t.Context()), bson.D{})
	must(t, err)
	return int(n)
}

func TestContentPassesTheTestsOfContent(t *testing.T) {
	filestest.RunContent(t, func(t *testing.T) filestest.ContentFixture {
		s := open(t)
		left := func() int { return documents(t, s, contentCollection) + documents(t, s, contentChunkCollection) }
		return filestest.ContentFixture{Content: s.Content().(filestest.SweptContent), Left: left}
	})
}

func TestAWriterMovesItsMarkOnWhileItWrites(t *testing.T) {
	now := at(0)
	s := openWith(t, Options{Now: func() time.Time { return now }})
	writer, err := s.Content().Create(t.Context())
	must(t, err)
	sweeper := s.Content().(files.Sweeper)
	for range 3 {
		now = now.Add(50 * time.Minute)
		if _, err := writer.Write(make([]byte, contentChunkSize)); err != nil {
			t.Fatal(err)
		}
		if n, err := sweeper.Sweep(t.Context(), now.Add(-time.Hour), func(string) bool { return false }); err != nil || n != 0 {
			t.Fatalf("Sweep by another node = %d, %v", n, err)
		}
	}
	_, err = writer.Commit()
	must(t, err)
}

func TestAWriterThatWasSweptStoresNothingMore(t *testing.T) {
	now := at(0)
	s := openWith(t, Options{Now: func() time.Time { return now }})
	writer, err := s.Content().Create(t.Context())
	must(t, err)
	_, err = writer.Write(make([]byte, contentChunkSize))
	must(t, err)
	now = now.Add(2 * time.Hour)
	if n, err := s.Content().(files.Sweeper).Sweep(t.Context(), now.Add(-time.Hour), func(string) bool { return true }); err != nil || n != 1 {
		t.Fatalf("Sweep = %d, %v", n, err)
	}
	for range 2 { // What failed once stays failed.
		if _, err := writer.Write(make([]byte, contentChunkSize)); !errors.Is(err, errSwept) {
			t.Errorf("Write = %v, want %v", err, errSwept)
		}
	}
	if name, err := writer.Commit(); err == nil {
		t.Errorf("Commit = %q", name)
	}
	if n := documents(t, s, contentChunkCollection) + documents(t, s, contentCollection); n != 0 {
		t.Errorf("%d documents are left", n)
	}
}

func TestASweepFinishesARemovalThatACrashCutOff(t *testing.T) {
	s := open(t)
	writer, err := s.Content().Create(t.Context())
	must(t, err)
	_, err = io.WriteString(writer, strings.Repeat("x", contentChunkSize+1))
	must(t, err)
	name, err := writer.Commit()
	must(t, err)
	must(t, s.Content().Remove(t.Context(), name))
	_, err = s.database.Collection(contentChunkCollection).DeleteOne(t.Context(), bson.D{{Key: idField, Value: chunkName(name, 0)}})
	must(t, err)
	n, err := s.Content().(files.Sweeper).Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return true })
	if left := documents(t, s, contentChunkCollection) + documents(t, s, contentCollection); err != nil || n != 0 || left != 0 {
		t.Errorf("Sweep = %d, %v, %d documents are left", n, err, left)
	}
}

func TestContentThatLostAPartIsAnErrorAndNotAShortFile(t *testing.T) {
	s := open(t)
	writer, err := s.Content().Create(t.Context())
	must(t, err)
	_, err = io.WriteString(writer, strings.Repeat("x", 2*contentChunkSize))
	must(t, err)
	name, err := writer.Commit()
	must(t, err)
	_, err = s.database.Collection(contentChunkCollection).DeleteOne(t.Context(), bson.D{{Key: idField, Value: chunkName(name, 1)}})
	must(t, err)
	r, err := s.Content().Open(t.Context(), name)
	must(t, err)
	if n, err := io.Copy(io.Discard, r); !errors.Is(err, errIncomplete) || n != contentChunkSize {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

// zeros reads zeros for ever.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestContentIsNotHeldInMemory(t *testing.T) {
	s := open(t)
	const size = 8 << 20
	writer, err := s.Content().Create(t.Context())
	must(t, err)
	var before, now runtime.MemStats
	var peak uint64
	watch := writerFunc(func(p []byte) (int, error) {
		runtime.GC()
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapAlloc)
		return len(p), nil
	})
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, err = io.CopyBuffer(io.MultiWriter(writer, watch), io.LimitReader(zeros{}, size), make([]byte, 1<<20))
	must(t, err)
	name, err := writer.Commit()
	must(t, err)
	r, err := s.Content().Open(t.Context(), name)
	must(t, err)
	_, err = io.CopyBuffer(watch, struct{ io.Reader }{r}, make([]byte, 1<<20))
	must(t, err)
	grew := int64(peak) - int64(before.HeapAlloc)
	t.Logf("the heap grew by %d kB while %d MiB were written and read", grew>>10, size>>20)
	if grew > size/2 {
		t.Errorf("the heap grew by %d bytes while %d were written and read", grew, size)
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
