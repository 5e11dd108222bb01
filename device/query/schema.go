package query

import (
	"fmt"
	"slices"
)

// Field is one field that filters and orders may name.
type Field struct {
	// Name consists of letters, digits, underscores and dots and begins with a
	// letter, at most 64 of them. It is written exactly so in a filter.
	Name string
	Type Type
	// Search says that a bare word searches the field: as a part of a String,
	// as an element of a StringList. Other types are not searched.
	Search bool
	// MAC says that the String holds MAC addresses as six lower-case hex pairs
	// separated by colons. Constants for it may be written with or without
	// separators; the parser rewrites them.
	MAC bool
	// Unordered keeps the field out of orders. A StringList never orders.
	Unordered bool
}

// Schema is an immutable set of fields, safe for concurrent use.
type Schema struct {
	fields []Field
	byName map[string]Field
}

// NewSchema returns a schema of the fields in that order. It panics if a name is
// malformed or used twice, or if a type is unknown or does not fit the other
// properties: schemas are written in source code.
func NewSchema(fields ...Field) *Schema {
	s := &Schema{fields: slices.Clone(fields), byName: make(map[string]Field, len(fields))}
	for _, field := range fields {
		if err := field.check(); err != nil {
			panic("query: " + err.Error())
		}
		if _, ok := s.byName[field.Name]; ok {
			panic(fmt.Sprintf("query: field %q is declared twice", field.Name))
		}
		s.byName[field.Name] = field
	}
	return s
}

func (f Field) check() error {
	switch {
	case !isFieldName(f.Name) || isKeyword(f.Name) || len(f.Name) > longestName:
		return fmt.Errorf("field name %q is malformed", f.Name)
	case f.Type < String || f.Type > StringList:
		return fmt.Errorf("field %q has no known type", f.Name)
	case f.Search && f.Type != String && f.Type != StringList:
		return fmt.Errorf("field %q is %s and cannot be searched", f.Name, f.Type)
	case f.MAC && f.Type != String:
		return fmt.Errorf("field %q is %s and cannot hold MAC addresses", f.Name, f.Type)
	}
	return nil
}

// Orders reports whether records can be ordered by the field.
func (f Field) Orders() bool { return f.Type != StringList && !f.Unordered }

// Field returns the field of that name.
func (s *Schema) Field(name string) (Field, bool) {
	field, ok := s.byName[name]
	return field, ok
}

// Fields returns all fields in the order of their declaration.
func (s *Schema) Fields() []Field { return slices.Clone(s.fields) }

// Names returns the names of all fields in the order of their declaration.
func (s *Schema) Names() []string { return names(s.fields) }

// OrderNames returns the names of the fields by which records can be ordered.
func (s *Schema) OrderNames() []string { return names(s.orderFields()) }

func (s *Schema) orderFields() []Field {
	var fields []Field
	for _, field := range s.fields {
		if field.Orders() {
			fields = append(fields, field)
		}
	}
	return fields
}

func names(fields []Field) []string {
	all := make([]string, len(fields))
	for i, field := range fields {
		all[i] = field.Name
	}
	return all
}

func isFieldName(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case 'a' <= c && c <= 'z', isUpper(c):
		case i > 0 && (isDigit(c) || c == '_' || c == '.'):
		default:
			return false
		}
	}
	return name != ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isKeyword(word string) bool { return word == "AND" || word == "OR" || word == "NOT" }
