package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// keyed is a store of which only the check value matters.
type keyed struct {
	store.Store
	check secret.Sealed
	err   error
}

func (k *keyed) KeyCheck(_ context.Context, proposed secret.Sealed) (secret.Sealed, error) {
	if k.check == "" {
		k.check = proposed
	}
	return k.check, k.err
}

func TestAStoreTakesTheFirstKeyAndRefusesOthers(t *testing.T) {
	s, first, other := &keyed{}, newFolder(t), newFolder(t)
	for range 2 {
		if _, err := openKeeper(t.Context(), s, first.dataOptions); err != nil {
			t.Fatal(err)
		}
	}
	_, err := secret.LoadOrCreate(other.keyPath())
	must(t, err)
	_, err = openKeeper(t.Context(), s, other.dataOptions)
	if !errors.Is(err, errWrongKey) || !strings.Contains(err.Error(), other.keyPath()) {
		t.Errorf("with another key the error is %v", err)
	}
	if len(other.keys(t)) != 1 {
		t.Error("the key file of somebody was touched")
	}
	if _, err := secret.AddKey(first.keyPath(), true); err != nil {
		t.Fatal(err)
	}
	if _, err := openKeeper(t.Context(), s, first.dataOptions); err != nil {
		t.Errorf("with the key below a new one: %v", err)
	}
}

func TestAKeyThatWasMadeAndDoesNotFitIsRemoved(t *testing.T) {
	s, first, fresh := &keyed{}, newFolder(t), newFolder(t)
	_, err := openKeeper(t.Context(), s, first.dataOptions)
	must(t, err)
	_, err = openKeeper(t.Context(), s, fresh.dataOptions)
	if !errors.Is(err, errWrongKey) || !strings.Contains(err.Error(), fresh.keyPath()) {
		t.Errorf("error is %v", err)
	}
	if entries, _ := os.ReadDir(fresh.DataDir); len(entries) > 0 {
		t.Errorf("%v was left behind", entries)
	}
}

func TestAKeyThatTheStoreMayHaveTakenIsKept(t *testing.T) {
	s, f := &keyed{err: errors.New("the connection broke")}, newFolder(t)
	if _, err := openKeeper(t.Context(), s, f.dataOptions); !errors.Is(err, s.err) {
		t.Fatalf("error is %v", err)
	}
	s.err = nil
	if _, err := openKeeper(t.Context(), s, f.dataOptions); err != nil {
		t.Errorf("the next start fails: %v", err)
	}
}

func TestTheKeyFileMayLieElsewhere(t *testing.T) {
	f, elsewhere := newFolder(t), newFolder(t)
	f.SecretsKey = elsewhere.keyPath()
	_, err := openKeeper(t.Context(), &keyed{}, f.dataOptions)
	must(t, err)
	if _, err := os.Stat(dataOptions{DataDir: f.DataDir}.keyPath()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key is in the data folder as well: %v", err)
	}
	if len(elsewhere.keys(t)) != 1 {
		t.Error("the key is not where it was asked for")
	}
}

func TestAServerDoesNotStartWithAnotherKey(t *testing.T) {
	f := newFolder(t)
	f.furnish(t)
	must(t, os.Remove(f.keyPath()))
	// A server that starts would run until its context ends.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"serve", "--data-dir", f.DataDir, "--cwmp-addr", "127.0.0.1:0", "--files-addr", "127.0.0.1:0", "--web-addr", "127.0.0.1:0"}, &out, &errs)
	if code != 1 || !strings.Contains(errs.String(), errWrongKey.Error()) || !strings.Contains(errs.String(), f.keyPath()) {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if _, err := os.Stat(f.keyPath()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a new key was left behind: %v", err)
	}
}
