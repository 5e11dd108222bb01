package sqlite

import (
	"errors"

	driversqlite "modernc.org/sqlite"
)

var (
	// ErrClosed is returned by every method once Close was called.
	ErrClosed = errors.New("store is closed")
	// ErrLocked is returned by Open when another process serves the same file.
	ErrLocked = errors.New("database is in use by another process")
	// ErrNewerSchema is returned by Open when the file was written by a newer
	// version of this program.
	ErrNewerSchema = errors.New("database has a newer schema than this program knows")
	// ErrOlderSchema is returned by Open with Options.Shared when the file must
	// be migrated first, which only a server that owns it does.
	ErrOlderSchema = errors.New("database has an older schema: start the server once to migrate it")
	// ErrSchema is returned by Open when a migration that was applied is not the
	// one that this program has.
	ErrSchema = errors.New("database was migrated by other statements than this program has")
)

// Result codes of SQLite, https://www.sqlite.org/rescode.html.
const (
	codeError = 1
	codeBusy  = 5
)

// isNoTransaction reports whether err is the answer to a ROLLBACK without a
// transaction.
func isNoTransaction(err error) bool { return primaryCode(err) == codeError }

func isBusy(err error) bool { return primaryCode(err) == codeBusy }

func primaryCode(err error) int {
	var e *driversqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}
