package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/dialtone-acs/dialtone/provisioners/massdeployment"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
)

// showOutcomes prints a table of the rows and returns how many there are of each action.
func showOutcomes(w io.Writer, wrong []*roster.RowError, outcomes []roster.Outcome) (map[roster.Action]int, error) {
	counts := map[roster.Action]int{}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROW\tKIND\tNAME\tACTION\tREASON")
	for _, problem := range wrong {
		outcomes = append(outcomes, roster.Outcome{Kind: "row", Row: problem.Row, Action: roster.Refused, Problems: []*roster.RowError{problem}})
	}
	for _, o := range outcomes {
		counts[o.Action]++
		var reasons []string
		for _, p := range append(o.Problems, o.Notes...) {
			reasons = append(reasons, p.Column+" "+p.Expected)
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", o.Row, o.Kind, printable(o.Name), o.Action, printable(strings.Join(reasons, "; ")))
	}
	return counts, table.Flush()
}

// printable returns a text of a file without what a terminal would act on.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, text)
}

// problemsOf says in lines what is wrong with a list.
func problemsOf(wrong []*roster.RowError, made []*massdeployment.LineError) error {
	var errs []error
	for _, w := range wrong {
		errs = append(errs, w)
	}
	for _, w := range made {
		errs = append(errs, w)
	}
	return errors.Join(errs...)
}
