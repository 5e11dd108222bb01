package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
)

const fileColumns = "f.name, f.type, f.oui, f.product_class, f.version, f.siblings, f.size, f.sha256, f.content, f.created_at, f.created_by"

func scanFile(r *row) (files.File, error) {
	f := files.File{Name: r.text(), Type: r.text(), OUI: r.text(), ProductClass: r.text(), Version: r.text()}
	if err := r.json(&f.Siblings); err != nil {
		return f, fmt.Errorf("file %s: siblings: %w", f.Name, err)
	}
	f.Size, f.SHA256, f.Content, f.CreatedAt, f.CreatedBy = r.int64(), r.text(), r.text(), r.time(), r.text()
	return f, nil
}

func (s fileStore) PutFile(ctx context.Context, f files.File) error {
	siblings, err := encodeList(f.Siblings)
	if err != nil {
		return err
	}
	return s.write(ctx, "putFile", func(c *conn) error {
		added, err := c.exec(`INSERT OR IGNORE INTO files (name, type, oui, product_class, version, siblings, size, sha256, content, created_at, created_by)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			f.Name, f.Type, f.OUI, f.ProductClass, f.Version, siblings, f.Size, f.SHA256, f.Content, milliseconds(f.CreatedAt), f.CreatedBy)
		if err == nil && added == 0 {
			err = files.ErrExists
		}
		return err
	})
}

func (c *conn) file(name string) (f files.File, err error) {
	found, err := c.one(func(r *row) (err error) {
		f, err = scanFile(r)
		return err
	}, "SELECT "+fileColumns+" FROM files f WHERE f.name = ?", name)
	if err == nil && !found {
		err = files.ErrNotFound
	}
	return f, err
}

func (s fileStore) File(ctx context.Context, name string) (f files.File, err error) {
	err = s.read(ctx, "getFile", func(c *conn) error {
		f, err = c.file(name)
		return err
	})
	return f, err
}

func (s fileStore) DeleteFile(ctx context.Context, name string) (f files.File, err error) {
	err = s.write(ctx, "deleteFile", func(c *conn) error {
		if f, err = c.file(name); err != nil {
			return err
		}
		_, err := c.exec("DELETE FROM files WHERE name = ?", name)
		return err
	})
	if err != nil {
		return files.File{}, err
	}
	return f, nil
}

func fileFields() map[string]column {
	return map[string]column{
		"name":         {sql: "f.name"},
		"type":         {sql: "f.type"},
		"oui":          {sql: "f.oui"},
		"productClass": {sql: "f.product_class"},
		"version":      {sql: "f.version"},
		"size":         {sql: "f.size"},
		"sha256":       {sql: "f.sha256"},
		"createdAt":    {sql: "f.created_at"},
	}
}

// ListFiles returns an error that wraps files.ErrInvalid for a page size or
// token that cannot be.
func (s fileStore) ListFiles(ctx context.Context, l files.List) (page files.Page, err error) {
	w, order := &where{columns: fileFields()}, &keyset{key: "f.name"}
	if err := errors.Join(store.CheckPageSize(l.PageSize), w.expr(l.Filter), order.checkToken(l.PageToken)); err != nil {
		return files.Page{}, fmt.Errorf("%w: %w", files.ErrInvalid, err)
	}
	list := listing{from: "files f", columns: fileColumns, where: w, order: order, token: l.PageToken, size: l.PageSize, count: l.Count}
	err = s.read(ctx, "listFiles", func(c *conn) (err error) {
		page.Total, err = c.list(ctx, list, func(r *row) error {
			f, err := scanFile(r)
			page.Files = append(page.Files, f)
			return err
		})
		return err
	})
	if err != nil {
		return files.Page{}, err
	}
	if len(page.Files) > l.PageSize {
		page.Files = page.Files[:l.PageSize]
		page.NextPageToken = order.token(place{key: page.Files[l.PageSize-1].Name})
	}
	return page, nil
}

// PutGrant replaces a grant of the same token.
func (s fileStore) PutGrant(ctx context.Context, g files.Grant) error {
	names, err := encodeList(g.Names)
	if err != nil {
		return err
	}
	return s.write(ctx, "putGrant", func(c *conn) error {
		_, err := c.exec("INSERT OR REPLACE INTO grants (token_hash, device, task, names, expires) VALUES (?, ?, ?, ?, ?)",
			g.TokenHash, string(g.Device), g.Task, names, milliseconds(g.Expires))
		return err
	})
}

func (s fileStore) Grant(ctx context.Context, tokenHash string) (g files.Grant, err error) {
	err = s.read(ctx, "getGrant", func(c *conn) error {
		found, err := c.one(func(r *row) error {
			g = files.Grant{TokenHash: tokenHash, Device: device.ID(r.text()), Task: r.text()}
			if err := r.json(&g.Names); err != nil {
				return err
			}
			g.Expires = r.time()
			return nil
		}, "SELECT device, task, names, expires FROM grants WHERE token_hash = ?", tokenHash)
		if err == nil && !found {
			err = files.ErrNotFound
		}
		return err
	})
	return g, err
}

const deleteGrants = "DELETE FROM grants WHERE token_hash IN (SELECT token_hash FROM grants WHERE expires < ? ORDER BY expires LIMIT ?)"

func (s fileStore) DeleteGrants(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.deleteOld(ctx, "deleteGrants", deleteGrants, before, limit)
}
