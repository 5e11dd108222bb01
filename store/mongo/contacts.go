package mongo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// contactsID names the document in meta that counts the devices of
// OriginContact, so that their limit holds however many nodes create them.
const contactsID = "contactDevices"

// contactCounter is that document. A place is taken before a device is stored,
// and given back after one is gone: a crash in between leaves the count too
// high, never too low.
type contactCounter struct {
	Count int64 `bson:"count"`
	// Changes grows before and after every change of the number of devices.
	Changes int64 `bson:"changes"`
}

// reserveContact takes a place for a device of OriginContact, or returns
// ErrLimit if limit is above 0 and that many are taken.
func (s *Store) reserveContact(ctx context.Context, limit int) error {
	filter := byID(contactsID)
	if limit > 0 {
		filter = append(filter, bson.E{Key: "count", Value: bson.D{{Key: "$lt", Value: int64(limit)}}})
	}
	var u update
	u.add("count", 1)
	u.add("changes", 1)
	meta := s.database.Collection(metaCollection)
	_, err := meta.UpdateOne(ctx, filter, u.document(), options.UpdateOne().SetUpsert(true))
	if err == nil {
		return nil
	}
	if !driver.IsDuplicateKeyError(err) {
		return fmt.Errorf("take a place for a new device: %w", err)
	}
	// The document is there: made by somebody else at this moment, or full.
	result, err := meta.UpdateOne(ctx, filter, u.document())
	if err != nil {
		return fmt.Errorf("take a place for a new device: %w", err)
	}
	if result.MatchedCount == 0 {
		return device.ErrLimit
	}
	return nil
}

// contactsChange notes that the number of devices of OriginContact is about to
// change, so that no count that is under way is taken for true.
func (s *Store) contactsChange(ctx context.Context) error { return s.addContacts(ctx, 0) }

// addContacts takes so many places, or gives them back if n is negative.
func (s *Store) addContacts(ctx context.Context, n int) error {
	var u update
	u.add("count", int64(n))
	u.add("changes", 1)
	err := onceMore(func() error {
		_, err := s.database.Collection(metaCollection).UpdateOne(ctx, byID(contactsID), u.document(), options.UpdateOne().SetUpsert(true))
		return err
	})
	if err != nil {
		return fmt.Errorf("change the number of unknown devices: %w", err)
	}
	return nil
}

// contactsGone gives back the places of devices that are gone, or are not of
// OriginContact any more. It goes on if the caller has gone; if it fails,
// recountContacts gives the places back.
func (s *Store) contactsGone(ctx context.Context, n int) {
	if n == 0 {
		return
	}
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if err := s.addContacts(ctx, -n); err != nil {
		s.options.Logger.WarnContext(ctx, "devices that are gone still count for the limit of unknown devices", logkeys.Error, err)
	}
}

// contactQuiet remembers since when the counter did not change.
type contactQuiet struct {
	mu      sync.Mutex
	known   bool
	changes int64
	since   time.Time
}

// settled reports whether the counter has been the same for so long that
// nothing is under way that would change it.
func (q *contactQuiet) settled(changes int64, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.known || q.changes != changes {
		q.known, q.changes, q.since = true, changes, now
		return false
	}
	return now.Sub(q.since) >= settled
}

// recountContacts makes the counter right again after a crash has left it too
// high. It does so only if nobody has changed it for a minute, and nobody does
// meanwhile: who creates or removes a device changes it before. So it takes two
// calls, a minute or more apart.
func (s *Store) recountContacts(ctx context.Context, now time.Time) error {
	counter, err := s.contacts(ctx)
	if err != nil || !s.quiet.settled(counter.Changes, now) {
		return err
	}
	return s.setContacts(ctx, counter)
}

func (s *Store) contacts(ctx context.Context) (contactCounter, error) {
	counter, err := findOne[contactCounter](ctx, s.database.Collection(metaCollection), byID(contactsID), nil)
	if err != nil {
		return counter, fmt.Errorf("read the number of unknown devices: %w", err)
	}
	return counter, nil
}

// setContacts counts, and stores the count unless the counter changed since it
// was read.
func (s *Store) setContacts(ctx context.Context, read contactCounter) error {
	count, err := s.deviceDocuments().CountDocuments(ctx, bson.D{{Key: "origin", Value: string(device.OriginContact)}})
	if err != nil {
		return fmt.Errorf("count unknown devices: %w", err)
	}
	if count == read.Count {
		return nil
	}
	var u update
	u.put("count", count)
	u.add("changes", 1)
	filter := append(byID(contactsID), bson.E{Key: "changes", Value: read.Changes})
	_, err = s.database.Collection(metaCollection).UpdateOne(ctx, filter, u.document(), options.UpdateOne().SetUpsert(read.Changes == 0))
	if err != nil && !driver.IsDuplicateKeyError(err) {
		return fmt.Errorf("store the number of unknown devices: %w", err)
	}
	return nil
}
