package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in a mapping.
type Problem struct {
	// Line counts from 1; 0 if none is to blame.
	Line    int
	Message string
}

// Problems is everything that is wrong in a mapping, at most maxProblems, in the order of
// lines. It is the error of Parse.
type Problems []Problem

// maxProblems is how many are reported: who mends them sees the rest the next time.
const maxProblems = 100

// Error returns all of them, one on each line of the text.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Message
		if one.Line > 0 {
			lines[i] = fmt.Sprintf("line %d: %s", one.Line, one.Message)
		}
	}
	return strings.Join(lines, "\n")
}

// add notes a problem, each once.
func (p *Problems) add(line int, format string, args ...any) {
	one := Problem{Line: line, Message: fmt.Sprintf(format, args...)}
	if len(*p) < maxProblems && !slices.Contains(*p, one) {
		*p = append(*p, one)
	}
}

// err returns nil if there are none.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return p
}
