package storetest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/dialtone-acs/dialtone/store"
)

func maintenanceTests() []test {
	return []test{
		{"a store that works answers a ping", func(t *testing.T, s store.Store) { must(t, s.Ping(t.Context())) }},
		{"a backup refuses to overwrite a file", func(t *testing.T, s store.Store) {
			path := filepath.Join(t.TempDir(), "backup")
			must(t, os.WriteFile(path, []byte("precious"), 0o600))
			fails(t, s.Backup(t.Context(), path), fs.ErrExist)
			same(t, "content", string(got[[]byte](t)(os.ReadFile(path))), "precious")
		}},
		{"a backup is for its owner only, and one that was cancelled leaves nothing", func(t *testing.T, s store.Store) {
			folder := t.TempDir()
			must(t, s.Backup(t.Context(), filepath.Join(folder, "whole")))
			info := got[fs.FileInfo](t)(os.Stat(filepath.Join(folder, "whole")))
			same(t, "mode", info.Mode().Perm(), fs.FileMode(0o600))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			fails(t, s.Backup(ctx, filepath.Join(folder, "cancelled")), context.Canceled)
			same(t, "files", len(got[[]fs.DirEntry](t)(os.ReadDir(folder))), 1)
		}},
	}
}
