package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const strangersCollection = "strangers"

func (s fetches) strangers() *driver.Collection { return s.database.Collection(strangersCollection) }

// strangerDocument is a phone that is not known, in the collection strangers.
type strangerDocument struct {
	ID           string    `bson:"_id"`
	MAC          string    `bson:"mac,omitempty"`
	SerialNumber string    `bson:"serialNumber,omitempty"`
	Address      string    `bson:"address,omitempty"`
	UserAgent    string    `bson:"userAgent,omitempty"`
	Pack         string    `bson:"pack,omitempty"`
	Model        string    `bson:"model,omitempty"`
	Protocol     string    `bson:"protocol,omitempty"`
	Path         string    `bson:"path,omitempty"`
	First        time.Time `bson:"first"`
	Last         time.Time `bson:"last"`
	Requests     int64     `bson:"requests"`
}

// NoteStranger adds the requests by one update: where it is not known whether it was
// done, who repeats it counts them twice.
func (s fetches) NoteStranger(ctx context.Context, n provisioners.Stranger) error {
	return s.do(ctx, "noteStranger", func(ctx context.Context) error {
		return onceMore(func() error {
			_, err := s.strangers().UpdateOne(ctx, byID(n.ID), strangerUpdate(n), options.UpdateOne().SetUpsert(true))
			return err
		})
	})
}

func strangerUpdate(n provisioners.Stranger) bson.D {
	var u update
	for _, e := range []struct{ field, value string }{
		{"mac", n.MAC}, {"serialNumber", n.SerialNumber}, {"address", n.Address}, {"userAgent", n.UserAgent},
		{"pack", n.Pack}, {"model", n.Model}, {"protocol", n.Protocol}, {"path", n.Path},
	} {
		if e.value != "" {
			u.put(e.field, e.value)
		}
	}
	u.latest("last", whole(n.Last))
	u.add("requests", n.Requests)
	return append(u.document(), bson.E{Key: "$setOnInsert", Value: bson.D{{Key: "first", Value: whole(n.First)}}})
}

// latestFirst is the order of strangers.
func latestFirst() bson.D { return ascending("-last", "-"+idField) }

func (s fetches) ListStrangers(ctx context.Context, after provisioners.Stranger, limit int) (all []provisioners.Stranger, err error) {
	err = s.do(ctx, "listStrangers", func(ctx context.Context) error {
		if err := store.CheckPageSize(limit); err != nil {
			return err
		}
		found, err := findUpTo[strangerDocument](ctx, s.strangers(), strangersAfter(after), limit, options.Find().SetSort(latestFirst()))
		for _, d := range found {
			all = append(all, provisioners.Stranger(d))
		}
		return err
	})
	return all, err
}

// strangersAfter takes the strangers that come after one in their order. Each
// alternative is one range of the index.
func strangersAfter(after provisioners.Stranger) bson.D {
	if after.ID == "" && after.Last.IsZero() {
		return everything()
	}
	return silentFor(whole(after.Last), "$lt", after.ID)
}

// silentFor takes those whose last request was before a time, or then and whose ID
// compares so with one.
func silentFor(last time.Time, operator, id string) bson.D {
	return bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "last", Value: bson.D{{Key: "$lt", Value: last}}}},
		bson.D{{Key: "last", Value: last}, {Key: idField, Value: bson.D{{Key: operator, Value: id}}}},
	}}}
}

func (s fetches) Stranger(ctx context.Context, id string) (n provisioners.Stranger, err error) {
	err = s.do(ctx, "getStranger", func(ctx context.Context) error {
		d, err := findOne[strangerDocument](ctx, s.strangers(), byID(id), provisioners.ErrNotFound)
		n = provisioners.Stranger(d)
		return err
	})
	if err != nil {
		return provisioners.Stranger{}, err
	}
	return n, nil
}

func (s fetches) DeleteStranger(ctx context.Context, id string) error {
	return s.do(ctx, "deleteStranger", func(ctx context.Context) error {
		return deleteOne(ctx, s.strangers(), byID(id), provisioners.ErrNotFound)
	})
}

// DeleteStrangers finds where those end that may stay. One that asks again meanwhile
// is before that place, and stays.
func (s fetches) DeleteStrangers(ctx context.Context, keep int, before time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteStrangers", func(ctx context.Context) error {
		first, err := findUpTo[strangerDocument](ctx, s.strangers(), everything(), 1,
			options.Find().SetSort(latestFirst()).SetSkip(int64(max(0, keep))).SetProjection(onlyFields("last")))
		if err != nil {
			return err
		}
		going := bson.A{bson.D{{Key: "last", Value: bson.D{{Key: "$lt", Value: ceiling(before)}}}}}
		for _, d := range first {
			going = append(going, silentFor(d.Last, "$lte", d.ID))
		}
		removed, err = deleteUpTo(ctx, s.strangers(), bson.M{"$or": going}, ascending("last", idField), limit)
		return err
	})
	return removed, err
}
