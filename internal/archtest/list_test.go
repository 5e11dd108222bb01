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

var (
	rowNumber = regexp.MustCompile(`^S?[0-9]+$`)
	quoted    = regexp.MustCompile("`([^`]*)`")
)

// list is a document whose tables have a row for each thing that is required.
type list struct {
	path string
	// rows are those that must be there.
	rows []string
	// columns are how many cells a row has: the first is its number, then what is
	// required and the status; the last has the proofs.
	columns int
	// unproven are statuses that need no proof but a reason.
	unproven []string
}

// requirement is a row of a list.
type requirement struct {
	row, what, status, reason string
	// proofs are tests and documents.
	proofs []string
}

// read returns the rows of the tables of a document.
func (l *list) read(document string) []requirement {
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
		if len(cells) == l.columns {
			r.status, r.reason, _ = strings.Cut(cells[2], ":")
			r.proofs = proofs(cells[l.columns-1])
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

// numbered returns the numbers of rows from 1 to last.
func numbered(prefix string, last int) []string {
	var all []string
	for i := range last {
		all = append(all, prefix+strconv.Itoa(i+1))
	}
	return all
}

// numberDefects says which rows are missing, there twice, or unknown.
func (l *list) numberDefects(all []requirement) []string {
	count := map[string]int{}
	for _, r := range all {
		count[r.row]++
	}
	var defects []string
	for _, row := range l.rows {
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
func (l *list) defects(r requirement, missing func(proof string) string) []string {
	var all []string
	if r.what == "" || len(r.what) > 160 {
		all = append(all, "says what is required in no or in too many words")
	}
	reason := strings.TrimSpace(r.reason) != ""
	switch {
	case r.status == "yes":
		if len(r.proofs) == 0 {
			all = append(all, "names no test")
		}
	case r.status == "partly":
		if len(r.proofs) == 0 || !reason {
			all = append(all, "names no test, or not what is missing")
		}
	case slices.Contains(l.unproven, r.status):
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

// hold tells the test every defect of a list.
func (l *list) hold(t *testing.T) {
	t.Helper()
	document, err := os.ReadFile("../../" + l.path)
	if err != nil {
		t.Fatal(err)
	}
	all := l.read(string(document))
	for _, defect := range l.numberDefects(all) {
		t.Error(defect)
	}
	tests := &shelf{root: "../..", packages: map[string]map[string]function{}}
	for _, r := range all {
		for _, defect := range l.defects(r, tests.missing) {
			t.Errorf("row %s: %s", r.row, defect)
		}
	}
}
