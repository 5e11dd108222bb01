package sqlite

import (
	"context"
	"slices"

	"github.com/dialtone-acs/dialtone/declared"
)

const declaredColumns = "kind, id, revision, created_at, updated_at, updated_by, body"

func scanDeclared(r *row) declared.Document {
	return declared.Document{
		Kind: declared.Kind(r.text()), ID: r.text(), Revision: r.int64(), CreatedAt: r.time(), UpdatedAt: r.time(), UpdatedBy: r.text(),
		Body: slices.Clone(r.blob()),
	}
}

// putDeclared stores a document in place of the one of its kind and ID.
func (c *conn) putDeclared(d *declared.Document) error {
	body := []byte(d.Body)
	if body == nil {
		body = []byte{}
	}
	_, err := c.exec(`INSERT INTO declared (`+declaredColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET
		revision = excluded.revision, created_at = excluded.created_at, updated_at = excluded.updated_at, updated_by = excluded.updated_by, body = excluded.body`,
		string(d.Kind), d.ID, d.Revision, milliseconds(d.CreatedAt), milliseconds(d.UpdatedAt), d.UpdatedBy, body)
	return err
}

const documentsOfKind = "SELECT " + declaredColumns + " FROM declared WHERE kind = ? ORDER BY id LIMIT ?"

func (s documents) Documents(ctx context.Context, kind declared.Kind) (all []declared.Document, err error) {
	err = s.read(ctx, "listDeclared", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanDeclared(r)); return nil }, documentsOfKind, string(kind), declared.MaxDocuments)
	})
	return all, err
}

func (s documents) Document(ctx context.Context, kind declared.Kind, id string) (d declared.Document, err error) {
	err = s.read(ctx, "getDeclared", func(c *conn) error {
		found, err := c.one(func(r *row) error { d = scanDeclared(r); return nil },
			"SELECT "+declaredColumns+" FROM declared WHERE kind = ? AND id = ?", string(kind), id)
		if err == nil && !found {
			err = declared.ErrNotFound
		}
		return err
	})
	return d, err
}

func (s documents) PutDocument(ctx context.Context, d declared.Document) (declared.Document, error) {
	next := d
	next.Revision++
	next.CreatedAt, next.UpdatedAt = whole(d.CreatedAt), whole(d.UpdatedAt)
	err := s.write(ctx, "putDeclared", func(c *conn) error {
		if err := c.checkPlace(&d); err != nil {
			return err
		}
		return c.putDeclared(&next)
	})
	if err != nil {
		return declared.Document{}, err
	}
	return next, nil
}

// checkPlace returns an error unless the document may go where it is to go.
func (c *conn) checkPlace(d *declared.Document) error {
	if d.Revision != 0 {
		return c.checkDeclared(d.Kind, d.ID, d.Revision)
	}
	switch _, found, err := c.declaredRevision(d.Kind, d.ID); {
	case err != nil:
		return err
	case found:
		return declared.ErrConflict
	}
	count := 0
	_, err := c.one(func(r *row) error { count = r.int(); return nil }, "SELECT count(*) FROM declared WHERE kind = ?", string(d.Kind))
	if err == nil && count >= declared.MaxDocuments {
		err = declared.ErrLimit
	}
	return err
}

// checkDeclared returns an error unless there is the document in that revision,
// in any for 0.
func (c *conn) checkDeclared(kind declared.Kind, id string, revision int64) error {
	stored, found, err := c.declaredRevision(kind, id)
	switch {
	case err != nil:
		return err
	case !found:
		return declared.ErrNotFound
	case revision != 0 && stored != revision:
		return declared.ErrConflict
	}
	return nil
}

func (c *conn) declaredRevision(kind declared.Kind, id string) (revision int64, found bool, err error) {
	found, err = c.one(func(r *row) error { revision = r.int64(); return nil },
		"SELECT revision FROM declared WHERE kind = ? AND id = ?", string(kind), id)
	return revision, found, err
}

func (s documents) DeleteDocument(ctx context.Context, kind declared.Kind, id string, revision int64) error {
	return s.write(ctx, "deleteDeclared", func(c *conn) error {
		if err := c.checkDeclared(kind, id, revision); err != nil {
			return err
		}
		_, err := c.exec("DELETE FROM declared WHERE kind = ? AND id = ?", string(kind), id)
		return err
	})
}
