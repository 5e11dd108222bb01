package mongo

import (
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// bound is how a filter constrains a field.
type bound int

const (
	unbound bound = iota
	// aRange is one stretch of an index, or two.
	aRange
	// aList is a few values.
	aList
	// aValue is a single value, so that the next key of the index is in order.
	aValue
)

// boundOf returns how a condition bounds its field.
func boundOf(condition any) bound {
	operators, ok := condition.(bson.D)
	if !ok || len(operators) == 0 || !strings.HasPrefix(operators[0].Key, "$") {
		if _, pattern := condition.(bson.Regex); pattern {
			return unbound
		}
		return aValue
	}
	strongest := unbound
	for _, o := range operators {
		switch o.Key {
		case "$eq":
			strongest = max(strongest, aValue)
		case "$in":
			strongest = max(strongest, aList)
		case "$gt", "$gte", "$lt", "$lte":
			strongest = max(strongest, aRange)
		case "$not":
			if boundOf(o.Value) == aRange {
				strongest = max(strongest, aRange)
			}
		}
	}
	return strongest
}

// alternatives returns the bounds of a filter: those of each of the searches of
// which the server makes the union.
func alternatives(filter bson.D) []map[string]bound {
	all := []map[string]bound{{}}
	with := func(more []map[string]bound) {
		var next []map[string]bound
		for _, a := range all {
			for _, b := range more {
				joined := map[string]bound{}
				for _, m := range []map[string]bound{a, b} {
					for field, is := range m {
						joined[field] = max(joined[field], is)
					}
				}
				next = append(next, joined)
			}
		}
		all = next
	}
	for _, e := range filter {
		switch e.Key {
		case "$and":
			for _, term := range e.Value.(bson.A) {
				with(alternatives(term.(bson.D)))
			}
		case "$or":
			var either []map[string]bound
			for _, term := range e.Value.(bson.A) {
				either = append(either, alternatives(term.(bson.D))...)
			}
			with(either)
		case "$nor":
		default:
			with([]map[string]bound{{e.Key: boundOf(e.Value)}})
		}
	}
	return all
}

// serves returns how many keys of an index the bounds use, 0 if it does not find
// what is bounded without reading much else, or not in the order that is wanted.
func (i *index) serves(bounds map[string]bound, sort bson.D) (keys int) {
	equal := 0
	for equal < len(i.keys) && bounds[i.keys[equal].Key] == aValue {
		equal++
	}
	if !isOrder(i.keys[equal:], sort, bounds) {
		return 0
	}
	for keys < len(i.keys) && bounds[i.keys[keys].Key] != unbound {
		keys++
	}
	return keys
}

// isOrder reports whether keys of an index, walked on or back, are in an order.
// What is a single value is in any order.
func isOrder(keys, sort bson.D, bounds map[string]bound) bool {
	direction := 0
	for _, step := range sort {
		if bounds[step.Key] == aValue {
			continue
		}
		if len(keys) == 0 || keys[0].Key != step.Key {
			return false
		}
		same := 1
		if fmt.Sprint(keys[0].Value) != fmt.Sprint(step.Value) {
			same = -1
		}
		if direction != 0 && same != direction {
			return false
		}
		direction, keys = same, keys[1:]
	}
	return true
}

// served returns the names of the indexes that serve a command best, one for each
// alternative of its filter, and false if one of these has none. A command that
// takes the first documents of an order, whatever they are, is served by the
// index of the order.
func served(declared []index, s *shape) (names []string, ok bool) {
	own := []index{{collection: s.collection, keys: ascending(idField)}}
	for _, i := range declared {
		if i.collection == s.collection {
			own = append(own, i)
		}
	}
	if s.hint != "" {
		return servedByHint(own, s)
	}
	if len(s.filter) == 0 && s.limit > 0 {
		i := slices.IndexFunc(own, func(i index) bool { return isOrder(i.keys, s.sort, nil) })
		if i < 0 {
			return nil, false
		}
		return []string{own[i].collection + "." + own[i].name()}, true
	}
	for _, bounds := range alternatives(s.filter) {
		best := slices.MaxFunc(own, func(a, b index) int { return a.serves(bounds, s.sort) - b.serves(bounds, s.sort) })
		if best.serves(bounds, s.sort) == 0 {
			return nil, false
		}
		names = append(names, best.collection+"."+best.name())
	}
	return names, true
}

// servedByHint is served for a command that names its index: if it has no filter
// it reads that index from end to end, and no document.
func servedByHint(own []index, s *shape) (names []string, ok bool) {
	i := slices.IndexFunc(own, func(i index) bool { return i.name() == s.hint })
	if i < 0 {
		return nil, false
	}
	for _, bounds := range alternatives(s.filter) {
		if len(bounds) > 0 && own[i].serves(bounds, s.sort) == 0 {
			return nil, false
		}
	}
	return []string{own[i].collection + "." + own[i].name()}, true
}
