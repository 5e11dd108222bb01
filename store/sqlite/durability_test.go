package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// childPath is the environment variable that makes the test binary a server
// that writes until it is killed.
const childPath = "DIALTONE_TEST_SQLITE_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes devices and tasks and prints the id of each task, and
// of each device with an open session, once its write was acknowledged.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, Options{Path: path})
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	failed := make(chan error, 8)
	for range cap(failed) {
		group.Go(func() {
			for {
				if err := writeSome(ctx, s); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	return <-failed
}

func writeSome(ctx context.Context, s *Store) error {
	d := phone(rand.IntN(1 << 40))
	d.MAC = ""
	if err := s.Devices().Create(ctx, d, 0); err != nil {
		return err
	}
	_, err := s.Sessions().Begin(ctx, device.Contact{Identity: d.CWMPIdentity, Session: "open", At: start, Until: start.Add(time.Hour)})
	if err != nil {
		return err
	}
	fmt.Println("device", d.ID)
	for range 5 {
		task := tasks.Task{ID: tasks.NewID(start), Device: d.ID, Kind: tasks.Reboot, State: tasks.Queued}
		if err := s.Tasks().Insert(ctx, task); err != nil {
			return err
		}
		fmt.Println("task", task.ID)
	}
	return nil
}

func TestWhatWasAcknowledgedSurvivesKill9(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dialtone.db")
	rounds := 5
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		acknowledged := killAfter(t, path, 1+rand.IntN(400))
		s := openTest(t, Options{Path: path})
		for _, line := range acknowledged {
			checkAcknowledged(t, s, line)
		}
		checkPages(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs a writer, kills it after so many lines and returns all lines
// that it printed to the end.
func killAfter(t *testing.T, path string, count int) []string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childPath+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
		if len(lines) == count {
			if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrLocked) {
				t.Errorf("opening the file of another process gives %v, want %v", err, ErrLocked)
			}
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(lines) < count {
		t.Fatalf("the child ended by itself after %d lines: %v", len(lines), err)
	}
	return lines
}

func checkAcknowledged(t *testing.T, s *Store, line string) {
	t.Helper()
	kind, id, ok := strings.Cut(line, " ")
	if !ok || len(id) != 26 {
		return // The kill cut the last line.
	}
	if kind == "task" {
		if _, err := s.Tasks().Get(t.Context(), tasks.ID(id)); err != nil {
			t.Errorf("task %s was acknowledged: %v", id, err)
		}
		return
	}
	d, err := s.Devices().Get(t.Context(), device.ID(id))
	if err != nil {
		t.Errorf("device %s was acknowledged: %v", id, err)
		return
	}
	if d.Session.ID != "open" || d.Session.Generation != 1 || !d.Session.Until.IsZero() {
		t.Errorf("session of device %s is %+v, want its id, its generation and no lock", id, d.Session)
	}
}

func checkPages(t *testing.T, s *Store) {
	t.Helper()
	got := ""
	if err := s.conn.each(func(r *row) error { got += r.text(); return nil }, "PRAGMA integrity_check"); err != nil || got != "ok" {
		t.Errorf("integrity check gives %q, %v", got, err)
	}
}
