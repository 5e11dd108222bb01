package mongo

import (
	"context"
	"errors"
	"fmt"
	"sync"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// importedDevices are the devices that one copier imported, with their groups:
// what comes after them needs not look them up again.
type importedDevices struct {
	// limit bounds them; those beyond are looked up.
	limit  int
	mu     sync.Mutex
	groups map[device.ID]string
}

// maxImportedDevices bounds the memory for them to some 30 MB.
const maxImportedDevices = 1 << 18

func newImportedDevices() *importedDevices {
	return &importedDevices{limit: maxImportedDevices, groups: make(map[device.ID]string)}
}

// add notes the devices of an import that succeeded.
func (d *importedDevices) add(records []store.Record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range records {
		_, known := d.groups[records[i].Device.ID]
		if known || len(d.groups) < d.limit {
			d.groups[records[i].Device.ID] = records[i].Device.Group
		}
	}
}

// split returns the groups of the devices that are known, and the others.
func (d *importedDevices) split(ids []device.ID) (known map[device.ID]string, others []device.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known = make(map[device.ID]string, len(ids))
	for _, id := range ids {
		if group, found := d.groups[id]; found {
			known[id] = group
		} else {
			others = append(others, id)
		}
	}
	return known, others
}

// groupsOf returns the groups of those of the devices that there are.
func (d *importedDevices) groupsOf(ctx context.Context, s *Store, ids []device.ID) (map[device.ID]string, error) {
	groups, others := d.split(ids)
	if len(others) == 0 {
		return groups, nil
	}
	found, err := findAll[deviceDocument](ctx, s.database.Collection(devicesCollection), among(others), options.Find().SetProjection(onlyFields("group")))
	if err != nil {
		return nil, fmt.Errorf("read the groups of devices: %w", err)
	}
	for i := range found {
		groups[device.ID(found[i].ID)] = found[i].Group
	}
	return groups, nil
}

// insertMissing inserts documents and returns which of them, by their index,
// were refused because a document with their key, or with a unique value of
// theirs, is there.
func insertMissing[D any](ctx context.Context, c *driver.Collection, documents []D) (refused []int, err error) {
	_, err = c.InsertMany(ctx, documents, options.InsertMany().SetOrdered(false))
	var failed driver.BulkWriteException
	if !errors.As(err, &failed) || failed.WriteConcernError != nil {
		return nil, err
	}
	for _, e := range failed.WriteErrors {
		if !driver.IsDuplicateKeyError(e.WriteError) {
			return nil, err
		}
		refused = append(refused, e.Index)
	}
	return refused, nil
}
