package querytest

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device/query"
)

// Expression generates expressions as Parse returns them, of every kind that the
// schema allows.
func Expression(schema *query.Schema) *rapid.Generator[query.Expr] {
	return rapid.Custom(func(t *rapid.T) query.Expr {
		text := Filter(schema).Draw(t, "filter")
		e, err := query.Parse(schema, text, query.WithNow(Now()))
		if err != nil {
			t.Fatalf("generated a filter that does not parse: %q: %v", text, err)
		}
		return e
	})
}

// Filter generates the texts of valid filters. Their relative times need
// query.WithNow.
func Filter(schema *query.Schema) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 40).Draw(t, "all") == 0 {
			return rapid.SampledFrom([]string{"", " ", "*"}).Draw(t, "all")
		}
		return conjunction(t, schema, 3)
	})
}

func conjunction(t *rapid.T, schema *query.Schema, depth int) string {
	return terms(t, []string{" AND ", " ", "  AND\t"}, func() string {
		return terms(t, []string{" OR "}, func() string { return term(t, schema, depth) })
	})
}

func terms(t *rapid.T, separators []string, next func() string) string {
	var b strings.Builder
	b.WriteString(next())
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2}).Draw(t, "more") {
		b.WriteString(rapid.SampledFrom(separators).Draw(t, "separator"))
		b.WriteString(next())
	}
	return b.String()
}

func term(t *rapid.T, schema *query.Schema, depth int) string {
	negation := rapid.SampledFrom([]string{"", "", "", "-", "NOT ", "NOT -"}).Draw(t, "negation")
	if depth > 0 && rapid.IntRange(0, 4).Draw(t, "group") == 0 {
		return negation + "(" + conjunction(t, schema, depth-1) + ")"
	}
	return negation + restriction(t, schema)
}

func restriction(t *rapid.T, schema *query.Schema) string {
	field := rapid.SampledFrom(schema.Fields()).Draw(t, "field")
	if field.Search && rapid.IntRange(0, 3).Draw(t, "search") == 0 {
		return pattern(t, field)
	}
	if field.Type != query.Bool && rapid.IntRange(0, 5).Draw(t, "presence") == 0 {
		return field.Name + ":*"
	}
	switch field.Type {
	case query.String:
		return stringRestriction(t, field)
	case query.StringList:
		return field.Name + ":" + pattern(t, field)
	case query.Bool:
		form := rapid.SampledFrom([]string{"%s", "%s = true", "%s = false", "%s != true", "%s:FALSE"}).Draw(t, "form")
		return fmt.Sprintf(form, field.Name)
	case query.Int:
		number := rapid.OneOf(rapid.Int64Range(-2, 12), rapid.Int64()).Draw(t, "number")
		return fmt.Sprintf("%s%s%d", field.Name, relation(t), number)
	default:
		return field.Name + relation(t) + timeConstant(t)
	}
}

func relation(t *rapid.T) string {
	return rapid.SampledFrom([]string{"=", " = ", "!=", "<", " <= ", ">", ">= ", ":"}).Draw(t, "operator")
}

func stringRestriction(t *rapid.T, field query.Field) string {
	switch op := relation(t); strings.TrimSpace(op) {
	case "=", "!=":
		if rapid.IntRange(0, 9).Draw(t, "empty") == 0 {
			return field.Name + op + `""`
		}
		return field.Name + op + pattern(t, field)
	case ":":
		return field.Name + op + pattern(t, field)
	default:
		return field.Name + op + Quote(constant(t, field))
	}
}

// constant generates what could be a value of the field, or a piece of one.
func constant(t *rapid.T, field query.Field) string {
	if !field.MAC {
		return Text().Draw(t, "text")
	}
	address := MAC().Draw(t, "mac")
	begin := rapid.IntRange(0, 8).Draw(t, "begin")
	piece := address[begin : begin+rapid.IntRange(1, len(address)-begin).Draw(t, "length")]
	separator := rapid.SampledFrom([]string{":", "-", ".", ""}).Draw(t, "separator")
	if piece == ":" {
		separator = piece
	}
	return strings.ReplaceAll(strings.ToUpper(piece), ":", separator) + rapid.SampledFrom([]string{"", "", "x"}).Draw(t, "end")
}

// pattern generates a quoted constant with wildcards at times, never empty.
func pattern(t *rapid.T, field query.Field) string {
	var b strings.Builder
	wildcard := func(place string) {
		if rapid.IntRange(0, 3).Draw(t, place) == 0 {
			b.WriteByte('*')
		}
	}
	b.WriteByte('"')
	wildcard("first")
	b.WriteString(Escape(constant(t, field)))
	if rapid.IntRange(0, 4).Draw(t, "two parts") == 0 {
		b.WriteByte('*')
		b.WriteString(Escape(constant(t, field)))
	}
	wildcard("last")
	b.WriteByte('"')
	return b.String()
}

func timeConstant(t *rapid.T) string {
	if rapid.Bool().Draw(t, "relative") {
		return rapid.SampledFrom([]string{"-1h", `"-24h"`, "-1d1h", "-7d", "+1s", "-0s", "-60s"}).Draw(t, "distance")
	}
	form := rapid.SampledFrom([]string{"2006-01-02", `"2006-01-02T15:04:05.000Z"`, "2006-01-02T15:04:05.000Z", `"1970-01-01"`}).Draw(t, "form")
	return instant().Draw(t, "time").Format(form)
}

// Quote returns the text as a quoted string of a filter, without wildcards.
func Quote(text string) string { return `"` + Escape(text) + `"` }

// Escape returns the text as it is written between double quotes, without
// wildcards.
func Escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `*`, `\*`).Replace(text)
}

// Orders generates orders of up to three fields.
func Orders(schema *query.Schema) *rapid.Generator[[]query.Order] {
	return rapid.Custom(func(t *rapid.T) []query.Order {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom(schema.OrderNames()), 0, 3, rapid.ID[string]).Draw(t, "names")
		var orders []query.Order
		for _, name := range names {
			field, _ := schema.Field(name)
			orders = append(orders, query.Order{Field: field, Descending: rapid.Bool().Draw(t, "descending")})
		}
		return orders
	})
}
