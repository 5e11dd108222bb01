package sqlite

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
)

// keyset is an order with the place in it where a page begins. Every value of a
// step is a string or an int64; the key is the last tie-break.
type keyset struct {
	orders  []query.Order
	columns map[string]column
	key     string
	// descending is the direction of the key.
	descending bool
	// sorted says that rows are to be sorted and no index of the order walked.
	sorted bool
}

// sql returns the expression of a step. A missing value is stored as ” or 0 and
// so comes first.
func (k *keyset) sql(o query.Order) string {
	f := k.columns[o.Field.Name]
	if o.Field.Type == query.String {
		return f.folded()
	}
	return f.sql
}

func (k *keyset) check() error {
	for _, o := range k.orders {
		if _, ok := k.columns[o.Field.Name]; !ok || !o.Field.Orders() {
			return fmt.Errorf("%w: %q cannot be used for ordering", device.ErrInvalid, o.Field.Name)
		}
	}
	return nil
}

// orderBy returns the ORDER BY clause.
func (k *keyset) orderBy() string {
	steps := make([]string, 0, len(k.orders)+1)
	for _, o := range k.orders {
		step := k.sql(o)
		if o.Descending {
			step += " DESC"
		}
		steps = append(steps, step)
	}
	key := k.key
	if k.sorted {
		// A plus sign keeps SQLite from using an index for the expression.
		for i := range steps {
			steps[i] = "+" + steps[i]
		}
		key = "+" + key
	}
	if k.descending {
		key += " DESC"
	}
	return " ORDER BY " + strings.Join(append(steps, key), ", ")
}

// after writes the condition for what comes after the place. Each step is
// bounded first, so that an index can begin there.
func (k *keyset) after(w *where, p place) {
	for i, o := range k.orders {
		step, beyond := k.sql(o), beyond(o.Descending)
		w.write("("+step+" "+beyond+"= ? AND ("+step+" "+beyond+" ? OR ", p.values[i], p.values[i])
	}
	key := k.key
	if k.sorted {
		key = "+" + key
	}
	w.write(key+" "+beyond(k.descending)+" ?", p.key)
	w.write(strings.Repeat("))", len(k.orders)))
}

func beyond(descending bool) string {
	if descending {
		return "<"
	}
	return ">"
}

// place is where a page ended.
type place struct {
	values []any
	key    string
}

// name names the order, to which tokens are bound.
func (k *keyset) name() string { return k.key + " " + query.FormatOrder(k.orders) }

// token returns the opaque form of a place.
func (k *keyset) token(p place) string {
	var raw []byte
	for _, value := range p.values {
		switch v := value.(type) {
		case string:
			raw = store.AppendPageText(raw, v)
		case int64:
			raw = binary.AppendVarint(raw, v)
		}
	}
	return store.PageToken(k.name(), append(raw, p.key...))
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

// checkToken returns an error that wraps device.ErrInvalid for a token that is
// not empty and not one of this order.
func (k *keyset) checkToken(token string) error {
	if token == "" {
		return nil
	}
	_, err := k.place(token)
	return err
}

// readValue reads one value and returns its length, 0 or less if it is damaged.
func readValue(t query.Type, raw []byte) (value any, size int) {
	if t != query.String {
		return binary.Varint(raw)
	}
	return store.ReadPageText(raw)
}

// orderValue returns the value of a record's field as a step compares it.
func orderValue(v query.Value) any {
	switch v.Type {
	case query.String:
		return query.Fold(v.Text)
	case query.Time:
		return milliseconds(v.Time)
	default:
		return v.Int
	}
}
