package mongo

import (
	"context"
	"encoding/json"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

const bulksCollection = "bulks"

// Bulks returns the bulk tasks.
func (s *Store) Bulks() tasks.BulkStore { return bulks{s} }

type bulks struct{ *Store }

func (s bulks) collection() *driver.Collection { return s.database.Collection(bulksCollection) }

// bulkDocument is a bulk task in the collection bulks.
type bulkDocument struct {
	ID                tasks.ID   `bson:"_id"`
	Filter            string     `bson:"filter,omitempty"`
	Scope             string     `bson:"scope,omitempty"`
	Kind              tasks.Kind `bson:"kind"`
	Args              []byte     `bson:"args,omitempty"`
	Priority          int        `bson:"priority"`
	Expires           time.Time  `bson:"expires,omitempty"`
	CreatedBy         string     `bson:"createdBy,omitempty"`
	CreatedAt         time.Time  `bson:"createdAt,omitempty"`
	ConnectionRequest bool       `bson:"connectionRequest"`
	PageToken         string     `bson:"pageToken,omitempty"`
	Queued            int        `bson:"queued"`
	Refused           int        `bson:"refused"`
	LastError         string     `bson:"lastError,omitempty"`
	FinishedAt        time.Time  `bson:"finishedAt,omitempty"`
	Failed            bool       `bson:"failed,omitempty"`
	Stopped           bool       `bson:"stopped"`
	Revision          int64      `bson:"revision"`
	Edit              *bulkEdit  `bson:"edit,omitempty"`
	// Open is true while devices remain.
	Open bool `bson:"open"`
}

// bulkEdit is a tasks.BulkEdit. A group that is empty differs from none.
type bulkEdit struct {
	AddTags    []string `bson:"addTags,omitempty"`
	RemoveTags []string `bson:"removeTags,omitempty"`
	Group      *string  `bson:"group,omitempty"`
}

func documentOfBulk(b *tasks.Bulk) bulkDocument {
	return bulkDocument{
		ID: b.ID, Filter: b.Filter, Scope: b.Scope.Group, Kind: b.Kind, Args: b.Args, Priority: b.Priority, Expires: whole(b.Expires),
		CreatedBy: b.CreatedBy, CreatedAt: whole(b.CreatedAt), ConnectionRequest: b.ConnectionRequest, PageToken: b.PageToken,
		Queued: b.Queued, Refused: b.Refused, LastError: b.LastError, FinishedAt: whole(b.FinishedAt), Failed: b.Failed, Stopped: b.Stopped,
		Revision: b.Revision, Open: b.FinishedAt.IsZero(), Edit: (*bulkEdit)(b.Edit),
	}
}

func (d *bulkDocument) bulk() tasks.Bulk {
	return tasks.Bulk{
		ID: d.ID, Filter: d.Filter, Scope: device.Scope{Group: d.Scope}, Kind: d.Kind, Args: json.RawMessage(d.Args), Priority: d.Priority,
		Expires: d.Expires, CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, ConnectionRequest: d.ConnectionRequest, PageToken: d.PageToken,
		Queued: d.Queued, Refused: d.Refused, LastError: d.LastError, FinishedAt: d.FinishedAt, Failed: d.Failed, Stopped: d.Stopped, Revision: d.Revision,
		Edit: (*tasks.BulkEdit)(d.Edit),
	}
}

func (s bulks) InsertBulk(ctx context.Context, b tasks.Bulk) error {
	return s.do(ctx, "insertBulk", func(ctx context.Context) error {
		_, err := s.collection().InsertOne(ctx, documentOfBulk(&b))
		return err
	})
}

func (s bulks) Bulk(ctx context.Context, id tasks.ID) (b tasks.Bulk, err error) {
	err = s.do(ctx, "getBulk", func(ctx context.Context) error {
		d, err := findOne[bulkDocument](ctx, s.collection(), byID(string(id)), tasks.ErrNotFound)
		b = d.bulk()
		return err
	})
	if err != nil {
		return tasks.Bulk{}, err
	}
	return b, nil
}

func (s bulks) OpenBulks(ctx context.Context, limit int) (all []tasks.Bulk, err error) {
	err = s.do(ctx, "openBulks", func(ctx context.Context) error {
		found, err := findUpTo[bulkDocument](ctx, s.collection(), bson.M{"open": true}, limit, options.Find().SetSort(ascending(idField)))
		for i := range found {
			all = append(all, found[i].bulk())
		}
		return err
	})
	return all, err
}

func (s bulks) SaveBulk(ctx context.Context, b tasks.Bulk) (saved tasks.Bulk, err error) {
	err = s.do(ctx, "saveBulk", func(ctx context.Context) error {
		seen := b.Revision
		b.Revision++
		d := documentOfBulk(&b)
		saved = d.bulk()
		return s.replace(ctx, &d, seen)
	})
	if err != nil {
		return tasks.Bulk{}, err
	}
	return saved, nil
}

func (s bulks) replace(ctx context.Context, d *bulkDocument, seen int64) error {
	answer, err := s.collection().ReplaceOne(ctx, bson.M{idField: d.ID, "revision": seen}, d)
	if err != nil || answer.MatchedCount > 0 {
		return err
	}
	return unmatched(ctx, s.collection(), string(d.ID), tasks.ErrNotFound, tasks.ErrConflict)
}

func (s bulks) DeleteBulks(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteBulks", func(ctx context.Context) error {
		removed, err = deleteUpTo(ctx, s.collection(), bson.M{"finishedAt": bson.M{"$lt": whole(before)}}, ascending("finishedAt"), limit)
		return err
	})
	return removed, err
}
