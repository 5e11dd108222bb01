package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const levelColumns = "kind, id, revision, updated_at, updated_by, entries"

func scanLevel(r *row) (provisioners.Level, error) {
	l := provisioners.Level{
		Key: provisioners.LevelKey{Kind: provisioners.LevelKind(r.text()), ID: r.text()}, Revision: r.int64(), UpdatedAt: r.time(), UpdatedBy: r.text(),
	}
	if err := r.json(&l.Entries); err != nil {
		return l, fmt.Errorf("level of %s %s: %w", l.Key.Kind, l.Key.ID, err)
	}
	return l, nil
}

// putLevel stores a level as it is in place of the one of its key.
func (c *conn) putLevel(l *provisioners.Level) error {
	entries := ""
	if len(l.Entries) > 0 {
		var err error
		if entries, err = encode(l.Entries); err != nil {
			return err
		}
	}
	_, err := c.exec(`INSERT INTO levels (`+levelColumns+`) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET
		revision = excluded.revision, updated_at = excluded.updated_at, updated_by = excluded.updated_by, entries = excluded.entries`,
		string(l.Key.Kind), l.Key.ID, l.Revision, milliseconds(l.UpdatedAt), l.UpdatedBy, entries)
	return err
}

// Levels looks the keys up one by one in one state of the database.
func (s levels) Levels(ctx context.Context, keys []provisioners.LevelKey) (all []provisioners.Level, err error) {
	keys, err = distinct(keys)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	err = s.read(ctx, "getLevels", func(c *conn) error {
		return snapshot(c, func() error {
			for _, key := range keys {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := c.eachLevel(&all, levelByKey, string(key.Kind), key.ID); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

const levelByKey = "SELECT " + levelColumns + " FROM levels WHERE kind = ? AND id = ?"

// distinct returns each key once. The error wraps device.ErrInvalid for more than
// provisioners.MaxLevelKeys.
func distinct[K comparable](keys []K) ([]K, error) {
	if len(keys) > provisioners.MaxLevelKeys {
		return nil, fmt.Errorf("%w: %d keys at once, at most %d", device.ErrInvalid, len(keys), provisioners.MaxLevelKeys)
	}
	seen, kept := make(map[K]bool, len(keys)), make([]K, 0, len(keys))
	for _, key := range keys {
		if !seen[key] {
			seen[key], kept = true, append(kept, key)
		}
	}
	return kept, nil
}

func (c *conn) eachLevel(into *[]provisioners.Level, sql string, args ...any) error {
	return c.each(func(r *row) error {
		l, err := scanLevel(r)
		*into = append(*into, l)
		return err
	}, sql, args...)
}

const (
	// sharedLevels walks all of them: those between the two kinds.
	sharedLevels = "SELECT " + levelColumns + ` FROM levels WHERE (kind, id) >= (?, ?) AND kind <= 'group' ORDER BY kind, id LIMIT ?`

	// changedLevels sorts the keys of those that changed, which are few, and reads
	// the levels of a page then.
	changedLevels = "SELECT " + levelColumns + ` FROM (SELECT n AS row FROM levels INDEXED BY levels_updated
	WHERE kind IN ('global', 'group') AND updated_at >= ? AND (kind, id) >= (?, ?) ORDER BY kind, id LIMIT ?) AS page
	CROSS JOIN levels ON n = page.row ORDER BY kind, id`
)

func (s levels) SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) (all []provisioners.Level, err error) {
	if err := store.CheckPageSize(limit); err != nil {
		return nil, err
	}
	// What follows a key bytewise is the key with a zero byte.
	begin := provisioners.LevelKey{Kind: after.Kind, ID: after.ID + "\x00"}
	if after.Kind < provisioners.GlobalLevel {
		begin = provisioners.LevelKey{Kind: provisioners.GlobalLevel}
	}
	sql, args := sharedLevels, []any{string(begin.Kind), begin.ID, limit}
	if !since.IsZero() {
		sql, args = changedLevels, append([]any{ceilMilliseconds(since)}, args...)
	}
	err = s.read(ctx, "listSharedLevels", func(c *conn) error { return c.eachLevel(&all, sql, args...) })
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (s levels) PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error) {
	next := l
	next.Revision++
	next.UpdatedAt = whole(l.UpdatedAt)
	err := s.write(ctx, "putLevel", func(c *conn) error {
		stored := int64(0)
		_, err := c.one(func(r *row) error { stored = r.int64(); return nil },
			"SELECT revision FROM levels WHERE kind = ? AND id = ?", string(l.Key.Kind), l.Key.ID)
		if err == nil && stored != l.Revision {
			err = provisioners.ErrConflict
		}
		if err != nil {
			return err
		}
		return c.putLevel(&next)
	})
	if err != nil {
		return provisioners.Level{}, err
	}
	return next, nil
}
