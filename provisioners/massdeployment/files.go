package massdeployment

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// File is one file that templates make of a list.
type File struct {
	// Context is the one that it comes from, "phoneprov" for a phone's own file.
	Context string
	// Path and Name say where it goes: a folder that begins with a slash, and a name
	// without one.
	Path, Name string
	// Section is the Asterisk context in which its text begins, empty for none; the text
	// has the heading.
	Section string
	// Text may hold passwords.
	Text secret.Text
}

// Files returns what the templates make of the phones of a list: a file for each phone,
// and those in which the contexts of all phones are joined, in the order of the list.
// Server is the address of the SIP server that phones see. The phones that have no
// template, no password, or a file that another has, are returned as LineErrors.
func Files(l *List, templates map[string]*Template, server string) ([]File, []*LineError) {
	j := joining{places: map[string]*joined{}}
	var wrong []*LineError
	for _, p := range l.Phones {
		template := templates[p.Template]
		if template == nil {
			wrong = append(wrong, &LineError{p.Line, "template", "must be one of the templates that are given"})
			continue
		}
		outputs, err := template.Outputs(p, server)
		if err == nil {
			err = j.add(outputs)
		}
		var problem *LineError
		if err != nil && !errors.As(err, &problem) {
			problem = &LineError{p.Line, "template", err.Error()}
		}
		if problem != nil {
			wrong = append(wrong, problem)
		}
	}
	return j.files(), wrong
}

// joined is a file that grows.
type joined struct {
	file File
	// section is the context that its text is in.
	section string
	text    strings.Builder
}

type joining struct {
	places map[string]*joined
	order  []*joined
}

// add adds what a template makes of one phone, or nothing of it and an error.
func (j *joining) add(outputs []Output) error {
	for _, o := range outputs {
		if known := j.places[placeOf(o)]; known != nil && (o.Context == "phoneprov" || known.file.Context == "phoneprov") {
			return fmt.Errorf("makes the file %s, which another phone has", placeOf(o))
		}
	}
	for _, o := range outputs {
		at := j.places[placeOf(o)]
		if at == nil {
			at = &joined{file: File{Context: o.Context, Path: path.Dir(placeOf(o)), Name: o.File, Section: o.Section}}
			j.places[placeOf(o)] = at
			j.order = append(j.order, at)
		}
		if o.Section != "" && o.Section != at.section {
			at.text.WriteString("[" + o.Section + "]\n")
			at.section = o.Section
		}
		at.text.WriteString(o.Text.Reveal())
	}
	return nil
}

// placeOf returns folder and name as one path that begins with a slash and holds no "..".
func placeOf(o Output) string { return path.Join("/", o.Path, o.File) }

func (j *joining) files() []File {
	files := make([]File, 0, len(j.order))
	for _, one := range j.order {
		one.file.Text = secret.NewText(one.text.String())
		files = append(files, one.file)
	}
	return files
}
