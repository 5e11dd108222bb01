package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
)

// deletionsCollection holds a document for each device that is being deleted. It
// is there before the record goes and until all that hangs on the record is
// gone too, so that a crash in between leaves nothing behind for good. It has the
// device's id and, as "at", when the deletion was begun.
const deletionsCollection = "deletions"

func (s devices) Delete(ctx context.Context, id device.ID) error {
	return s.do(ctx, "deleteDevice", func(ctx context.Context) error {
		doc, err := s.findDevice(ctx, byID(id))
		if err != nil {
			return err
		}
		if doc.Origin == string(device.OriginContact) {
			if err := s.contactsChange(ctx); err != nil {
				return err
			}
		}
		deleted, err := s.deleteDevice(ctx, id, nil)
		if err == nil && !deleted {
			err = device.ErrNotFound
		}
		return err
	})
}

// deleteDevice removes the record of a device if the condition holds of it, and
// then what hangs on it. It reports false if there is none.
func (s *Store) deleteDevice(ctx context.Context, id device.ID, condition bson.D) (deleted bool, err error) {
	started := bson.D{{Key: "$set", Value: bson.D{{Key: "at", Value: whole(s.options.Now())}}}}
	err = onceMore(func() error {
		_, err := s.database.Collection(deletionsCollection).UpdateOne(ctx, byID(id), started, options.UpdateOne().SetUpsert(true))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("begin to delete device %s: %w", id, err)
	}
	doc, err := decoded[deviceDocument](s.deviceDocuments().FindOneAndDelete(ctx, append(byID(id), condition...)), device.ErrNotFound)
	switch {
	case errors.Is(err, device.ErrNotFound):
		return false, s.endDeletion(ctx, id)
	case err != nil:
		return false, fmt.Errorf("delete device %s: %w", id, err)
	}
	if doc.Origin == string(device.OriginContact) {
		s.contactsGone(ctx, 1)
	}
	return true, s.deleteDependents(ctx, id)
}

func (s *Store) deleteDependents(ctx context.Context, id device.ID) error {
	if _, err := s.database.Collection(credentialsCollection).DeleteMany(ctx, ofDevice(id)); err != nil {
		return fmt.Errorf("delete credentials of device %s: %w", id, err)
	}
	if _, err := s.database.Collection(tracesCollection).DeleteMany(ctx, ofDevice(id)); err != nil {
		return fmt.Errorf("delete the trace of device %s: %w", id, err)
	}
	if _, err := s.database.Collection(fetchesCollection).DeleteMany(ctx, ofDevice(id)); err != nil {
		return fmt.Errorf("delete what device %s fetched: %w", id, err)
	}
	if _, err := s.database.Collection(levelsCollection).DeleteMany(ctx, among(levelsOfDevice(id))); err != nil {
		return fmt.Errorf("delete the settings of device %s: %w", id, err)
	}
	if _, err := s.database.Collection(convergencesCollection).DeleteOne(ctx, byID(id)); err != nil {
		return fmt.Errorf("delete the convergence of device %s: %w", id, err)
	}
	if err := s.removeParameters(ctx, []device.ID{id}); err != nil {
		return err
	}
	return s.endDeletion(ctx, id)
}

func (s *Store) endDeletion(ctx context.Context, id device.ID) error {
	if _, err := s.database.Collection(deletionsCollection).DeleteOne(ctx, byID(id)); err != nil {
		return fmt.Errorf("finish deleting device %s: %w", id, err)
	}
	return nil
}

// silentDevice finds what DeleteSilent removes. A record that was created a
// moment ago and awaits its first Begin is not silent; one that never informed
// nor asked for a file is.
func silentDevice(since time.Time) bson.D {
	before := bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: whole(since)}}}}
	return bson.D{
		{Key: "origin", Value: string(device.OriginContact)}, {Key: "firstSeen", Value: before}, {Key: "lastInform", Value: before},
		{Key: fetchedAtField, Value: before}, {Key: "tags", Value: nil}, {Key: "group", Value: nil},
	}
}

func (s devices) DeleteSilent(ctx context.Context, since time.Time, limit int) (removed []device.ID, err error) {
	err = s.do(ctx, "deleteSilentDevices", func(ctx context.Context) error {
		silent, err := findIDs(ctx, s.deviceDocuments(), silentDevice(since), nil, limit)
		if err != nil || len(silent) == 0 {
			return err
		}
		if err := s.contactsChange(ctx); err != nil {
			return err
		}
		for _, found := range silent {
			id := device.ID(found)
			// The condition once more: a device that informed meanwhile stays.
			deleted, err := s.deleteDevice(ctx, id, silentDevice(since))
			if err != nil {
				return err
			}
			if deleted {
				removed = append(removed, id)
			}
		}
		return nil
	})
	return removed, err
}

// finishDeletions removes what hangs on devices whose deletion was begun and not
// finished, as after a crash.
func (s *Store) finishDeletions(ctx context.Context, now time.Time) error {
	begun := bson.D{{Key: "at", Value: bson.D{{Key: "$lte", Value: whole(now.Add(-settled))}}}}
	unfinished, err := findIDs(ctx, s.database.Collection(deletionsCollection), begun, nil, maxFinished)
	if err != nil {
		return err
	}
	for _, id := range unfinished {
		if err := s.finishDeletion(ctx, device.ID(id)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) finishDeletion(ctx context.Context, id device.ID) error {
	there, err := anyID(ctx, s.deviceDocuments(), byID(id))
	switch {
	case err != nil:
		return fmt.Errorf("look for device %s: %w", id, err)
	case there != "":
		return s.endDeletion(ctx, id) // The record stayed, and so does all of it.
	}
	return s.deleteDependents(ctx, id)
}
