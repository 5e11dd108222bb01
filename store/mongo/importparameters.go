package mongo

import (
	"context"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// importedTree is what one import brings for a device: its whole tree.
type importedTree struct {
	device     device.ID
	parameters []device.Parameter
}

// put returns device.ErrNotFound for a branch of an unknown device, and
// device.ErrInvalid for one whose paths are not in order.
func (k copiedParameters) put(ctx context.Context, records []store.Record) error {
	trees, err := importedTrees(records)
	if err != nil || len(trees) == 0 {
		return err
	}
	if err := k.checkKnown(ctx, trees); err != nil {
		return err
	}
	var next []importedTree
	count := 0
	for _, t := range trees {
		next, count = append(next, t), count+len(t.parameters)
		if count < importAtOnce {
			continue
		}
		if err := k.importTrees(ctx, next); err != nil {
			return err
		}
		next, count = nil, 0
	}
	return k.importTrees(ctx, next)
}

// importAtOnce is how many parameters of trees are collected for one write.
const importAtOnce = 20_000

// importedTrees joins the branches of each device, which follow on each other.
func importedTrees(records []store.Record) ([]importedTree, error) {
	var trees []importedTree
	for _, r := range records {
		b := r.Parameters
		if n := len(trees) - 1; n < 0 || trees[n].device != b.Device {
			trees = append(trees, importedTree{device: b.Device})
		}
		t := &trees[len(trees)-1]
		for i := range b.Parameters {
			if n := len(t.parameters); n > 0 && b.Parameters[i].Path <= t.parameters[n-1].Path {
				return nil, fmt.Errorf("%w: parameters of %s are not in order at %s", device.ErrInvalid, b.Device, b.Parameters[i].Path)
			}
			t.parameters = append(t.parameters, b.Parameters[i])
		}
	}
	return trees, nil
}

// checkKnown returns device.ErrNotFound if a device is not stored.
func (k copiedParameters) checkKnown(ctx context.Context, trees []importedTree) error {
	ids := make([]device.ID, len(trees))
	for i := range trees {
		ids[i] = trees[i].device
	}
	known, err := k.imported.groupsOf(ctx, k.Store, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, found := known[id]; !found {
			return fmt.Errorf("parameters of %s: %w", id, device.ErrNotFound)
		}
	}
	return nil
}

// importTrees stores the trees of devices that have none, all by a few writes,
// and changes those that are there one by one. A device that is deleted
// meanwhile is none's concern: a new tree is looked at by sweepChunks.
func (k copiedParameters) importTrees(ctx context.Context, imported []importedTree) error {
	if len(imported) == 0 {
		return nil
	}
	trees, made := make([]*parameterTree, len(imported)), make([][]parameterChunk, len(imported))
	for i, t := range imported {
		var err error
		fresh := &parameterTree{Device: t.device}
		if trees[i], made[i], err = fresh.after([]piece{{parameters: t.parameters}}, t.change(), k.options.Now()); err != nil {
			return err
		}
	}
	if err := k.insertChunks(ctx, slices.Concat(made...)); err != nil {
		return err
	}
	refused, err := insertMissing(ctx, k.database.Collection(parameterCollection), trees)
	if err != nil {
		return fmt.Errorf("store parameters: %w", err)
	}
	for _, n := range refused {
		k.deleteChunks(ctx, imported[n].device, idsOf(made[n]))
		if err := k.importTree(ctx, imported[n]); err != nil {
			return err
		}
	}
	return nil
}

func (k copiedParameters) importTree(ctx context.Context, imported importedTree) error {
	_, err := k.editTree(ctx, "import", imported.device, anyTree(imported.change()))
	if err != nil {
		return fmt.Errorf("parameters of %s: %w", imported.device, err)
	}
	return nil
}

// change returns the change of whatever tree there is to the imported one.
func (t *importedTree) change() *treeChange {
	byPath := make(map[string]int, len(t.parameters))
	paths := make([]string, len(t.parameters))
	for i := range t.parameters {
		paths[i] = t.parameters[i].Path
		byPath[paths[i]] = i
	}
	set := func(path string, _ device.Parameter) device.Parameter { return t.parameters[byPath[path]] }
	return &treeChange{from: "", to: endOfText, paths: paths, set: set}
}
