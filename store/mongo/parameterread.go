package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"

	"github.com/dialtone-acs/dialtone/device"
)

// errMoved says that somebody else wrote the tree meanwhile: what was read of it
// is gone.
var errMoved = errors.New("the parameters were changed meanwhile")

// again calls try until it returns another error than errMoved.
func (s *Store) again(ctx context.Context, operation string, try func() error) error {
	return s.retry(ctx, operation, func(context.Context) (done bool, err error) {
		err = try()
		if errors.Is(err, errMoved) {
			return false, nil
		}
		return true, err
	})
}

// readTree reads one state of a tree. Chunks that were read stay valid when the
// tree has to be read anew, so that a reader of many gets on.
func (s *Store) readTree(ctx context.Context, operation string, id device.ID, read func(context.Context, *parameterTree, *chunkReader) error) error {
	r := &chunkReader{chunks: s.database.Collection(chunkCollection), loaded: loadedChunks{}}
	return s.again(ctx, operation, func() error {
		t, err := findTree(ctx, s.database.Collection(parameterCollection), id)
		if err != nil {
			return err
		}
		return read(ctx, t, r)
	})
}

// newest returns a collection whose reads see what is not yet acknowledged by a
// majority. A write that follows is conditional on what was read, so that such
// a read cannot mislead it, while one of an older state would make it fail.
func (s *Store) newest(collection string) *driver.Collection {
	return s.database.Collection(collection, options.Collection().SetReadConcern(readconcern.Local()))
}

// findTree returns the tree of a device, one that does not exist if there is
// none.
func findTree(ctx context.Context, trees *driver.Collection, id device.ID) (*parameterTree, error) {
	t, err := findOne[parameterTree](ctx, trees, byID(id), nil)
	if err != nil {
		return nil, fmt.Errorf("read parameters of %s: %w", id, err)
	}
	t.Device = id
	return &t, nil
}

// chunkReader reads chunks and keeps those that it has read.
type chunkReader struct {
	chunks *driver.Collection
	loaded loadedChunks
}

// load reads the chunks that were not read yet, a bounded size at a time. It
// returns errMoved if one is gone.
func (r *chunkReader) load(ctx context.Context, entries []chunkEntry) error {
	var ids []bson.ObjectID
	size := 0
	for _, entry := range entries {
		if _, read := r.loaded[entry.ID]; read {
			continue
		}
		if size += entry.Size; len(ids) > 0 && size > readAtOnce {
			if err := r.read(ctx, ids); err != nil {
				return err
			}
			ids, size = nil, entry.Size
		}
		ids = append(ids, entry.ID)
	}
	return r.read(ctx, ids)
}

func (r *chunkReader) read(ctx context.Context, ids []bson.ObjectID) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := findAll[parameterChunk](ctx, r.chunks, among(ids))
	if err != nil {
		return fmt.Errorf("read parameters: %w", err)
	}
	for i := range found {
		r.loaded[found[i].ID] = parametersOf(found[i].Parameters)
	}
	if len(found) < len(ids) {
		return errMoved
	}
	return nil
}
