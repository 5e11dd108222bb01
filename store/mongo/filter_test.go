package mongo

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// filterTime is the time of these tests, not in whole milliseconds.
func filterTime() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678_000_001, time.UTC) }

// filterParameters are the indexed parameters of filterSchema.
func filterParameters() []string { return []string{"line", "voip.status"} }

// filterSchema is that of devices with two indexed parameters.
func filterSchema() *query.Schema { return device.Schema(filterParameters()...) }

func extended(t *testing.T, filter bson.D) string {
	t.Helper()
	text, err := bson.MarshalExtJSON(filter, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAFilterBecomesOneOfMongoDB(t *testing.T) {
	for text, want := range map[string]string{
		``:                             `{}`,
		`model = T46S`:                 `{"folded.model":{"$eq":"t46s"}}`,
		`model != T46S`:                `{"$nor":[{"folded.model":{"$eq":"t46s"}}]}`,
		`model < b`:                    `{"folded.model":{"$lt":"b"}}`,
		`model:*`:                      `{"folded.model":{"$exists":true}}`,
		`model = ""`:                   `{"$nor":[{"folded.model":{"$exists":true}}]}`,
		`model = "T4*"`:                `{"folded.model":{"$gte":"t4","$lt":"t5"}}`,
		`model = "*s"`:                 `{"folded.model":{"$regex":{"$regularExpression":{"pattern":"\\A.*s\\z","options":"s"}}}}`,
		`model:"4.6"`:                  `{"folded.model":{"$regex":{"$regularExpression":{"pattern":"4\\.6","options":"s"}}}}`,
		`model = "a*b*c"`:              `{"folded.model":{"$gte":"a","$lt":"b","$regex":{"$regularExpression":{"pattern":"\\Aa(?>.*?b).*c\\z","options":"s"}}}}`,
		`model:"a*b"`:                  `{"folded.model":{"$regex":{"$regularExpression":{"pattern":"\\A(?>.*?a)(?>.*?b)","options":"s"}}}}`,
		`tags:lobby`:                   `{"folded.tags":"lobby"}`,
		`tags:"lob*"`:                  `{"folded.tags":{"$regularExpression":{"pattern":"\\Alob","options":"s"}}}`,
		`-tags:*`:                      `{"$nor":[{"folded.tags":{"$exists":true}}]}`,
		`revision >= 3`:                `{"revision":{"$gte":3}}`,
		`revision:*`:                   `{}`,
		`lastInform < 2026-01-01`:      `{"lastInform":{"$lt":{"$date":"2026-01-01T00:00:00Z"}}}`,
		`online = true`:                `{"$or":[{"lastInform":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}},{"provisioning.fetchedAt":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}}],"onlineUntil":{"$gte":{"$date":"2026-01-02T03:04:05.679Z"}}}`,
		`online = false`:               `{"$nor":[{"$or":[{"lastInform":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}},{"provisioning.fetchedAt":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}}],"onlineUntil":{"$gte":{"$date":"2026-01-02T03:04:05.679Z"}}}]}`,
		`late = true`:                  `{"$or":[{"lastInform":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}},{"provisioning.fetchedAt":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}}],"onlineUntil":{"$gt":{"$date":"2026-01-02T02:04:05.678Z"},"$lt":{"$date":"2026-01-02T03:04:05.679Z"}}}`,
		`offline = true`:               `{"$or":[{"lastInform":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}},{"provisioning.fetchedAt":{"$gt":{"$date":{"$numberLong":"-9223372036854775808"}}}}],"onlineUntil":{"$not":{"$gt":{"$date":"2026-01-02T02:04:05.678Z"}}}}`,
		`neverSeen = true`:             `{"lastInform":null,"provisioning.fetchedAt":null}`,
		`lastFetch:*`:                  `{"provisioning.fetchedAt":{"$exists":true}}`,
		`pack = Yealink`:               `{"folded.pack":{"$eq":"yealink"}}`,
		`provisioning = none`:          `{"folded.provisioning":{"$eq":"none"}}`,
		`provisioning:*`:               `{}`,
		`id = abc`:                     `{"_id":{"$eq":"abc"}}`,
		`parameter.line = 7`:           `{"folded.indexed.line":{"$eq":"7"}}`,
		`parameter.voip.status:*`:      `{"folded.indexed.voip%2Estatus":{"$exists":true}}`,
		`model = a OR oui = b`:         `{"$or":[{"folded.model":{"$eq":"a"}},{"folded.oui":{"$eq":"b"}}]}`,
		`model = a oui = b`:            `{"$and":[{"folded.model":{"$eq":"a"}},{"folded.oui":{"$eq":"b"}}]}`,
		`NOT (model = a OR oui = b)`:   `{"$and":[{"$nor":[{"folded.model":{"$eq":"a"}}]},{"$nor":[{"folded.oui":{"$eq":"b"}}]}]}`,
		`NOT (model = a AND oui != b)`: `{"$or":[{"$nor":[{"folded.model":{"$eq":"a"}}]},{"folded.oui":{"$eq":"b"}}]}`,
	} {
		e, err := query.Parse(filterSchema(), text, query.WithNow(filterTime()))
		if err != nil {
			t.Fatal(err)
		}
		filter, err := filterCompiler{fields: deviceFields(filterTime(), filterParameters()), atomic: true}.filter(e)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := extended(t, filter); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", text, got, want)
		}
	}
}

func TestAFieldThatTheCollectionHasNotIsInvalid(t *testing.T) {
	field := query.Field{Name: "other", Type: query.String}
	for _, e := range []query.Expr{query.Present{Field: field}, query.Has{Field: field}, query.Compare{Field: field}, query.Not{Term: query.Like{Field: field}}} {
		if _, err := (filterCompiler{fields: deviceFields(filterTime(), filterParameters())}).filter(e); !errors.Is(err, device.ErrInvalid) {
			t.Errorf("%T: error is %v, want %v", e, err, device.ErrInvalid)
		}
	}
}

// nesting returns how deep documents and arrays are nested.
func nesting(value any) int {
	deepest := 0
	switch v := value.(type) {
	case bson.D:
		for _, e := range v {
			deepest = max(deepest, nesting(e.Value))
		}
	case bson.A:
		for _, element := range v {
			deepest = max(deepest, nesting(element))
		}
	default:
		return 0
	}
	return deepest + 1
}

// MongoDB refuses filters of more than 100 nested operators, each of which is an
// array in a document, and messages nested deeper than 200.
func TestTheDeepestFilterIsNotTooDeepForMongoDB(t *testing.T) {
	text := strings.Repeat("NOT (a OR b model:*x* NOT (c OR ", query.MaxDepth/2) + "d" + strings.Repeat("))", query.MaxDepth/2)
	e, err := query.Parse(device.Schema(), text)
	if err != nil {
		t.Fatal(err)
	}
	filter, err := filterCompiler{fields: deviceFields(filterTime(), filterParameters()), atomic: true}.filter(e)
	if err != nil {
		t.Fatal(err)
	}
	if depth := nesting(filter); depth > 150 || depth < query.MaxDepth {
		t.Errorf("the filter is nested %d deep, want at most 150 to leave room for the command around it", depth)
	}
}

// texts generates short texts of few different characters, so that patterns
// match often, among them those that notations get wrong.
func texts() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("aab\x00.*\n\\é\ud7ff\ue000\uffff\U0010ffff")), 0, 6, -1)
}

func TestARegularExpressionMatchesWhatItsPatternDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(texts(), 2, 5).Draw(t, "parts")
		text := strings.Join(rapid.SliceOfN(texts(), 0, 4).Draw(t, "text"), "")
		pattern := query.Pattern{Parts: parts}
		expression, err := regexp.Compile("(?s)" + filterCompiler{}.regex(parts))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := expression.MatchString(text), pattern.Match(text); got != want {
			t.Errorf("%s on %q is %v, want %v", expression, text, got, want)
		}
	})
}

func TestTheBoundsOfAPrefixHoldWhatBeginsWithIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := texts().Draw(t, "prefix")
		text := rapid.OneOf(texts(), rapid.Map(texts(), func(end string) string { return prefix + end })).Draw(t, "text")
		end := following(prefix)
		if got, want := text >= prefix && (end == "" || text < end), strings.HasPrefix(text, prefix); got != want {
			t.Errorf("%q in [%q, %q) is %v, want %v", text, prefix, end, got, want)
		}
	})
}

func TestATokenIsReadAsItWasWritten(t *testing.T) {
	schema := query.NewSchema(query.Field{Name: "s", Type: query.String}, query.Field{Name: "n", Type: query.Int},
		query.Field{Name: "t", Type: query.Time}, query.Field{Name: "b", Type: query.Bool})
	orders, err := query.ParseOrderBy(schema, "s, n desc, t, b desc")
	if err != nil {
		t.Fatal(err)
	}
	k := &keyset{orders: orders}
	for _, values := range [][]any{
		{"a\x00é", int64(-7), bson.DateTime(0), true}, {nil, int64(1) << 62, bson.DateTime(-1), false}, {"", int64(0), nil, true}, {nil, nil, nil, nil},
	} {
		read, err := k.place(k.token(place{values: values, key: "id"}))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := extended(t, bson.D{{Key: "v", Value: read.values}}), extended(t, bson.D{{Key: "v", Value: values}}); got != want || read.key != "id" {
			t.Errorf("place is %s %s, want %s", got, read.key, want)
		}
		whole := k.token(place{values: values, key: ""})
		if _, err := k.place(whole[:len(whole)-2]); !errors.Is(err, device.ErrInvalid) {
			t.Errorf("a token that was cut short gives %v, want %v", err, device.ErrInvalid)
		}
	}
	other := &keyset{orders: orders, descending: true}
	if _, err := other.place(k.token(place{values: []any{nil, nil, nil, nil}})); !errors.Is(err, device.ErrInvalid) {
		t.Errorf("a token of the other direction gives %v, want %v", err, device.ErrInvalid)
	}
}
