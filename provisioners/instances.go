package provisioners

import (
	"slices"
	"strings"
)

// instances are the indexes that exist on a device, by the concrete path before the
// index: "account", "expansion.2.key".
type instances map[string][]int

func (i instances) has(prefix string, index int) bool {
	_, found := slices.BinarySearch(i[prefix], index)
	return found
}

func (i instances) add(prefix string, index int) {
	known := i[prefix]
	if at, found := slices.BinarySearch(known, index); !found {
		i[prefix] = slices.Insert(known, at, index)
	}
}

// note makes the indexes exist that an entry names with a number at the given depth
// (0 is the first index of its path), as far as the model has them. A "*" before it
// stands for all that exist, so that depths are noted one after the other.
func (i instances) note(p *path, depth int, served *Served) {
	if depth >= len(p.indexes) || p.indexes[depth] == anyIndex {
		return
	}
	prefix := shapePrefix(p.shape, depth)
	index := p.indexes[depth]
	if served != nil && served.limitReason(prefix, index) != "" {
		return
	}
	i.each(prefix, p.indexes[:depth], func(outer []int) { i.add(fill(prefix, outer), index) })
}

// each calls do with every combination of indexes that exist for a shape; indexes are
// those of a path of the shape, "*" for all. Do must not keep what it is given.
func (i instances) each(shape string, indexes []int, do func(concrete []int)) {
	concrete := make([]int, 0, len(indexes))
	i.extend(shape, indexes, concrete, do)
}

func (i instances) extend(shape string, indexes, concrete []int, do func([]int)) {
	depth := len(concrete)
	if depth == len(indexes) {
		do(concrete)
		return
	}
	prefix := fill(shapePrefix(shape, depth), concrete)
	if indexes[depth] != anyIndex {
		if i.has(prefix, indexes[depth]) {
			i.extend(shape, indexes, append(concrete, indexes[depth]), do)
		}
		return
	}
	for _, index := range i[prefix] {
		i.extend(shape, indexes, append(concrete, index), do)
	}
}

// shapePrefix returns what comes before the index of that depth in a shape, without
// the dot.
func shapePrefix(shape string, depth int) string {
	at := 0
	for range depth + 1 {
		at += strings.IndexByte(shape[at:], '#') + 1
	}
	return shape[:max(at-2, 0)]
}
