package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/nodes"
)

const (
	nodesCollection    = "nodes"
	leasesCollection   = "leases"
	messagesCollection = "messages"
)

// Nodes returns what the nodes know of each other.
func (s *Store) Nodes() nodes.Store { return nodeStore{s} }

type nodeStore struct{ *Store }

func (s nodeStore) nodes() *driver.Collection { return s.database.Collection(nodesCollection) }

func (s nodeStore) leases() *driver.Collection { return s.database.Collection(leasesCollection) }

// nodeDocument is a node in the collection nodes.
type nodeDocument struct {
	ID        string    `bson:"_id"`
	Name      string    `bson:"name"`
	Version   string    `bson:"version"`
	StartedAt time.Time `bson:"startedAt,omitempty"`
	SeenAt    time.Time `bson:"seenAt,omitempty"`
	Beat      int64     `bson:"beat"`
	Listening bool      `bson:"listening"`
}

func (s nodeStore) Beat(ctx context.Context, n nodes.Node) error {
	return s.do(ctx, "beatNode", func(ctx context.Context) error {
		d := nodeDocument(n)
		d.StartedAt, d.SeenAt = whole(d.StartedAt), whole(d.SeenAt)
		return put(ctx, s.nodes(), d.ID, d)
	})
}

func (s nodeStore) Nodes(ctx context.Context) (all []nodes.Node, err error) {
	err = s.do(ctx, "listNodes", func(ctx context.Context) error {
		found, err := findAll[nodeDocument](ctx, s.nodes(), bson.M{}, options.Find().SetSort(ascending(idField)))
		for _, d := range found {
			all = append(all, nodes.Node(d))
		}
		return err
	})
	return all, err
}

// RemoveNode removes the record last: as long as it is there, whoever looks
// after dead nodes removes the messages once more.
func (s nodeStore) RemoveNode(ctx context.Context, id string) error {
	return s.do(ctx, "removeNode", func(ctx context.Context) error {
		if _, err := s.messages().DeleteMany(ctx, messagesOf(id)); err != nil {
			return err
		}
		_, err := s.nodes().DeleteOne(ctx, byID(id))
		return err
	})
}

// leaseDocument is a lease in the collection leases.
type leaseDocument struct {
	Name     string `bson:"_id"`
	Holder   string `bson:"holder"`
	Revision int64  `bson:"revision"`
}

func (s nodeStore) Lease(ctx context.Context, name string) (l nodes.Lease, err error) {
	err = s.do(ctx, "getLease", func(ctx context.Context) error {
		d, err := findOne[leaseDocument](ctx, s.leases(), byID(name), nodes.ErrNotFound)
		l = nodes.Lease(d)
		return err
	})
	if err != nil {
		return nodes.Lease{}, err
	}
	return l, nil
}

func (s nodeStore) SaveLease(ctx context.Context, l nodes.Lease) (nodes.Lease, error) {
	next := l
	next.Revision++
	err := s.do(ctx, "saveLease", func(ctx context.Context) error {
		if l.Revision == 0 {
			_, err := s.leases().InsertOne(ctx, leaseDocument(next))
			if driver.IsDuplicateKeyError(err) {
				return nodes.ErrConflict
			}
			return err
		}
		answer, err := s.leases().ReplaceOne(ctx, bson.M{idField: l.Name, "revision": l.Revision}, leaseDocument(next))
		if err == nil && answer.MatchedCount == 0 {
			return nodes.ErrConflict
		}
		return err
	})
	if err != nil {
		return nodes.Lease{}, err
	}
	return next, nil
}

// messageID orders the messages of a node by their sequence.
func messageID(node string, sequence int64) string { return fmt.Sprintf("%s/%019d", node, sequence) }

// messagesOf is the filter for every message of a node. "X0" is what follows
// everything that begins with "X/".
func messagesOf(node string) bson.M {
	return bson.M{idField: bson.M{"$gte": node + "/", "$lt": node + "0"}}
}
