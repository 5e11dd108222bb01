package storetest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
)

func maintenanceTests(kind Kind) []test {
	all := []test{
		{"a store that works answers a ping", func(t *testing.T, s store.Store) { must(t, s.Ping(t.Context())) }},
		{"maintenance changes no record, whenever and however often it is done", maintained},
	}
	if !kind.BacksUp {
		return append(all, test{"a backup is refused and leaves nothing", func(t *testing.T, s store.Store) {
			folder := t.TempDir()
			fails(t, s.Backup(t.Context(), filepath.Join(folder, "backup")), errors.ErrUnsupported)
			same(t, "files", len(got[[]fs.DirEntry](t)(os.ReadDir(folder))), 0)
		}})
	}
	return append(all,
		test{"a backup refuses to overwrite a file", func(t *testing.T, s store.Store) {
			path := filepath.Join(t.TempDir(), "backup")
			must(t, os.WriteFile(path, []byte("precious"), 0o600))
			fails(t, s.Backup(t.Context(), path), fs.ErrExist)
			same(t, "content", string(got[[]byte](t)(os.ReadFile(path))), "precious")
		}},
		test{"a backup is for its owner only, and one that was cancelled leaves nothing", func(t *testing.T, s store.Store) {
			folder := t.TempDir()
			must(t, s.Backup(t.Context(), filepath.Join(folder, "whole")))
			info := got[fs.FileInfo](t)(os.Stat(filepath.Join(folder, "whole")))
			same(t, "mode", info.Mode().Perm(), fs.FileMode(0o600))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			fails(t, s.Backup(ctx, filepath.Join(folder, "cancelled")), context.Canceled)
			same(t, "files", len(got[[]fs.DirEntry](t)(os.ReadDir(folder))), 1)
		}})
}

func maintained(t *testing.T, s store.Store) {
	fill(t, s)
	before := exported(t, s)
	for _, at := range []time.Time{now(), time.Now(), time.Now().Add(2 * time24), time.Now().Add(400 * time24)} {
		must(t, s.Maintain(t.Context(), at))
		sameRecords(t, "store", exported(t, s), before)
	}
}
