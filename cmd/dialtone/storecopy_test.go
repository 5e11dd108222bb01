package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func TestAStoreIsCopiedWithItsFilesAndComparesTheSame(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	from.furnish(t)
	copyFile(t, from.keyPath(), to.keyPath())
	out, errs := mustRun(t, "store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir)
	for _, kind := range store.Kinds() {
		line := ""
		for l := range strings.Lines(out) {
			if strings.HasPrefix(l, kind.String()+" ") {
				line = l
			}
		}
		if line == "" || strings.HasSuffix(strings.TrimSpace(line), " 0") {
			t.Errorf("%s: %q is reported, want more than none", kind, line)
		}
	}
	if !strings.Contains(errs, "complete") {
		t.Errorf("it says %s", errs)
	}
	if got := readAll(t, to, "a.bin"); got != fileContent {
		t.Errorf("the copy of the file holds %q", got)
	}
	if got := to.opened(t); len(got) != len(allSecrets()) {
		t.Errorf("the copy has the secrets %v", got)
	}
	from.with(t, func(a store.Store) {
		to.with(t, func(b store.Store) { must(t, store.Compare(t.Context(), a.Copier(), b.Copier())) })
	})
	// The files of the source stay where they are.
	if got := readAll(t, from, "a.bin"); got != fileContent {
		t.Errorf("the file of the source holds %q", got)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, raw, 0o600))
}

func TestACopyIsRefusedToATargetThatIsNotEmpty(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	from.furnish(t)
	to.with(t, func(s store.Store) {
		must(t, users.NewAuditLog(s.Audit(), clock).Append(t.Context(), users.AuditEntry{Action: "test"}))
	})
	args := []string{"store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir}
	if said := refused(t, errNotEmpty.Error(), args...); !strings.Contains(said, filepath.Join(to.DataDir, "dialtone.db")) {
		t.Errorf("it does not say what to remove: %s", said)
	}
	refused(t, errSameStore.Error(), "store", "copy", "--from", from.url(), "--to", from.url())
}

func TestACopyIsRefusedWhileAServerUsesEitherSide(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	from.furnish(t)
	args := []string{"store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir}
	for _, used := range []folder{from, to} {
		used.with(t, func(store.Store) { refused(t, "stop the server first", args...) })
	}
	mustRun(t, args...)
}

func TestACopyOfWhatIsNotThereMakesNothing(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	refused(t, "there is no store", "store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir)
	for _, f := range []folder{from, to} {
		if entries, err := os.ReadDir(f.DataDir); err != nil || len(entries) > 0 {
			t.Errorf("it left %v, %v", entries, err)
		}
	}
}

func TestACopyIsRefusedIfTheTargetHasAnotherKeyFile(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	from.furnish(t)
	_, err := secret.LoadOrCreate(to.keyPath())
	must(t, err)
	args := []string{"store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir}
	refused(t, to.keyPath(), args...)
	must(t, os.Remove(to.keyPath()))
	mustRun(t, args...)
	must(t, os.Remove(from.keyPath()))
	other := newFolder(t)
	refused(t, from.keyPath(), "store", "copy", "--from", from.url(), "--to", other.url(), "--from-data-dir", from.DataDir, "--to-data-dir", other.DataDir)
}

func TestDamagedContentEndsACopyAndItSaysHowToStartOver(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	from.furnish(t)
	from.with(t, func(s store.Store) {
		f, err := s.Files().File(t.Context(), "a.bin")
		must(t, err)
		must(t, os.WriteFile(filepath.Join(from.filesPath(), f.Content), []byte("something else"), 0o600))
	})
	args := []string{"store", "copy", "--from", from.url(), "--to", to.url(), "--from-data-dir", from.DataDir, "--to-data-dir", to.DataDir}
	if said := refused(t, errContent.Error(), args...); !strings.Contains(said, "a.bin") || !strings.Contains(said, "start over") || !strings.Contains(said, to.DataDir) {
		t.Errorf("it says %s", said)
	}
}

func TestAnInterruptedCopySaysHowToStartOver(t *testing.T) {
	from, to := newFolder(t), newFolder(t)
	from.furnish(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sides := []*side{}
	for _, f := range []folder{from, to} {
		s, err := openSide(t.Context(), "side", f.dataOptions, openAlone)
		must(t, err)
		defer s.close()
		sides = append(sides, s)
	}
	// The operator's interrupt comes while records are copied.
	log := writerFunc(func(p []byte) {
		if strings.Contains(string(p), "records") {
			cancel()
		}
	})
	err := (&storeCopy{from: sides[0], to: sides[1], out: io.Discard, log: log, wait: pause}).run(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "start over") {
		t.Errorf("error is %v", err)
	}
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }
