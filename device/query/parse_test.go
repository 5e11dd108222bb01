package query_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
)

func parse(t *testing.T, text string) query.Expr {
	t.Helper()
	e, err := query.Parse(querytest.Schema(), text, query.WithNow(querytest.Now()))
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return e
}

func TestParseGivesCanonicalText(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing is all", "", ""},
		{"space is all", " \t\n ", ""},
		{"a lone star is all", "*", ""},
		{"several stars are all", "***", ""},
		{"a star beside others stays", "* model = a", `* AND model = "a"`},
		{"a bare word is folded", "T58W", `"t58w"`},
		{"a bare word keeps its hyphen", "SIP-T46S", `"sip-t46s"`},
		{"a bare word keeps its apostrophe", "O'Brien", `"o'brien"`},
		{"a bare word keeps letters beyond ASCII", "ÉTÉ", `"ÉtÉ"`},
		{"a bare word may begin with a digit", "70.83.0.1", `"70.83.0.1"`},
		{"a bare word may have wildcards", "70.*.1*", `"70.*.1*"`},
		{"a whole MAC address is a bare word", "AB:cd:EF:00:01:02", `"ab:cd:ef:00:01:02"`},
		{"a whole MAC address may end at a parenthesis", "(ab:cd:ef:00:01:02)", `"ab:cd:ef:00:01:02"`},
		{"a quoted word is searched", `"two words"`, `"two words"`},
		{"a quoted operator is searched", `"or"`, `"or"`},
		{"words side by side are joined by AND", "a b", `"a" AND "b"`},
		{"AND joins", "a AND b AND c", `"a" AND "b" AND "c"`},
		{"OR binds tighter than AND", "a AND b OR c AND d", `"a" AND ("b" OR "c") AND "d"`},
		{"OR binds tighter than juxtaposition", "a b OR c d", `"a" AND ("b" OR "c") AND "d"`},
		{"parentheses bind tightest", "(a AND b) OR c", `("a" AND "b") OR "c"`},
		{"superfluous parentheses vanish", "((a) AND ((b)))", `"a" AND "b"`},
		{"NOT binds tighter than OR", "NOT a OR b", `NOT "a" OR "b"`},
		{"minus negates", "-a", `NOT "a"`},
		{"minus negates a group", "-(a OR b)", `NOT ("a" OR "b")`},
		{"NOT needs no space before a parenthesis", "NOT(a b)", `NOT ("a" AND "b")`},
		{"two negations cancel out", "NOT -a", `"a"`},
		{"groups need no space between them", "(a)(b)", `"a" AND "b"`},
		{"a string compares folded", "model = T46S", `model = "t46s"`},
		{"spaces around an operator are optional", "model=T46S", `model = "t46s"`},
		{"a no-break space is space", "model\u00a0=\u00a0T46S", `model = "t46s"`},
		{"single quotes are quotes", "model = 'a \"b\"'", `model = "a \"b\""`},
		{"escapes take the meaning away", `model = "\"\\\*\'"`, `model = "\"\\\*'"`},
		{"a backslash without quotes is itself", `model = a\b`, `model = "a\\b"`},
		{"a version needs no quotes", "softwareVersion >= 70.83.0.1", `softwareVersion >= "70.83.0.1"`},
		{"a MAC address needs no quotes", "mac=00:15:65:4A:a9:37", `mac = "00:15:65:4a:a9:37"`},
		{"a MAC address may come without colons", "mac=0015654AA937", `mac = "00:15:65:4a:a9:37"`},
		{"a MAC address may come with hyphens", "mac=00-15-65-4A-A9-37", `mac = "00:15:65:4a:a9:37"`},
		{"a MAC address may come with dots", "mac=0015.654a.a937", `mac = "00:15:65:4a:a9:37"`},
		{"the begin of a MAC address counts pairs from the left", "mac=00156*", `mac = "00:15:6*"`},
		{"the end of a MAC address counts pairs from the right", "mac=*937", `mac = "*9:37"`},
		{"a piece of a MAC address gets colons", "mac:4aa9", `mac:"4a:a9"`},
		{"a dotted number is no piece of a MAC address", "mac:70.83", `mac:"70.83"`},
		{"what is no MAC address stays", "mac:x-lite", `mac:"x-lite"`},
		{"!= is kept", "model != T46S", `model != "t46s"`},
		{"NOT = becomes !=", "NOT model = T46S", `model != "t46s"`},
		{"wildcards anywhere", "model = T4*S*", `model = "t4*s*"`},
		{"wildcards next to one another are one", "model = a***b", `model = "a*b"`},
		{"!= takes wildcards", "model != T4*", `model != "t4*"`},
		{"a wildcard alone is presence", "model = *", "model:*"},
		{"colon and star is presence", "lastInform:*", "lastInform:*"},
		{"!= and star is absence", "lastInform != *", "NOT lastInform:*"},
		{"an empty string is absence", `model = ""`, `model = ""`},
		{"not the empty string is presence", `model != ""`, "model:*"},
		{"colon is containment", "model:T4", `model:"t4"`},
		{"open ends are containment", `model = "*T4*"`, `model:"t4"`},
		{"not containment", "model != *T4*", `NOT model:"t4"`},
		{"containment of two pieces", "model:T4*S", `model:"t4*s"`},
		{"a tag", "tags:VIP", `tags:"vip"`},
		{"a tag with wildcard", "tags:vip-*", `tags:"vip-*"`},
		{"no tag", "-tags:*", "NOT tags:*"},
		{"a bare boolean", "online", "online = true"},
		{"a negated boolean", "-online", "online = false"},
		{"a false boolean", "online = FALSE", "online = false"},
		{"a boolean that is not false", "online != false", "online = true"},
		{"a quoted boolean is a word", `"online"`, `"online"`},
		{"a number", "revision > -3", "revision > -3"},
		{"a colon compares numbers", "revision:5", "revision = 5"},
		{"a time in another zone", `lastInform = "2025-01-01T00:00:00.120+02:00"`, `lastInform = "2024-12-31T22:00:00.120Z"`},
		{"a time without quotes", "lastInform<2025-01-01T00:00:00Z", `lastInform < "2025-01-01T00:00:00.000Z"`},
		{"a date", "firstSeen >= 2025-01-01", `firstSeen >= "2025-01-01T00:00:00.000Z"`},
		{"hours ago", `lastInform < "-24h"`, `lastInform < "2025-03-30T08:00:00.000Z"`},
		{"mixed units ago", "lastInform > -1w1d1h1m1s", `lastInform > "2025-03-23T06:58:59.000Z"`},
		{"in the future", "lastInform > +1h", `lastInform > "2025-03-31T09:00:00.000Z"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := parse(t, test.text)
			got := query.Format(e)
			if got != test.want {
				t.Fatalf("Format(Parse(%q)) = %s, want %s", test.text, got, test.want)
			}
			if again := parse(t, got); !reflect.DeepEqual(e, again) {
				t.Errorf("%s parses to %+v, want %+v", got, again, e)
			}
		})
	}
}

func TestParseErrorsSayWhereAndWhat(t *testing.T) {
	tests := []struct {
		name, text string
		position   int
		words      string
	}{
		{"unknown field with a near one", "lastinform < -1h", 0, "unknown field lastinform; did you mean lastInform?"},
		{"unknown field mistyped", "a AND modle = x", 6, "did you mean model?"},
		{"unknown field without a near one", "colour = red", 0, "the fields are id, manufacturer"},
		{"unknown field from an IPv6 address", "fe80::1", 0, "put quotes around text that contains :"},
		{"no field", "= x", 0, "= needs a field before it"},
		{"quoted field", `"model" = x`, 8, "written without quotes"},
		{"no value at the end", "model = ", 8, "expected a value after ="},
		{"no value before a parenthesis", "(model = )", 9, `found ")"`},
		{"doubled operator", "model == x", 7, `found "="`},
		{"operator in a value", "model = a<b", 9, "put quotes around"},
		{"keyword as a value", "model = AND online", 8, `write "AND"`},
		{"group of values", "model = (a OR b)", 8, "(a=x OR a=y)"},
		{"quote inside a value", `model = a"b"`, 9, "put quotes around"},
		{"quote inside a word", `a"b"`, 1, "put quotes around all of it"},
		{"exclamation mark", "!online", 0, "put quotes around"},
		{"exclamation mark inside a word", "wow!", 3, "only used in !="},
		{"unclosed string", `a model="x`, 8, `no closing "`},
		{"unclosed single quotes", "model='x", 6, "no closing '"},
		{"unknown escape", `model="é\n"`, 9, "after a backslash"},
		{"backslash at the end", `model="\`, 7, "after a backslash"},
		{"text behind a string", `model="x"y`, 9, "expected a space"},
		{"unclosed parenthesis", "a (b OR c", 2, "this ( is never closed"},
		{"superfluous parenthesis", "(a) )", 4, "closes no parenthesis"},
		{"empty parentheses", "( )", 2, "between ( and )"},
		{"OR at the end", "a OR", 4, "ends where"},
		{"AND at the end", "a AND ", 6, "ends where"},
		{"NOT at the end", "NOT", 3, "ends where"},
		{"OR at the begin", "OR a", 0, "found OR"},
		{"two operators", "a AND OR b", 6, "found OR"},
		{"lone minus", "a - b", 2, "- must stand directly before"},
		{"lower-case operator", "a or b", 2, "in capitals: OR"},
		{"function", "size(tags)", 0, "functions are not supported: size("},
		{"list compared", "tags = vip", 5, "use tags:element"},
		{"list contains nothing", `tags:""`, 5, "not empty"},
		{"string contains nothing", `model:""`, 6, `model = "" for none`},
		{"wildcard in an order comparison", "model < a*", 8, "not with <"},
		{"empty string in an order comparison", `model >= ""`, 9, "not empty"},
		{"boolean compared by size", "online < true", 7, "use = true or = false"},
		{"boolean compared with a number", "online = 1", 9, `expected true or false, found "1"`},
		{"boolean present", "online:*", 7, "expected true or false"},
		{"number expected", "revision = x", 11, `expected digits, found "x"`},
		{"whole number expected", "revision = 1.5", 11, "expected digits"},
		{"number too large", "revision = 9223372036854775808", 11, "out of range"},
		{"time expected", "lastInform > yesterday", 13, `"-24h" for 24 hours ago`},
		{"relative time without a sign", "lastInform < 24h", 13, `"-24h" for 24 hours ago`},
		{"relative time without a unit", "lastInform < -24", 13, "units w, d, h, m, s"},
		{"relative time with an unknown unit", "lastInform < -2y", 13, "units w, d, h, m, s"},
		{"relative time too far", "lastInform < -9999999999w", 13, "at most 100 years"},
		{"relative time too far in sum", "lastInform < -99w36500d", 13, "at most 100 years"},
		{"relative time with many digits", "lastInform < -99999999999999999999s", 13, "at most 100 years"},
		{"time before 1970", "lastInform < -60w3600w", 13, "1970 to 9999"},
		{"absolute time before 1970", "lastInform < 1969-12-31", 13, "1970 to 9999"},
		{"time too fine", "lastInform < 2025-01-01T00:00:00.0001Z", 13, "milliseconds"},
		{"empty search", `a ""`, 2, "empty string"},
		{"NUL", "a\x00", 1, "NUL"},
		{"no UTF-8", "é\xff", 2, "UTF-8"},
		{"too long", strings.Repeat("a", query.MaxLength+1), query.MaxLength, "at most 8192"},
		{"too many terms", strings.Repeat("a ", query.MaxTerms) + "b", 2 * query.MaxTerms, "more than 250"},
		{"too many wildcards", "model=" + strings.Repeat("a*", query.MaxWildcards+1), 6, "at most 16 wildcards"},
		{"too deep", strings.Repeat("(a OR (b AND ", 17) + "a" + strings.Repeat("))", 17), 7, "more than 32 deep"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := query.Parse(querytest.Schema(), test.text, query.WithNow(querytest.Now()))
			var syntax *query.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse gave %s, %v; want a SyntaxError", query.Format(e), err)
			}
			if syntax.Position != test.position {
				t.Errorf("position = %d, want %d", syntax.Position, test.position)
			}
			if !strings.Contains(syntax.Message, test.words) {
				t.Errorf("message %q does not contain %q", syntax.Message, test.words)
			}
			if len(syntax.Message) > 400 {
				t.Errorf("message has %d bytes", len(syntax.Message))
			}
		})
	}
}

func TestRelativeTimeNeedsNow(t *testing.T) {
	_, err := query.Parse(querytest.Schema(), "lastInform < -1h")
	var syntax *query.SyntaxError
	if !errors.As(err, &syntax) || syntax.Position != 13 {
		t.Fatalf("err = %v, want a SyntaxError at 13", err)
	}
	if _, err := query.Parse(querytest.Schema(), "lastInform < 2025-01-01"); err != nil {
		t.Errorf("an absolute time without now: %v", err)
	}
}

func TestSearchNeedsASearchedField(t *testing.T) {
	schema := query.NewSchema(query.Field{Name: "state", Type: query.String})
	_, err := query.Parse(schema, "failed")
	var syntax *query.SyntaxError
	if !errors.As(err, &syntax) || !strings.Contains(syntax.Message, "name one of state") {
		t.Fatalf("err = %v, want a SyntaxError that names the field", err)
	}
}

func TestSuperfluousParenthesesAndNegationsAreNoDepth(t *testing.T) {
	text := strings.Repeat("(", 2000) + strings.Repeat("-", 1001) + "a" + strings.Repeat(")", 2000)
	if got := query.Format(parse(t, text)); got != `NOT "a"` {
		t.Errorf("got %s", got)
	}
}

func TestNestingUpToTheLimitIsAccepted(t *testing.T) {
	alternating := strings.Repeat("(a OR (b AND ", query.MaxDepth/2) + "c" + strings.Repeat("))", query.MaxDepth/2)
	deepest := parse(t, alternating)
	if canonical := query.Format(deepest); !reflect.DeepEqual(deepest, parse(t, canonical)) {
		t.Errorf("%s parses to something else than %s", canonical, alternating)
	}
	sameKind := strings.Repeat("(a AND ", 100) + "b" + strings.Repeat(")", 100)
	if and, ok := parse(t, sameKind).(query.And); !ok || len(and.Terms) != 101 {
		t.Error("nested AND were not joined")
	}
}

func TestParseGivesTypedNodes(t *testing.T) {
	schema := querytest.Schema()
	field := func(name string) query.Field {
		f, ok := schema.Field(name)
		if !ok {
			t.Fatalf("no field %s", name)
		}
		return f
	}
	want := query.And{Terms: []query.Expr{
		query.Compare{Field: field("model"), Op: query.Equal, Value: query.TextValue("t46s")},
		query.Like{Field: field("model"), Pattern: query.Pattern{Parts: []string{"t4", ""}}},
		query.Not{Term: query.Present{Field: field("group")}},
		query.Or{Terms: []query.Expr{
			query.Has{Field: field("tags"), Text: "vip"},
			query.Not{Term: query.Compare{Field: field("online"), Op: query.Equal, Value: query.BoolValue(true)}},
		}},
		query.Compare{Field: field("revision"), Op: query.GreaterOrEqual, Value: query.IntValue(7)},
		query.Compare{Field: field("lastInform"), Op: query.Less, Value: query.TimeValue(time.Date(2025, 3, 30, 8, 0, 0, 0, time.UTC))},
	}}
	got := parse(t, `model = T46S model = T4* group = "" tags:VIP OR -online revision >= 7 lastInform < -24h`)
	if diff := cmp.Diff(query.Expr(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSearchSpellsOutItsFields(t *testing.T) {
	search, ok := parse(t, "0015").(query.Search)
	if !ok {
		t.Fatal("not a Search")
	}
	got := map[string]string{}
	for _, term := range search.Terms {
		text := query.Format(term)
		name, value, _ := strings.Cut(text, ":")
		got[name] = value
	}
	want := map[string]string{
		"manufacturer": `"0015"`, "softwareVersion": `"0015"`, "productClass": `"0015"`, "serialNumber": `"0015"`,
		"mac": `"00:15"`, "model": `"0015"`, "address": `"0015"`, "tags": `"0015"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
