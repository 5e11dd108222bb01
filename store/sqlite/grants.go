package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
)

const grantColumns = "token_hash, device, task, names, expires, upload, upload_type"

func scanGrant(r *row) (files.Grant, error) {
	g := files.Grant{TokenHash: r.text(), Device: device.ID(r.text()), Task: r.text()}
	if err := r.json(&g.Names); err != nil {
		return g, fmt.Errorf("grant of device %s: names: %w", g.Device, err)
	}
	g.Expires, g.Upload, g.UploadType = r.time(), r.bool(), r.text()
	return g, nil
}

// putGrant replaces a grant of the same token.
func (c *conn) putGrant(g *files.Grant) error {
	names, err := encodeList(g.Names)
	if err != nil {
		return err
	}
	_, err = c.exec("INSERT OR REPLACE INTO grants ("+grantColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
		g.TokenHash, string(g.Device), g.Task, names, milliseconds(g.Expires), g.Upload, g.UploadType)
	return err
}

// PutGrant replaces a grant of the same token.
func (s fileStore) PutGrant(ctx context.Context, g files.Grant) error {
	return s.write(ctx, "putGrant", func(c *conn) error { return c.putGrant(&g) })
}

func (c *conn) grant(tokenHash string) (g files.Grant, err error) {
	found, err := c.one(func(r *row) (err error) {
		g, err = scanGrant(r)
		return err
	}, "SELECT "+grantColumns+" FROM grants WHERE token_hash = ?", tokenHash)
	if err == nil && !found {
		err = files.ErrNotFound
	}
	return g, err
}

func (s fileStore) Grant(ctx context.Context, tokenHash string) (g files.Grant, err error) {
	err = s.read(ctx, "getGrant", func(c *conn) error {
		g, err = c.grant(tokenHash)
		return err
	})
	return g, err
}

func (s fileStore) TakeGrant(ctx context.Context, tokenHash string) (g files.Grant, err error) {
	err = s.write(ctx, "takeGrant", func(c *conn) error {
		if g, err = c.grant(tokenHash); err != nil {
			return err
		}
		_, err := c.exec("DELETE FROM grants WHERE token_hash = ?", tokenHash)
		return err
	})
	if err != nil {
		return files.Grant{}, err
	}
	return g, nil
}

const deleteGrants = "DELETE FROM grants WHERE token_hash IN (SELECT token_hash FROM grants WHERE expires < ? ORDER BY expires LIMIT ?)"

func (s fileStore) DeleteGrants(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.deleteOld(ctx, "deleteGrants", deleteGrants, before, limit)
}
