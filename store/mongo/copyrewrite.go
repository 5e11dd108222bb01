package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/store"
)

// sealedDocuments copies a kind of documents that may hold sealed secrets.
type sealedDocuments[D any] struct {
	copiedDocuments[D]
	// counter is the field that every conditional write of the kind names and
	// raises, so that who read the record before it was rewritten does not store
	// what it read; empty if there is none.
	counter string
}

func (k sealedDocuments[D]) rewrite(ctx context.Context, change func(*store.Record) (bool, error)) (changed int, err error) {
	err = k.each(ctx, func(raw bson.Raw) error {
		did, err := k.rewriteOne(ctx, raw, change)
		if did {
			changed++
		}
		return err
	})
	return changed, err
}

// rewriteOne changes the fields that change reports, if nobody else changed one
// of them meanwhile, and leaves all others to whoever is changing them.
func (k sealedDocuments[D]) rewriteOne(ctx context.Context, raw bson.Raw, change func(*store.Record) (bool, error)) (changed bool, err error) {
	id := raw.Lookup(idField)
	documents := k.store.newest(k.collection)
	err = k.store.retry(ctx, "rewrite", func(ctx context.Context) (done bool, err error) {
		if raw == nil {
			raw, err = documents.FindOne(ctx, bson.D{{Key: idField, Value: id}}).Raw()
			if errors.Is(err, driver.ErrNoDocuments) {
				return true, nil // There is nothing left to rewrite.
			}
			if err != nil {
				return false, fmt.Errorf("read a record of %s: %w", k.collection, err)
			}
		}
		filter, update, err := k.update(raw, change)
		if err != nil || update == nil {
			return true, err
		}
		result, err := documents.UpdateOne(ctx, filter, update)
		if err != nil {
			return false, fmt.Errorf("rewrite a record of %s: %w", k.collection, err)
		}
		raw, changed = nil, result.MatchedCount > 0
		return changed, nil
	})
	return changed, err
}

// update returns the update that makes the change of a document, nil if there is
// none, and the filter that holds while what it changes is as it was.
func (k sealedDocuments[D]) update(raw bson.Raw, change func(*store.Record) (bool, error)) (filter, update bson.D, err error) {
	r, err := k.decode(raw)
	if err != nil {
		return nil, nil, err
	}
	before, err := k.encode(&r)
	if err != nil {
		return nil, nil, err
	}
	if changed, err := change(&r); err != nil || !changed {
		return nil, nil, err
	}
	after, err := k.encode(&r)
	if err != nil {
		return nil, nil, err
	}
	filter = bson.D{{Key: idField, Value: raw.Lookup(idField)}}
	var set, unset bson.D
	for _, name := range differing(before, after) {
		filter = append(filter, asItWas(raw, name))
		if value, err := after.LookupErr(name); err == nil {
			set = append(set, bson.E{Key: name, Value: value})
		} else {
			unset = append(unset, bson.E{Key: name, Value: ""})
		}
	}
	if len(set)+len(unset) == 0 {
		return nil, nil, nil
	}
	if len(set) > 0 {
		update = append(update, bson.E{Key: "$set", Value: set})
	}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	if k.counter != "" {
		update = append(update, bson.E{Key: "$inc", Value: bson.D{{Key: k.counter, Value: 1}}})
	}
	return filter, update, nil
}

// asItWas holds while a field has the value that it has in a document.
func asItWas(raw bson.Raw, name string) bson.E {
	value, err := raw.LookupErr(name)
	if err != nil {
		return bson.E{Key: name, Value: bson.D{{Key: "$exists", Value: false}}}
	}
	return bson.E{Key: name, Value: bson.D{{Key: "$eq", Value: value}}}
}

// differing returns the names of the fields that differ.
func differing(before, after bson.Raw) []string {
	was, is := fieldsOf(before), fieldsOf(after)
	var names []string
	for name, value := range was {
		if other, found := is[name]; !found || !value.Equal(other) {
			names = append(names, name)
		}
	}
	for name := range is {
		if _, found := was[name]; !found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func fieldsOf(document bson.Raw) map[string]bson.RawValue {
	fields := map[string]bson.RawValue{}
	elements, _ := document.Elements() // The driver made it just now.
	for _, e := range elements {
		fields[e.Key()] = e.Value()
	}
	return fields
}
