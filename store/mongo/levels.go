package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const levelsCollection = "levels"

// Levels returns the settings that were declared at places.
func (s *Store) Levels() provisioners.LevelStore { return levels{s} }

type levels struct{ *Store }

func (s levels) collection() *driver.Collection { return s.database.Collection(levelsCollection) }

// levelKey orders levels by kind and then ID: no kind holds a slash, nor begins
// another.
func levelKey(k provisioners.LevelKey) string { return string(k.Kind) + "/" + k.ID }

// levelsOfDevice are the keys of all levels that go with a device.
func levelsOfDevice(id device.ID) []string {
	var keys []string
	for _, kind := range []provisioners.LevelKind{provisioners.DeviceLevel, provisioners.UserLevel, provisioners.GeneratedLevel} {
		keys = append(keys, levelKey(provisioners.LevelKey{Kind: kind, ID: string(id)}))
	}
	return keys
}

func (s levels) Levels(ctx context.Context, keys []provisioners.LevelKey) (all []provisioners.Level, err error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = levelKey(k)
	}
	err = s.do(ctx, "getLevels", func(ctx context.Context) error {
		if err := checkKeys(len(keys)); err != nil || len(keys) == 0 {
			return err
		}
		found, err := findAll[levelDocument](ctx, s.collection(), among(ids))
		all = levelsOf(found)
		return err
	})
	return all, err
}

// checkKeys refuses to read more levels or lines at once than there may be.
func checkKeys(count int) error {
	if count > provisioners.MaxLevelKeys {
		return fmt.Errorf("%w: %d keys at once, at most %d", device.ErrInvalid, count, provisioners.MaxLevelKeys)
	}
	return nil
}

func (s levels) SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) (all []provisioners.Level, err error) {
	err = s.do(ctx, "listSharedLevels", func(ctx context.Context) error {
		if err := store.CheckPageSize(limit); err != nil {
			return err
		}
		found, err := findUpTo[levelDocument](ctx, s.collection(), sharedLevels(since, after), limit, options.Find().SetSort(ascending(idField)))
		all = levelsOf(found)
		return err
	})
	return all, err
}

// sharedLevels takes the levels that are no device's, all of them or those that
// changed lately, of which there are few.
func sharedLevels(since time.Time, after provisioners.LevelKey) bson.D {
	if since.IsZero() {
		return sharedAfter(after)
	}
	changed := bson.D{{Key: "sharedAt", Value: bson.D{{Key: "$gte", Value: whole(since)}}}}
	if after == (provisioners.LevelKey{}) {
		return changed
	}
	return append(changed, sharedAfter(after)...)
}

// sharedAfter takes the shared levels after a key. The kinds of other levels sort
// before and behind theirs.
func sharedAfter(after provisioners.LevelKey) bson.D {
	from := bson.E{Key: "$gte", Value: levelKey(provisioners.LevelKey{Kind: provisioners.GlobalLevel})}
	if key := levelKey(after); key >= from.Value.(string) {
		from = bson.E{Key: "$gt", Value: key}
	}
	return bson.D{{Key: idField, Value: bson.D{from, {Key: "$lt", Value: string(provisioners.GroupLevel) + "0"}}}}
}

func (s levels) PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error) {
	next := documentOfLevel(l)
	next.Revision++
	err := s.do(ctx, "putLevel", func(ctx context.Context) error {
		return putRevision(ctx, s.collection(), next.Key, l.Revision, next, provisioners.ErrConflict, provisioners.ErrConflict)
	})
	if err != nil {
		return provisioners.Level{}, err
	}
	return next.level(), nil
}
