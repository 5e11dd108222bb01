package archtest

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// requirement is a row of docs/conformance.md.
type requirement struct {
	row, what, status, reason string
	// proofs are tests and documents.
	proofs []string
}

var (
	rowNumber = regexp.MustCompile(`^S?[0-9]+$`)
	quoted    = regexp.MustCompile("`([^`]*)`")
)

// rows returns the rows of the tables of a document.
func rows(document string) []requirement {
	var all []requirement
	for line := range strings.Lines(document) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) < 2 || !rowNumber.MatchString(cells[0]) {
			continue
		}
		r := requirement{row: cells[0], what: cells[1]}
		if len(cells) == 4 {
			r.status, r.reason, _ = strings.Cut(cells[2], ":")
			r.proofs = proofs(cells[3])
		}
		all = append(all, r)
	}
	return all
}

// proofs returns what a cell names: in quotes, or else separated by commas.
func proofs(cell string) []string {
	if cell == "" {
		return nil
	}
	found := quoted.FindAllStringSubmatch(cell, -1)
	if found == nil {
		return strings.Split(cell, ", ")
	}
	var all []string
	for _, proof := range found {
		all = append(all, proof[1])
	}
	return all
}

// wanted are the rows that must be there.
func wanted() []string {
	var all []string
	for i := range 270 {
		all = append(all, strconv.Itoa(i+1))
	}
	for i := range 93 {
		all = append(all, "S"+strconv.Itoa(i+1))
	}
	return all
}

// numberDefects says which rows are missing, there twice, or unknown.
func numberDefects(all []requirement, want []string) []string {
	count := map[string]int{}
	for _, r := range all {
		count[r.row]++
	}
	var defects []string
	for _, row := range want {
		if n := count[row]; n != 1 {
			defects = append(defects, fmt.Sprintf("row %s is there %d times", row, n))
		}
		delete(count, row)
	}
	for row := range count {
		defects = append(defects, "row "+row+" is unknown")
	}
	slices.Sort(defects)
	return defects
}

// defects says what is wrong with a row, given what says why a proof does not
// exist, or "".
func (r requirement) defects(missing func(proof string) string) []string {
	var all []string
	if r.what == "" || len(r.what) > 160 {
		all = append(all, "says what is required in no or in too many words")
	}
	reason := strings.TrimSpace(r.reason) != ""
	switch r.status {
	case "yes":
		if len(r.proofs) == 0 {
			all = append(all, "names no test")
		}
	case "partly":
		if len(r.proofs) == 0 || !reason {
			all = append(all, "names no test, or not what is missing")
		}
	case "no", "n/a":
		if !reason {
			all = append(all, "does not say why")
		}
	default:
		all = append(all, fmt.Sprintf("has the status %q", r.status))
	}
	for _, proof := range r.proofs {
		if why := missing(proof); why != "" {
			all = append(all, proof+" "+why)
		}
	}
	return all
}

func TestEveryRowOfTheConformanceListNamesTestsThatExist(t *testing.T) {
	document, err := os.ReadFile("../../docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	all := rows(string(document))
	for _, defect := range numberDefects(all, wanted()) {
		t.Error(defect)
	}
	tests := &shelf{root: "../..", packages: map[string]map[string]function{}}
	for _, r := range all {
		for _, defect := range r.defects(tests.missing) {
			t.Errorf("row %s: %s", r.row, defect)
		}
	}
}

func TestDefectsOfAConformanceListAreFound(t *testing.T) {
	tests := &shelf{root: "../..", packages: map[string]map[string]function{}}
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
			read := rows(c.line)
			if len(read) != 1 {
				t.Fatalf("%d rows", len(read))
			}
			got := strings.Join(read[0].defects(tests.missing), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("%s: %q, want %q", c.line, got, c.want)
			}
		})
	}
	got := numberDefects(rows("| 1 | a |\n| 1 | a |\n| S1 | a |\n| S9 | a |\n| status | means |\n"), []string{"1", "2", "S1"})
	if want := []string{"row 1 is there 2 times", "row 2 is there 0 times", "row S9 is unknown"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
