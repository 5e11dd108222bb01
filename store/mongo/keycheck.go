package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// keyCheckID is the key of the document of the collection meta that holds the
// check value of the key.
const keyCheckID = "keyCheck"

type keyCheck struct {
	Check secret.Sealed `bson:"check"`
}

// KeyCheck returns the check value of the key that seals the secrets in this
// store; the first call stores what is proposed. Of nodes that start at once,
// one stores its own and all get that.
func (s *Store) KeyCheck(ctx context.Context, proposed secret.Sealed) (check secret.Sealed, err error) {
	err = s.do(ctx, "keyCheck", func(ctx context.Context) error {
		return onceMore(func() error {
			stored, err := decoded[keyCheck](s.database.Collection(metaCollection).FindOneAndUpdate(ctx, byID(keyCheckID),
				bson.M{"$setOnInsert": keyCheck{proposed}}, options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)), nil)
			check = stored.Check
			return err
		})
	})
	return check, err
}

// ReplaceKeyCheck replaces the check value of the key.
func (s *Store) ReplaceKeyCheck(ctx context.Context, check secret.Sealed) error {
	return s.do(ctx, "replaceKeyCheck", func(ctx context.Context) error {
		return onceMore(func() error {
			_, err := s.database.Collection(metaCollection).UpdateOne(ctx, byID(keyCheckID), bson.M{"$set": keyCheck{check}}, options.UpdateOne().SetUpsert(true))
			return err
		})
	})
}
