package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
)

const carriedCollection = "carriedSessions"

// Carried returns the sessions on their way between nodes.
func (s *Store) Carried() device.CarriedSessionStore { return carried{s} }

type carried struct{ *Store }

func (s carried) collection() *driver.Collection { return s.database.Collection(carriedCollection) }

// carriedDocument is a session in the collection carriedSessions. A wish has
// the field wanted and no state.
type carriedDocument struct {
	ID     string    `bson:"_id"`
	Device device.ID `bson:"device"`
	State  []byte    `bson:"state"`
	Until  time.Time `bson:"until"`
}

func (s carried) PutSession(ctx context.Context, c device.CarriedSession) error {
	return s.do(ctx, "putSession", func(ctx context.Context) error {
		d := carriedDocument(c)
		d.Until = whole(d.Until)
		if d.State == nil {
			d.State = []byte{} // A session without a state is there all the same.
		}
		return put(ctx, s.collection(), d.ID, d)
	})
}

func (s carried) TakeSession(ctx context.Context, id string) (c device.CarriedSession, err error) {
	err = s.do(ctx, "takeSession", func(ctx context.Context) error {
		there := bson.M{idField: id, "state": bson.M{"$exists": true}}
		d, err := decoded[carriedDocument](s.collection().FindOneAndDelete(ctx, there), device.ErrNotFound)
		c = device.CarriedSession(d)
		return err
	})
	if err != nil {
		return device.CarriedSession{}, err
	}
	return c, nil
}

// WantSession names the wish in its filter: a session that is there does not
// match, and the insert that follows collides with its key and changes nothing.
func (s carried) WantSession(ctx context.Context, id string, until time.Time) error {
	return s.do(ctx, "wantSession", func(ctx context.Context) error {
		err := onceMore(func() error {
			_, err := s.collection().UpdateOne(ctx, bson.M{idField: id, "wanted": true},
				bson.M{"$set": bson.M{"until": whole(until)}}, options.UpdateOne().SetUpsert(true))
			return err
		})
		var refused driver.ServerError
		if !errors.As(err, &refused) {
			return err
		}
		if there, failure := anyID(ctx, s.collection(), byID(id)); failure == nil && there != "" {
			return nil
		}
		return err
	})
}

func (s carried) WantedSessions(ctx context.Context, limit int) ([]string, error) {
	return s.ids(ctx, "wantedSessions", bson.M{"wanted": true}, limit)
}

func (s carried) DropWish(ctx context.Context, id string) error {
	return s.do(ctx, "dropWish", func(ctx context.Context) error {
		_, err := s.collection().DeleteOne(ctx, append(byID(id), bson.E{Key: "wanted", Value: true}))
		return err
	})
}

func (s carried) ExpiredSessions(ctx context.Context, at time.Time, limit int) ([]string, error) {
	return s.ids(ctx, "expiredSessions", bson.M{"until": bson.M{"$lte": whole(at)}}, limit)
}

// ids reads up to limit keys, those that end first before the others.
func (s carried) ids(ctx context.Context, operation string, filter bson.M, limit int) (all []string, err error) {
	err = s.do(ctx, operation, func(ctx context.Context) error {
		all, err = findIDs(ctx, s.collection(), filter, ascending("until"), limit)
		return err
	})
	return all, err
}
