package mongo

import (
	"encoding/binary"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
)

// keyset is an order of documents; their id is the last tie-break.
type keyset struct {
	// list names the list, so that a token of another one is refused.
	list   string
	orders []query.Order
	fields filterFields
	// descending is the direction of the id.
	descending bool
}

// place is where a page ended: the value of each step as the documents hold it,
// nil where it is missing, and the id.
type place struct {
	values []any
	key    string
}

// steps returns the fields in order, with the id as the last, and their
// directions. A step after the id decides nothing.
func (k *keyset) steps() ([]filterField, []int, error) {
	var fields []filterField
	var directions []int
	for _, o := range k.orders {
		f, ok := k.fields(o.Field.Name)
		if !ok || !o.Field.Orders() || f.path == "" {
			return nil, nil, fmt.Errorf("%w: %q cannot be used for ordering", device.ErrInvalid, o.Field.Name)
		}
		fields, directions = append(fields, f), append(directions, direction(o.Descending))
		if f.path == idField {
			return fields, directions, nil
		}
	}
	return append(fields, filterField{path: idField, always: true}), append(directions, direction(k.descending)), nil
}

func direction(descending bool) int {
	if descending {
		return -1
	}
	return 1
}

// sort returns the order as MongoDB takes it. What is absent sorts before every
// value, and texts byte by byte.
func (k *keyset) sort() (bson.D, error) {
	fields, directions, err := k.steps()
	if err != nil {
		return nil, err
	}
	sort := make(bson.D, len(fields))
	for i, f := range fields {
		sort[i] = bson.E{Key: f.path, Value: directions[i]}
	}
	return sort, nil
}

// after returns the filter for what comes after the place: equal in the first
// steps and beyond it in the next. Each alternative is one range of the index of
// the order.
func (k *keyset) after(p place) (bson.D, error) {
	fields, directions, err := k.steps()
	if err != nil {
		return nil, err
	}
	values := append(append([]any{}, p.values...), p.key)
	var alternatives bson.A
	var equal bson.D
	for i, f := range fields {
		for _, condition := range f.beyond(directions[i], values[i]) {
			alternatives = append(alternatives, append(append(bson.D{}, equal...), condition))
		}
		equal = append(equal, bson.E{Key: f.path, Value: values[i]})
	}
	if len(alternatives) == 0 {
		return nothing(), nil
	}
	return bson.D{{Key: "$or", Value: alternatives}}, nil
}

// beyond returns the conditions, of which one has to be true, for what comes
// after a value, nil if that is missing.
func (f filterField) beyond(direction int, value any) []bson.E {
	switch {
	case direction > 0 && value == nil:
		return []bson.E{{Key: f.path, Value: bson.D{{Key: "$exists", Value: true}}}}
	case direction > 0:
		return []bson.E{{Key: f.path, Value: bson.D{{Key: "$gt", Value: value}}}}
	case value == nil:
		return nil
	}
	less := bson.E{Key: f.path, Value: bson.D{{Key: "$lt", Value: value}}}
	if f.always {
		return []bson.E{less}
	}
	return []bson.E{less, {Key: f.path, Value: nil}}
}

// name names the list and its order, to which tokens are bound.
func (k *keyset) name() string {
	return fmt.Sprintf("%s %d %s", k.list, direction(k.descending), query.FormatOrder(k.orders))
}

// placeOf returns the place of a record, from its id and the values of the
// steps.
func (k *keyset) placeOf(key string, value func(query.Field) query.Value) place {
	p := place{key: key}
	for _, o := range k.orders {
		p.values = append(p.values, orderValue(value(o.Field)))
	}
	return p
}

// orderValue returns a value as the documents hold it, nil if it is missing.
func orderValue(v query.Value) any {
	switch {
	case v.Type == query.String && v.Text != "":
		return query.Fold(v.Text)
	case v.Type == query.Time && !v.Time.IsZero():
		return bson.DateTime(v.Time.UnixMilli())
	case v.Type == query.Int:
		return v.Int
	case v.Type == query.Bool:
		return v.Bool
	}
	return nil
}

// token returns the opaque form of a place: for each
// step whether there is a value, and the value, then the id.
func (k *keyset) token(p place) string {
	var raw []byte
	for _, value := range p.values {
		switch v := value.(type) {
		case nil:
			raw = append(raw, 0)
		case string:
			raw = store.AppendPageText(append(raw, 1), v)
		case bson.DateTime:
			raw = binary.AppendVarint(append(raw, 1), int64(v))
		case int64:
			raw = binary.AppendVarint(append(raw, 1), v)
		case bool:
			raw = append(raw, 1, bit(v))
		}
	}
	return store.PageToken(k.name(), append(raw, p.key...))
}

// bit is a Bool as a token holds it, which reads it as a number.
func bit(b bool) byte {
	if b {
		return 2
	}
	return 0
}

// place reads a token of the same order. The error wraps device.ErrInvalid.
func (k *keyset) place(token string) (place, error) {
	raw, err := store.PagePlace(k.name(), token)
	if err != nil {
		return place{}, err
	}
	var p place
	for _, o := range k.orders {
		value, size := readValue(o.Field.Type, raw)
		if size <= 0 {
			return place{}, store.PageTokenFault()
		}
		p.values, raw = append(p.values, value), raw[size:]
	}
	p.key = string(raw)
	return p, nil
}

// readValue reads one value and returns its length, 0 or less if it is damaged.
func readValue(t query.Type, raw []byte) (value any, size int) {
	if len(raw) == 0 || raw[0] > 1 {
		return nil, 0
	}
	if raw[0] == 0 {
		return nil, 1
	}
	if t == query.String {
		text, size := store.ReadPageText(raw[1:])
		if size <= 0 {
			return nil, 0
		}
		return text, 1 + size
	}
	n, size := binary.Varint(raw[1:])
	if size <= 0 {
		return nil, 0
	}
	switch t {
	case query.Time:
		return bson.DateTime(n), 1 + size
	case query.Bool:
		return n != 0, 1 + size
	default:
		return n, 1 + size
	}
}
