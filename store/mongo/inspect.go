package mongo

import (
	"context"
)

// Inspection is what Inspect found.
type Inspection struct {
	// Version is that of the server, such as "7.0.14".
	Version string
	// ReplicaSet is its name, empty for a server that stands alone.
	ReplicaSet string
	// Database is the name of the database.
	Database string
	// DataVersion is the version of the data, 0 for a database without any.
	DataVersion int
}

// Inspect checks that a server can be used as Open does, but neither migrates
// the data nor makes indexes: nodes of an older version may be at work on them.
// It returns the errors of Open.
func Inspect(ctx context.Context, o Options) (Inspection, error) {
	s, err := connect(o.withDefaults())
	if err != nil {
		return Inspection{}, err
	}
	found, err := s.inspect(ctx)
	_ = s.client.Disconnect(context.WithoutCancel(ctx))
	return found, explain(err)
}

func (s *Store) inspect(ctx context.Context) (Inspection, error) {
	g, version, err := s.inspectServer(ctx)
	if err != nil {
		return Inspection{}, err
	}
	if err := s.checkWritable(ctx); err != nil {
		return Inspection{}, err
	}
	stored, err := s.storedSchema(ctx)
	if err != nil {
		return Inspection{}, err
	}
	return Inspection{Version: version, ReplicaSet: g.ReplicaSet, Database: s.database.Name(), DataVersion: stored.Version}, nil
}
