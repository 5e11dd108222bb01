package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
)

type devices struct{ *Store }

// Devices returns the device records.
func (s *Store) Devices() device.Store { return devices{s} }

// deviceIndexes are those of the device records, with one for each indexed
// parameter.
func deviceIndexes(indexed []string) []index {
	all := []index{
		{collection: devicesCollection, keys: ascending("cwmpKey"), unique: true},
		{collection: devicesCollection, keys: ascending("macKey"), unique: true},
		{collection: devicesCollection, keys: ascending("-lastInform", idField, fetchedAtField)},
		{collection: devicesCollection, keys: ascending("onlineUntil", "lastInform", fetchedAtField)},
		{collection: devicesCollection, keys: ascending("folded.model", idField)},
		{collection: devicesCollection, keys: ascending("folded.serialNumber", idField)},
		{collection: devicesCollection, keys: ascending("mac", idField)},
		{collection: devicesCollection, keys: ascending("folded.softwareVersion", idField)},
		{collection: devicesCollection, keys: ascending("folded.group", idField)},
		{collection: devicesCollection, keys: ascending("folded.address", idField)},
		{collection: devicesCollection, keys: ascending("firstSeen", idField)},
		{collection: devicesCollection, keys: ascending("folded.tags", idField)},
		{collection: devicesCollection, keys: ascending("group", idField)},
		{collection: devicesCollection, keys: ascending("folded.alarms", idField)},
		{collection: devicesCollection, keys: ascending("quarantined", idField)},
		{collection: devicesCollection, keys: ascending("-"+fetchedAtField, idField)},
		{collection: devicesCollection, keys: ascending("folded.pack", idField)},
		{collection: devicesCollection, keys: ascending(foldedStateField, idField)},
		{collection: devicesCollection, keys: modelKeys()},
		{collection: devicesCollection, keys: ascending("origin", "firstSeen")},
		{collection: devicesCollection, keys: ascending("groupMovedAt")},
		{collection: deletionsCollection, keys: ascending("at")},
	}
	for _, name := range indexed {
		all = append(all, index{collection: devicesCollection, keys: ascending(indexedPath(name), idField)})
	}
	return all
}

// indexedPath is where the folded value of an indexed parameter lies.
func indexedPath(name string) string { return "folded.indexed." + keyOf(name) }

func (s *Store) deviceDocuments() *driver.Collection {
	return s.database.Collection(devicesCollection)
}

func (s devices) Create(ctx context.Context, d device.Device, limit int) error {
	return s.do(ctx, "createDevice", func(ctx context.Context) error {
		if d.Origin != device.OriginContact {
			return s.insertDevice(ctx, d)
		}
		if err := s.reserveContact(ctx, limit); err != nil {
			return err
		}
		err := s.insertDevice(ctx, d)
		if errors.Is(err, device.ErrDuplicate) {
			s.contactsGone(ctx, 1)
		}
		// After any other error the record may be there. The place stays taken
		// then, and recountContacts sees what is.
		return err
	})
}

func (s *Store) insertDevice(ctx context.Context, d device.Device) error {
	_, err := s.deviceDocuments().InsertOne(ctx, newDeviceDocument(d))
	if driver.IsDuplicateKeyError(err) {
		return device.ErrDuplicate
	}
	if err != nil {
		return fmt.Errorf("insert device %s: %w", d.ID, err)
	}
	return nil
}

func (s devices) Get(ctx context.Context, id device.ID) (device.Device, error) {
	return s.get(ctx, "getDevice", byID(id))
}

func (s devices) ByIdentity(ctx context.Context, i device.Identity) (device.Device, error) {
	field := map[device.IdentityKind]string{device.IdentityCWMP: "cwmpKey", device.IdentityMAC: "macKey"}[i.Kind]
	if field == "" {
		return device.Device{}, device.ErrNotFound
	}
	return s.get(ctx, "deviceByIdentity", bson.D{{Key: field, Value: i.Key}})
}

func (s devices) get(ctx context.Context, operation string, filter bson.D) (d device.Device, err error) {
	err = s.do(ctx, operation, func(ctx context.Context) error {
		doc, err := s.findDevice(ctx, filter)
		if err != nil {
			return err
		}
		d = doc.device()
		return nil
	})
	return d, err
}

// findDevice returns the one document that the filter finds, or ErrNotFound.
func (s *Store) findDevice(ctx context.Context, filter bson.D) (deviceDocument, error) {
	return findOne[deviceDocument](ctx, s.deviceDocuments(), filter, device.ErrNotFound)
}

// replaceDevice stores the record in the place of the document that was read. It
// reports false if somebody else has changed that meanwhile, and returns
// ErrDuplicate if an identity is another record's.
func (s *Store) replaceDevice(ctx context.Context, read deviceDocument, after device.Device) (stored deviceDocument, done bool, err error) {
	next := newDeviceDocument(after)
	next.Version, next.GroupMovedAt = read.Version+1, read.GroupMovedAt
	if next.Group != read.Group {
		next.GroupMovedAt = whole(s.options.Now())
	}
	filter := append(byID(after.ID), bson.E{Key: "version", Value: read.Version})
	result, err := s.deviceDocuments().ReplaceOne(ctx, filter, next)
	if err == nil {
		return next, result.MatchedCount == 1, nil
	}
	if next.CWMPKey != read.CWMPKey || next.MACKey != read.MACKey {
		if taken, lookErr := s.identityTaken(ctx, next, err); lookErr != nil || taken {
			return next, false, errors.Join(lookErr, orDuplicate(taken))
		}
	}
	return next, false, fmt.Errorf("replace device %s: %w", after.ID, err)
}

func orDuplicate(taken bool) error {
	if taken {
		return device.ErrDuplicate
	}
	return nil
}

// identityTaken reports whether a write failed because an identity is another
// record's. Not every server that refuses such an update says so.
func (s *Store) identityTaken(ctx context.Context, doc deviceDocument, failed error) (bool, error) {
	var server driver.ServerError
	switch {
	case driver.IsDuplicateKeyError(failed):
		return true, nil
	case !errors.As(failed, &server):
		return false, nil
	}
	filter := bson.D{
		{Key: idField, Value: bson.D{{Key: "$ne", Value: doc.ID}}},
		{Key: "$or", Value: bson.A{bson.D{{Key: "cwmpKey", Value: doc.CWMPKey}}, bson.D{{Key: "macKey", Value: doc.MACKey}}}},
	}
	owner, err := anyID(ctx, s.deviceDocuments(), filter)
	if err != nil {
		return false, fmt.Errorf("look for the owner of an identity: %w", errors.Join(err, failed))
	}
	return owner != "", nil
}
