package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const linesCollection = "lines"

// Lines returns the lines of customers.
func (s *Store) Lines() provisioners.LineStore { return lines{s} }

type lines struct{ *Store }

func (s lines) collection() *driver.Collection { return s.database.Collection(linesCollection) }

func (s lines) Lines(ctx context.Context, keys []provisioners.LineKey) (all []provisioners.Line, err error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = lineID(k)
	}
	err = s.do(ctx, "getLines", func(ctx context.Context) error {
		if err := checkKeys(len(keys)); err != nil || len(keys) == 0 {
			return err
		}
		found, err := findAll[lineDocument](ctx, s.collection(), among(ids))
		all = linesOf(found)
		return err
	})
	return all, err
}

func (s lines) ListLines(ctx context.Context, l provisioners.LineList) (all []provisioners.Line, err error) {
	err = s.do(ctx, "listLines", func(ctx context.Context) error {
		if err := store.CheckPageSize(l.Limit); err != nil {
			return err
		}
		return s.inFilterTime(ctx, linesCollection, func(ctx context.Context) error {
			found, err := findUpTo[lineDocument](ctx, s.collection(), lineFilter(l), l.Limit, options.Find().SetSort(ascending(idField)).SetComment("listLines"))
			all = linesOf(found)
			return err
		})
	})
	return all, err
}

// lineFilter is the filter for the lines that a list asks for. All but the text is
// a range of keys, so that they come in order.
func lineFilter(l provisioners.LineList) bson.D {
	terms := []bson.D{linesWithin(l.Scope.Group)}
	if l.OfGroup {
		terms = append(terms, bson.D{{Key: idField, Value: beginsWith(joinedKey(l.Group, ""))}})
	}
	if l.After != (provisioners.LineKey{}) {
		terms = append(terms, bson.D{{Key: idField, Value: bson.D{{Key: "$gt", Value: lineID(l.After)}}}})
	}
	if l.Search != "" {
		holds := bson.Regex{Pattern: quote(query.Fold(l.Search)), Options: "s"}
		terms = append(terms, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "folded.number", Value: holds}},
			bson.D{{Key: "folded.user", Value: holds}},
			bson.D{{Key: "folded.displayName", Value: holds}},
		}}})
	}
	return allOf(terms...)
}

// linesWithin is the filter for the lines of a subtree of the groups: those of its
// root, and of all whose path goes on behind it.
func linesWithin(group string) bson.D {
	if group == "" {
		return everything()
	}
	return bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: idField, Value: beginsWith(joinedKey(group, ""))}},
		bson.D{{Key: idField, Value: beginsWith(joinedKey(group + "/"))}},
	}}}
}

func (s lines) PutLine(ctx context.Context, l provisioners.Line) (provisioners.Line, error) {
	next := documentOfLine(l)
	next.Revision++
	err := s.do(ctx, "putLine", func(ctx context.Context) error {
		return putRevision(ctx, s.collection(), next.ID, l.Revision, next, provisioners.ErrConflict, provisioners.ErrConflict)
	})
	if err != nil {
		return provisioners.Line{}, err
	}
	return next.line(), nil
}

func (s lines) DeleteLine(ctx context.Context, key provisioners.LineKey, revision int64) error {
	id := lineID(key)
	filter := byID(id)
	if revision != 0 {
		filter = append(filter, bson.E{Key: "revision", Value: revision})
	}
	return s.do(ctx, "deleteLine", func(ctx context.Context) error {
		removed, err := s.collection().DeleteOne(ctx, filter)
		if err == nil && removed.DeletedCount == 0 {
			err = unmatched(ctx, s.collection(), id, provisioners.ErrNotFound, provisioners.ErrConflict)
		}
		return err
	})
}
