package query

import "time"

// Type is the type of a field and of a value.
type Type int

// The types of fields.
const (
	// String compares folded (Fold). The empty string counts as missing.
	String Type = iota + 1
	// Int is a signed integer of 64 bits.
	Int
	// Bool counts as false where it is missing.
	Bool
	// Time is an instant in UTC with milliseconds. The zero time counts as
	// missing.
	Time
	// StringList is a set of strings, such as tags. The empty list counts as
	// missing.
	StringList
)

// String returns the name of the type as error messages use it.
func (t Type) String() string {
	switch t {
	case String:
		return "a string"
	case Int:
		return "an integer"
	case Bool:
		return "a boolean"
	case Time:
		return "a time"
	case StringList:
		return "a list of strings"
	}
	return "of unknown type"
}

// Value is one typed value. Type says which of the other fields holds it.
type Value struct {
	Type Type
	// Text of a constant in an Expr is folded (Fold); that of a record is as it
	// is stored.
	Text string
	Int  int64
	Bool bool
	// Time of a constant is in UTC, in whole milliseconds.
	Time time.Time
	// List appears in records only.
	List []string
}

// TextValue returns a value of type String.
func TextValue(text string) Value { return Value{Type: String, Text: text} }

// IntValue returns a value of type Int.
func IntValue(n int64) Value { return Value{Type: Int, Int: n} }

// BoolValue returns a value of type Bool.
func BoolValue(b bool) Value { return Value{Type: Bool, Bool: b} }

// TimeValue returns a value of type Time: t in UTC, cut to milliseconds.
func TimeValue(t time.Time) Value {
	if t.IsZero() {
		return Value{Type: Time}
	}
	return Value{Type: Time, Time: time.UnixMilli(t.UnixMilli()).UTC()}
}

// ListValue returns a value of type StringList.
func ListValue(elements ...string) Value { return Value{Type: StringList, List: elements} }

// missing reports whether the value counts as missing.
func (v Value) missing() bool {
	switch v.Type {
	case String:
		return v.Text == ""
	case Time:
		return v.Time.IsZero()
	case StringList:
		return len(v.List) == 0
	case Int, Bool:
		return false
	}
	return true
}
