package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// copiedDevices keeps right what other documents know of devices: the number of
// those that nobody announced, and the group that is on their tasks.
type copiedDevices struct {
	sealedDocuments[deviceDocument]

	imported *importedDevices
}

// put takes the places of all devices before it stores them, as Create does, and
// gives back those that the replaced ones had: a crash in between leaves the
// count too high, never too low.
func (k copiedDevices) put(ctx context.Context, records []store.Record) error {
	if len(records) == 0 {
		return nil
	}
	coming := 0
	for i := range records {
		coming += contactPlaces(string(records[i].Device.Origin))
	}
	if coming > 0 {
		if err := k.store.addContacts(ctx, coming); err != nil {
			return err
		}
	}
	refused, err := k.insert(ctx, records)
	if err == nil {
		err = k.replaceDevices(ctx, refused)
	}
	if err != nil {
		return err
	}
	k.imported.add(records)
	return nil
}

func (k copiedDevices) replaceDevices(ctx context.Context, records []store.Record) error {
	if len(records) == 0 {
		return nil
	}
	replaced, err := k.replaced(ctx, records)
	if err != nil {
		return err
	}
	going := 0
	for _, was := range replaced {
		going += contactPlaces(was.Origin)
	}
	if going > 0 {
		if err := k.store.contactsChange(ctx); err != nil {
			return err
		}
	}
	own := k.copiedDocuments
	own.document = func(r *store.Record) (deviceDocument, error) {
		return k.successor(r.Device, replaced[r.Device.ID]), nil
	}
	if err := own.replace(ctx, records); err != nil {
		return err
	}
	k.store.contactsGone(ctx, going)
	return k.moveCopies(ctx, records, replaced)
}

// contactPlaces is how many places of unknown devices a device takes.
func contactPlaces(origin string) int {
	if origin == string(device.OriginContact) {
		return 1
	}
	return 0
}

// replaced reads what is needed of the documents that records are to replace.
func (k copiedDevices) replaced(ctx context.Context, records []store.Record) (map[device.ID]deviceDocument, error) {
	ids := make([]device.ID, len(records))
	for i := range records {
		ids[i] = records[i].Device.ID
	}
	found, err := findAll[deviceDocument](ctx, k.store.newest(devicesCollection), among(ids),
		options.Find().SetProjection(onlyFields("version", "origin", "group", "groupMovedAt")))
	replaced := make(map[device.ID]deviceDocument, len(found))
	for i := range found {
		replaced[device.ID(found[i].ID)] = found[i]
	}
	return replaced, err
}

// successor returns the document of a record that replaces another: a later
// version, so that who is changing the record sees it, with the mark of a group
// that moves.
func (k copiedDevices) successor(d *device.Device, was deviceDocument) deviceDocument {
	next := newDeviceDocument(*d)
	if was.ID == "" {
		return next
	}
	next.Version, next.GroupMovedAt = was.Version+1, was.GroupMovedAt
	if was.Group != next.Group {
		next.GroupMovedAt = whole(k.store.options.Now())
	}
	return next
}

func (k copiedDevices) moveCopies(ctx context.Context, records []store.Record, replaced map[device.ID]deviceDocument) error {
	for i := range records {
		d := records[i].Device
		if was := replaced[d.ID]; was.ID == "" || was.Group == d.Group {
			continue
		}
		if err := k.store.moveCopies(ctx, d.ID, d.Group); err != nil {
			return err
		}
	}
	return nil
}

// copiedTasks gives tasks the group of their device, by which lists of a scope
// find them. Devices are imported before tasks.
type copiedTasks struct {
	sealedDocuments[taskDocument]

	imported *importedDevices
}

func (k copiedTasks) put(ctx context.Context, records []store.Record) error {
	if len(records) == 0 {
		return nil
	}
	ids := make([]device.ID, len(records))
	for i := range records {
		ids[i] = records[i].Task.Device
	}
	groups, err := k.imported.groupsOf(ctx, k.store, ids)
	if err != nil {
		return err
	}
	own := k.copiedDocuments
	own.document = func(r *store.Record) (taskDocument, error) {
		d := documentOfTask(r.Task)
		d.Group = groups[r.Task.Device]
		return d, nil
	}
	return own.put(ctx, records)
}
