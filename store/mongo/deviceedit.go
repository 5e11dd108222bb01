package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

func (s devices) Edit(ctx context.Context, id device.ID, e device.Edit) (after device.Device, err error) {
	var before deviceDocument
	err = s.do(ctx, "editDevice", func(ctx context.Context) error {
		return s.retry(ctx, "editDevice", func(ctx context.Context) (done bool, err error) {
			before, after, done, err = s.edit(ctx, id, e)
			return done, err
		})
	})
	if err != nil {
		return device.Device{}, err
	}
	s.edited(ctx, before, after)
	return after, nil
}

func (s devices) edit(ctx context.Context, id device.ID, e device.Edit) (before deviceDocument, after device.Device, done bool, err error) {
	before, err = s.findDevice(ctx, byID(id))
	if err != nil {
		return before, after, false, err
	}
	after, err = before.device().ApplyEdit(e)
	if err != nil {
		return before, after, false, err
	}
	if before.Origin == string(device.OriginContact) {
		if err := s.contactsChange(ctx); err != nil {
			return before, after, false, err
		}
	}
	stored, done, err := s.replaceDevice(ctx, before, after)
	return before, stored.device(), done, err
}

// edited does what follows from an edit that is stored. What fails here is made
// good by finishGroupMoves and recountContacts, so that it is no failure of the
// edit.
func (s *Store) edited(ctx context.Context, before deviceDocument, after device.Device) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if before.Origin == string(device.OriginContact) {
		s.contactsGone(ctx, 1)
	}
	if before.Group == after.Group {
		return
	}
	if err := s.moveCopies(ctx, after.ID, after.Group); err != nil {
		s.options.Logger.WarnContext(ctx, "the tasks and fetches of a device do not show its new group yet", logkeys.Device, after.ID, logkeys.Error, err)
	}
}

// moveCopies writes the group of a device to its tasks and to what it fetched.
func (s *Store) moveCopies(ctx context.Context, id device.ID, group string) error {
	var u update
	u.text("group", group)
	filter := append(ofDevice(id), bson.E{Key: "group", Value: bson.D{{Key: "$ne", Value: orNull(group)}}})
	for _, collection := range []string{tasksCollection, fetchesCollection} {
		if _, err := s.database.Collection(collection).UpdateMany(ctx, filter, u.document()); err != nil {
			return fmt.Errorf("move the %s of device %s to its group: %w", collection, id, err)
		}
	}
	return nil
}

const (
	// settled is when nothing that was under way at a change is under way any
	// more: it is longer than any operation takes.
	settled = time.Minute
	// maxFinished bounds what one maintenance finishes of a kind.
	maxFinished = 1000
)

// finishGroupMoves writes the groups of devices that moved to their tasks and
// fetches once more: after a crash, or where one was stored while its device
// moved, they still carry the old one.
func (s *Store) finishGroupMoves(ctx context.Context, now time.Time) error {
	filter := bson.D{{Key: "groupMovedAt", Value: bson.D{{Key: "$lte", Value: whole(now.Add(-settled))}}}}
	moved, err := findUpTo[deviceDocument](ctx, s.deviceDocuments(), filter, maxFinished, options.Find().SetProjection(onlyFields("group", "groupMovedAt")))
	if err != nil {
		return err
	}
	for _, doc := range moved {
		if err := s.finishGroupMove(ctx, doc); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) finishGroupMove(ctx context.Context, doc deviceDocument) error {
	if err := s.moveCopies(ctx, device.ID(doc.ID), doc.Group); err != nil {
		return err
	}
	// A device that moved once more meanwhile keeps its mark.
	var u update
	u.remove("groupMovedAt")
	u.add("version", 1)
	filter := append(byID(doc.ID), bson.E{Key: "groupMovedAt", Value: doc.GroupMovedAt}, bson.E{Key: "group", Value: orNull(doc.Group)})
	if _, err := s.deviceDocuments().UpdateOne(ctx, filter, u.document()); err != nil {
		return fmt.Errorf("note that the copies of the group of device %s are right: %w", doc.ID, err)
	}
	return nil
}

// orNull returns what finds a text that is absent where it is empty.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
