package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Backup writes a consistent copy of the database, as it is when Backup begins,
// to a new file with mode 0600, while others read and write. It returns an
// error that wraps fs.ErrExist if the file exists. A copy that failed is
// removed. It ends early if the context does.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	started := time.Now()
	defer func() { s.writer.metrics.observe("backup", started, err) }()
	target, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	err = s.copyInto(ctx, path)
	if err == nil {
		err = target.Sync()
	}
	err = errors.Join(err, target.Close())
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("back up to %s: %w", path, err), os.Remove(path))
	}
	return nil
}

// copyInto uses a connection of its own, so that a long copy keeps no reader
// waiting.
func (s *Store) copyInto(ctx context.Context, path string) error {
	if err := s.writer.alive(); err != nil {
		return err
	}
	c, err := openConn(s.path, "temp_store = memory")
	if err != nil {
		return err
	}
	name, err := dataSource(path)
	if err == nil {
		err = c.search(ctx, func(*row) error { return nil }, "VACUUM INTO ?", []any{name})
	}
	return errors.Join(err, c.close())
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
