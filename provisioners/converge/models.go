package converge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

const (
	// maxModels bounds how many data models are kept in memory, and modelAge for how long
	// one is, so that what other nodes learnt is seen.
	maxModels = 128
	modelAge  = time.Minute
	// maxUnmapped bounds what is reported of one.
	maxUnmapped = 500
)

// models are data models, in front of the store.
type models struct {
	store provisioners.DataModelStore
	now   func() time.Time

	mu   sync.Mutex
	kept map[modelName]keptModel
}

type modelName struct {
	key  device.ModelKey
	root string
}

type keptModel struct {
	model *dataModel
	at    time.Time
}

func newModels(store provisioners.DataModelStore, now func() time.Time) *models {
	return &models{store: store, now: now, kept: map[modelName]keptModel{}}
}

// of returns the data model of a kind of device. It is the caller's: what he adds to it is
// not seen by others before it is saved.
func (m *models) of(ctx context.Context, key device.ModelKey, root string) (*dataModel, error) {
	name := modelName{key, root}
	m.mu.Lock()
	kept, ok := m.kept[name]
	m.mu.Unlock()
	if ok && m.now().Sub(kept.at) < modelAge {
		return kept.model.copy(), nil
	}
	stored, err := m.store.DataModel(ctx, key, root)
	if errors.Is(err, provisioners.ErrNotFound) {
		return &dataModel{stored: provisioners.DataModel{Key: key, Root: root}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the data model: %w", err)
	}
	d := &dataModel{stored: stored}
	m.keep(name, d)
	return d.copy(), nil
}

func (m *models) keep(name modelName, d *dataModel) {
	d.names()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) >= maxModels {
		clear(m.kept) // The store still has all of them.
	}
	m.kept[name] = keptModel{d.copy(), m.now()}
}

// save stores what was added to a data model. If another node did meanwhile, what both
// know is stored.
func (m *models) save(ctx context.Context, d *dataModel) error {
	const tries = 4
	for range tries {
		d.stored.UpdatedAt = m.now()
		stored, err := m.store.PutDataModel(ctx, d.stored)
		if err == nil {
			d.stored = stored
			m.keep(modelName{stored.Key, stored.Root}, d)
			return nil
		}
		if !errors.Is(err, provisioners.ErrConflict) {
			return fmt.Errorf("store the data model: %w", err)
		}
		other, err := m.store.DataModel(ctx, d.stored.Key, d.stored.Root)
		if errors.Is(err, provisioners.ErrNotFound) {
			other, err = provisioners.DataModel{}, nil // Somebody had it asked again.
		}
		if err != nil {
			return fmt.Errorf("read the data model: %w", err)
		}
		d.merge(other)
	}
	return nil // What is missing is asked again by the next device of its kind.
}

// dataModel is a data model and what is computed of it.
type dataModel struct {
	stored provisioners.DataModel
	index  *mapping.Names
}

func (d *dataModel) copy() *dataModel {
	c := &dataModel{stored: d.stored, index: d.index}
	c.stored.Asked, c.stored.Names = slices.Clip(d.stored.Asked), slices.Clip(d.stored.Names)
	c.stored.NoNotification, c.stored.Unmapped = slices.Clip(d.stored.NoNotification), slices.Clip(d.stored.Unmapped)
	return c
}

// names returns the names to be looked up.
func (d *dataModel) names() *mapping.Names {
	if d.index == nil {
		d.index = mapping.NewNames(d.stored.Names)
	}
	return d.index
}

func (d *dataModel) asked(prefix string) bool { return slices.Contains(d.stored.Asked, prefix) }

func (d *dataModel) noteAsked(prefix string) {
	if !d.asked(prefix) {
		d.stored.Asked = append(d.stored.Asked, prefix)
	}
}

// add notes names that a device told, and returns them as they are noted.
func (d *dataModel) add(root string, list []cwmp.ParameterInfoStruct) []provisioners.ParameterName {
	told := make([]provisioners.ParameterName, 0, len(list))
	for i := range list {
		name, ok := strings.CutPrefix(list[i].Name, root)
		if ok && name != "" && device.CheckPath(list[i].Name) == nil {
			told = append(told, provisioners.ParameterName{Path: mapping.Generic(name), Writable: list[i].Writable})
		}
	}
	d.put(told)
	return told
}

// put merges names in, each once: of instances that differ, one that may be written
// counts.
func (d *dataModel) put(told []provisioners.ParameterName) {
	all := append(slices.Clone(d.stored.Names), told...)
	slices.SortStableFunc(all, func(a, b provisioners.ParameterName) int { return strings.Compare(a.Path, b.Path) })
	merged := all[:0]
	for _, name := range all {
		if n := len(merged); n > 0 && merged[n-1].Path == name.Path {
			merged[n-1].Writable = merged[n-1].Writable || name.Writable
			continue
		}
		merged = append(merged, name)
	}
	d.stored.Names, d.index = merged[:min(len(merged), provisioners.MaxParameterNames)], nil
}

// merge takes over what another node stored.
func (d *dataModel) merge(other provisioners.DataModel) {
	mine := d.stored
	d.stored = other
	d.stored.Key, d.stored.Root = mine.Key, mine.Root
	if mine.Pack != "" {
		d.stored.Pack = mine.Pack
	}
	for _, prefix := range mine.Asked {
		d.noteAsked(prefix)
	}
	d.put(mine.Names)
	d.refuse(mine.NoNotification...)
	d.report(mine.Unmapped)
}

// refuse notes paths that take no active notification; it reports whether any is new.
func (d *dataModel) refuse(paths ...string) bool {
	before := len(d.stored.NoNotification)
	all := append(slices.Clone(d.stored.NoNotification), paths...)
	slices.Sort(all)
	d.stored.NoNotification = slices.Compact(all)
	return len(d.stored.NoNotification) > before
}

// report notes settings that are not carried; it reports whether any is new.
func (d *dataModel) report(unmapped []provisioners.Unmapped) bool {
	changed := false
	for _, u := range unmapped {
		known := slices.ContainsFunc(d.stored.Unmapped, func(k provisioners.Unmapped) bool { return k.Setting == u.Setting })
		if !known && len(d.stored.Unmapped) < maxUnmapped {
			d.stored.Unmapped = append(slices.Clip(d.stored.Unmapped), u)
			changed = true
		}
	}
	return changed
}
