package query_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
)

// FuzzParse holds that Parse never panics, that its errors point into the text,
// and that what it accepts is printed and read again as the same expression.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "*", "T46S -online", `model = "T4*" OR tags:vip (mac:0015 lastInform < -24h)`,
		`NOT model != "a\"\*\\" AND revision >= 3`, "mac=00:15:65:4a:a9:37", "(((", "a=b=c", "\"\\", "é\u00a0:x", "-- -", "online:true",
		`firstSeen > "2025-01-01T00:00:00+01:00"`, "a OR OR", "tags:*a*", "mac:*9-37",
	} {
		f.Add(seed)
	}
	schema := querytest.Schema()
	record := querytest.Values{"model": query.TextValue("T46S"), "tags": query.ListValue("a", "é")}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := query.Parse(schema, text, query.WithNow(querytest.Now()))
		if err != nil {
			var syntax *query.SyntaxError
			if !errors.As(err, &syntax) || syntax.Position < 0 || syntax.Position > len(text) || syntax.Message == "" {
				t.Fatalf("bad error %#v", err)
			}
			return
		}
		if query.Match(e, record.Get) == query.Match(query.Negate(e), record.Get) {
			t.Fatal("a record matches both or neither of a filter and its opposite")
		}
		canonical := query.Format(e)
		if len(canonical) > query.MaxLength {
			return
		}
		again, err := query.Parse(schema, canonical)
		if err != nil {
			t.Fatalf("canonical %q: %v", canonical, err)
		}
		// Not cmp.Diff: its time doubles with every level of nesting.
		if !reflect.DeepEqual(e, again) {
			t.Fatalf("%q parses to %+v, want %+v", canonical, again, e)
		}
	})
}

// FuzzParseOrderBy holds the same for orders.
func FuzzParseOrderBy(f *testing.F) {
	for _, seed := range []string{"", "lastInform desc, serialNumber", "model,", "model asc extra", " id\tDESC ", "tags"} {
		f.Add(seed)
	}
	schema := querytest.Schema()
	f.Fuzz(func(t *testing.T, text string) {
		orders, err := query.ParseOrderBy(schema, text)
		if err != nil {
			var syntax *query.SyntaxError
			if !errors.As(err, &syntax) || syntax.Position < 0 || syntax.Position > len(text) {
				t.Fatalf("bad error %#v", err)
			}
			return
		}
		again, err := query.ParseOrderBy(schema, query.FormatOrder(orders))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(orders, again); diff != "" {
			t.Fatalf("-first +second:\n%s", diff)
		}
	})
}
