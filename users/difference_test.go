package users

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestADifferenceHoldsTheFieldsThatDiffer(t *testing.T) {
	type thing struct {
		Name  string            `json:"name"`
		Count int64             `json:"count"`
		Tags  []string          `json:"tags,omitempty"`
		More  map[string]string `json:"more,omitempty"`
	}
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	for _, c := range []struct {
		name          string
		before, after any
		b, a          string
		want          error
	}{
		{"nothing", thing{Name: "a"}, thing{Name: "a"}, "", "", nil},
		{"a field", thing{Name: "a", Count: 1}, thing{Name: "b", Count: 1}, `{"name":"a"}`, `{"name":"b"}`, nil},
		{"a field more", thing{}, &thing{Tags: []string{"x"}}, "", `{"tags":["x"]}`, nil},
		{"a field less", thing{Tags: []string{"x"}}, thing{}, `{"tags":["x"]}`, "", nil},
		{"inside a field", thing{More: map[string]string{"a": "1", "b": "2"}}, thing{More: map[string]string{"a": "1", "b": "3"}}, `{"more":{"a":"1","b":"2"}}`, `{"more":{"a":"1","b":"3"}}`, nil},
		{"order inside a field", raw(`{"x":{"a":1,"b":2}}`), raw(`{"x":{"b":2,"a":1}}`), "", "", nil},
		{"long numbers", thing{Count: 9007199254740993}, thing{Count: 9007199254740992}, `{"count":9007199254740993}`, `{"count":9007199254740992}`, nil},
		{"created", nil, thing{Name: "a"}, "", `{"count":0,"name":"a"}`, nil},
		{"deleted", thing{Name: "a"}, (*thing)(nil), `{"count":0,"name":"a"}`, "", nil},
		{"null is not missing", raw(`{"x":null}`), raw(`{}`), `{"x":null}`, "", nil},
		{"a list", []int{1}, nil, "", "", ErrInvalid},
		{"what JSON cannot hold", thing{}, func() {}, "", "", ErrInvalid},
	} {
		b, a, err := Difference(c.before, c.after)
		if b != c.b || a != c.a || !errors.Is(err, c.want) {
			t.Errorf("%s: %s, %s, %v", c.name, b, a, err)
		}
	}
}

func TestADifferenceIsBounded(t *testing.T) {
	many := map[string]string{}
	for i := range 2000 {
		many[fmt.Sprint("field", i)] = "x"
	}
	for _, c := range []struct {
		name  string
		value map[string]string
		want  string
	}{
		{"the largest goes first", map[string]string{"large": strings.Repeat("x", 7000), "larger": strings.Repeat("x", 8000)}, `{"large":"` + strings.Repeat("x", 7000) + `","larger":"(8002 bytes)"}`},
		{"as large as may be", map[string]string{"a": strings.Repeat("x", MaxDifference-8)}, `{"a":"` + strings.Repeat("x", MaxDifference-8) + `"}`},
		{"one byte more", map[string]string{"a": strings.Repeat("x", MaxDifference-7)}, `{"a":"(8187 bytes)"}`},
		{"too many fields", many, `{"…":"(2000 fields, 30891 bytes)"}`},
	} {
		b, a, err := Difference(map[string]string{}, c.value)
		if err != nil || b != "" || a != c.want || len(a) > MaxDifference || !json.Valid([]byte(a)) {
			t.Errorf("%s: %.120s (%d bytes), %v", c.name, a, len(a), err)
		}
	}
}
