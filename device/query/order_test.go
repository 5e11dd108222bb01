package query_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
)

func TestParseOrderBy(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""}, {" ", ""}, {"model", "model"}, {"model asc", "model"}, {"lastInform desc, serialNumber", "lastInform desc, serialNumber"},
		{" lastInform\tDESC ,serialNumber ", "lastInform desc, serialNumber"},
	}
	for _, test := range tests {
		orders, err := query.ParseOrderBy(querytest.Schema(), test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
		}
		if got := query.FormatOrder(orders); got != test.want {
			t.Errorf("%q is %q, want %q", test.text, got, test.want)
		}
	}
}

func TestParseOrderByErrors(t *testing.T) {
	tests := []struct {
		text     string
		position int
		words    string
	}{
		{"modle", 0, "did you mean model?"},
		{"model, colour", 7, "the fields are id, manufacturer"},
		{"model,", 6, "expected the name of a field"},
		{", model", 0, "expected the name of a field"},
		{"model down", 6, `expected "desc", "asc"`},
		{"id, model desc now", 10, `after model, expected "desc"`},
		{"tags", 0, "tags cannot be used for ordering"},
		{"online", 0, "online cannot be used for ordering"},
		{"id, model desc,  id", 17, "named twice"},
		{"id,oui,mac,model,group,address,revision,firstSeen,lastInform", 50, "at most 8"},
		{"id\x00", 2, "NUL"},
		{strings.Repeat(" ", query.MaxLength+1), query.MaxLength, "at most 8192"},
	}
	for _, test := range tests {
		_, err := query.ParseOrderBy(querytest.Schema(), test.text)
		var syntax *query.SyntaxError
		if !errors.As(err, &syntax) || syntax.Position != test.position || !strings.Contains(syntax.Message, test.words) {
			t.Errorf("%.40q: %v, want %q at %d", test.text, err, test.words, test.position)
		}
	}
}

func TestCompareRecordsOrdersMissingFirst(t *testing.T) {
	records := []querytest.Values{
		{"id": query.TextValue("late"), "model": query.TextValue("b"), "revision": query.IntValue(10), "lastInform": query.TimeValue(querytest.Now())},
		{"id": query.TextValue("early"), "model": query.TextValue("A"), "revision": query.IntValue(9), "lastInform": query.TimeValue(querytest.Now().Add(-time.Hour))},
		{"id": query.TextValue("never"), "model": query.TextValue("")},
		{"id": query.TextValue("beyond"), "model": query.TextValue("É"), "revision": query.IntValue(-1)},
	}
	tests := []struct {
		order string
		want  []string
	}{
		{"model", []string{"never", "early", "late", "beyond"}},
		{"model desc", []string{"beyond", "late", "early", "never"}},
		{"revision", []string{"never", "beyond", "early", "late"}},
		{"lastInform, id", []string{"beyond", "never", "early", "late"}},
		{"lastInform, id desc", []string{"never", "beyond", "early", "late"}},
	}
	for _, test := range tests {
		orders, err := query.ParseOrderBy(querytest.Schema(), test.order)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Clone(records)
		slices.SortFunc(sorted, func(a, b querytest.Values) int { return query.CompareRecords(orders, a.Get, b.Get) })
		var got []string
		for _, record := range sorted {
			got = append(got, record["id"].Text)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.order, diff)
		}
	}
}

func TestOrderOfBooleansTakesMissingAsFalse(t *testing.T) {
	orders := []query.Order{{Field: query.Field{Name: "open", Type: query.Bool}}}
	missing, no, yes := querytest.Values{}, querytest.Values{"open": query.BoolValue(false)}, querytest.Values{"open": query.BoolValue(true)}
	if query.CompareRecords(orders, missing.Get, no.Get) != 0 || query.CompareRecords(orders, missing.Get, yes.Get) >= 0 {
		t.Error("a missing boolean is not ordered like false")
	}
}
