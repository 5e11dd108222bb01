package roster

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners/massdeployment"
)

// Format is the form in which a roster comes.
type Format string

// The formats.
const (
	CSV            Format = "csv"
	JSON           Format = "json"
	MassDeployment Format = "massdeployment"
)

// Source is a roster that is to be read, with what is said of it beside.
type Source struct {
	Format  Format
	Content io.Reader
	// Group is the one of phones and lines that name none.
	Group string
	// Templates are those of AstLinux by name, Models the models of the phones of a
	// template where it is not the template that says it. Registrar is the one of all
	// accounts. They are for MassDeployment only.
	Templates map[string]string
	Models    map[string]string
	Registrar string
}

// Read is a Source that was read.
type Read struct {
	Roster
	// Wrong are the rows that cannot be used.
	Wrong []*RowError
	// List and Templates are what the roster was made of, nil but for MassDeployment.
	List      *massdeployment.List
	Templates map[string]*massdeployment.Template
}

// ErrFormat is returned by Source.Read for a format that is none.
var ErrFormat = errors.New("format must be csv, json or massdeployment")

// TemplateError is returned for a template of AstLinux that cannot be used.
type TemplateError struct {
	Name string
	// Err says what is wrong.
	Err error
}

// Error names the template.
func (e *TemplateError) Error() string { return "template " + e.Name + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *TemplateError) Unwrap() error { return e.Err }

// Read reads the roster. Rows that cannot be used are in Read.Wrong. It returns a
// TemplateError, ErrFormat, and an error for what is no file of the format at all; none
// of them shows a secret.
func (s *Source) Read() (Read, error) {
	var read Read
	var err error
	switch s.Format {
	case CSV:
		read.Roster, read.Wrong, err = ReadCSV(s.Content)
	case JSON:
		read.Roster, err = ReadJSON(s.Content)
	case MassDeployment:
		return s.readMassDeployment()
	default:
		err = ErrFormat
	}
	for i := range read.Phones {
		fill(&read.Phones[i].Group, s.Group)
	}
	for i := range read.Lines {
		fill(&read.Lines[i].Group, s.Group)
	}
	return read, err
}

func fill(group *string, otherwise string) {
	if *group == "" {
		*group = otherwise
	}
}

func (s *Source) readMassDeployment() (Read, error) {
	read := Read{Templates: map[string]*massdeployment.Template{}}
	for _, name := range slices.Sorted(maps.Keys(s.Templates)) {
		template, wrong, err := massdeployment.ReadTemplate(name, strings.NewReader(s.Templates[name]))
		if err == nil && len(wrong) > 0 {
			err = wrong[0]
		}
		if err != nil {
			return read, &TemplateError{Name: name, Err: err}
		}
		read.Templates[name] = template
	}
	list, wrong, err := massdeployment.ReadList(s.Content)
	if err != nil {
		return read, fmt.Errorf("read massdeployment.conf: %w", err)
	}
	for _, e := range wrong {
		read.Wrong = append(read.Wrong, &RowError{e.Line, e.Field, e.Expected})
	}
	read.List = list
	read.Roster = FromMassDeployment(list, read.Templates, s.Models, s.Group, s.Registrar)
	return read, nil
}
