package sqlite

import (
	"context"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const lineColumns = "group_path, number, user, auth_user, password, display_name, label, voicemail, listed, revision, updated_at, updated_by"

func scanLine(r *row) provisioners.Line {
	return provisioners.Line{
		LineKey: provisioners.LineKey{Group: r.text(), Number: r.text()}, User: r.text(), AuthUser: r.text(), Password: secret.Sealed(r.text()), DisplayName: r.text(),
		Label: r.text(), Voicemail: r.text(), Listed: r.bool(), Revision: r.int64(), UpdatedAt: r.time(), UpdatedBy: r.text(),
	}
}

// putLine stores a line as it is in place of the one of its key.
func (c *conn) putLine(l *provisioners.Line) error {
	_, err := c.exec("INSERT OR REPLACE INTO lines ("+lineColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		l.Group, l.Number, l.User, l.AuthUser, string(l.Password), l.DisplayName, l.Label, l.Voicemail, l.Listed, l.Revision, milliseconds(l.UpdatedAt), l.UpdatedBy)
	return err
}

const lineByKey = "SELECT " + lineColumns + " FROM lines WHERE group_path = ? AND number = ?"

// Lines looks the keys up one by one in one state of the database.
func (s lines) Lines(ctx context.Context, keys []provisioners.LineKey) (all []provisioners.Line, err error) {
	keys, err = distinct(keys)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	err = s.read(ctx, "getLines", func(c *conn) error {
		return snapshot(c, func() error {
			for _, key := range keys {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := c.each(func(r *row) error { all = append(all, scanLine(r)); return nil }, lineByKey, key.Group, key.Number); err != nil {
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

// lineQuery returns the query for a list.
func lineQuery(l provisioners.LineList) (sql string, args []any) {
	w := &where{}
	w.write("SELECT " + lineColumns + " FROM lines WHERE ")
	if l.OfGroup {
		w.linesOfGroup(l)
	} else {
		w.linesOfScope(l)
	}
	if l.Search != "" {
		text := query.Fold(l.Search)
		w.write(" AND (instr(lower(number), ?) > 0 OR instr(lower(user), ?) > 0 OR instr(lower(display_name), ?) > 0)", text, text, text)
	}
	w.write(" ORDER BY group_path, number LIMIT ?", l.Limit)
	return w.text.String(), w.args
}

// linesOfGroup writes the condition for the lines of one group after a place.
func (w *where) linesOfGroup(l provisioners.LineList) {
	after := ""
	if l.After.Group == l.Group {
		after = l.After.Number
	}
	w.write("group_path = ? AND number > ? AND ", l.Group, after)
	w.subtree("group_path", l.Scope)
	if l.After.Group > l.Group {
		w.write(" AND 0")
	}
}

// linesOfScope writes the condition for the lines of a subtree after a place. It has
// one lower bound, the later of both, so that a page is found at once.
func (w *where) linesOfScope(l provisioners.LineList) {
	after := l.After
	if l.Scope.Group > after.Group {
		after = provisioners.LineKey{Group: l.Scope.Group}
	}
	w.write("(group_path, number) > (?, ?)", after.Group, after.Number)
	if group := l.Scope.Group; group != "" {
		w.write(" AND group_path < ? AND (group_path = ? OR group_path >= ?)", group+"0", group, group+"/")
	}
}

func (s lines) ListLines(ctx context.Context, l provisioners.LineList) (all []provisioners.Line, err error) {
	if err := store.CheckPageSize(l.Limit); err != nil {
		return nil, err
	}
	sql, args := lineQuery(l)
	err = s.read(ctx, "listLines", func(c *conn) error {
		return c.search(ctx, func(r *row) error { all = append(all, scanLine(r)); return nil }, sql, args)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (s lines) PutLine(ctx context.Context, l provisioners.Line) (provisioners.Line, error) {
	next := l
	next.Revision++
	next.UpdatedAt = whole(l.UpdatedAt)
	err := s.write(ctx, "putLine", func(c *conn) error {
		stored, err := c.lineRevision(l.LineKey)
		if err == nil && stored != l.Revision {
			err = provisioners.ErrConflict
		}
		if err != nil {
			return err
		}
		return c.putLine(&next)
	})
	if err != nil {
		return provisioners.Line{}, err
	}
	return next, nil
}

// lineRevision returns the revision of a line, 0 if it is not stored.
func (c *conn) lineRevision(key provisioners.LineKey) (revision int64, err error) {
	_, err = c.one(func(r *row) error { revision = r.int64(); return nil },
		"SELECT revision FROM lines WHERE group_path = ? AND number = ?", key.Group, key.Number)
	return revision, err
}

func (s lines) DeleteLine(ctx context.Context, key provisioners.LineKey, revision int64) error {
	return s.write(ctx, "deleteLine", func(c *conn) error {
		stored, err := c.lineRevision(key)
		switch {
		case err != nil:
			return err
		case stored == 0:
			return provisioners.ErrNotFound
		case revision != 0 && stored != revision:
			return provisioners.ErrConflict
		}
		_, err = c.exec("DELETE FROM lines WHERE group_path = ? AND number = ?", key.Group, key.Number)
		return err
	})
}
