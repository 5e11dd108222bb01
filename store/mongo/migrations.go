package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device/query"
)

// giveSubjectKeys gives users from before there were subjects the key that keeps
// these apart.
func giveSubjectKeys(ctx context.Context, s *Store) error {
	documents := s.database.Collection(usersCollection)
	return s.walk(ctx, usersCollection, copyBatch, func(raw bson.Raw) error {
		name := raw.Lookup(idField).StringValue()
		if _, err := raw.LookupErr("subjectKey"); err == nil {
			return nil
		}
		set := bson.D{{Key: "$set", Value: bson.D{{Key: "subjectKey", Value: subjectKey(name, "")}}}}
		if _, err := documents.UpdateOne(ctx, append(byID(name), bson.E{Key: "subjectKey", Value: nil}), set); err != nil {
			return fmt.Errorf("give user %s a key: %w", name, err)
		}
		return nil
	})
}

// foldRetries gives tasks that repeat others the copy by which filters find them.
func foldRetries(ctx context.Context, s *Store) error {
	documents, after := s.database.Collection(tasksCollection), ""
	for {
		filter := bson.D{{Key: idField, Value: bson.D{{Key: "$gt", Value: after}}}, {Key: "retryOf", Value: bson.D{{Key: "$gt", Value: ""}}}}
		found, err := findUpTo[taskDocument](ctx, documents, filter, copyBatch,
			options.Find().SetSort(ascending(idField)).SetProjection(onlyFields("retryOf")))
		if err != nil || len(found) == 0 {
			return err
		}
		writes := make([]driver.WriteModel, len(found))
		for i := range found {
			folded := bson.D{{Key: "folded.retryOf", Value: query.Fold(string(found[i].RetryOf))}}
			writes[i] = driver.NewUpdateOneModel().SetFilter(byID(found[i].ID)).SetUpdate(bson.D{{Key: "$set", Value: folded}})
		}
		if _, err := documents.BulkWrite(ctx, writes); err != nil {
			return fmt.Errorf("copy what tasks repeat: %w", err)
		}
		after = string(found[len(found)-1].ID)
	}
}

// dropCredentialIndex removes the index that one with the time in it replaces. The
// version also keeps servers of the version before from starting: they would take
// away what they do not know from the records that they write.
func dropCredentialIndex(ctx context.Context, s *Store) error {
	return dropIndex(ctx, s.database.Collection(credentialsCollection), index{keys: ascending("device")})
}

// refuseFormerServers changes nothing: records from before sessions worked at settings
// have the state that they are to have. Its version keeps servers of the version before
// from starting: they would take away what they do not know from the records that they
// write.
func refuseFormerServers(context.Context, *Store) error { return nil }

// What MongoDB says of an index that is not there, and of its collection.
const (
	namespaceNotFound = 26
	indexNotFound     = 27
)
