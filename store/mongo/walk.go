package mongo

import (
	"bytes"
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// walk calls do with every document of a collection whose keys are texts, in
// their order, batch of them a message. If the query breaks off, as when the
// primary changes, another one goes on after the last document.
func (s *Store) walk(ctx context.Context, collection string, batch int32, do func(bson.Raw) error) error {
	w := walker{store: s, collection: collection, batch: batch, do: do}
	for {
		before := w.after
		brokeOff, err := w.run(ctx)
		if !brokeOff || before.Equal(w.after) || ctx.Err() != nil {
			return err
		}
	}
}

// walker is at a place in a collection.
type walker struct {
	store      *Store
	collection string
	batch      int32
	do         func(bson.Raw) error
	// after is the _id of the last document, zero before the first.
	after bson.RawValue
}

// run makes one query. It reports whether an error is the query's and not one of
// do.
func (w *walker) run(ctx context.Context) (brokeOff bool, err error) {
	beyond := bson.D{{Key: "$gte", Value: ""}} // The least of all texts.
	if !w.after.IsZero() {
		beyond = bson.D{{Key: "$gt", Value: w.after}}
	}
	cursor, err := w.store.database.Collection(w.collection).Find(ctx, bson.D{{Key: idField, Value: beyond}}, options.Find().SetSort(ascending(idField)).SetBatchSize(w.batch))
	if err != nil {
		return true, fmt.Errorf("read %s: %w", w.collection, err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		document := bson.Raw(bytes.Clone(cursor.Current)) // The cursor uses its own again.
		if err := w.do(document); err != nil {
			return false, err
		}
		w.after = document.Lookup(idField)
	}
	if err := cursor.Err(); err != nil {
		return true, fmt.Errorf("read %s: %w", w.collection, err)
	}
	return false, nil
}
