package sqlite

import (
	"context"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

const groupColumns = "path, title, description, created_at, updated_at, revision"

func scanGroup(r *row) device.Group {
	return device.Group{Path: r.text(), Title: r.text(), Description: r.text(), CreatedAt: r.time(), UpdatedAt: r.time(), Revision: r.int64()}
}

// parentOf returns the path before the last name, empty at the root.
func parentOf(path string) string { return path[:max(strings.LastIndexByte(path, '/'), 0)] }

// putGroup stores a group as it is in place of the one of its path.
func (c *conn) putGroup(g *device.Group) error {
	_, err := c.exec("INSERT OR REPLACE INTO groups ("+groupColumns+", parent) VALUES (?, ?, ?, ?, ?, ?, ?)",
		g.Path, g.Title, g.Description, milliseconds(g.CreatedAt), milliseconds(g.UpdatedAt), g.Revision, parentOf(g.Path))
	return err
}

// PutGroup stores the group with the next revision. It returns device.ErrConflict
// also if g.Revision is set and there is no such group.
func (s groups) PutGroup(ctx context.Context, g device.Group) error {
	return s.write(ctx, "putGroup", func(c *conn) error {
		stored := int64(0)
		_, err := c.one(func(r *row) error { stored = r.int64(); return nil }, "SELECT revision FROM groups WHERE path = ?", g.Path)
		switch {
		case err != nil:
			return err
		case g.Revision == 0 && stored != 0:
			return device.ErrDuplicate
		case g.Revision != stored:
			return device.ErrConflict
		}
		next := g
		next.Revision++
		return c.putGroup(&next)
	})
}

func (s groups) Group(ctx context.Context, path string) (g device.Group, err error) {
	err = s.read(ctx, "getGroup", func(c *conn) error {
		found, err := c.one(func(r *row) error { g = scanGroup(r); return nil }, "SELECT "+groupColumns+" FROM groups WHERE path = ?", path)
		if err == nil && !found {
			err = device.ErrNotFound
		}
		return err
	})
	return g, err
}

// groupQuery returns the query for a list.
func groupQuery(l device.GroupList) (sql string, args []any) {
	w := &where{}
	w.write("SELECT " + groupColumns + " FROM groups WHERE ")
	w.subtree("path", l.Scope)
	if l.Children {
		w.write(" AND parent = ?", l.Parent)
	}
	if l.Search != "" {
		text := query.Fold(l.Search)
		w.write(" AND (instr(lower(path), ?) > 0 OR instr(lower(title), ?) > 0)", text, text)
	}
	w.write(" AND path > ? ORDER BY path LIMIT ?", l.After, l.Limit)
	return w.text.String(), w.args
}

func (s groups) Groups(ctx context.Context, l device.GroupList) (all []device.Group, err error) {
	sql, args := groupQuery(l)
	err = s.read(ctx, "listGroups", func(c *conn) error {
		return c.search(ctx, func(r *row) error { all = append(all, scanGroup(r)); return nil }, sql, args)
	})
	return all, err
}

func (s groups) DeleteGroup(ctx context.Context, path string) error {
	return s.write(ctx, "deleteGroup", func(c *conn) error {
		removed, err := c.exec("DELETE FROM groups WHERE path = ?", path)
		if err == nil && removed == 0 {
			err = device.ErrNotFound
		}
		return err
	})
}
