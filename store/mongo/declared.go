package mongo

import (
	"context"
	"encoding/json"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/declared"
)

const declaredCollection = "declared"

// Declared returns what operators declared.
func (s *Store) Declared() declared.Store { return declaredStore{s} }

type declaredStore struct{ *Store }

func (s declaredStore) collection() *driver.Collection {
	return s.database.Collection(declaredCollection)
}

// declaredDocument is a document in the collection declared.
type declaredDocument struct {
	// Key is declaredKey of the two fields that follow.
	Key       string        `bson:"_id"`
	Kind      declared.Kind `bson:"kind"`
	ID        string        `bson:"id"`
	Body      []byte        `bson:"body"`
	Revision  int64         `bson:"revision"`
	CreatedAt time.Time     `bson:"createdAt,omitempty"`
	UpdatedAt time.Time     `bson:"updatedAt,omitempty"`
	UpdatedBy string        `bson:"updatedBy,omitempty"`
}

// declaredKey orders documents by kind and then ID: no kind holds a slash, and
// whatever a longer one goes on with sorts behind it.
func declaredKey(kind declared.Kind, id string) string { return string(kind) + "/" + id }

// ofKind is the filter for the documents of a kind.
func ofKind(kind declared.Kind) bson.D {
	return bson.D{{Key: idField, Value: bson.D{{Key: "$gte", Value: string(kind) + "/"}, {Key: "$lt", Value: string(kind) + "0"}}}}
}

func documentOfDeclared(d declared.Document) declaredDocument {
	return declaredDocument{
		Key: declaredKey(d.Kind, d.ID), Kind: d.Kind, ID: d.ID, Body: d.Body, Revision: d.Revision,
		CreatedAt: whole(d.CreatedAt), UpdatedAt: whole(d.UpdatedAt), UpdatedBy: d.UpdatedBy,
	}
}

func (d *declaredDocument) document() declared.Document {
	return declared.Document{
		Kind: d.Kind, ID: d.ID, Body: json.RawMessage(d.Body), Revision: d.Revision, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, UpdatedBy: d.UpdatedBy,
	}
}

func (s declaredStore) Documents(ctx context.Context, kind declared.Kind) (all []declared.Document, err error) {
	err = s.do(ctx, "listDeclared", func(ctx context.Context) error {
		found, err := findUpTo[declaredDocument](ctx, s.collection(), ofKind(kind), declared.MaxDocuments, options.Find().SetSort(ascending(idField)))
		for i := range found {
			all = append(all, found[i].document())
		}
		return err
	})
	return all, err
}

func (s declaredStore) Document(ctx context.Context, kind declared.Kind, id string) (d declared.Document, err error) {
	err = s.do(ctx, "getDeclared", func(ctx context.Context) error {
		found, err := findOne[declaredDocument](ctx, s.collection(), byID(declaredKey(kind, id)), declared.ErrNotFound)
		d = found.document()
		return err
	})
	if err != nil {
		return declared.Document{}, err
	}
	return d, nil
}

func (s declaredStore) PutDocument(ctx context.Context, d declared.Document) (declared.Document, error) {
	next := documentOfDeclared(d)
	next.Revision++
	err := s.do(ctx, "putDeclared", func(ctx context.Context) error {
		if d.Revision == 0 {
			return s.insert(ctx, next)
		}
		answer, err := s.collection().ReplaceOne(ctx, append(byID(next.Key), bson.E{Key: "revision", Value: d.Revision}), next)
		if err == nil && answer.MatchedCount == 0 {
			err = unmatched(ctx, s.collection(), next.Key, declared.ErrNotFound, declared.ErrConflict)
		}
		return err
	})
	if err != nil {
		return declared.Document{}, err
	}
	return next.document(), nil
}

// insert looks for the document itself before it counts: to whom it exists, the
// limit says nothing.
func (s declaredStore) insert(ctx context.Context, d declaredDocument) error {
	there, err := findIDs(ctx, s.collection(), ofKind(d.Kind), nil, declared.MaxDocuments)
	switch {
	case err != nil:
		return err
	case len(there) >= declared.MaxDocuments:
		return unmatched(ctx, s.collection(), d.Key, declared.ErrLimit, declared.ErrConflict)
	}
	_, err = s.collection().InsertOne(ctx, d)
	if driver.IsDuplicateKeyError(err) {
		return declared.ErrConflict
	}
	return err
}

func (s declaredStore) DeleteDocument(ctx context.Context, kind declared.Kind, id string, revision int64) error {
	key := declaredKey(kind, id)
	filter := byID(key)
	if revision != 0 {
		filter = append(filter, bson.E{Key: "revision", Value: revision})
	}
	return s.do(ctx, "deleteDeclared", func(ctx context.Context) error {
		removed, err := s.collection().DeleteOne(ctx, filter)
		if err == nil && removed.DeletedCount == 0 {
			err = unmatched(ctx, s.collection(), key, declared.ErrNotFound, declared.ErrConflict)
		}
		return err
	})
}
