package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
)

const filesCollection = "files"

// Files returns what is known of files.
func (s *Store) Files() files.Store { return fileStore{s} }

type fileStore struct{ *Store }

func (s fileStore) files() *driver.Collection { return s.database.Collection(filesCollection) }

// fileDocument is a file in the collection files.
type fileDocument struct {
	Name         string     `bson:"_id"`
	Type         string     `bson:"type,omitempty"`
	OUI          string     `bson:"oui,omitempty"`
	ProductClass string     `bson:"productClass,omitempty"`
	Version      string     `bson:"version,omitempty"`
	Siblings     []string   `bson:"siblings,omitempty"`
	Size         int64      `bson:"size"`
	SHA256       string     `bson:"sha256,omitempty"`
	Content      string     `bson:"content,omitempty"`
	CreatedAt    time.Time  `bson:"createdAt,omitempty"`
	CreatedBy    string     `bson:"createdBy,omitempty"`
	Device       device.ID  `bson:"device,omitempty"`
	Task         string     `bson:"task,omitempty"`
	Folded       foldedFile `bson:"folded"`
}

// foldedFile holds the text of fields of files.Schema by query.Fold.
type foldedFile struct {
	Name         string `bson:"name,omitempty"`
	Type         string `bson:"type,omitempty"`
	OUI          string `bson:"oui,omitempty"`
	ProductClass string `bson:"productClass,omitempty"`
	Version      string `bson:"version,omitempty"`
	SHA256       string `bson:"sha256,omitempty"`
	Device       string `bson:"device,omitempty"`
}

func documentOfFile(f files.File) fileDocument {
	return fileDocument{
		Name: f.Name, Type: f.Type, OUI: f.OUI, ProductClass: f.ProductClass, Version: f.Version, Siblings: f.Siblings, Size: f.Size,
		SHA256: f.SHA256, Content: f.Content, CreatedAt: whole(f.CreatedAt), CreatedBy: f.CreatedBy,
		Device: f.Device, Task: f.Task,
		Folded: foldedFile{
			Name: query.Fold(f.Name), Type: query.Fold(f.Type), OUI: query.Fold(f.OUI), ProductClass: query.Fold(f.ProductClass),
			Version: query.Fold(f.Version), SHA256: query.Fold(f.SHA256), Device: query.Fold(string(f.Device)),
		},
	}
}

func (d *fileDocument) file() files.File {
	return files.File{
		Name: d.Name, Type: d.Type, OUI: d.OUI, ProductClass: d.ProductClass, Version: d.Version, Siblings: d.Siblings, Size: d.Size,
		SHA256: d.SHA256, Content: d.Content, CreatedAt: d.CreatedAt, CreatedBy: d.CreatedBy,
		Device: d.Device, Task: d.Task,
	}
}

func (s fileStore) PutFile(ctx context.Context, f files.File) error {
	return s.do(ctx, "putFile", func(ctx context.Context) error {
		_, err := s.files().InsertOne(ctx, documentOfFile(f))
		if driver.IsDuplicateKeyError(err) {
			return files.ErrExists
		}
		return err
	})
}

func (s fileStore) File(ctx context.Context, name string) (f files.File, err error) {
	err = s.do(ctx, "getFile", func(ctx context.Context) error {
		d, err := findOne[fileDocument](ctx, s.files(), byID(name), files.ErrNotFound)
		f = d.file()
		return err
	})
	if err != nil {
		return files.File{}, err
	}
	return f, nil
}

func (s fileStore) DeleteFile(ctx context.Context, name string) (f files.File, err error) {
	err = s.do(ctx, "deleteFile", func(ctx context.Context) error {
		d, err := decoded[fileDocument](s.files().FindOneAndDelete(ctx, byID(name)), files.ErrNotFound)
		f = d.file()
		return err
	})
	if err != nil {
		return files.File{}, err
	}
	return f, nil
}

// fileFields says where the fields of a file lie.
func fileFields(name string) (filterField, bool) {
	f, ok := map[string]filterField{
		"name":         {path: "folded.name"},
		"type":         {path: "folded.type"},
		"oui":          {path: "folded.oui"},
		"productClass": {path: "folded.productClass"},
		"version":      {path: "folded.version"},
		"size":         {path: "size", always: true},
		"sha256":       {path: "folded.sha256"},
		"createdAt":    {path: "createdAt"},
		"device":       {path: "folded.device"},
	}[name]
	return f, ok
}

// ListFiles returns an error that wraps files.ErrInvalid for a page size or
// token that cannot be.
func (s fileStore) ListFiles(ctx context.Context, l files.List) (page files.Page, err error) {
	err = s.do(ctx, "listFiles", func(ctx context.Context) error {
		page, err = s.list(ctx, l)
		if errors.Is(err, device.ErrInvalid) {
			err = fmt.Errorf("%w: %w", files.ErrInvalid, err)
		}
		return err
	})
	return page, err
}

func (s fileStore) list(ctx context.Context, l files.List) (page files.Page, err error) {
	filter, err := s.compile(ctx, fileFields, l.Filter)
	if err := errors.Join(store.CheckPageSize(l.PageSize), err); err != nil {
		return page, err
	}
	all := listing{
		operation: "listFiles", collection: filesCollection, filters: []bson.D{filter}, order: &keyset{list: filesCollection, fields: fileFields},
		token: l.PageToken, size: l.PageSize, count: l.Count,
	}
	found, total, err := list[fileDocument](ctx, s.Store, all)
	if err != nil {
		return page, err
	}
	page.Total = total
	for i := range found[:min(len(found), l.PageSize)] {
		page.Files = append(page.Files, found[i].file())
	}
	if len(found) > l.PageSize {
		page.NextPageToken = all.order.token(place{key: page.Files[l.PageSize-1].Name})
	}
	return page, nil
}
