package querytest

import (
	"fmt"
	"math"
	"time"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device/query"
)

// Values is a record: the values of its fields by name. A field that is missing
// has no entry, or an empty value.
type Values map[string]query.Value

// Get is the query.Record of the values.
func (v Values) Get(field string) (query.Value, bool) {
	value, ok := v[field]
	return value, ok
}

// Record generates records of a schema in which fields are missing at times.
func Record(schema *query.Schema) *rapid.Generator[Values] {
	return rapid.Custom(func(t *rapid.T) Values {
		values := Values{}
		for _, field := range schema.Fields() {
			if rapid.IntRange(0, 4).Draw(t, field.Name+" is there") > 0 {
				values[field.Name] = Value(field).Draw(t, field.Name)
			}
		}
		return values
	})
}

// Value generates values of a field as a record holds them.
func Value(field query.Field) *rapid.Generator[query.Value] {
	switch field.Type {
	case query.String:
		text := Text()
		if field.MAC {
			text = MAC()
		}
		return rapid.Map(rapid.OneOf(text, text, text, rapid.Just("")), query.TextValue)
	case query.Int:
		return rapid.Map(rapid.SampledFrom([]int64{0, 1, 2, 9, 10, 11, math.MaxInt64}), query.IntValue)
	case query.Bool:
		return rapid.Map(rapid.Bool(), query.BoolValue)
	case query.Time:
		return rapid.Map(rapid.OneOf(instant(), instant(), rapid.Just(time.Time{})), query.TimeValue)
	case query.StringList:
		return rapid.Map(elements(), func(all []string) query.Value { return query.ListValue(all...) })
	}
	panic(fmt.Sprintf("querytest: field %s has type %d", field.Name, field.Type))
}

// instant generates times close to one another and to Now.
func instant() *rapid.Generator[time.Time] {
	distances := []time.Duration{
		0, time.Millisecond, -time.Millisecond, time.Second, -time.Minute, -time.Hour, -24 * time.Hour, -25 * time.Hour, -7 * 24 * time.Hour,
	}
	return rapid.Map(rapid.SampledFrom(distances), func(d time.Duration) time.Time { return Now().Add(d) })
}
