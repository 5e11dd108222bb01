package api

import (
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/provisioners/roster"
)

// ImportResult says what became of an import.
type ImportResult struct {
	DryRun         bool            `json:"dryRun" doc:"Nothing was stored: it says what would become of the rows."`
	Created        int             `json:"created"`
	Changed        int             `json:"changed"`
	Unchanged      int             `json:"unchanged"`
	Refused        int             `json:"refused"`
	Rows           []ImportRow     `json:"rows" nullable:"false" doc:"Every row, in order of where it stands."`
	Outputs        []ImportOutput  `json:"outputs" nullable:"false" doc:"What the templates make, if it was asked for."`
	OutputProblems []ImportProblem `json:"outputProblems" nullable:"false" doc:"The rows of which the templates make nothing, and why."`
}

// ImportRow is what became of a row.
type ImportRow struct {
	Kind     string          `json:"kind" enum:"phone,line,level,row" doc:"What the row is; row for one that could not be read."`
	Row      int             `json:"row" doc:"The line of a CSV or of massdeployment.conf, the place in a list of JSON from 1."`
	Name     string          `json:"name" doc:"The MAC address of a phone, group and number of a line, kind and group of a level."`
	Action   roster.Action   `json:"action" enum:"created,changed,unchanged,refused"`
	Device   string          `json:"device" doc:"The device of a phone; empty for one that was refused or would be added."`
	Problems []ImportProblem `json:"problems" nullable:"false" doc:"Why it was refused."`
	Notes    []ImportProblem `json:"notes" nullable:"false" doc:"What of it is not brought in all the same."`
}

// ImportProblem is what is wrong with a row.
type ImportProblem struct {
	Row      int    `json:"row"`
	Column   string `json:"column" doc:"The column, the field, or the path of the setting."`
	Expected string `json:"expected" doc:"What it must be."`
}

// newImportResult returns the answer without outputs.
func newImportResult(dryRun bool, wrong []*roster.RowError, outcomes []roster.Outcome) ImportResult {
	result := ImportResult{DryRun: dryRun, Rows: make([]ImportRow, 0, len(outcomes)+len(wrong)), Outputs: []ImportOutput{}, OutputProblems: []ImportProblem{}}
	if len(wrong) > 0 {
		// Only files of one kind of row have rows that cannot be read.
		outcomes = slices.Clone(outcomes)
		for _, w := range wrong {
			outcomes = append(outcomes, roster.Outcome{Kind: "row", Row: w.Row, Action: roster.Refused, Problems: []*roster.RowError{w}})
		}
		slices.SortStableFunc(outcomes, func(x, y roster.Outcome) int { return x.Row - y.Row })
	}
	counts := map[roster.Action]*int{
		roster.Created: &result.Created, roster.Changed: &result.Changed, roster.Unchanged: &result.Unchanged, roster.Refused: &result.Refused,
	}
	for _, o := range outcomes {
		*counts[o.Action]++
		result.Rows = append(result.Rows, ImportRow{
			Kind: o.Kind, Row: o.Row, Name: o.Name, Action: o.Action, Device: string(o.Device),
			Problems: importProblems(o.Problems), Notes: importProblems(o.Notes),
		})
	}
	return result
}

func importProblems(problems []*roster.RowError) []ImportProblem {
	all := make([]ImportProblem, 0, len(problems))
	for _, p := range problems {
		all = append(all, ImportProblem{Row: p.Row, Column: p.Column, Expected: p.Expected})
	}
	return all
}

// summary says for the audit log what became of the rows.
func (r *ImportResult) summary() string {
	text := fmt.Sprintf("%d created, %d changed, %d unchanged, %d refused", r.Created, r.Changed, r.Unchanged, r.Refused)
	if r.DryRun {
		text += " (dry run)"
	}
	return text
}
