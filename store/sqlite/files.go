package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
)

const fileColumns = "f.name, f.type, f.oui, f.product_class, f.version, f.siblings, f.size, f.sha256, f.content, f.created_at, f.created_by, f.device, f.task"

func scanFile(r *row) (files.File, error) {
	f := files.File{Name: r.text(), Type: r.text(), OUI: r.text(), ProductClass: r.text(), Version: r.text()}
	if err := r.json(&f.Siblings); err != nil {
		return f, fmt.Errorf("file %s: siblings: %w", f.Name, err)
	}
	f.Size, f.SHA256, f.Content, f.CreatedAt, f.CreatedBy = r.int64(), r.text(), r.text(), r.time(), r.text()
	f.Device, f.Task = device.ID(r.text()), r.text()
	return f, nil
}

func (s fileStore) PutFile(ctx context.Context, f files.File) error {
	return s.write(ctx, "putFile", func(c *conn) error {
		added, err := c.insertFile("INSERT OR IGNORE", &f)
		if err == nil && added == 0 {
			err = files.ErrExists
		}
		return err
	})
}

// insertFile inserts a row by a verb that says what becomes of one that is there.
func (c *conn) insertFile(verb string, f *files.File) (int, error) {
	siblings, err := encodeList(f.Siblings)
	if err != nil {
		return 0, err
	}
	return c.exec(verb+` INTO files (name, type, oui, product_class, version, siblings, size, sha256, content, created_at, created_by, device, task)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.Name, f.Type, f.OUI, f.ProductClass, f.Version, siblings, f.Size, f.SHA256, f.Content, milliseconds(f.CreatedAt), f.CreatedBy, string(f.Device), f.Task)
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
		"device":       {sql: "f.device"},
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
