package api_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store/sqlite"
)

// emptyDatabase is the file of a store in which nothing is: copied for each test,
// as making its tables takes longer than most tests.
var emptyDatabase = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "dialtone-api-test-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "empty.db")
	s, err := sqlite.Open(context.Background(), sqlite.Options{Path: path, IndexedParameters: indexedParameters()})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// openStore opens an empty store.
func openStore(t *testing.T, path string, now func() time.Time) *sqlite.Store {
	t.Helper()
	content, err := emptyDatabase()
	check(t, err)
	check(t, os.WriteFile(path, content, 0o600))
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Now: now, IndexedParameters: indexedParameters(), Readers: 2})
	check(t, err)
	return s
}
