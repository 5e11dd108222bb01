package query_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
)

func TestMatch(t *testing.T) {
	phone := querytest.Values{
		"id":              query.TextValue("k3"),
		"manufacturer":    query.TextValue("Yealink É"),
		"serialNumber":    query.TextValue("100"),
		"mac":             query.TextValue("00:15:65:4a:a9:37"),
		"model":           query.TextValue("T46S"),
		"softwareVersion": query.TextValue(`66.85_0%5*\x`),
		"address":         query.TextValue(""),
		"tags":            query.ListValue("VIP", "floor-2", "été"),
		"lastInform":      query.TimeValue(querytest.Now().Add(-time.Hour)),
		"firstSeen":       query.TimeValue(time.Time{}),
		"online":          query.BoolValue(true),
		"revision":        query.IntValue(0),
	}
	tests := []struct {
		name, filter string
		want         bool
	}{
		{"the empty filter matches", "", true},
		{"nothing matches the opposite of all", "NOT *", false},
		{"equality ignores ASCII case", "model = t46s", true},
		{"equality is of the whole", "model = t46", false},
		{"case beyond ASCII counts", `manufacturer = "yealink é"`, false},
		{"letters beyond ASCII are themselves", `manufacturer = "YEALINK É"`, true},
		{"inequality ignores case", "model != T46S", false},
		{"wildcard at the end", "model = t4*", true},
		{"wildcard at the begin", "model = *6s", true},
		{"wildcard in the middle", "model = t*s", true},
		{"wildcard for nothing", "model = t46s*", true},
		{"parts of a pattern do not overlap", "model = t46*6s", false},
		{"not a pattern", "model != t5*", true},
		{"a question mark is no wildcard", `model = "t46?"`, false},
		{"percent is itself", `softwareVersion:"%"`, true},
		{"percent is no wildcard", `softwareVersion = "66%"`, false},
		{"underscore is no wildcard", `softwareVersion:"5_5"`, false},
		{"underscore is itself", `softwareVersion:"85_0"`, true},
		{"an escaped star is itself", `softwareVersion:"5\*"`, true},
		{"an escaped star is no wildcard", `softwareVersion = "6\*"`, false},
		{"a backslash is itself", `softwareVersion:"\\X"`, true},
		{"containment in order", "softwareVersion:66*0", true},
		{"containment out of order", "softwareVersion:0*66", false},
		{"numbers in strings compare as strings", `serialNumber < "9"`, true},
		{"numbers in strings do not compare as numbers", `serialNumber > "99"`, false},
		{"numbers in strings are equal only as written", "serialNumber = 0100", false},
		{"strings are ordered folded", "model > T45Z", true},
		{"strings are ordered folded also upwards", "model < u", true},
		{"a letter beyond ASCII is after z", "manufacturer < yealinkz", true},
		{"an empty string is missing", "address:*", false},
		{"an absent string is missing", "group:*", false},
		{"absence of an empty string", `address = ""`, true},
		{"absence of an absent string", `group = ""`, true},
		{"presence of a string", "model:*", true},
		{"presence written as inequality", `model != ""`, true},
		{"a missing string equals nothing", "group = x", false},
		{"a missing string differs from everything", "group != x", true},
		{"a missing string matches no pattern", "group = x*", false},
		{"a missing string fails no negated pattern", "group != x*", true},
		{"a missing string contains nothing", "group:x", false},
		{"a missing string is not smaller", "group < x", false},
		{"a missing string is not larger either", "group > x", false},
		{"the opposite of a comparison with a missing string", "NOT group < x", true},
		{"an element of a list", "tags:vip", true},
		{"an element is matched as a whole", "tags:floor", false},
		{"an element by pattern", "tags:floor-*", true},
		{"parts of a pattern are in one element", "tags:v*2", false},
		{"an element beyond ASCII", "tags:été", true},
		{"case of an element beyond ASCII counts", "tags:ÉTÉ", false},
		{"no such element", "-tags:gold", true},
		{"a list with elements is present", "tags:*", true},
		{"a boolean", "online", true},
		{"a negated boolean", "-online", false},
		{"zero is a number like others", "revision = 0", true},
		{"zero is present", "revision:*", true},
		{"numbers compare as numbers", "revision < 10", true},
		{"an inform within hours", "lastInform > -2h", true},
		{"an inform at exactly that time", "lastInform = -1h", true},
		{"at or after", "lastInform >= -1h", true},
		{"a time that is zero is not before", "firstSeen < -1h", false},
		{"a time that is zero is missing", "firstSeen:*", false},
		{"a time that is zero is not after 1970", "firstSeen >= 1970-01-01", false},
		{"a time that is zero differs", "firstSeen != 2025-01-01", true},
		{"a bare word in the middle of a string", "ealin", true},
		{"a bare word ignores case", "YEALINK", true},
		{"a bare word is a whole tag", "vip", true},
		{"a bare word is no piece of a tag", "floor", false},
		{"a bare word with a wildcard is a piece of a tag", "floor*", true},
		{"a bare word does not search other fields", "k3", false},
		{"a bare word finds a MAC address without colons", "654aA9", true},
		{"a bare word finds a MAC address with hyphens", "00-15-65", true},
		{"two words are both searched", "yealink t46", true},
		{"two words in different fields", "yealink gold", false},
		{"quoted words are one", `"link É"`, true},
		{"a word with a wildcard in one string", "yea*k", true},
		{"a wildcard does not span fields", "yea*t46", false},
		{"OR before AND", "gold AND t46 OR vip", false},
		{"AND in parentheses", "(gold AND t46) OR vip", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := query.Match(parse(t, test.filter), phone.Get); got != test.want {
				t.Errorf("%s matches: %v, want %v", test.filter, got, test.want)
			}
		})
	}
}

func TestMatchOfAnEmptyRecord(t *testing.T) {
	nothing := querytest.Values{}
	tests := []struct {
		filter string
		want   bool
	}{
		{"", true}, {"online", false}, {"online = false", true}, {"-online", true}, {"revision = 0", false}, {"revision != 0", true},
		{"revision < 5", false}, {"revision >= 5", false}, {"lastInform:*", false}, {"-lastInform:*", true}, {"-tags:*", true},
		{"tags:a", false}, {"a", false}, {"-a", true}, {`model = ""`, true}, {"model = *", false},
	}
	for _, test := range tests {
		if got := query.Match(parse(t, test.filter), nothing.Get); got != test.want {
			t.Errorf("%s matches: %v, want %v", test.filter, got, test.want)
		}
	}
}

func TestMatchTakesAValueOfAnotherTypeAsMissing(t *testing.T) {
	record := querytest.Values{"revision": query.TextValue("5"), "model": query.IntValue(5), "tags": query.TextValue("a")}
	for _, filter := range []string{"revision = 5", "model = 5", "model:5", "tags:a", "tags:a*", "revision:*"} {
		if query.Match(parse(t, filter), record.Get) {
			t.Errorf("%s matches", filter)
		}
	}
}

func TestMatchOfHandMadeExpressions(t *testing.T) {
	record := querytest.Values{}
	tests := []struct {
		name string
		expr query.Expr
		want bool
		text string
	}{
		{"nil", nil, true, ""},
		{"an And of nothing", query.And{}, true, ""},
		{"an Or of nothing", query.Or{}, false, "NOT *"},
		{"AllOf nothing", query.AllOf(), true, ""},
		{"AnyOf nothing", query.AnyOf(), false, "NOT *"},
		{"the opposite of nil", query.Negate(nil), false, "NOT *"},
		{"AllOf one", query.AllOf(query.Not{Term: query.All{}}), false, "NOT *"},
		{"Not in Not", query.Not{Term: query.Not{Term: query.All{}}}, true, ""},
		{"nil terms", query.And{Terms: []query.Expr{nil, query.Or{Terms: []query.Expr{nil}}}}, true, "* AND *"},
		{"a pattern without parts", query.Like{Field: query.Field{Name: "model", Type: query.String}}, false, `model = ""`},
	}
	for _, test := range tests {
		if got := query.Match(test.expr, record.Get); got != test.want {
			t.Errorf("%s matches: %v, want %v", test.name, got, test.want)
		}
		if got := query.Format(test.expr); got != test.text {
			t.Errorf("%s is formatted as %q, want %q", test.name, got, test.text)
		}
	}
}

func TestPatternsMatchInLinearTime(t *testing.T) {
	// Trying every place for every wildcard would take longer than the universe
	// is old.
	like := mustParse(`id = "` + strings.Repeat("*a", query.MaxWildcards-1) + `*b"`).(query.Like)
	text := strings.Repeat("a", 1<<20)
	if like.Pattern.Match(text) {
		t.Error("matches without a b")
	}
	if !like.Pattern.Match(text + "b") {
		t.Error("does not match with a b")
	}
}

func TestFold(t *testing.T) {
	tests := map[string]string{"": "", "abc": "abc", "ABCxyzXYZ": "abcxyzxyz", "É@[`{": "É@[`{", "İ\u212a": "İ\u212a", "a\xffB": "a\xffb"}
	for text, want := range tests {
		if got := query.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPatternHelpers(t *testing.T) {
	contains := mustParse("id:x%y").(query.Like).Pattern
	if text, ok := contains.Contained(); !ok || text != "x%y" {
		t.Errorf("Contained() = %q, %v", text, ok)
	}
	prefix := mustParse(`id = "A%*"`).(query.Like).Pattern
	if text, ok := prefix.Contained(); ok {
		t.Errorf("Contained() of a prefix = %q", text)
	}
	escape := func(part string) string { return strings.ReplaceAll(part, "%", `\%`) }
	if got := prefix.Join("%", escape); got != `a\%%` {
		t.Errorf("Join = %s", got)
	}
}

func TestTimeValueIsUTCInMilliseconds(t *testing.T) {
	at := time.Date(2025, 3, 31, 10, 0, 0, 123456789, time.FixedZone("", 7200))
	got := query.TimeValue(at).Time
	if got != time.Date(2025, 3, 31, 8, 0, 0, 123000000, time.UTC) {
		t.Errorf("TimeValue = %v", got)
	}
	if !query.TimeValue(time.Time{}).Time.IsZero() {
		t.Error("the zero time is no longer zero")
	}
}

func TestIntegersOfAllSizes(t *testing.T) {
	record := querytest.Values{"revision": query.IntValue(math.MinInt64)}
	if !query.Match(parse(t, "revision = -9223372036854775808"), record.Get) {
		t.Error("the smallest integer does not match itself")
	}
}
