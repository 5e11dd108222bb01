package users

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// MaxDifference bounds each of the texts that Difference returns, in bytes.
const MaxDifference = 8 << 10

// Difference compares two values as JSON objects and returns both with only the
// fields that differ, as AuditEntry.Before and After hold them; empty where there
// is nothing. A value that is nil, for what did not exist before or does not after,
// has no fields. Fields are those of the outermost objects, in order of name; one
// that lies in an object counts as a change of that object.
//
// An object above MaxDifference has its largest fields replaced by a note of their
// size, such as "(12345 bytes)", or, where that is not enough, by one note for all.
//
// It masks nothing: give it what an API answers, which never holds a secret, and
// not what a store keeps. It returns ErrInvalid for what is no JSON object.
func Difference(before, after any) (b, a string, err error) {
	old, err := fieldsOf(before)
	if err != nil {
		return "", "", err
	}
	fresh, err := fieldsOf(after)
	if err != nil {
		return "", "", err
	}
	for name, value := range old {
		if other, both := fresh[name]; both && sameJSON(value, other) {
			delete(old, name)
			delete(fresh, name)
		}
	}
	return boundedObject(old), boundedObject(fresh), nil
}

// fieldsOf returns the fields of a value, each as compact JSON.
func fieldsOf(value any) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("%w: cannot be JSON: %w", ErrInvalid, err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("%w: not a JSON object", ErrInvalid)
	}
	return fields, nil
}

// sameJSON reports whether two texts are the same value, whatever the order of
// what lies in their objects.
func sameJSON(one, other json.RawMessage) bool {
	return bytes.Equal(one, other) || reflect.DeepEqual(decoded(one), decoded(other))
}

func decoded(text json.RawMessage) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // A float64 would take long numbers for the same.
	var value any
	_ = decoder.Decode(&value) // It was valid JSON a moment ago.
	return value
}

// boundedObject returns the fields as a JSON object of at most MaxDifference bytes,
// empty without fields.
func boundedObject(fields map[string]json.RawMessage) string {
	if len(fields) == 0 {
		return ""
	}
	size := len(objectText(fields))
	total := size
	names := slices.SortedFunc(maps.Keys(fields), func(x, y string) int {
		return cmp.Or(len(fields[y])-len(fields[x]), strings.Compare(x, y))
	})
	for _, name := range names {
		if size <= MaxDifference {
			break
		}
		note := sizeNote(len(fields[name]))
		if len(note) < len(fields[name]) {
			size -= len(fields[name]) - len(note)
			fields[name] = note
		}
	}
	if size > MaxDifference {
		count, _ := json.Marshal(fmt.Sprintf("(%d fields, %d bytes)", len(fields), total))
		return objectText(map[string]json.RawMessage{"…": count})
	}
	return objectText(fields)
}

func sizeNote(size int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`"(%d bytes)"`, size)) }

// objectText writes fields, which are valid JSON, in order of name.
func objectText(fields map[string]json.RawMessage) string {
	text, _ := json.Marshal(fields)
	return string(text)
}
