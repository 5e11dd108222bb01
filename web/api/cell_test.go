package api

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
)

func TestNoCellIsAFormula(t *testing.T) {
	for text, want := range map[string]string{
		`=cmd|' /C calc'!A0`: `'=cmd|' /C calc'!A0`,
		"+1":                 "'+1",
		"-2+3":               "'-2+3",
		"@SUM(1)":            "'@SUM(1)",
		"\t=1":               "'\t=1",
		"\r=1":               "'\r=1",
		"CP-8851":            "CP-8851",
		"a=b":                "a=b",
		" =1":                " =1",
		"'quoted":            "'quoted",
		"é=":                 "é=",
		"":                   "",
	} {
		if got := cell(query.TextValue(text)); got != want {
			t.Errorf("the cell of %q is %q, want %q", text, got, want)
		}
	}
	if got := cell(query.ListValue("=1", "b")); got != "'=1,b" {
		t.Errorf("the cell of tags is %q", got)
	}
}

func TestACellIsWhatAnswersShow(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 60_000_000, time.UTC)
	for _, c := range []struct {
		value query.Value
		want  string
	}{
		{query.IntValue(-3), "-3"}, {query.BoolValue(true), "true"}, {query.BoolValue(false), "false"},
		{query.TimeValue(at), "2030-01-02T03:04:05.06Z"}, {query.TimeValue(time.Time{}), ""}, {query.ListValue("a", "b"), "a,b"}, {query.ListValue(), ""},
	} {
		if got := cell(c.value); got != c.want {
			t.Errorf("the cell of %+v is %q, want %q", c.value, got, c.want)
		}
	}
}
