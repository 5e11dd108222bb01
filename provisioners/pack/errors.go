package pack

import (
	"fmt"
	"slices"
	"strings"
)

// Error is one thing that is wrong in a pack. It holds no setting's value.
type Error struct {
	// File is the path inside the pack, empty for the pack as a whole.
	File string
	// Line counts from 1; 0 if none is to blame.
	Line    int
	Message string
	cause   error
}

// Error returns file, line and message, joined by colons.
func (e *Error) Error() string {
	switch {
	case e.File == "":
		return e.Message
	case e.Line == 0:
		return e.File + ": " + e.Message
	default:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
	}
}

// Unwrap returns what caused it, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Errors is everything that is wrong in a pack, at most maxErrors, in the order of files
// and lines.
type Errors []*Error

// maxErrors is how many errors are reported of one pack: who mends them sees the rest
// the next time.
const maxErrors = 100

// Error returns all of them, one on each line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns each.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// problems gathers errors, each once.
type problems struct {
	all  Errors
	seen map[string]bool
}

func (p *problems) add(e *Error) {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	if text := e.Error(); len(p.all) < maxErrors && !p.seen[text] {
		p.seen[text] = true
		p.all = append(p.all, e)
	}
}

func (p *problems) addf(file string, line int, format string, args ...any) {
	p.add(&Error{File: file, Line: line, Message: fmt.Sprintf(format, args...)})
}

// err returns nil if there are none.
func (p *problems) err() error {
	if len(p.all) == 0 {
		return nil
	}
	slices.SortStableFunc(p.all, func(a, b *Error) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return p.all
}
