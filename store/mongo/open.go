package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Open connects to the server, checks that it can be used, brings the data to
// the version of the program and makes the indexes that are missing. It returns
// errors that wrap ErrURI, ErrUnreachable, ErrRefused, ErrServer and ErrNewer.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := connect(o.withDefaults())
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{s.checkServer, s.checkWritable, s.migrate, s.makeIndexes} {
		if err := step(ctx); err != nil {
			_ = s.client.Disconnect(context.WithoutCancel(ctx))
			return nil, explain(err)
		}
	}
	return s, nil
}

// connect makes a store that has not spoken to the server yet.
func connect(o Options) (*Store, error) {
	name, err := CheckURI(o.URI)
	if err != nil {
		return nil, err
	}
	m, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, err
	}
	client, err := driver.Connect(o.client())
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrURI, withoutPassword(err.Error(), o.URI))
	}
	return newStore(o, client, client.Database(name), m), nil
}

// oldestWireVersion is that of MongoDB 6.0.
const oldestWireVersion = 17

// greeting is what a server answers to hello.
type greeting struct {
	MaxWireVersion int    `bson:"maxWireVersion"`
	Writable       bool   `bson:"isWritablePrimary"`
	ReadOnly       bool   `bson:"readOnly"`
	ReplicaSet     string `bson:"setName"`
}

func (s *Store) greet(ctx context.Context) (greeting, error) {
	var g greeting
	err := s.database.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&g)
	return g, err
}

// reachTimeout bounds how long a start waits for the server, whatever the URI
// says: who starts the program wants to know.
const reachTimeout = 10 * time.Second

// checkServer refuses a server that cannot be used.
func (s *Store) checkServer(ctx context.Context) error {
	_, _, err := s.inspectServer(ctx)
	return err
}

// inspectServer returns what the server says of itself and its version, or an
// error for one that cannot be used.
func (s *Store) inspectServer(ctx context.Context) (greeting, string, error) {
	ctx, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	g, err := s.greet(ctx)
	if err != nil {
		return greeting{}, "", fmt.Errorf("reach the MongoDB server: %w", err)
	}
	var build struct {
		Version string `bson:"version"`
	}
	if err := s.database.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return greeting{}, "", fmt.Errorf("read version of the MongoDB server: %w", err)
	}
	if g.MaxWireVersion < oldestWireVersion {
		return greeting{}, "", fmt.Errorf("%w: it has version %s, at least 6.0 is needed", ErrServer, build.Version)
	}
	return g, build.Version, g.check()
}

func (g greeting) check() error {
	if !g.Writable || g.ReadOnly {
		return fmt.Errorf("%w: it is read-only; name every member of the replica set in the address, or its replicaSet", ErrServer)
	}
	return nil
}

// checkWritable writes a document, as a user without the right to would find out
// only later.
func (s *Store) checkWritable(ctx context.Context) error {
	meta := s.database.Collection(metaCollection)
	_, err := meta.UpdateOne(ctx, byID("probe"), bson.D{{Key: "$set", Value: bson.D{{Key: "at", Value: s.options.Now().UTC()}}}}, options.UpdateOne().SetUpsert(true))
	if err != nil && !driver.IsDuplicateKeyError(err) {
		return fmt.Errorf("%w: it refuses a write to database %s (the user needs the role readWrite): %w", ErrServer, s.database.Name(), err)
	}
	return nil
}

// pingTimeout bounds Ping: who asks wants to know now.
const pingTimeout = 3 * time.Second

// Ping returns an error while the store cannot read and write.
func (s *Store) Ping(ctx context.Context) error {
	return s.do(ctx, "ping", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, pingTimeout)
		defer cancel()
		g, err := s.greet(ctx)
		if err != nil {
			return err
		}
		if err := g.check(); err != nil {
			return err
		}
		return s.checkWritable(ctx)
	})
}
