package mongo

import (
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// shape is what decides which index serves a command: which fields it constrains
// and how, and in which order it wants what it finds.
type shape struct {
	collection, command string
	// operation is the comment of a list, whose filter an operator may have
	// written.
	operation string
	filter    bson.D
	sort      bson.D
	limit     int64
}

// String is the same for commands that differ in values alone.
func (s *shape) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", s.command, s.collection)
	if s.operation != "" {
		fmt.Fprintf(&b, " (%s)", s.operation)
	}
	fmt.Fprintf(&b, " %s", form(s.filter))
	if len(s.sort) > 0 {
		fmt.Fprintf(&b, " by %s", keyNames(s.sort))
	}
	if s.limit > 0 {
		b.WriteString(" limited")
	}
	return b.String()
}

// form writes a filter without its values, its fields in order.
func form(value any) string {
	var parts []string
	switch v := value.(type) {
	case bson.D:
		for _, e := range v {
			parts = append(parts, e.Key+": "+form(e.Value))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	case bson.A:
		for _, element := range v {
			if text := form(element); !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case bson.Regex:
		return "/?/"
	case nil:
		return "null"
	case bool:
		return fmt.Sprint(v)
	default:
		return "?"
	}
}

func keyNames(keys bson.D) string {
	i := index{keys: keys}
	return i.name()
}

// shapesOf returns the shapes of a command that looks for documents, and false
// for one that is not known.
func shapesOf(command string, raw bson.Raw) ([]shape, bool) {
	collection, _ := raw.Lookup(command).StringValueOK()
	operation, _ := raw.Lookup("comment").StringValueOK()
	s := shape{collection: collection, command: command, operation: operation}
	switch command {
	case "find":
		s.filter, s.sort = documentAt(raw, "filter"), documentAt(raw, "sort")
		s.limit, _ = raw.Lookup("limit").AsInt64OK()
	case "aggregate":
		s.filter = documentAt(raw, "pipeline", "0", "$match")
	case "findAndModify":
		s.filter, s.sort, s.limit = documentAt(raw, "query"), documentAt(raw, "sort"), 1
	case "update", "delete":
		return statements(s, raw), true
	case "insert", "createIndexes", "listIndexes", "hello", "buildInfo", "getMore", "killCursors", "endSessions", "dropDatabase":
		return nil, true
	default:
		return nil, false
	}
	return []shape{s}, true
}

// statements returns the shapes of what one update or delete command holds.
func statements(s shape, raw bson.Raw) (all []shape) {
	values, err := raw.Lookup(s.command + "s").Array().Values()
	if err != nil {
		panic(err)
	}
	for _, v := range values {
		s.filter = documentAt(v.Document(), "q")
		all = append(all, s)
	}
	return all
}

func documentAt(raw bson.Raw, path ...string) bson.D {
	value, err := raw.LookupErr(path...)
	if err != nil {
		return nil
	}
	var d bson.D
	if err := bson.Unmarshal(value.Document(), &d); err != nil {
		panic(err)
	}
	return d
}

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
