package sqlite

import (
	"errors"
	"fmt"
)

// fileLock is the right to serve a database: SQLite's own exclusive lock on an
// empty database beside it. It works on every system that SQLite runs on, and
// ends with the process, however that ends.
type fileLock struct{ conn *conn }

func takeLock(path string) (*fileLock, error) {
	lockPath := path + ".lock"
	if err := createPrivate(lockPath); err != nil {
		return nil, err
	}
	c, err := openConn(lockPath, "busy_timeout = 0", "journal_mode = memory")
	if err == nil {
		if _, err = c.exec("BEGIN EXCLUSIVE"); err == nil {
			return &fileLock{conn: c}, nil
		}
		err = errors.Join(err, c.close())
	}
	if isBusy(err) {
		return nil, fmt.Errorf("%s: %w", path, ErrLocked)
	}
	return nil, fmt.Errorf("lock %s: %w", lockPath, err)
}

func (l *fileLock) release() error {
	if l == nil {
		return nil
	}
	return l.conn.close()
}
