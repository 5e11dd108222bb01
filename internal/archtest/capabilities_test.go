package archtest

import (
	"strings"
	"testing"
)

func capabilities() *list {
	return &list{path: "docs/capabilities.md", rows: numbered("", 180), columns: 5, unproven: []string{"no", "planned"}}
}

func TestEveryRowOfTheCapabilitiesNamesTestsThatExist(t *testing.T) { capabilities().hold(t) }

func TestDefectsOfAListOfCapabilitiesAreFound(t *testing.T) {
	tests := &shelf{root: "../..", packages: map[string]map[string]function{}}
	l := capabilities()
	const own = "internal/archtest.TestDefectsOfAListOfCapabilitiesAreFound"
	for name, c := range map[string]struct{ line, want string }{
		"a test":                   {"| 1 | a | yes | here | `" + own + "` |", ""},
		"something planned":        {"| 1 | a | planned: by what | | |", ""},
		"planned by nothing":       {"| 1 | a | planned | | |", "why"},
		"planned with another's":   {"| 1 | a | planned: by what | here | `internal/archtest.TestNothing` |", "does not exist"},
		"of another kind of list":  {"| 1 | a | n/a: why | | |", "status"},
		"without the place":        {"| 1 | a | yes | `" + own + "` |", "status"},
		"no test":                  {"| 1 | a | yes | here | |", "names no test"},
		"decided against, no word": {"| 1 | a | no | | |", "why"},
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
}
