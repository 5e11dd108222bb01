package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
)

// addProvisioning gives devices from before there were settings the state that has
// none, by which lists compare them, and replaces the indexes that know nothing of
// fetches.
func addProvisioning(ctx context.Context, s *Store) error {
	for after := ""; ; {
		ids, err := findIDs(ctx, s.deviceDocuments(), bson.D{{Key: idField, Value: bson.D{{Key: "$gt", Value: after}}}}, ascending(idField), copyBatch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		if err := s.nameStates(ctx, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
	var declared []index
	for _, i := range deviceIndexes(s.options.IndexedParameters) {
		if i.collection == devicesCollection {
			declared = append(declared, i)
		}
	}
	// The new ones come first: servers of the version before go on by them.
	if err := s.makeIndexesOf(ctx, s.deviceDocuments(), declared); err != nil {
		return fmt.Errorf("make indexes of %s: %w", devicesCollection, err)
	}
	for _, former := range []index{{keys: ascending("-lastInform", idField)}, {keys: ascending("onlineUntil", "lastInform")}} {
		if err := dropIndex(ctx, s.deviceDocuments(), former); err != nil {
			return err
		}
	}
	return nil
}

// stateless takes the records that do not say the state of their provisioning.
func stateless() bson.D { return bson.D{{Key: foldedStateField, Value: nil}} }

// nameStates notes that those of the devices that say nothing of their provisioning
// have none.
func (s *Store) nameStates(ctx context.Context, ids []string) error {
	none := bson.D{{Key: "$set", Value: bson.D{{Key: foldedStateField, Value: string(device.ProvisioningNone)}}}}
	if _, err := s.deviceDocuments().UpdateMany(ctx, append(among(ids), stateless()...), none); err != nil {
		return fmt.Errorf("name the state of provisioning: %w", err)
	}
	return nil
}

// nameMissingStates does the same for what servers of the version before wrote
// during an upgrade: they take away what they do not know.
func (s *Store) nameMissingStates(ctx context.Context) error {
	ids, err := findIDs(ctx, s.deviceDocuments(), stateless(), nil, maxFinished)
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.nameStates(ctx, ids)
}

// dropIndex removes an index that another one replaces, if it is there.
func dropIndex(ctx context.Context, c *driver.Collection, former index) error {
	err := c.Indexes().DropOne(ctx, former.name())
	var refused driver.ServerError
	if errors.As(err, &refused) && (refused.HasErrorCode(indexNotFound) || refused.HasErrorCode(namespaceNotFound)) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("drop index %s of %s: %w", former.name(), c.Name(), err)
	}
	return nil
}
