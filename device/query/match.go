package query

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Record gives the value of a field as it is stored, and false if the record
// has none. A value whose type is not the field's counts as missing.
type Record func(field string) (Value, bool)

// Match reports whether a record matches. It is the oracle: every store gives
// the same answer.
func Match(e Expr, record Record) bool {
	switch e := e.(type) {
	case nil, All:
		return true
	case And:
		return !slices.ContainsFunc(e.Terms, func(term Expr) bool { return !Match(term, record) })
	case Or:
		return matchAny(e.Terms, record)
	case Search:
		return matchAny(e.Terms, record)
	case Not:
		return !Match(e.Term, record)
	}
	return matchField(e, record)
}

func matchAny(terms []Expr, record Record) bool {
	return slices.ContainsFunc(terms, func(term Expr) bool { return Match(term, record) })
}

func matchField(e Expr, record Record) bool {
	switch e := e.(type) {
	case Compare:
		value, ok := record.present(e.Field)
		return ok && e.Op.holds(compareValues(value, e.Value))
	case Like:
		value, ok := record.present(e.Field)
		if value.Type == StringList {
			return ok && slices.ContainsFunc(value.List, e.Pattern.Match)
		}
		return ok && e.Pattern.Match(value.Text)
	case Has:
		value, ok := record.present(e.Field)
		return ok && slices.ContainsFunc(value.List, func(element string) bool { return Fold(element) == e.Text })
	case Present:
		_, ok := record.present(e.Field)
		return ok
	}
	return false
}

// present returns the value of the field, and false if it counts as missing.
func (r Record) present(field Field) (Value, bool) {
	value, ok := r(field.Name)
	if !ok || value.Type != field.Type || value.missing() {
		return Value{}, false
	}
	return value, true
}

// holds reports whether the operator accepts the result of a comparison.
func (o Op) holds(relation int) bool {
	switch o {
	case Equal:
		return relation == 0
	case Less:
		return relation < 0
	case LessOrEqual:
		return relation <= 0
	case Greater:
		return relation > 0
	case GreaterOrEqual:
		return relation >= 0
	}
	return false
}

// compareValues compares two values of the same type: strings folded, times in
// whole milliseconds.
func compareValues(a, b Value) int {
	switch a.Type {
	case String:
		return strings.Compare(Fold(a.Text), Fold(b.Text))
	case Int:
		return cmp.Compare(a.Int, b.Int)
	case Bool:
		return cmp.Compare(bit(a.Bool), bit(b.Bool))
	case Time:
		return cmp.Compare(milliseconds(a.Time), milliseconds(b.Time))
	case StringList:
	}
	return 0
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func milliseconds(t time.Time) int64 { return t.UnixMilli() }
