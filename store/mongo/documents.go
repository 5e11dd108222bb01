package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// idField is the name of every document's key.
const idField = "_id"

// byID is the filter for one document.
func byID[T ~string](id T) bson.D { return bson.D{{Key: idField, Value: string(id)}} }

// joinedKey joins the parts of a key so that no two keys have the same and that the
// order is that of the parts: the end of a part sorts before whatever a longer one
// goes on with.
func joinedKey(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = strings.ReplaceAll(part, "\x00", "\x00\x01")
	}
	return strings.Join(escaped, "\x00\x00")
}

// among is the filter for the documents of some keys.
func among[T any](ids []T) bson.D {
	return bson.D{{Key: idField, Value: bson.D{{Key: "$in", Value: ids}}}}
}

// onlyFields is a projection to some fields and the key.
func onlyFields(names ...string) bson.D {
	fields := bson.D{{Key: idField, Value: 1}}
	for _, name := range names {
		fields = append(fields, bson.E{Key: name, Value: 1})
	}
	return fields
}

// findOne reads the first document that the filter takes. It returns absent if
// there is none.
func findOne[T any](ctx context.Context, c *driver.Collection, filter any, absent error, o ...options.Lister[options.FindOneOptions]) (T, error) {
	return decoded[T](c.FindOne(ctx, filter, o...), absent)
}

// decoded reads the document of an answer, or returns absent if it has none.
func decoded[T any](answer *driver.SingleResult, absent error) (document T, err error) {
	switch err := answer.Err(); {
	case errors.Is(err, driver.ErrNoDocuments):
		return document, absent
	case err != nil:
		return document, err
	}
	if err := answer.Decode(&document); err != nil {
		return document, fmt.Errorf("stored document is damaged: %w", err)
	}
	return document, nil
}

// findUpTo reads up to limit of the documents that the filter takes.
func findUpTo[T any](ctx context.Context, c *driver.Collection, filter any, limit int, o *options.FindOptionsBuilder) ([]T, error) {
	if limit <= 0 {
		return nil, nil // MongoDB takes a limit of 0 for none.
	}
	return findAll[T](ctx, c, filter, o.SetLimit(int64(limit)))
}

// findAll reads every document that the filter takes.
func findAll[T any](ctx context.Context, c *driver.Collection, filter any, o ...options.Lister[options.FindOptions]) (all []T, err error) {
	cursor, err := c.Find(ctx, filter, o...)
	if err == nil {
		err = cursor.All(ctx, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c.Name(), err)
	}
	return all, nil
}

// keyOnly is a document of which only the key was asked for.
type keyOnly struct {
	ID string `bson:"_id"`
}

// anyID returns the key of a document that the filter takes, empty if there is
// none.
func anyID(ctx context.Context, c *driver.Collection, filter any) (string, error) {
	found, err := findOne[keyOnly](ctx, c, filter, nil, options.FindOne().SetProjection(onlyFields()))
	return found.ID, err
}

// findIDs reads the keys of up to limit documents that the filter takes; a nil
// order is none.
func findIDs(ctx context.Context, c *driver.Collection, filter any, order bson.D, limit int) ([]string, error) {
	find := options.Find().SetProjection(onlyFields())
	if order != nil {
		find.SetSort(order)
	}
	found, err := findUpTo[keyOnly](ctx, c, filter, limit, find)
	if err != nil {
		return nil, err
	}
	all := make([]string, 0, len(found))
	for _, f := range found {
		all = append(all, f.ID)
	}
	return all, nil
}

// deleteUpTo removes up to limit of the documents that the filter takes, the
// first of the order, and returns how many. A deletion has no limit of its own:
// the keys are read first, and who no longer matches then stays.
func deleteUpTo(ctx context.Context, c *driver.Collection, filter bson.M, order bson.D, limit int) (int, error) {
	ids, err := findIDs(ctx, c, filter, order, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	removed, err := c.DeleteMany(ctx, bson.M{"$and": bson.A{among(ids), filter}})
	if err != nil {
		return 0, err
	}
	return int(removed.DeletedCount), nil
}

// put stores a document under its key, replacing what is there.
func put(ctx context.Context, c *driver.Collection, id string, document any) error {
	return onceMore(func() error {
		_, err := c.ReplaceOne(ctx, byID(id), document, options.Replace().SetUpsert(true))
		return err
	})
}

// onceMore runs an upsert, and again if somebody else inserted the document at
// the same moment: it is there to be updated then.
func onceMore(upsert func() error) error {
	err := upsert()
	if driver.IsDuplicateKeyError(err) {
		err = upsert()
	}
	return err
}

// deleteOne removes the document that the filter takes, or returns absent.
func deleteOne(ctx context.Context, c *driver.Collection, filter any, absent error) error {
	removed, err := c.DeleteOne(ctx, filter)
	if err == nil && removed.DeletedCount == 0 {
		err = absent
	}
	return err
}

// unmatched says why an update that named a revision found nothing.
func unmatched(ctx context.Context, c *driver.Collection, id string, absent, conflict error) error {
	there, err := anyID(ctx, c, byID(id))
	switch {
	case err != nil:
		return err
	case there == "":
		return absent
	default:
		return conflict
	}
}
