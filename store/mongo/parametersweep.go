package mongo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
)

// chunkAge is how old a chunk must be to be removed because no tree refers to
// it: a writer refers to what it made within half of it or never.
const chunkAge = time.Hour

// sweepBatch bounds the documents that one round of a sweep begins with, and
// sweepRounds the rounds.
const (
	sweepBatch  = 500
	sweepRounds = 20
)

// sweepChunks removes chunks that no tree refers to, as a crash leaves them, and
// trees of devices that are gone. It returns how many documents it removed. Only
// what was marked by its writer (checkAt) is looked at, once an hour at most.
func (s *Store) sweepChunks(ctx context.Context, now time.Time) (removed int, err error) {
	for range sweepRounds {
		devices, full, err := s.dueTrees(ctx, now)
		if err != nil || len(devices) == 0 {
			return removed, err
		}
		n, err := s.sweepTrees(ctx, devices, now)
		removed += n
		if err != nil || !full {
			return removed, err
		}
	}
	return removed, nil
}

// dueTrees returns devices of which a tree or a chunk is to be looked at, and
// whether there may be more.
func (s *Store) dueTrees(ctx context.Context, now time.Time) (devices []device.ID, full bool, err error) {
	due := bson.D{{Key: "checkAt", Value: bson.D{{Key: "$lte", Value: whole(now)}}}}
	found := map[device.ID]bool{}
	for collection, field := range map[string]string{parameterCollection: idField, chunkCollection: "device"} {
		all, err := findUpTo[bson.Raw](ctx, s.database.Collection(collection), due, sweepBatch,
			options.Find().SetSort(ascending("checkAt")).SetProjection(bson.D{{Key: field, Value: 1}}))
		if err != nil {
			return nil, false, err
		}
		for _, document := range all {
			id, _ := document.Lookup(field).StringValueOK()
			found[device.ID(id)] = true
		}
		full = full || len(all) == sweepBatch
	}
	return slices.Sorted(maps.Keys(found)), full, nil
}

// sweepTrees looks at all chunks of some devices. The chunks are read before the
// trees: a chunk that is old and that no tree refers to now never will be.
func (s *Store) sweepTrees(ctx context.Context, devices []device.ID, now time.Time) (int, error) {
	bare := options.Find().SetProjection(bson.D{{Key: "parameters", Value: 0}})
	chunks, err := findAll[parameterChunk](ctx, s.database.Collection(chunkCollection), bson.D{{Key: "device", Value: bson.D{{Key: "$in", Value: devices}}}}, bare)
	if err != nil {
		return 0, err
	}
	trees, err := findAll[parameterTree](ctx, s.database.Collection(parameterCollection), among(devices), bare)
	if err != nil {
		return 0, err
	}
	existing, err := s.existing(ctx, devicesCollection, devices)
	if err != nil {
		return 0, err
	}
	w := newTreeSweep(now)
	w.sort(trees, existing, chunks)
	return w.carryOut(ctx, s)
}

// existing returns which of the devices have a document in a collection.
func (s *Store) existing(ctx context.Context, collection string, devices []device.ID) (map[device.ID]bool, error) {
	found, err := findIDs(ctx, s.database.Collection(collection), among(devices), nil, len(devices))
	known := make(map[device.ID]bool, len(found))
	for _, id := range found {
		known[device.ID(id)] = true
	}
	return known, err
}

// treeSweep is what a sweep found.
type treeSweep struct {
	now time.Time
	// gone are trees of devices that are deleted, orphans chunks that nothing
	// refers to, clear chunks that need not be looked at again.
	gone           []device.ID
	orphans, clear []bson.ObjectID
	trees          []driver.WriteModel
	referred       map[bson.ObjectID]bool
}

func newTreeSweep(now time.Time) *treeSweep {
	return &treeSweep{now: now, referred: map[bson.ObjectID]bool{}}
}

func (w *treeSweep) due(at time.Time) bool { return !at.IsZero() && !at.After(w.now) }

func (w *treeSweep) sort(trees []parameterTree, exists map[device.ID]bool, chunks []parameterChunk) {
	for i := range trees {
		for _, entry := range trees[i].Chunks {
			w.referred[entry.ID] = true
		}
	}
	young := map[device.ID]bool{}
	for i := range chunks {
		switch c := &chunks[i]; {
		case w.referred[c.ID]:
			if w.due(c.CheckAt) {
				w.clear = append(w.clear, c.ID)
			}
		case c.MadeAt.After(w.now.Add(-chunkAge)):
			young[c.Device] = true
		default:
			w.orphans = append(w.orphans, c.ID)
		}
	}
	for i := range trees {
		t := &trees[i]
		if !exists[t.Device] {
			w.gone = append(w.gone, t.Device)
		} else if w.due(t.CheckAt) {
			w.trees = append(w.trees, w.mark(t, young[t.Device]))
		}
	}
}

// mark ends the looking after a tree, or puts it off while a chunk is too young
// to be judged. A tree that was written meanwhile keeps its mark.
func (w *treeSweep) mark(t *parameterTree, again bool) driver.WriteModel {
	update := bson.D{{Key: "$unset", Value: bson.D{{Key: "checkAt", Value: ""}}}}
	if again {
		update = bson.D{{Key: "$set", Value: bson.D{{Key: "checkAt", Value: whole(w.now.Add(chunkAge))}}}}
	}
	seen := bson.D{{Key: idField, Value: t.Device}, {Key: "version", Value: t.Version}, {Key: "checkAt", Value: t.CheckAt}}
	return driver.NewUpdateOneModel().SetFilter(seen).SetUpdate(update)
}

func (w *treeSweep) carryOut(ctx context.Context, s *Store) (removed int, err error) {
	chunks := s.database.Collection(chunkCollection)
	if len(w.orphans) > 0 {
		result, err := chunks.DeleteMany(ctx, among(w.orphans))
		if err != nil {
			return 0, fmt.Errorf("remove chunks that no tree refers to: %w", err)
		}
		removed = int(result.DeletedCount)
	}
	if len(w.clear) > 0 {
		if _, err := chunks.UpdateMany(ctx, among(w.clear), bson.D{{Key: "$unset", Value: bson.D{{Key: "checkAt", Value: ""}}}}); err != nil {
			return removed, fmt.Errorf("note chunks as looked at: %w", err)
		}
	}
	if len(w.trees) > 0 {
		if _, err := s.database.Collection(parameterCollection).BulkWrite(ctx, w.trees, options.BulkWrite().SetOrdered(false)); err != nil {
			return removed, fmt.Errorf("note trees as looked at: %w", err)
		}
	}
	return removed + len(w.gone), s.removeParameters(ctx, w.gone)
}

// removeParameters removes the trees of devices whose records are gone already.
// The chunks go first: the tree's document is what a sweep finds the rest by.
func (s *Store) removeParameters(ctx context.Context, devices []device.ID) error {
	if len(devices) == 0 {
		return nil
	}
	if _, err := s.database.Collection(chunkCollection).DeleteMany(ctx, bson.D{{Key: "device", Value: bson.D{{Key: "$in", Value: devices}}}}); err != nil {
		return fmt.Errorf("remove parameters of deleted devices: %w", err)
	}
	if _, err := s.database.Collection(parameterCollection).DeleteMany(ctx, among(devices)); err != nil {
		return fmt.Errorf("remove parameters of deleted devices: %w", err)
	}
	return nil
}
