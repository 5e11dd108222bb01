package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

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

func (c *conn) putToken(t *users.Token) error {
	_, err := c.exec(putToken, t.ID, t.Name, string(t.Role), t.Scope.Group, t.Hash, milliseconds(t.CreatedAt), t.CreatedBy,
		milliseconds(t.Expires), milliseconds(t.LastUsed))
	return err
}

func (s tokens) PutToken(ctx context.Context, t users.Token) error {
	return s.write(ctx, "putToken", func(c *conn) error { return c.putToken(&t) })
}

func (s tokens) TokenByHash(ctx context.Context, hash string) (t users.Token, err error) {
	err = s.read(ctx, "tokenByHash", func(c *conn) error {
		found, err := c.one(func(r *row) error { t = scanToken(r); return nil }, "SELECT "+tokenColumns+" FROM tokens WHERE hash = ?", hash)
		return orNotFound(found, err)
	})
	return t, err
}

func (s tokens) Tokens(ctx context.Context) (all []users.Token, err error) {
	err = s.read(ctx, "listTokens", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanToken(r)); return nil }, "SELECT "+tokenColumns+" FROM tokens ORDER BY created_at, id")
	})
	return all, err
}

func (s tokens) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.touch(ctx, "touchToken", "UPDATE tokens SET last_used = ? WHERE id = ?", id, at)
}

// touch notes when something was last used, or returns users.ErrNotFound.
func (s *Store) touch(ctx context.Context, operation, sql, id string, at time.Time) error {
	return s.write(ctx, operation, func(c *conn) error {
		changed, err := c.exec(sql, milliseconds(at), id)
		return orNotFound(changed > 0, err)
	})
}

func (s tokens) DeleteToken(ctx context.Context, id string) error {
	return s.deleteOne(ctx, "deleteToken", "DELETE FROM tokens WHERE id = ?", id)
}
