package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/tasks"
)

func wholeBulk(b tasks.Bulk) tasks.Bulk {
	b.Expires, b.CreatedAt, b.FinishedAt = whole(b.Expires), whole(b.CreatedAt), whole(b.FinishedAt)
	return b
}

// storedBulk keeps the arguments byte by byte.
type storedBulk struct {
	tasks.Bulk
	Args []byte
}

func encodeBulk(b tasks.Bulk) (string, error) { return encode(storedBulk{Bulk: b, Args: b.Args}) }

func scanBulk(r *row) (tasks.Bulk, error) {
	var b storedBulk
	if err := json.Unmarshal([]byte(r.text()), &b); err != nil {
		return tasks.Bulk{}, fmt.Errorf("stored bulk is damaged: %w", err)
	}
	b.Bulk.Args = b.Args
	return b.Bulk, nil
}

func (s bulks) InsertBulk(ctx context.Context, b tasks.Bulk) error {
	b = wholeBulk(b)
	text, err := encodeBulk(b)
	if err != nil {
		return err
	}
	return s.write(ctx, "insertBulk", func(c *conn) error {
		_, err := c.exec("INSERT INTO bulks (id, finished_at, revision, bulk) VALUES (?, ?, ?, ?)", string(b.ID), milliseconds(b.FinishedAt), b.Revision, text)
		return err
	})
}

func (s bulks) Bulk(ctx context.Context, id tasks.ID) (b tasks.Bulk, err error) {
	err = s.read(ctx, "getBulk", func(c *conn) error {
		found, err := c.one(func(r *row) error {
			b, err = scanBulk(r)
			return err
		}, "SELECT bulk FROM bulks WHERE id = ?", string(id))
		if err == nil && !found {
			err = tasks.ErrNotFound
		}
		return err
	})
	return b, err
}

func (s bulks) OpenBulks(ctx context.Context, limit int) (all []tasks.Bulk, err error) {
	err = s.read(ctx, "openBulks", func(c *conn) error {
		return c.each(func(r *row) error {
			b, err := scanBulk(r)
			all = append(all, b)
			return err
		}, "SELECT bulk FROM bulks WHERE finished_at = 0 ORDER BY id LIMIT ?", limit)
	})
	return all, err
}

func (s bulks) SaveBulk(ctx context.Context, b tasks.Bulk) (tasks.Bulk, error) {
	seen := b.Revision
	b = wholeBulk(b)
	b.Revision++
	text, err := encodeBulk(b)
	if err != nil {
		return tasks.Bulk{}, err
	}
	err = s.write(ctx, "saveBulk", func(c *conn) error {
		revision := int64(0)
		found, err := c.one(func(r *row) error { revision = r.int64(); return nil }, "SELECT revision FROM bulks WHERE id = ?", string(b.ID))
		switch {
		case err != nil:
			return err
		case !found:
			return tasks.ErrNotFound
		case revision != seen:
			return tasks.ErrConflict
		}
		_, err = c.exec("UPDATE bulks SET finished_at = ?, revision = ?, bulk = ? WHERE id = ?", milliseconds(b.FinishedAt), b.Revision, text, string(b.ID))
		return err
	})
	if err != nil {
		return tasks.Bulk{}, err
	}
	return b, nil
}

const deleteBulks = `DELETE FROM bulks WHERE id IN (SELECT id FROM bulks WHERE finished_at > 0 AND finished_at < ? ORDER BY finished_at LIMIT ?)`

func (s bulks) DeleteBulks(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.deleteOld(ctx, "deleteBulks", deleteBulks, before, limit)
}

// deleteOld runs a DELETE of a bounded number of rows from before a time.
func (s *Store) deleteOld(ctx context.Context, operation, sql string, before time.Time, limit int) (int, error) {
	return s.deleteMany(ctx, operation, sql, milliseconds(before), limit)
}

// deleteMany runs a DELETE and returns how many rows it removed.
func (s *Store) deleteMany(ctx context.Context, operation, sql string, args ...any) (removed int, err error) {
	err = s.write(ctx, operation, func(c *conn) error {
		removed, err = c.exec(sql, args...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
