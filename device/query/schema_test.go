package query_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device/query"
)

func TestNewSchemaRefusesWhatCannotWork(t *testing.T) {
	tests := map[string][]query.Field{
		"no name":            {{Type: query.String}},
		"digit first":        {{Name: "1a", Type: query.String}},
		"hyphen":             {{Name: "a-b", Type: query.String}},
		"keyword":            {{Name: "AND", Type: query.String}},
		"long name":          {{Name: strings.Repeat("a", 65), Type: query.String}},
		"no type":            {{Name: "a"}},
		"searched number":    {{Name: "a", Type: query.Int, Search: true}},
		"MAC that is a list": {{Name: "a", Type: query.StringList, MAC: true}},
		"twice":              {{Name: "a", Type: query.String}, {Name: "a", Type: query.Int}},
	}
	for name, fields := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("did not panic")
				}
			}()
			query.NewSchema(fields...)
		})
	}
}

func TestSchemaNames(t *testing.T) {
	schema := query.NewSchema(
		query.Field{Name: "fault.code", Type: query.String},
		query.Field{Name: "tags", Type: query.StringList},
		query.Field{Name: "open", Type: query.Bool, Unordered: true},
	)
	if diff := cmp.Diff([]string{"fault.code", "tags", "open"}, schema.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"fault.code"}, schema.OrderNames()); diff != "" {
		t.Error(diff)
	}
	if _, ok := schema.Field("Tags"); ok {
		t.Error("names ignore case")
	}
	if e, err := query.Parse(schema, "fault.code = 9005"); err != nil || query.Format(e) != `fault.code = "9005"` {
		t.Errorf("a name with a dot: %v, %v", e, err)
	}
	schema.Fields()[0].Name = "changed"
	if schema.Names()[0] != "fault.code" {
		t.Error("a caller can change the schema")
	}
}
