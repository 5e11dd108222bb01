package query_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
)

func TestFormatAndParseAreInverse(t *testing.T) {
	schema := querytest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		e := querytest.Expression(schema).Draw(t, "expression")
		text := query.Format(e)
		// No option for the time: canonical text is absolute.
		again, err := query.Parse(schema, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(e, again) {
			t.Fatalf("%s parses to %+v, want %+v", text, again, e)
		}
		if second := query.Format(again); second != text {
			t.Fatalf("%s is formatted as %s", text, second)
		}
	})
}

func TestParsedExpressionsAreNormalised(t *testing.T) {
	schema := querytest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		e := querytest.Expression(schema).Draw(t, "expression")
		if fault := abnormal(e); fault != "" {
			t.Fatalf("%s: %s", query.Format(e), fault)
		}
	})
}

// abnormal names the first promise of the documentation of Expr that the
// expression breaks.
func abnormal(e query.Expr) string {
	switch e := e.(type) {
	case query.And:
		return abnormalTerms(e.Terms, 2, func(term query.Expr) bool { _, same := term.(query.And); return same })
	case query.Or:
		return abnormalTerms(e.Terms, 2, func(term query.Expr) bool { _, same := term.(query.Or); return same })
	case query.Search:
		return abnormalTerms(e.Terms, 1, func(term query.Expr) bool {
			_, like := term.(query.Like)
			_, has := term.(query.Has)
			return !like && !has
		})
	case query.Not:
		if _, ok := e.Term.(query.Not); ok {
			return "Not in Not"
		}
		return abnormal(e.Term)
	case query.Compare:
		return abnormalCompare(e)
	case query.Like:
		parts := e.Pattern.Parts
		if len(parts) < 2 || len(parts) == 2 && parts[0]+parts[1] == "" || slices.Contains(parts[1:len(parts)-1], "") {
			return "empty parts"
		}
		if folded := query.Fold(strings.Join(parts, "")); folded != strings.Join(parts, "") {
			return "parts are not folded"
		}
	case query.Has:
		if e.Text == "" || e.Text != query.Fold(e.Text) || e.Field.Type != query.StringList {
			return "bad Has"
		}
	case query.Present:
		if e.Field.Type == query.Bool {
			return "Present with a Bool"
		}
	}
	return ""
}

func abnormalTerms(terms []query.Expr, least int, forbidden func(query.Expr) bool) string {
	if len(terms) < least {
		return "too few terms"
	}
	for _, term := range terms {
		if forbidden(term) {
			return "term of a wrong kind"
		}
		if fault := abnormal(term); fault != "" {
			return fault
		}
	}
	return ""
}

func abnormalCompare(e query.Compare) string {
	switch {
	case e.Value.Type != e.Field.Type:
		return "constant of another type"
	case e.Field.Type == query.Bool && (e.Op != query.Equal || !e.Value.Bool):
		return "Bool not compared with = true"
	case e.Field.Type == query.String && (e.Value.Text == "" || e.Value.Text != query.Fold(e.Value.Text)):
		return "text empty or not folded"
	case e.Field.Type == query.StringList:
		return "list compared"
	}
	return ""
}

func TestLogicHasTwoValues(t *testing.T) {
	schema := querytest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		record := query.Record(querytest.Record(schema).Draw(t, "record").Get)
		a := querytest.Expression(schema).Draw(t, "a")
		b := querytest.Expression(schema).Draw(t, "b")
		matchA, matchB := query.Match(a, record), query.Match(b, record)
		laws := map[string]bool{
			"not a":   query.Match(query.Negate(a), record) == !matchA,
			"a and b": query.Match(query.AllOf(a, b), record) == (matchA && matchB),
			"a or b":  query.Match(query.AnyOf(a, b), record) == (matchA || matchB),
		}
		for law, holds := range laws {
			if !holds {
				t.Errorf("%s does not hold for a = %s, b = %s", law, query.Format(a), query.Format(b))
			}
		}
	})
}

func TestPatternMatchesLikeARegularExpression(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"a", "b", "ab", "A", "é", ".", "*", "\n", "%", ""})
	rapid.Check(t, func(t *rapid.T) {
		var quoted strings.Builder
		for _, part := range rapid.SliceOfN(pieces, 1, 5).Draw(t, "parts") {
			if quoted.Len() > 0 {
				quoted.WriteByte('*')
			}
			quoted.WriteString(querytest.Escape(part))
		}
		like, ok := mustParse(`id = "` + quoted.String() + `"`).(query.Like)
		if !ok {
			t.Skip("no wildcard")
		}
		text := strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(t, "text"), "")
		expression := regexp.MustCompile(`\A(?:` + like.Pattern.Join("(?s:.*)", regexp.QuoteMeta) + `)\z`)
		if got, want := like.Pattern.Match(text), expression.MatchString(query.Fold(text)); got != want {
			t.Fatalf("%q matches %q: %v, want %v", like.Pattern.Parts, text, got, want)
		}
	})
}

// mustParse is Parse for texts that are known to be valid.
func mustParse(text string) query.Expr {
	e, err := query.Parse(querytest.Schema(), text)
	if err != nil {
		panic(err)
	}
	return e
}

func TestOrdersFormatAndParse(t *testing.T) {
	schema := querytest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		orders := querytest.Orders(schema).Draw(t, "orders")
		again, err := query.ParseOrderBy(schema, query.FormatOrder(orders))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(orders, again); diff != "" {
			t.Fatalf("-first +second:\n%s", diff)
		}
	})
}

func TestCompareRecordsIsAnOrder(t *testing.T) {
	schema := querytest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		orders := querytest.Orders(schema).Draw(t, "orders")
		records := rapid.SliceOfN(querytest.Record(schema), 3, 3).Draw(t, "records")
		compare := func(i, j int) int { return query.CompareRecords(orders, records[i].Get, records[j].Get) }
		if compare(0, 1) != -compare(1, 0) {
			t.Fatalf("not antisymmetric: %d and %d", compare(0, 1), compare(1, 0))
		}
		if compare(0, 1) <= 0 && compare(1, 2) <= 0 && compare(0, 2) > 0 {
			t.Fatal("not transitive")
		}
	})
}
