package sqlite

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const (
	// listedDataModel are the columns that lists read: all but the names.
	listedDataModel  = "manufacturer, product_class, software_version, root, revision, updated_at, pack, asked, unmapped"
	dataModelColumns = listedDataModel + ", names"
	dataModelKey     = "manufacturer = ? AND product_class = ? AND software_version = ? AND root = ?"
)

// keyOfDataModel returns the values of dataModelKey.
func keyOfDataModel(key device.ModelKey, root string) []any {
	return []any{key.Manufacturer, key.ProductClass, key.SoftwareVersion, root}
}

// scanListed reads a data model without its names.
func scanListed(r *row) (provisioners.DataModel, error) {
	m := provisioners.DataModel{
		Key:  device.ModelKey{Manufacturer: r.text(), ProductClass: r.text(), SoftwareVersion: r.text()},
		Root: r.text(), Revision: r.int64(), UpdatedAt: r.time(), Pack: r.text(),
	}
	for _, list := range []any{&m.Asked, &m.Unmapped} {
		if err := r.json(list); err != nil {
			return m, fmt.Errorf("data model of %v: %w", m.Key, err)
		}
	}
	return m, nil
}

func scanDataModel(r *row) (provisioners.DataModel, error) {
	m, err := scanListed(r)
	if err == nil {
		err = store.DecodeParameterNames(r.blob(), &m)
	}
	if err != nil {
		return m, fmt.Errorf("data model of %v: %w", m.Key, err)
	}
	return m, nil
}

const putDataModel = "INSERT INTO data_models (" + dataModelColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (manufacturer, product_class, software_version, root) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at,
	pack = excluded.pack, asked = excluded.asked, unmapped = excluded.unmapped, names = excluded.names`

// dataModelValues returns the values for putDataModel.
func dataModelValues(m *provisioners.DataModel) ([]any, error) {
	asked, err := encodeList(m.Asked)
	if err != nil {
		return nil, err
	}
	unmapped := ""
	if len(m.Unmapped) > 0 {
		if unmapped, err = encode(m.Unmapped); err != nil {
			return nil, err
		}
	}
	names, err := store.EncodeParameterNames(m)
	return append(keyOfDataModel(m.Key, m.Root), m.Revision, milliseconds(m.UpdatedAt), m.Pack, asked, unmapped, names), err
}

const (
	dataModelByKey      = "SELECT " + dataModelColumns + " FROM data_models WHERE " + dataModelKey
	revisionOfDataModel = "SELECT revision FROM data_models WHERE " + dataModelKey
	dataModelsAfter     = "SELECT " + listedDataModel + ` FROM data_models WHERE (manufacturer, product_class, software_version, root) > (?, ?, ?, ?)
	ORDER BY manufacturer, product_class, software_version, root LIMIT ?`
)

func (s dataModels) DataModel(ctx context.Context, key device.ModelKey, root string) (m provisioners.DataModel, err error) {
	err = s.read(ctx, "getDataModel", func(c *conn) error {
		stored, err := c.one(func(r *row) (err error) {
			m, err = scanDataModel(r)
			return err
		}, dataModelByKey, keyOfDataModel(key, root)...)
		if err == nil && !stored {
			err = provisioners.ErrNotFound
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
	values, err := dataModelValues(&next) // Not within the transaction, for which others wait.
	if err != nil {
		return provisioners.DataModel{}, err
	}
	err = s.write(ctx, "putDataModel", func(c *conn) error {
		if err := c.checkRevision(m.Revision, revisionOfDataModel, keyOfDataModel(m.Key, m.Root)...); err != nil {
			return err
		}
		_, err := c.exec(putDataModel, values...)
		return err
	})
	if err != nil {
		return provisioners.DataModel{}, err
	}
	return next, nil
}

func (s dataModels) ListDataModels(ctx context.Context, after provisioners.DataModel, limit int) (all []provisioners.DataModel, err error) {
	if err := store.CheckPageSize(limit); err != nil {
		return nil, err
	}
	err = s.read(ctx, "listDataModels", func(c *conn) error {
		return c.each(func(r *row) error {
			m, err := scanListed(r)
			all = append(all, m)
			return err
		}, dataModelsAfter, append(keyOfDataModel(after.Key, after.Root), limit)...)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (s dataModels) DeleteDataModel(ctx context.Context, key device.ModelKey, root string) error {
	return s.write(ctx, "deleteDataModel", func(c *conn) error {
		removed, err := c.exec("DELETE FROM data_models WHERE "+dataModelKey, keyOfDataModel(key, root)...)
		if err == nil && removed == 0 {
			err = provisioners.ErrNotFound
		}
		return err
	})
}
