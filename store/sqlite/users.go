package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

func scanUser(r *row) users.User {
	return users.User{
		Name: r.text(), Role: users.Role(r.text()), Scope: device.Scope{Group: r.text()}, PasswordHash: r.text(),
		CreatedAt: r.time(), UpdatedAt: r.time(), Revision: r.int64(),
	}
}

const userColumns = "name, role, scope, password_hash, created_at, updated_at, revision"

// PutUser stores the user with the next revision. It returns users.ErrConflict
// also if u.Revision is set and there is no such user.
func (s userStore) PutUser(ctx context.Context, u users.User) error {
	return s.write(ctx, "putUser", func(c *conn) error {
		stored := int64(0)
		_, err := c.one(func(r *row) error { stored = r.int64(); return nil }, "SELECT revision FROM users WHERE name = ?", u.Name)
		switch {
		case err != nil:
			return err
		case u.Revision == 0 && stored != 0:
			return users.ErrExists
		case u.Revision != stored:
			return users.ErrConflict
		}
		_, err = c.exec("INSERT OR REPLACE INTO users ("+userColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)", u.Name, string(u.Role), u.Scope.Group,
			u.PasswordHash, milliseconds(u.CreatedAt), milliseconds(u.UpdatedAt), u.Revision+1)
		return err
	})
}

func (s userStore) User(ctx context.Context, name string) (u users.User, err error) {
	err = s.read(ctx, "getUser", func(c *conn) error {
		found, err := c.one(func(r *row) error { u = scanUser(r); return nil }, "SELECT "+userColumns+" FROM users WHERE name = ?", name)
		if err == nil && !found {
			err = users.ErrNotFound
		}
		return err
	})
	return u, err
}

func (s userStore) Users(ctx context.Context) (all []users.User, err error) {
	err = s.read(ctx, "listUsers", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanUser(r)); return nil }, "SELECT "+userColumns+" FROM users ORDER BY name")
	})
	return all, err
}

const tokenColumns = "id, name, role, scope, hash, created_at, created_by, expires, last_used"

func scanToken(r *row) users.Token {
	return users.Token{
		ID: r.text(), Name: r.text(), Role: users.Role(r.text()), Scope: device.Scope{Group: r.text()}, Hash: r.text(),
		CreatedAt: r.time(), CreatedBy: r.text(), Expires: r.time(), LastUsed: r.time(),
	}
}

const putToken = "INSERT INTO tokens (" + tokenColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, scope = excluded.scope, hash = excluded.hash,
		created_at = excluded.created_at, created_by = excluded.created_by, expires = excluded.expires, last_used = excluded.last_used`

func (s userStore) PutToken(ctx context.Context, t users.Token) error {
	return s.write(ctx, "putToken", func(c *conn) error {
		_, err := c.exec(putToken, t.ID, t.Name, string(t.Role), t.Scope.Group, t.Hash, milliseconds(t.CreatedAt), t.CreatedBy,
			milliseconds(t.Expires), milliseconds(t.LastUsed))
		return err
	})
}

func (s userStore) TokenByHash(ctx context.Context, hash string) (t users.Token, err error) {
	err = s.read(ctx, "tokenByHash", func(c *conn) error {
		found, err := c.one(func(r *row) error { t = scanToken(r); return nil }, "SELECT "+tokenColumns+" FROM tokens WHERE hash = ?", hash)
		if err == nil && !found {
			err = users.ErrNotFound
		}
		return err
	})
	return t, err
}

func (s userStore) Tokens(ctx context.Context) (all []users.Token, err error) {
	err = s.read(ctx, "listTokens", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanToken(r)); return nil }, "SELECT "+tokenColumns+" FROM tokens ORDER BY created_at, id")
	})
	return all, err
}

func (s userStore) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "touchToken", func(c *conn) error {
		changed, err := c.exec("UPDATE tokens SET last_used = ? WHERE id = ?", milliseconds(at), id)
		if err == nil && changed == 0 {
			err = users.ErrNotFound
		}
		return err
	})
}

func (s userStore) DeleteToken(ctx context.Context, id string) error {
	return s.write(ctx, "deleteToken", func(c *conn) error {
		removed, err := c.exec("DELETE FROM tokens WHERE id = ?", id)
		if err == nil && removed == 0 {
			err = users.ErrNotFound
		}
		return err
	})
}
