package sqlite

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
)

func TestABackupIsWholeWhileOthersWrite(t *testing.T) {
	s := openClosing(t, Options{})
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	written := make(chan device.ID, 1000)
	for worker := range 4 {
		group.Go(func() {
			for i := worker; ctx.Err() == nil; i += 4 {
				d := phone(i)
				if err := s.Devices().Create(context.Background(), d, 0); err != nil {
					t.Error(err)
					return
				}
				select {
				case written <- d.ID:
				default:
				}
			}
		})
	}
	var before []device.ID
	for len(before) < 20 {
		before = append(before, <-written)
	}
	path := filepath.Join(t.TempDir(), "backup.db")
	err := s.Backup(t.Context(), path)
	stop()
	group.Wait()
	if err != nil {
		t.Fatal(err)
	}
	copied := openClosing(t, Options{Path: path})
	for _, id := range before {
		d, err := copied.Devices().Get(t.Context(), id)
		if err != nil {
			t.Fatalf("device %s was written before the backup: %v", id, err)
		}
		if _, err := copied.Devices().ByIdentity(t.Context(), d.CWMPIdentity.Identity()); err != nil {
			t.Errorf("identity of device %s: %v", id, err)
		}
	}
	checkIntegrity(t, copied)
	if err := copied.Devices().Create(t.Context(), phone(1<<20), 0); err != nil {
		t.Errorf("the copy cannot be written: %v", err)
	}
}

// checkIntegrity has SQLite look at every page, and at every device for both of
// its identities.
func checkIntegrity(t *testing.T, s *Store) {
	t.Helper()
	for sql, want := range map[string]string{
		"PRAGMA integrity_check":   "ok",
		"PRAGMA foreign_key_check": "",
		"SELECT group_concat(id) FROM devices d WHERE (SELECT count(*) FROM identities i WHERE i.device = d.n) <> 2": "",
		"SELECT CAST(count(*) = (SELECT count FROM contact_devices) AS TEXT) FROM devices WHERE origin = 'contact'":  "1",
	} {
		got := ""
		if err := s.conn.each(func(r *row) error { got += r.text(); return nil }, sql); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s gives %q, want %q", sql, got, want)
		}
	}
}
