package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

func TestASecondServerIsRefusedWhileTheFirstRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dialtone.db")
	first := openTest(t, Options{Path: path})
	if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path) {
		t.Errorf("error is %v, want %v with the path", err, ErrLocked)
	}
	if err := first.Ping(t.Context()); err != nil {
		t.Errorf("the first no longer works: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openClosing(t, Options{Path: path})
}

func TestACommandWorksBesideAServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dialtone.db")
	server := openClosing(t, Options{Path: path})
	d := phone(1)
	if err := server.Devices().Create(t.Context(), d, 0); err != nil {
		t.Fatal(err)
	}
	began, err := server.Sessions().Begin(t.Context(), device.Contact{Identity: d.CWMPIdentity, Session: "s", At: start, Until: start.Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	command := openTest(t, Options{Path: path, Shared: true})
	token := users.Token{ID: "t", Hash: "h", Role: users.Admin, CreatedAt: start}
	if err := command.Tokens().PutToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Tokens().TokenByHash(t.Context(), "h"); err != nil {
		t.Errorf("the server does not see the token: %v", err)
	}
	if err := command.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := server.Devices().Get(t.Context(), d.ID)
	if err != nil || after.Session != began.After.Session {
		t.Errorf("session is %+v, %v, want %+v", after.Session, err, began.After.Session)
	}
}

func TestWritesOfACommandAndAServerTakeTurns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dialtone.db")
	server := openClosing(t, Options{Path: path})
	command := openClosing(t, Options{Path: path, Shared: true})
	failed := make(chan error, 2)
	for i, s := range []*Store{server, command} {
		go func() {
			var all []error
			for j := range 50 {
				id := string(rune('a'+i)) + time.Duration(j).String()
				all = append(all, s.Tokens().PutToken(context.Background(), users.Token{ID: id, Hash: id}))
			}
			failed <- errors.Join(all...)
		}()
	}
	for range 2 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if all, err := server.Tokens().Tokens(t.Context()); err != nil || len(all) != 100 {
		t.Errorf("%d tokens, %v, want 100", len(all), err)
	}
}

func TestACommandCreatesNothingWhereThereIsNoDatabase(t *testing.T) {
	folder := t.TempDir()
	if _, err := Open(t.Context(), Options{Path: filepath.Join(folder, "dialtone.db"), Shared: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v, want %v", err, fs.ErrNotExist)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Errorf("left %v, %v", entries, err)
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dialtone.db")
	s := openClosing(t, Options{Path: path})
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("mode of %s is %v, want 0600", info.Name(), mode)
		}
	}
}

func TestAPathMayHoldCharactersThatMeanSomethingInAURI(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "100% of?a#b&c é")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s := openClosing(t, Options{Path: filepath.Join(folder, "a?b.db")})
	if err := s.Backup(t.Context(), filepath.Join(folder, "c#d?e")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got := strings.Join(names, " "); got != "a?b.db a?b.db-shm a?b.db-wal a?b.db.lock c#d?e" {
		t.Errorf("folder holds %s", got)
	}
}

func TestOpeningSaysWhatIsWrong(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"no path": "", "no folder": filepath.Join(t.TempDir(), "none", "a.db"), "not a database": garbage} {
		if s, err := Open(t.Context(), Options{Path: path}); err == nil {
			t.Errorf("%s: opened", name)
			_ = s.Close()
		}
	}
}
