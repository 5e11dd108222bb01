package query

import "strings"

// MaxOrder is how many fields an order may name.
const MaxOrder = 8

// Order is one step of an order of records.
//
// Ascending, a missing value comes first, then false before true, strings
// folded and byte by byte (Fold), numbers and times by size. Strings that differ
// only in the case of letters are equal, and the next step decides.
type Order struct {
	Field      Field
	Descending bool
}

// ParseOrderBy reads an order such as "lastInform desc, serialNumber" (AIP-132).
// An empty text gives no order. The error is a *SyntaxError.
func ParseOrderBy(schema *Schema, text string) ([]Order, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var orders []Order
	offset := 0
	for step := range strings.SplitSeq(text, ",") {
		order, err := parseOrder(schema, step, offset)
		if err != nil {
			return nil, err
		}
		at := offset + leading(step)
		if len(orders) == MaxOrder {
			return nil, errorAt(at, "an order may name at most %d fields", MaxOrder)
		}
		for _, earlier := range orders {
			if earlier.Field.Name == order.Field.Name {
				return nil, errorAt(at, "%s is named twice", order.Field.Name)
			}
		}
		orders = append(orders, order)
		offset += len(step) + 1
	}
	return orders, nil
}

// parseOrder reads one step that begins at offset.
func parseOrder(schema *Schema, step string, offset int) (Order, error) {
	words := strings.Fields(step)
	at := offset + leading(step)
	if len(words) == 0 {
		return Order{}, errorAt(at, "expected the name of a field")
	}
	field, ok := schema.Field(words[0])
	if !ok {
		return Order{}, errorAt(at, "%s", unknownField(schema.OrderNames(), words[0], ""))
	}
	if !field.Orders() {
		return Order{}, errorAt(at, "%s cannot be used for ordering; these can: %s", field.Name, strings.Join(schema.OrderNames(), ", "))
	}
	if len(words) == 1 {
		return Order{Field: field}, nil
	}
	direction := Fold(words[1])
	if len(words) > 2 || direction != "desc" && direction != "asc" {
		after := strings.TrimLeft(step[leading(step)+len(words[0]):], " \t\r\n")
		return Order{}, errorAt(offset+len(step)-len(after), `after %s, expected "desc", "asc" or a comma`, field.Name)
	}
	return Order{Field: field, Descending: direction == "desc"}, nil
}

// leading returns how many bytes of space the text begins with.
func leading(text string) int { return len(text) - len(strings.TrimLeft(text, " \t\r\n")) }

// FormatOrder returns the text that ParseOrderBy turns into the same orders.
func FormatOrder(orders []Order) string {
	steps := make([]string, len(orders))
	for i, order := range orders {
		steps[i] = order.Field.Name
		if order.Descending {
			steps[i] += " desc"
		}
	}
	return strings.Join(steps, ", ")
}

// CompareRecords returns a negative number if a comes before b, a positive one
// if after, and 0 if the orders do not tell them apart. It is the oracle for
// ordered lists.
func CompareRecords(orders []Order, a, b Record) int {
	for _, order := range orders {
		relation := compareField(order.Field, a, b)
		if order.Descending {
			relation = -relation
		}
		if relation != 0 {
			return relation
		}
	}
	return 0
}

func compareField(field Field, a, b Record) int {
	first, hasFirst := a.present(field)
	second, hasSecond := b.present(field)
	switch {
	case field.Type == Bool:
		return compareValues(orFalse(first), orFalse(second))
	case hasFirst && hasSecond:
		return compareValues(first, second)
	}
	return bit(hasFirst) - bit(hasSecond)
}

// orFalse returns a value of type Bool, false where there is none.
func orFalse(v Value) Value { return BoolValue(v.Bool) }
