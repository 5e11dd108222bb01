package mongo

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func parameterIndexes() []index {
	return []index{
		{collection: parameterCollection, keys: ascending("checkAt")},
		{collection: chunkCollection, keys: ascending("checkAt")},
		{collection: chunkCollection, keys: ascending("device")},
	}
}

// Parameters returns the parameter trees.
func (s *Store) Parameters() device.ParameterStore { return parameters{s} }

type parameters struct{ *Store }

// Observe returns device.ErrNotFound for an unknown device, and
// device.ErrConflict if others keep changing the tree.
func (s parameters) Observe(ctx context.Context, id device.ID, at time.Time, observations []device.Observation) error {
	return s.do(ctx, "observe", func(ctx context.Context) error {
		_, err := s.editTree(ctx, "observe", id, anyTree(observing(at, "", "", observations)))
		return err
	})
}

// Replace returns device.ErrNotFound for an unknown device, and
// device.ErrConflict if others keep changing the tree.
func (s parameters) Replace(ctx context.Context, id device.ID, path string, at time.Time, observations []device.Observation) error {
	return s.do(ctx, "replaceParameters", func(ctx context.Context) error {
		from, to := branch(path)
		_, err := s.editTree(ctx, "replaceParameters", id, anyTree(observing(at, from, to, observations)))
		return err
	})
}

// Forget returns device.ErrConflict if others keep changing the tree.
func (s parameters) Forget(ctx context.Context, id device.ID, path string) (removed int, err error) {
	err = s.do(ctx, "forgetParameters", func(ctx context.Context) error {
		from, to := branch(path)
		removed, err = s.editTree(ctx, "forgetParameters", id, func(t *parameterTree) (*treeChange, error) {
			if !t.exists() {
				return nil, nil
			}
			return &treeChange{from: from, to: to}, nil
		})
		return err
	})
	return removed, err
}

// ForgetAttributes does nothing for an unknown device. It returns
// device.ErrConflict if others keep changing the tree.
func (s parameters) ForgetAttributes(ctx context.Context, id device.ID) error {
	return s.do(ctx, "forgetAttributes", func(ctx context.Context) error {
		_, err := s.editTree(ctx, "forgetAttributes", id, func(t *parameterTree) (*treeChange, error) {
			if !t.exists() {
				return nil, nil
			}
			return &treeChange{each: forgetAttributes}, nil
		})
		return err
	})
}

func forgetAttributes(p *device.Parameter) bool {
	known := p.Notification != nil || p.AccessList != nil
	p.Notification, p.AccessList = nil, nil
	return known
}

func (s parameters) Parameters(ctx context.Context, id device.ID, path, after string, limit int) (all []device.Parameter, err error) {
	from, to := branch(path)
	if after != "" {
		from = max(from, after+"\x00")
	}
	err = s.do(ctx, "listParameters", func(ctx context.Context) error {
		return s.readTree(ctx, "listParameters", id, func(ctx context.Context, t *parameterTree, r *chunkReader) error {
			all, err = t.page(ctx, r, from, to, limit)
			return err
		})
	})
	return all, err
}

// page returns the first parameters of from <= path < to, at most limit.
func (t *parameterTree) page(ctx context.Context, r *chunkReader, from, to string, limit int) ([]device.Parameter, error) {
	if len(t.Chunks) == 0 {
		return inRange(nil, parametersOf(t.Parameters), from, to, limit), nil
	}
	var all []device.Parameter
	for i := 0; i < len(t.Chunks) && len(all) < limit; {
		var wanted []chunkEntry
		wanted, i = t.nextChunks(i, from, to, limit-len(all))
		if err := r.load(ctx, wanted); err != nil {
			return nil, err
		}
		for _, entry := range wanted {
			all = inRange(all, r.loaded[entry.ID], from, to, limit)
		}
	}
	return all, nil
}

// readAtOnce bounds the size of chunks that one query reads, unless a single one
// is larger.
const readAtOnce = 8 << 20

// nextChunks returns chunks from the i-th on that hold so many parameters of a
// range, as far as one query reads them, and the place to go on from.
func (t *parameterTree) nextChunks(i int, from, to string, limit int) ([]chunkEntry, int) {
	var wanted []chunkEntry
	size := 0
	for ; i < len(t.Chunks) && limit > 0; i++ {
		if !t.overlaps(i, from, to) {
			continue
		}
		entry := t.Chunks[i]
		if size += entry.Size; len(wanted) > 0 && size > readAtOnce {
			break
		}
		wanted = append(wanted, entry)
		if entry.First >= from { // Else who knows how many of it are in the range.
			limit -= entry.Count
		}
	}
	return wanted, i
}

func inRange(to []device.Parameter, known []device.Parameter, from, before string, limit int) []device.Parameter {
	start := sort.Search(len(known), func(i int) bool { return known[i].Path >= from })
	for _, p := range known[start:] {
		if p.Path >= before || len(to) >= limit {
			break
		}
		to = append(to, p)
	}
	return to
}

func (s parameters) Values(ctx context.Context, id device.ID, paths []string) (all []device.Parameter, err error) {
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	err = s.do(ctx, "getParameters", func(ctx context.Context) error {
		return s.readTree(ctx, "getParameters", id, func(ctx context.Context, t *parameterTree, r *chunkReader) error {
			all, err = t.values(ctx, r, paths)
			return err
		})
	})
	return all, err
}

func (t *parameterTree) values(ctx context.Context, r *chunkReader, paths []string) ([]device.Parameter, error) {
	if len(t.Chunks) == 0 {
		return named(nil, parametersOf(t.Parameters), paths), nil
	}
	var wanted []chunkEntry
	for i, entry := range t.Chunks {
		if len(t.pathsOf(paths, i)) > 0 {
			wanted = append(wanted, entry)
		}
	}
	if err := r.load(ctx, wanted); err != nil {
		return nil, err
	}
	var all []device.Parameter
	for i, entry := range t.Chunks {
		all = named(all, r.loaded[entry.ID], t.pathsOf(paths, i))
	}
	return all, nil
}

func named(to []device.Parameter, known []device.Parameter, paths []string) []device.Parameter {
	for _, path := range paths {
		i := sort.Search(len(known), func(i int) bool { return known[i].Path >= path })
		if i < len(known) && known[i].Path == path {
			to = append(to, known[i])
		}
	}
	return to
}

// checkTree refuses what a tree cannot hold.
func checkTree(count, size int) error {
	switch {
	case count > device.MaxParameters:
		return fmt.Errorf("%w: a device holds at most %d parameters", device.ErrLimit, device.MaxParameters)
	case size > maxTreeSize:
		return fmt.Errorf("%w: the parameters of a device take at most %d MiB", device.ErrLimit, maxTreeSize>>20)
	}
	return nil
}

// checkParameter refuses a parameter that no document can hold.
func checkParameter(p *device.Parameter) error {
	if size := parameterSize(p); size > maxParameterSize {
		return fmt.Errorf("%w: parameter %s takes %d bytes, at most %d can be stored", device.ErrLimit, p.Path, size, maxParameterSize)
	}
	return nil
}
