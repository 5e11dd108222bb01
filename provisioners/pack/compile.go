package pack

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	"github.com/dialtone-acs/dialtone/provisioners/zone"
)

// partialPrefix begins the names of templates that hold definitions for all others.
const partialPrefix = "_"

// maxTemplate bounds a template: it is parsed by recursion, and its nesting is bounded by
// its length only.
const maxTemplate = 256 << 10

// program is a template that is ready to run, for one format.
type program struct {
	name   string
	format Format
	// idle are clones that no rendering uses: each has its own guard.
	idle sync.Pool
}

// runner is a clone with its guard.
type runner struct {
	template *template.Template
	guard    *guard
}

// compile reads a file's template, and those that all files share.
func (b *builder) compile(file *File, text []byte) (*program, *Error) {
	if !file.Format.valid() {
		return nil, &Error{File: file.Template, Message: "has no format"}
	}
	if len(text) > maxTemplate {
		return nil, &Error{File: file.Template, Message: fmt.Sprintf("is larger than %d bytes", maxTemplate)}
	}
	var unused guard
	set := template.New(file.Template).Option("missingkey=error").Funcs(unused.functions(file.Format, b.pack.zones))
	for _, name := range b.content.names() {
		if isPartial(name) && name != file.Template {
			if len(b.content[name]) > maxTemplate {
				return nil, &Error{File: name, Message: fmt.Sprintf("is larger than %d bytes", maxTemplate)}
			}
			if _, err := set.New(name).Parse(source(b.content[name])); err != nil {
				return nil, templateError(name, err)
			}
		}
	}
	if _, err := set.Parse(source(text)); err != nil {
		return nil, templateError(file.Template, err)
	}
	for _, t := range set.Templates() {
		if t.Tree == nil || t.Root == nil {
			continue
		}
		w := &rewriter{tree: t.Tree, set: set}
		if err := w.rewrite(); err != nil {
			return nil, err
		}
	}
	return newProgram(set, file, b.pack.zones), nil
}

// source returns a template with line ends that are one character.
func source(text []byte) string { return strings.ReplaceAll(string(text), "\r\n", "\n") }

func isPartial(name string) bool {
	return strings.HasPrefix(name[strings.LastIndexByte(name, '/')+1:], partialPrefix) && strings.HasSuffix(name, ".tmpl")
}

func newProgram(set *template.Template, file *File, zones *zone.Table) *program {
	p := &program{name: file.Template, format: file.Format}
	p.idle.New = func() any {
		g := &guard{}
		// A template that never ran can always be cloned.
		clone := template.Must(set.Clone())
		return &runner{template: clone.Funcs(g.functions(file.Format, zones)), guard: g}
	}
	return p
}

// The messages of text/template.
var (
	templatePlace = regexp.MustCompile(`^template: ([^:]+):(\d+)(?::\d+)?: ((?s).*)$`)
	templateStep  = regexp.MustCompile(`^executing "[^"]*" at <((?s).*?)>: ((?s).*)$`)
)

// templateError returns an error of text/template with its file and line.
func templateError(name string, err error) *Error {
	made := &Error{File: name, Message: err.Error(), cause: err}
	if parts := templatePlace.FindStringSubmatch(err.Error()); parts != nil {
		made.File, made.Message = parts[1], parts[3]
		made.Line, _ = strconv.Atoi(parts[2])
	}
	if parts := templateStep.FindStringSubmatch(made.Message); parts != nil {
		made.Message = strings.TrimSuffix(parts[1], " | "+escapeFunction) + ": " + parts[2]
		if own, ok := strings.CutPrefix(parts[2], "error calling "+escapeFunction+": "); ok {
			made.Message = own
		}
	}
	if value, ok := errors.AsType[*ValueError](err); ok {
		made.Message = value.Error()
	}
	for _, limit := range []error{ErrTime, ErrOutput, ErrWork} {
		if errors.Is(err, limit) {
			made.Message = limit.Error()
		}
	}
	return made
}

// errorAt returns an error at a node.
func (w *rewriter) errorAt(node parse.Node, message string) *Error {
	place, _ := w.tree.ErrorContext(node)
	parts := strings.Split(place, ":")
	line := 0
	if len(parts) > 1 {
		line, _ = strconv.Atoi(parts[1])
	}
	return &Error{File: w.tree.ParseName, Line: line, Message: message}
}
