package mongo

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// inScope is the filter for what lies in the subtree of a scope, by the field
// group.
func inScope(scope device.Scope) bson.D { return within("group", scope.Group) }

// within is the filter for what a field places in the subtree of a group, its
// root included; the empty group is everything.
func within(field, g string) bson.D {
	if g == "" {
		return everything()
	}
	// "X0" is what follows everything that begins with "X/". The outer range is
	// what the index serves.
	return bson.D{
		{Key: field, Value: bson.D{{Key: "$gte", Value: g}, {Key: "$lt", Value: g + "0"}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: field, Value: g}},
			bson.D{{Key: field, Value: bson.D{{Key: "$gte", Value: g + "/"}}}},
		}},
	}
}

// allOf is the filter for what every one of the filters takes; empty ones take
// everything.
func allOf(filters ...bson.D) bson.D {
	var terms bson.A
	for _, f := range filters {
		if len(f) > 0 {
			terms = append(terms, f)
		}
	}
	switch len(terms) {
	case 0:
		return everything()
	case 1:
		return terms[0].(bson.D)
	default:
		return bson.D{{Key: "$and", Value: terms}}
	}
}
