package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/store"
)

// copiedDocuments copies a kind whose records are one document each, of the Go
// type D. Their _id is a text that orders them as their keys do.
type copiedDocuments[D any] struct {
	store      *Store
	collection string
	// is reports whether a record is of the kind.
	is func(*store.Record) bool
	// record and document turn a document into a record and back. The document
	// of a record has its _id.
	record   func(*D) (store.Record, error)
	document func(*store.Record) (D, error)
}

func (k copiedDocuments[D]) takes(r *store.Record) bool { return k.is(r) }

func (k copiedDocuments[D]) empty(ctx context.Context) (bool, error) {
	found, err := anyID(ctx, k.store.database.Collection(k.collection), everything())
	return found == "", err
}

// copyBatch is how many documents of a copy come in one message.
const copyBatch = 500

// each calls do with every document in the order of _id.
func (k copiedDocuments[D]) each(ctx context.Context, do func(bson.Raw) error) error {
	return k.store.walk(ctx, k.collection, copyBatch, do)
}

func (k copiedDocuments[D]) decode(raw bson.Raw) (store.Record, error) {
	var document D
	if err := bson.Unmarshal(raw, &document); err != nil {
		return store.Record{}, fmt.Errorf("read %v of %s: %w", raw.Lookup(idField), k.collection, err)
	}
	return k.record(&document)
}

func (k copiedDocuments[D]) export(ctx context.Context, each func(store.Record) error) error {
	return k.each(ctx, func(raw bson.Raw) error {
		r, err := k.decode(raw)
		if err != nil {
			return err
		}
		return each(r)
	})
}

// put inserts the records, as a copy goes into a store that has none of them,
// and replaces only those whose place is taken: a replacement has to find the
// document first.
func (k copiedDocuments[D]) put(ctx context.Context, records []store.Record) error {
	refused, err := k.insert(ctx, records)
	if err != nil {
		return err
	}
	return k.replace(ctx, refused)
}

// insert returns the records that were refused because a document with their
// key, or with a unique value of theirs, is there.
func (k copiedDocuments[D]) insert(ctx context.Context, records []store.Record) (refused []store.Record, err error) {
	if len(records) == 0 {
		return nil, nil
	}
	documents, err := k.encodeAll(records)
	if err != nil {
		return nil, err
	}
	which, err := insertMissing(ctx, k.store.database.Collection(k.collection), documents)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", k.collection, err)
	}
	for _, n := range which {
		refused = append(refused, records[n])
	}
	return refused, nil
}

// replace stores records in place of those of the same key.
func (k copiedDocuments[D]) replace(ctx context.Context, records []store.Record) error {
	if len(records) == 0 {
		return nil
	}
	documents, err := k.encodeAll(records)
	if err != nil {
		return err
	}
	writes := make([]driver.WriteModel, len(documents))
	for i, raw := range documents {
		key := bson.D{{Key: idField, Value: raw.Lookup(idField)}}
		writes[i] = driver.NewReplaceOneModel().SetFilter(key).SetReplacement(raw).SetUpsert(true)
	}
	if _, err := k.store.database.Collection(k.collection).BulkWrite(ctx, writes); err != nil {
		return fmt.Errorf("store %s: %w", k.collection, err)
	}
	return nil
}

func (k copiedDocuments[D]) encodeAll(records []store.Record) (documents []bson.Raw, err error) {
	documents = make([]bson.Raw, len(records))
	for i := range records {
		if documents[i], err = k.encode(&records[i]); err != nil {
			return nil, err
		}
	}
	return documents, nil
}

func (k copiedDocuments[D]) encode(r *store.Record) (bson.Raw, error) {
	document, err := k.document(r)
	if err != nil {
		return nil, err
	}
	raw, err := bson.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("encode a record of %s: %w", k.collection, err)
	}
	return raw, nil
}
