package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const dataModelsCollection = "dataModels"

// DataModels returns what devices have for parameters.
func (s *Store) DataModels() provisioners.DataModelStore { return dataModels{s} }

type dataModels struct{ *Store }

func (s dataModels) collection() *driver.Collection {
	return s.database.Collection(dataModelsCollection)
}

// dataModelDocument is a data model in the collection dataModels.
type dataModelDocument struct {
	// ID is dataModelID of the four fields that follow.
	ID              string             `bson:"_id"`
	Manufacturer    string             `bson:"manufacturer,omitempty"`
	ProductClass    string             `bson:"productClass,omitempty"`
	SoftwareVersion string             `bson:"softwareVersion,omitempty"`
	Root            string             `bson:"root,omitempty"`
	Revision        int64              `bson:"revision"`
	UpdatedAt       time.Time          `bson:"updatedAt,omitempty"`
	Pack            string             `bson:"pack,omitempty"`
	Asked           []string           `bson:"asked,omitempty"`
	Unmapped        []unmappedDocument `bson:"unmapped,omitempty"`
	// Names is what store.EncodeParameterNames returns: no list reads it, and however
	// long the names are, the document stays far below what MongoDB takes.
	Names []byte `bson:"names,omitempty"`
}

// unmappedDocument is provisioners.Unmapped.
type unmappedDocument struct {
	Setting string `bson:"setting"`
	Reason  string `bson:"reason,omitempty"`
}

// dataModelID orders data models by the parts of their names.
func dataModelID(key device.ModelKey, root string) string {
	return joinedKey(key.Manufacturer, key.ProductClass, key.SoftwareVersion, root)
}

func documentOfDataModel(m provisioners.DataModel) (dataModelDocument, error) {
	d := dataModelDocument{
		ID: dataModelID(m.Key, m.Root), Manufacturer: m.Key.Manufacturer, ProductClass: m.Key.ProductClass, SoftwareVersion: m.Key.SoftwareVersion,
		Root: m.Root, Revision: m.Revision, UpdatedAt: whole(m.UpdatedAt), Pack: m.Pack, Asked: m.Asked,
	}
	for _, u := range m.Unmapped {
		d.Unmapped = append(d.Unmapped, unmappedDocument(u))
	}
	var err error
	d.Names, err = store.EncodeParameterNames(&m)
	return d, err
}

// listed returns the data model without its names.
func (d *dataModelDocument) listed() provisioners.DataModel {
	m := provisioners.DataModel{
		Key:  device.ModelKey{Manufacturer: d.Manufacturer, ProductClass: d.ProductClass, SoftwareVersion: d.SoftwareVersion},
		Root: d.Root, Revision: d.Revision, UpdatedAt: d.UpdatedAt, Pack: d.Pack, Asked: d.Asked,
	}
	for _, u := range d.Unmapped {
		m.Unmapped = append(m.Unmapped, provisioners.Unmapped(u))
	}
	return m
}

func (d *dataModelDocument) dataModel() (provisioners.DataModel, error) {
	m := d.listed()
	if err := store.DecodeParameterNames(d.Names, &m); err != nil {
		return m, fmt.Errorf("data model of %v: %w", m.Key, err)
	}
	return m, nil
}

func (s dataModels) DataModel(ctx context.Context, key device.ModelKey, root string) (m provisioners.DataModel, err error) {
	err = s.do(ctx, "getDataModel", func(ctx context.Context) error {
		d, err := findOne[dataModelDocument](ctx, s.collection(), byID(dataModelID(key, root)), provisioners.ErrNotFound)
		if err == nil {
			m, err = d.dataModel()
		}
		return err
	})
	if err != nil {
		return provisioners.DataModel{}, err
	}
	return m, nil
}

func (s dataModels) PutDataModel(ctx context.Context, m provisioners.DataModel) (provisioners.DataModel, error) {
	next := m
	next.Revision++
	next.UpdatedAt = whole(m.UpdatedAt)
	err := s.do(ctx, "putDataModel", func(ctx context.Context) error {
		d, err := documentOfDataModel(next)
		if err != nil {
			return err
		}
		return putRevision(ctx, s.collection(), d.ID, m.Revision, d, provisioners.ErrConflict, provisioners.ErrConflict)
	})
	if err != nil {
		return provisioners.DataModel{}, err
	}
	return next, nil
}

func (s dataModels) ListDataModels(ctx context.Context, after provisioners.DataModel, limit int) (all []provisioners.DataModel, err error) {
	err = s.do(ctx, "listDataModels", func(ctx context.Context) error {
		if err := store.CheckPageSize(limit); err != nil {
			return err
		}
		found, err := findUpTo[dataModelDocument](ctx, s.collection(), dataModelsAfter(after), limit, options.Find().SetSort(ascending(idField)).SetProjection(listedFields()))
		for i := range found {
			all = append(all, found[i].listed())
		}
		return err
	})
	return all, err
}

// dataModelsAfter takes those whose names sort behind the one of m.
func dataModelsAfter(m provisioners.DataModel) bson.D {
	return bson.D{{Key: idField, Value: bson.D{{Key: "$gt", Value: dataModelID(m.Key, m.Root)}}}}
}

// listedFields are the fields that lists read.
func listedFields() bson.D {
	return onlyFields("manufacturer", "productClass", "softwareVersion", "root", "revision", "updatedAt", "pack", "asked", "unmapped")
}

func (s dataModels) DeleteDataModel(ctx context.Context, key device.ModelKey, root string) error {
	return s.do(ctx, "deleteDataModel", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(dataModelID(key, root)), provisioners.ErrNotFound)
	})
}
