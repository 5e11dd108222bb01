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
	// hint is the name of the index that the server is told to take.
	hint   string
	filter bson.D
	sort   bson.D
	limit  int64
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
	if s.hint != "" {
		b.WriteString(" with " + s.hint)
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
		s.hint, _ = raw.Lookup("hint").StringValueOK()
	case "findAndModify":
		s.filter, s.sort, s.limit = documentAt(raw, "query"), documentAt(raw, "sort"), 1
	case "update", "delete":
		return statements(s, raw), true
	case "insert", "createIndexes", "listIndexes", "dropIndexes", "hello", "buildInfo", "getMore", "killCursors", "endSessions", "dropDatabase":
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
