package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// A tree is written in this order, so that readers see the old or the new one
// and a crash leaves either, and at worst chunks that nothing refers to: the new
// chunks, then the tree's document if its version is still the one that was
// read, then the old chunks go.

// decide returns what is to be done to a tree, nil for nothing.
type decide func(*parameterTree) (*treeChange, error)

// anyTree makes the same change whatever the tree is.
func anyTree(c *treeChange) decide {
	return func(*parameterTree) (*treeChange, error) { return c, nil }
}

// editTree changes a tree and returns how many parameters were removed. A tree
// that does not exist is made if the device exists, else device.ErrNotFound is
// returned.
func (s *Store) editTree(ctx context.Context, operation string, id device.ID, what decide) (removed int, err error) {
	err = s.again(ctx, operation, func() error {
		t, err := findTree(ctx, s.newest(parameterCollection), id)
		if err != nil {
			return err
		}
		c, err := what(t)
		if err != nil || c == nil {
			return err
		}
		removed, err = s.changeTree(ctx, t, c)
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

// changeTree returns errMoved if somebody else changed the tree since it was
// read.
func (s *Store) changeTree(ctx context.Context, t *parameterTree, c *treeChange) (removed int, err error) {
	if !t.exists() {
		if err := s.requireDevice(ctx, t.Device); err != nil {
			return 0, err
		}
	}
	if len(c.paths) > device.MaxParameters {
		return 0, checkTree(len(c.paths), 0)
	}
	all, removed, err := s.changedPieces(ctx, t, c)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	next, made, err := t.after(all, c, s.options.Now())
	if err != nil {
		return 0, err
	}
	return removed, s.storeTree(ctx, t, next, made)
}

func (s *Store) requireDevice(ctx context.Context, id device.ID) error {
	there, err := anyID(ctx, s.newest(devicesCollection), byID(id))
	if err != nil {
		return fmt.Errorf("look for device %s: %w", id, err)
	}
	if there == "" {
		return device.ErrNotFound
	}
	return nil
}

// changedPieces returns the tree after a change, nothing if it stays as it is.
func (s *Store) changedPieces(ctx context.Context, t *parameterTree, c *treeChange) (all []piece, removed int, err error) {
	r := &chunkReader{chunks: s.newest(chunkCollection), loaded: loadedChunks{}}
	return t.change(c, r.loaded, func(entries []chunkEntry) error { return r.load(ctx, entries) })
}

// change returns the pieces of the tree after a change, nothing if it stays as it
// is. Load reads chunks into loaded.
func (t *parameterTree) change(c *treeChange, loaded loadedChunks, load func([]chunkEntry) error) (all []piece, removed int, err error) {
	rewrite := map[bson.ObjectID]bool{}
	for wanted := t.touched(c); ; {
		if err := load(t.entries(wanted)); err != nil {
			return nil, 0, err
		}
		all, removed = t.pieces(c, loaded, rewrite)
		if !changes(all) {
			return nil, 0, nil
		}
		if wanted = joinable(all); len(wanted) == 0 {
			return all, removed, nil
		}
		for _, id := range wanted {
			rewrite[id] = true
		}
	}
}

func changes(all []piece) bool {
	for i := range all {
		if all[i].kept == nil {
			return true
		}
	}
	return false
}

func (t *parameterTree) entries(ids []bson.ObjectID) []chunkEntry {
	wanted := make(map[bson.ObjectID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var entries []chunkEntry
	for _, entry := range t.Chunks {
		if wanted[entry.ID] {
			entries = append(entries, entry)
		}
	}
	return entries
}

// after returns the document of the tree that consists of the pieces, and its
// new chunks.
func (t *parameterTree) after(all []piece, c *treeChange, now time.Time) (*parameterTree, []parameterChunk, error) {
	next := &parameterTree{Device: t.Device, Version: bson.NewObjectID(), CheckAt: t.CheckAt}
	next.Count, next.Size = totals(all)
	if len(c.paths) > 0 {
		if err := errors.Join(checkTree(next.Count, next.Size), checkParameters(all)); err != nil {
			return nil, nil, err
		}
	}
	if next.CheckAt.IsZero() && (!t.exists() || len(t.Chunks) > 0) {
		next.CheckAt = whole(now.Add(chunkAge))
	}
	if fits(next.Count, next.Size) && len(all) == 1 && all[0].kept == nil {
		next.Parameters = parameterDocuments(all[0].parameters)
		return next, nil, nil
	}
	var made []parameterChunk
	for i := range all {
		if all[i].kept != nil {
			next.Chunks = append(next.Chunks, *all[i].kept)
			continue
		}
		for _, run := range cut(all[i].parameters) {
			chunk := parameterChunk{
				ID: bson.NewObjectID(), Device: t.Device, MadeAt: whole(now), CheckAt: whole(now.Add(chunkAge)), Parameters: parameterDocuments(run),
			}
			made = append(made, chunk)
			next.Chunks = append(next.Chunks, chunkEntry{ID: chunk.ID, First: run[0].Path, Count: len(run), Size: sizeOf(run)})
		}
	}
	return next, made, nil
}

func checkParameters(all []piece) error {
	for i := range all {
		for k := range all[i].parameters {
			if err := checkParameter(&all[i].parameters[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// storeTree stores the new chunks, the tree's document, and removes the chunks
// that it no longer refers to.
func (s *Store) storeTree(ctx context.Context, old, next *parameterTree, made []parameterChunk) error {
	if err := s.insertChunks(ctx, made); err != nil {
		s.deleteChunks(ctx, next.Device, idsOf(made))
		return err
	}
	err := s.swapTree(ctx, old, next, made)
	switch {
	case errors.Is(err, errMoved):
		s.deleteChunks(ctx, next.Device, idsOf(made))
	case err == nil:
		s.deleteChunks(ctx, next.Device, old.dropped(next))
	}
	// After any other error the document may have been stored all the same, and
	// what is not referred to is left for sweepChunks, which knows.
	if err != nil || old.exists() {
		return err
	}
	return s.keepForDevice(ctx, next.Device)
}

func (s *Store) insertChunks(ctx context.Context, made []parameterChunk) error {
	if len(made) == 0 {
		return nil
	}
	if _, err := s.database.Collection(chunkCollection).InsertMany(ctx, made); err != nil {
		return fmt.Errorf("store parameters of %s: %w", made[0].Device, err)
	}
	return nil
}

// swapTree puts the new document in the place of the old one. It returns
// errMoved if the old one is there no more.
func (s *Store) swapTree(ctx context.Context, old, next *parameterTree, made []parameterChunk) error {
	if len(made) > 0 && s.options.Now().Sub(made[0].MadeAt) > chunkAge/2 {
		return fmt.Errorf("store parameters of %s: writing them took too long", next.Device)
	}
	trees := s.database.Collection(parameterCollection)
	if !old.exists() {
		_, err := trees.InsertOne(ctx, next)
		return treeError(next.Device, err, driver.IsDuplicateKeyError(err))
	}
	result, err := trees.ReplaceOne(ctx, bson.D{{Key: idField, Value: old.Device}, {Key: "version", Value: old.Version}}, next)
	return treeError(next.Device, err, err == nil && result.MatchedCount == 0)
}

func treeError(id device.ID, err error, moved bool) error {
	switch {
	case moved:
		return errMoved
	case err != nil:
		return fmt.Errorf("store parameters of %s: %w", id, err)
	}
	return nil
}

// keepForDevice removes a tree that was made while its device was deleted: who
// deletes a device removes its record first.
func (s *Store) keepForDevice(ctx context.Context, id device.ID) error {
	err := s.requireDevice(ctx, id)
	if !errors.Is(err, device.ErrNotFound) {
		return err
	}
	return errors.Join(err, s.removeParameters(ctx, []device.ID{id}))
}

// dropped returns the chunks of a tree that the next one does without.
func (t *parameterTree) dropped(next *parameterTree) []bson.ObjectID {
	kept := make(map[bson.ObjectID]bool, len(next.Chunks))
	for _, entry := range next.Chunks {
		kept[entry.ID] = true
	}
	var ids []bson.ObjectID
	for _, entry := range t.Chunks {
		if !kept[entry.ID] {
			ids = append(ids, entry.ID)
		}
	}
	return ids
}

func idsOf(chunks []parameterChunk) []bson.ObjectID {
	ids := make([]bson.ObjectID, len(chunks))
	for i := range chunks {
		ids[i] = chunks[i].ID
	}
	return ids
}

// deleteChunks removes chunks that nothing refers to, also for a caller that was
// cancelled. What fails here is left to sweepChunks.
func (s *Store) deleteChunks(ctx context.Context, id device.ID, ids []bson.ObjectID) {
	if len(ids) == 0 {
		return
	}
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if _, err := s.database.Collection(chunkCollection).DeleteMany(ctx, among(ids)); err != nil {
		s.options.Logger.DebugContext(ctx, "cannot remove old parameters now, they are swept later", logkeys.Device, string(id), logkeys.Error, err)
	}
}
