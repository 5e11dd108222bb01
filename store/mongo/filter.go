package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// filterField says where a field of a schema lies in the documents of a
// collection. A missing value is absent there.
type filterField struct {
	// path is that of the value; of a String or StringList that of its folded
	// copy.
	path string
	// always says that a value is always there.
	always bool
	// key turns an Int into the text that is stored of it, which sorts as it does;
	// nil where the number is stored.
	key func(int64) string
	// holds is the condition of a Bool that is worked out and not stored.
	holds bson.D
}

// filterFields returns where the field of that name lies, and false if the
// collection has none.
type filterFields func(name string) (filterField, bool)

// filterCompiler turns filters into those of MongoDB.
type filterCompiler struct {
	fields filterFields
	// atomic says that regular expressions may have atomic groups.
	atomic bool
}

// compile returns the filter that takes a document exactly where query.Match
// takes its record. The error wraps device.ErrInvalid if it is the filter's.
func (s *Store) compile(ctx context.Context, fields filterFields, e query.Expr) (bson.D, error) {
	if e == nil {
		return everything(), nil
	}
	atomic, err := s.atomicGroups(ctx)
	if err != nil {
		return nil, err
	}
	return filterCompiler{fields: fields, atomic: atomic}.filter(e)
}

// everything and nothing are filters that take every document and none.
func everything() bson.D { return bson.D{} }
func nothing() bson.D {
	return bson.D{{Key: idField, Value: bson.D{{Key: "$in", Value: bson.A{}}}}}
}

// filter returns the filter that takes a document exactly where query.Match
// takes its record. The error wraps device.ErrInvalid.
func (c filterCompiler) filter(e query.Expr) (bson.D, error) { return c.expr(e, false) }

// expr returns the filter for an expression or its negation. A negation is
// carried to the conditions at the bottom, as MongoDB bounds how deep filters
// are nested.
func (c filterCompiler) expr(e query.Expr, negated bool) (bson.D, error) {
	switch e := e.(type) {
	case nil, query.All:
		if negated {
			return nothing(), nil
		}
		return everything(), nil
	case query.And:
		return c.join(e.Terms, negated, !negated)
	case query.Or:
		return c.join(e.Terms, negated, negated)
	case query.Search:
		return c.join(e.Terms, negated, negated)
	case query.Not:
		return c.expr(e.Term, !negated)
	}
	condition, err := c.condition(e)
	if err != nil || !negated {
		return condition, err
	}
	return bson.D{{Key: "$nor", Value: bson.A{condition}}}, nil
}

// join returns the filter that takes what all of the terms take, or any of
// them, each negated or not.
func (c filterCompiler) join(terms []query.Expr, negated, all bool) (bson.D, error) {
	filters := make(bson.A, 0, len(terms))
	for _, term := range terms {
		f, err := c.expr(term, negated)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	switch {
	case len(filters) == 1:
		return filters[0].(bson.D), nil
	case len(filters) == 0 && all:
		return everything(), nil
	case len(filters) == 0:
		return nothing(), nil
	case all:
		return bson.D{{Key: "$and", Value: filters}}, nil
	}
	return bson.D{{Key: "$or", Value: filters}}, nil
}

// condition returns the filter for what is asked of one field.
func (c filterCompiler) condition(e query.Expr) (bson.D, error) {
	switch e := e.(type) {
	case query.Compare:
		return c.compare(e)
	case query.Like:
		f, err := c.field(e.Field)
		if err != nil {
			return nil, err
		}
		return c.like(f, e), nil
	case query.Has:
		f, err := c.field(e.Field)
		return bson.D{{Key: f.path, Value: e.Text}}, err
	case query.Present:
		f, err := c.field(e.Field)
		return f.present(), err
	default:
		return nil, fmt.Errorf("%w: filter has an unknown term %T", device.ErrInvalid, e)
	}
}

func (c filterCompiler) field(field query.Field) (filterField, error) {
	f, ok := c.fields(field.Name)
	if !ok {
		return f, fmt.Errorf("%w: filter names the unknown field %q", device.ErrInvalid, field.Name)
	}
	return f, nil
}

func (f filterField) present() bson.D {
	if f.always {
		return everything()
	}
	return bson.D{{Key: f.path, Value: bson.D{{Key: "$exists", Value: true}}}}
}

// compare returns a comparison with a constant. MongoDB compares only with what
// has the type of the constant, so that what is absent is never taken.
func (c filterCompiler) compare(e query.Compare) (bson.D, error) {
	f, err := c.field(e.Field)
	if err != nil {
		return nil, err
	}
	switch e.Field.Type {
	case query.String:
		return f.compared(e.Op, e.Value.Text), nil
	case query.Int:
		if f.key != nil {
			return f.compared(e.Op, f.key(e.Value.Int)), nil
		}
		return f.compared(e.Op, e.Value.Int), nil
	case query.Time:
		return f.compared(e.Op, bson.DateTime(e.Value.Time.UnixMilli())), nil
	case query.Bool:
		if f.holds != nil {
			return f.holds, nil
		}
		return bson.D{{Key: f.path, Value: true}}, nil
	case query.StringList:
	}
	return nil, fmt.Errorf("%w: field %q cannot be compared", device.ErrInvalid, e.Field.Name)
}

func (f filterField) compared(op query.Op, value any) bson.D {
	operator := map[query.Op]string{query.Equal: "$eq", query.Less: "$lt", query.LessOrEqual: "$lte", query.Greater: "$gt", query.GreaterOrEqual: "$gte"}[op]
	if operator == "" {
		return nothing()
	}
	return bson.D{{Key: f.path, Value: bson.D{{Key: operator, Value: value}}}}
}
