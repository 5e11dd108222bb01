package mongo

import (
	"slices"
	"sort"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// treeChange is what a write does to a tree.
type treeChange struct {
	// Paths of from <= path < to are removed unless they are set.
	from, to string
	// paths are those that are set, in order, each once.
	paths []string
	// set returns the parameter of a path; known is zero if it is new.
	set func(path string, known device.Parameter) device.Parameter
	// each, if there is one, changes the parameters that are neither removed nor
	// set, and reports whether it did.
	each func(*device.Parameter) bool
}

// branch returns the range of paths of a branch: the object itself and what is
// below it, a leaf alone, or everything for the empty path.
func branch(path string) (from, to string) {
	switch {
	case path == "":
		return "", endOfText
	case device.IsObject(path):
		return path, strings.TrimSuffix(path, ".") + "/" // The byte after the dot.
	default:
		return path, path + "\x00"
	}
}

// endOfText is greater than every text: no UTF-8 has such a byte.
const endOfText = "\xff"

// observing returns the change that merges observations, and removes what is in
// the range and not observed.
func observing(at time.Time, from, to string, observations []device.Observation) *treeChange {
	byPath := make(map[string][]int, len(observations))
	c := &treeChange{from: from, to: to, paths: make([]string, 0, len(observations))}
	for i := range observations {
		path := observations[i].Path
		if byPath[path] == nil {
			c.paths = append(c.paths, path)
		}
		byPath[path] = append(byPath[path], i)
	}
	slices.Sort(c.paths)
	c.set = func(path string, known device.Parameter) device.Parameter {
		for _, i := range byPath[path] {
			known = known.Merge(observations[i], whole(at))
		}
		return known
	}
	return c
}

// apply makes the part of the change that falls on a run of parameters; paths is
// that part of c.paths. It reports how many were removed, and whether anything
// is other than before.
func (c *treeChange) apply(known []device.Parameter, paths []string) (after []device.Parameter, removed int, changed bool) {
	after = make([]device.Parameter, 0, len(known)+len(paths))
	for i := range known {
		for len(paths) > 0 && paths[0] < known[i].Path {
			after, paths = append(after, c.set(paths[0], device.Parameter{})), paths[1:]
			changed = true
		}
		switch path := known[i].Path; {
		case len(paths) > 0 && paths[0] == path:
			after, paths = append(after, c.set(path, known[i])), paths[1:]
			changed = true
		case c.from <= path && path < c.to:
			removed++
			changed = true
		default:
			p := known[i]
			changed = c.each != nil && c.each(&p) || changed
			after = append(after, p)
		}
	}
	for _, path := range paths {
		after = append(after, c.set(path, device.Parameter{}))
		changed = true
	}
	return after, removed, changed
}

// pathsOf returns the part of paths, in order, that falls on the i-th chunk. What
// is before the first chunk falls on it.
func (t *parameterTree) pathsOf(paths []string, i int) []string {
	from, to := 0, len(paths)
	if i > 0 {
		from = sort.SearchStrings(paths, t.Chunks[i].First)
	}
	if i+1 < len(t.Chunks) {
		to = sort.SearchStrings(paths, t.Chunks[i+1].First)
	}
	return paths[from:to]
}

// overlaps reports whether the i-th chunk may hold paths of from <= path < to.
func (t *parameterTree) overlaps(i int, from, to string) bool {
	return from < to && t.Chunks[i].First < to && (i+1 == len(t.Chunks) || from < t.Chunks[i+1].First)
}

// touched returns the chunks that a change may fall on.
func (t *parameterTree) touched(c *treeChange) []bson.ObjectID {
	var ids []bson.ObjectID
	for i := range t.Chunks {
		if c.each != nil || t.overlaps(i, c.from, c.to) || len(t.pathsOf(c.paths, i)) > 0 {
			ids = append(ids, t.Chunks[i].ID)
		}
	}
	return ids
}

// piece is a part of a tree after a change: a chunk that stays as it is, or
// parameters that are to be written.
type piece struct {
	kept       *chunkEntry
	parameters []device.Parameter
}

// loadedChunks are the parameters of chunks that were read.
type loadedChunks map[bson.ObjectID][]device.Parameter

// pieces returns the tree after a change. Chunks that were not read must not be
// touched by it; those of rewrite are written anew in any case.
func (t *parameterTree) pieces(c *treeChange, loaded loadedChunks, rewrite map[bson.ObjectID]bool) (all []piece, removed int) {
	if len(t.Chunks) == 0 {
		after, removed, changed := c.apply(parametersOf(t.Parameters), c.paths)
		if !changed {
			return nil, 0
		}
		return []piece{{parameters: after}}, removed
	}
	for i := range t.Chunks {
		entry := &t.Chunks[i]
		known, read := loaded[entry.ID]
		if !read {
			all = append(all, piece{kept: entry})
			continue
		}
		after, gone, changed := c.apply(known, t.pathsOf(c.paths, i))
		removed += gone
		switch {
		case !changed && !rewrite[entry.ID]:
			all = append(all, piece{kept: entry})
		case len(all) > 0 && all[len(all)-1].kept == nil:
			all[len(all)-1].parameters = append(all[len(all)-1].parameters, after...)
		default:
			all = append(all, piece{parameters: after})
		}
	}
	return all, removed
}
