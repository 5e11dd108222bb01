package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/history"
)

const countsCollection = "counts"

func (s historyStore) counts() *driver.Collection { return s.database.Collection(countsCollection) }

// countsDocument is what was counted at one node in one span, in the collection
// counts.
type countsDocument struct {
	// ID is countsID.
	ID   string    `bson:"_id"`
	At   time.Time `bson:"at"`
	Node string    `bson:"node"`
	// Values are by keyOf of their names, which hold dots.
	Values map[string]int64 `bson:"values,omitempty"`
}

// countsID returns the id of the counts of a node in a span: in the order of time
// and then node, and with an empty node before all of the span.
func countsID(at int64, node string) string { return fmt.Sprintf("%015d/%s", at, node) }

func documentOfCounts(c history.Counts) countsDocument {
	d := countsDocument{ID: countsID(c.At.UnixMilli(), c.Node), At: whole(c.At), Node: c.Node}
	for name, n := range c.Values {
		if d.Values == nil {
			d.Values = make(map[string]int64, len(c.Values))
		}
		d.Values[keyOf(name)] = n
	}
	return d
}

func (d *countsDocument) counts() history.Counts {
	c := history.Counts{At: d.At, Node: d.Node}
	for key, n := range d.Values {
		if c.Values == nil {
			c.Values = make(map[string]int64, len(d.Values))
		}
		c.Values[nameOf(key)] = n
	}
	return c
}

// AddCounts adds with one update. If it fails it is not known whether it was
// added.
func (s historyStore) AddCounts(ctx context.Context, c history.Counts) error {
	d := documentOfCounts(c)
	var u update
	u.put("at", d.At)
	u.put("node", d.Node)
	for key, n := range d.Values {
		u.add("values."+key, n)
	}
	return s.do(ctx, "addCounts", func(ctx context.Context) error {
		return onceMore(func() error {
			_, err := s.counts().UpdateOne(ctx, byID(d.ID), u.document(), options.UpdateOne().SetUpsert(true))
			return err
		})
	})
}

func (s historyStore) Counts(ctx context.Context, from, to time.Time) (all []history.Counts, err error) {
	spans := bson.M{idField: bson.M{"$gte": countsID(int64(ceiling(from)), ""), "$lt": countsID(int64(ceiling(to)), "")}}
	err = s.do(ctx, "listCounts", func(ctx context.Context) error {
		found, err := findAll[countsDocument](ctx, s.counts(), spans, options.Find().SetSort(ascending(idField)))
		for i := range found {
			all = append(all, found[i].counts())
		}
		return err
	})
	return all, err
}

func (s historyStore) DeleteCounts(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	spans := bson.M{idField: bson.M{"$lt": countsID(int64(ceiling(before)), "")}}
	err = s.do(ctx, "deleteCounts", func(ctx context.Context) error {
		removed, err = deleteUpTo(ctx, s.counts(), spans, ascending(idField), limit)
		return err
	})
	return removed, err
}
