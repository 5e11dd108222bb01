package mongo

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// copiedParameters copies the parameter trees, a branch a record.
type copiedParameters struct {
	*Store

	imported *importedDevices
}

func (k copiedParameters) takes(r *store.Record) bool { return r.Parameters != nil }

func (k copiedParameters) empty(ctx context.Context) (bool, error) {
	filled, err := anyID(ctx, k.database.Collection(parameterCollection), bson.D{{Key: "count", Value: bson.D{{Key: "$gt", Value: 0}}}})
	return filled == "", err
}

// treesAtOnce is how many trees of a copy come in one message, each of which may
// be as large as a chunk.
const treesAtOnce = 50

// eachTree calls do with every tree in the order of devices.
func (k copiedParameters) eachTree(ctx context.Context, do func(*parameterTree) error) error {
	return k.walk(ctx, parameterCollection, treesAtOnce, func(raw bson.Raw) error {
		var t parameterTree
		if err := bson.Unmarshal(raw, &t); err != nil {
			return fmt.Errorf("read %v of %s: %w", raw.Lookup(idField), parameterCollection, err)
		}
		return do(&t)
	})
}

// branchAfter returns the next branch of a tree, and the state of the tree of
// which it is: another one if the given one is gone.
func (k copiedParameters) branchAfter(ctx context.Context, operation string, t *parameterTree, after string) ([]device.Parameter, *parameterTree, error) {
	from := ""
	if after != "" {
		from = after + "\x00"
	}
	var branch []device.Parameter
	err := k.again(ctx, operation, func() error {
		r := &chunkReader{chunks: k.newest(chunkCollection), loaded: loadedChunks{}}
		var err error
		if branch, err = t.page(ctx, r, from, endOfText, store.MaxBranch); !errors.Is(err, errMoved) {
			return err
		}
		if t, err = findTree(ctx, k.newest(parameterCollection), t.Device); err != nil {
			return err
		}
		return errMoved
	})
	return branch, t, err
}

func (k copiedParameters) export(ctx context.Context, each func(store.Record) error) error {
	return k.eachTree(ctx, func(t *parameterTree) error {
		for after := ""; ; {
			branch, now, err := k.branchAfter(ctx, "export", t, after)
			if err != nil || len(branch) == 0 {
				return err
			}
			if err := each(store.Record{Parameters: &store.Branch{Device: t.Device, Parameters: branch}}); err != nil {
				return err
			}
			if len(branch) < store.MaxBranch {
				return nil
			}
			t, after = now, branch[len(branch)-1].Path
		}
	})
}

func (k copiedParameters) rewrite(ctx context.Context, change func(*store.Record) (bool, error)) (changed int, err error) {
	err = k.eachTree(ctx, func(t *parameterTree) error {
		w := branchRewriter{copiedParameters: k, id: t.Device, tree: t, change: change}
		n, err := w.run(ctx)
		changed += n
		if err != nil {
			return fmt.Errorf("rewrite parameters of %s: %w", t.Device, err)
		}
		return nil
	})
	return changed, err
}

// branchRewriter rewrites the branches of one tree.
type branchRewriter struct {
	copiedParameters
	id device.ID
	// tree is the state that the next branch is read of, nil to read it anew.
	tree   *parameterTree
	change func(*store.Record) (bool, error)
}

func (w *branchRewriter) run(ctx context.Context) (changed int, err error) {
	for after := ""; ; {
		last, did, err := w.next(ctx, after)
		if err != nil {
			return changed, err
		}
		if did {
			changed++
		}
		if last == "" {
			return changed, nil
		}
		after = last
	}
}

// next rewrites the branch after a path and returns its last path, empty if
// there is no other after it. If somebody else changes the tree meanwhile, the
// branch is read and given to change once more.
func (w *branchRewriter) next(ctx context.Context, after string) (last string, changed bool, err error) {
	err = w.again(ctx, "rewrite", func() error {
		branch, err := w.branch(ctx, after)
		if err != nil {
			return err
		}
		if last = ""; len(branch) == store.MaxBranch {
			last = branch[len(branch)-1].Path
		}
		changed, err = w.rewriteBranch(ctx, branch)
		return err
	})
	return last, changed, err
}

func (w *branchRewriter) branch(ctx context.Context, after string) (branch []device.Parameter, err error) {
	if w.tree == nil {
		if w.tree, err = findTree(ctx, w.newest(parameterCollection), w.id); err != nil {
			return nil, err
		}
	}
	branch, w.tree, err = w.branchAfter(ctx, "rewrite", w.tree, after)
	return branch, err
}

func (w *branchRewriter) rewriteBranch(ctx context.Context, branch []device.Parameter) (bool, error) {
	if len(branch) == 0 {
		return false, nil
	}
	before := slices.Clone(branch)
	r := store.Record{Parameters: &store.Branch{Device: w.id, Parameters: branch}}
	if changed, err := w.change(&r); err != nil || !changed {
		return false, err
	}
	c, err := rewriting(before, r.Parameters)
	if err != nil {
		return false, err
	}
	_, err = w.changeTree(ctx, w.tree, c)
	w.tree = nil
	return err == nil, err
}

// rewriting returns the change from the parameters of a branch to others of the
// same paths.
func rewriting(before []device.Parameter, branch *store.Branch) (*treeChange, error) {
	if branch == nil || len(branch.Parameters) != len(before) {
		return nil, errors.New("a rewrite must leave the paths as they are")
	}
	changed := make(map[string]device.Parameter)
	c := &treeChange{set: func(path string, _ device.Parameter) device.Parameter { return changed[path] }}
	for i, p := range branch.Parameters {
		if p.Path != before[i].Path {
			return nil, errors.New("a rewrite must leave the paths as they are")
		}
		if !reflect.DeepEqual(p, before[i]) {
			changed[p.Path] = p
			c.paths = append(c.paths, p.Path)
		}
	}
	return c, nil
}
