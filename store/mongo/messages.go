package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/nodes"
)

func (s nodeStore) messages() *driver.Collection { return s.database.Collection(messagesCollection) }

// messageDocument is a message in the collection messages.
type messageDocument struct {
	// ID is messageID.
	ID       string    `bson:"_id"`
	Node     string    `bson:"node"`
	Sequence int64     `bson:"sequence"`
	At       time.Time `bson:"at,omitempty"`
	Kind     string    `bson:"kind"`
	Data     []byte    `bson:"data,omitempty"`
}

// Publish inserts in order, so that nobody who reads sees a message before the
// one that precedes it. A message that is there already was stored by an earlier
// call whose answer was lost; it stays.
func (s nodeStore) Publish(ctx context.Context, messages []nodes.Message) error {
	documents := make([]messageDocument, 0, len(messages))
	for _, m := range messages {
		documents = append(documents, messageDocument{ID: messageID(m.Node, m.Sequence), Node: m.Node, Sequence: m.Sequence, At: whole(m.At), Kind: m.Kind, Data: m.Data})
	}
	return s.do(ctx, "publishMessages", func(ctx context.Context) error {
		for len(documents) > 0 {
			_, err := s.messages().InsertMany(ctx, documents)
			there, duplicate := firstDuplicate(err)
			if !duplicate {
				return err
			}
			documents = documents[there+1:]
		}
		return nil
	})
}

// firstDuplicate returns the place of the document at which an ordered insert
// stopped because its key is taken.
func firstDuplicate(err error) (place int, ok bool) {
	var failure driver.BulkWriteException
	if !errors.As(err, &failure) || len(failure.WriteErrors) != 1 || !driver.IsDuplicateKeyError(failure.WriteErrors[0]) {
		return 0, false
	}
	return failure.WriteErrors[0].Index, true
}

func (s nodeStore) Messages(ctx context.Context, node string, after int64, limit int) (all []nodes.Message, err error) {
	err = s.do(ctx, "listMessages", func(ctx context.Context) error {
		later := bson.M{idField: bson.M{"$gt": messageID(node, max(after, 0)), "$lt": node + "0"}}
		found, err := findUpTo[messageDocument](ctx, s.messages(), later, limit, options.Find().SetSort(ascending(idField)))
		for _, d := range found {
			all = append(all, nodes.Message{Node: d.Node, Sequence: d.Sequence, At: d.At, Kind: d.Kind, Data: d.Data})
		}
		return err
	})
	return all, err
}

func (s nodeStore) DeleteMessages(ctx context.Context, node string, upTo int64) error {
	return s.do(ctx, "deleteMessages", func(ctx context.Context) error {
		_, err := s.messages().DeleteMany(ctx, bson.M{idField: bson.M{"$gte": node + "/", "$lte": messageID(node, max(upTo, 0))}})
		return err
	})
}
