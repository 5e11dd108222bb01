package provisionerstest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// DataModels is a provisioners.DataModelStore in memory. It is safe for concurrent use.
type DataModels struct {
	failing
	models map[dataModelName]provisioners.DataModel
}

type dataModelName struct {
	key  device.ModelKey
	root string
}

// NewDataModels returns an empty store.
func NewDataModels() *DataModels {
	return &DataModels{models: map[dataModelName]provisioners.DataModel{}}
}

// Set stores a data model, whatever is stored, and returns it.
func (s *DataModels) Set(m provisioners.DataModel) provisioners.DataModel {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := dataModelName{m.Key, m.Root}
	m.Revision = s.models[name].Revision + 1
	s.models[name] = copyDataModel(m)
	return copyDataModel(m)
}

// DataModel implements provisioners.DataModelStore.
func (s *DataModels) DataModel(ctx context.Context, key device.ModelKey, root string) (provisioners.DataModel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "DataModel"); err != nil {
		return provisioners.DataModel{}, err
	}
	m, ok := s.models[dataModelName{key, root}]
	if !ok {
		return provisioners.DataModel{}, provisioners.ErrNotFound
	}
	return copyDataModel(m), nil
}

// PutDataModel implements provisioners.DataModelStore.
func (s *DataModels) PutDataModel(ctx context.Context, m provisioners.DataModel) (provisioners.DataModel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "PutDataModel"); err != nil {
		return provisioners.DataModel{}, err
	}
	name := dataModelName{m.Key, m.Root}
	if s.models[name].Revision != m.Revision {
		return provisioners.DataModel{}, provisioners.ErrConflict
	}
	m.Revision++
	s.models[name] = copyDataModel(m)
	return copyDataModel(m), nil
}

// ListDataModels implements provisioners.DataModelStore.
func (s *DataModels) ListDataModels(ctx context.Context, after provisioners.DataModel, limit int) ([]provisioners.DataModel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "ListDataModels"); err != nil {
		return nil, err
	}
	if limit < 1 || limit > 1000 {
		return nil, fmt.Errorf("%w: limit %d", device.ErrInvalid, limit)
	}
	var found []provisioners.DataModel
	for _, m := range s.models {
		if compareDataModels(m, after) > 0 {
			m.Names, m.NoNotification = nil, nil
			found = append(found, copyDataModel(m))
		}
	}
	slices.SortFunc(found, compareDataModels)
	return found[:min(len(found), limit)], nil
}

// DeleteDataModel implements provisioners.DataModelStore.
func (s *DataModels) DeleteDataModel(ctx context.Context, key device.ModelKey, root string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "DeleteDataModel"); err != nil {
		return err
	}
	name := dataModelName{key, root}
	if _, ok := s.models[name]; !ok {
		return provisioners.ErrNotFound
	}
	delete(s.models, name)
	return nil
}

func compareDataModels(a, b provisioners.DataModel) int {
	parts := func(m provisioners.DataModel) []string {
		return []string{m.Key.Manufacturer, m.Key.ProductClass, m.Key.SoftwareVersion, m.Root}
	}
	return slices.CompareFunc(parts(a), parts(b), strings.Compare)
}

// copyDataModel returns a data model as stores keep it, of which everything is the
// caller's own.
func copyDataModel(m provisioners.DataModel) provisioners.DataModel {
	m.UpdatedAt = milliseconds(m.UpdatedAt)
	m.Asked, m.NoNotification = slices.Clone(m.Asked), slices.Clone(m.NoNotification)
	m.Names, m.Unmapped = slices.Clone(m.Names), slices.Clone(m.Unmapped)
	return m
}
