package archtest

import (
	"slices"
	"strings"
	"testing"
)

func conformance() *list {
	return &list{
		path: "docs/conformance.md", rows: slices.Concat(numbered("", 270), numbered("S", 93)), columns: 4,
		unproven: []string{"no", "n/a"},
	}
}

func TestEveryRowOfTheConformanceListNamesTestsThatExist(t *testing.T) { conformance().hold(t) }

func TestDefectsOfAConformanceListAreFound(t *testing.T) {
	tests := &shelf{root: "../..", packages: map[string]map[string]function{}}
	l := conformance()
	const own = "internal/archtest.TestDefectsOfAConformanceListAreFound"
	for name, c := range map[string]struct{ line, want string }{
		"a test":                   {"| 1 | a | yes | `" + own + "` |", ""},
		"two tests without quotes": {"| 1 | a | yes | " + own + ", cmd/dialtone.TestVersionIsPrinted |", ""},
		"a note and a document":    {"| 1 | a | yes: so | `" + own + "`, `docs/api.md` |", ""},
		"a subtest":                {"| 1 | a | yes | `" + own + "/two tests with` |", ""},
		"something else":           {"| 1 | a | n/a: why | |", ""},
		"not yet":                  {"| 1 | a | no: why | |", ""},
		"no test":                  {"| 1 | a | yes | |", "names no test"},
		"a cell too few":           {"| 1 | a | yes |", "status"},
		"a test that is not there": {"| 1 | a | yes | `internal/archtest.TestNothing` |", "does not exist"},
		"another package":          {"| 1 | a | yes | `internal/nowhere.TestNothing` |", "does not exist"},
		"a subtest not there":      {"| 1 | a | yes | `" + own + "/unheard of` |", "no such subtest"},
		"a document not there":     {"| 1 | a | yes | `docs/nothing.md` |", "is no document"},
		"what is no name":          {"| 1 | a | yes | somewhere |", "is not the name"},
		"nothing said to be amiss": {"| 1 | a | partly | `" + own + "` |", "what is missing"},
		"no reason":                {"| 1 | a | n/a | |", "why"},
		"a status of no meaning":   {"| 1 | a | maybe | `" + own + "` |", "status"},
		"too much":                 {"| 1 | " + strings.Repeat("many words ", 20) + "| yes | `" + own + "` |", "too many words"},
		"too little":               {"| 1 | | yes | `" + own + "` |", "in no or in too many"},
	} {
		t.Run(name, func(t *testing.T) {
			read := l.read(c.line)
			if len(read) != 1 {
				t.Fatalf("%d rows", len(read))
			}
			got := strings.Join(l.defects(read[0], tests.missing), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("%s: %q, want %q", c.line, got, c.want)
			}
		})
	}
	l.rows = []string{"1", "2", "S1"}
	got := l.numberDefects(l.read("| 1 | a |\n| 1 | a |\n| S1 | a |\n| S9 | a |\n| status | means |\n"))
	if want := []string{"row 1 is there 2 times", "row 2 is there 0 times", "row S9 is unknown"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
