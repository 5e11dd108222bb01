package roster

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Exporter makes of what is stored the rows that bring it in again. It is safe for
// concurrent use.
type Exporter struct {
	Catalogue *provisioners.Catalogue
	Keeper    Keeper
	// Secrets says that secrets are shown; without, they are left out. A secret that is
	// made for each device is "auto" either way.
	Secrets bool
}

// Phone returns a device with the settings of its own level. It returns an error for a
// secret that cannot be opened.
func (x *Exporter) Phone(d device.Device, l provisioners.Level) (Phone, error) {
	p := Phone{MAC: d.MAC, Model: d.Model, Group: d.Group, Tags: d.Tags, Settings: map[string]any{}}
	for _, e := range l.Entries {
		entry, shown, err := x.entry(l.Key, e)
		switch {
		case err != nil:
			return p, err
		case !shown:
		case limited(e):
			p.Entries = append(p.Entries, entry)
		case e.Path == "owner" && e.Value != "":
			p.Owner = e.Value
		default:
			p.Settings[e.Path] = entry.Value
		}
	}
	return p, nil
}

// limited reports whether an entry says more than path and value.
func limited(e provisioners.Entry) bool { return len(e.Models) > 0 || e.Filter != "" || e.Locked }

// Level returns a level of settings, the global one or that of a group. It returns an
// error for a secret that cannot be opened.
func (x *Exporter) Level(l provisioners.Level) (Level, error) {
	shown := Level{Kind: string(l.Key.Kind), ID: l.Key.ID, Entries: []Entry{}}
	for _, e := range l.Entries {
		entry, ok, err := x.entry(l.Key, e)
		if err != nil {
			return shown, err
		}
		if ok {
			shown.Entries = append(shown.Entries, entry)
		}
	}
	return shown, nil
}

// entry returns an entry as it is brought in; ok is false for a secret that is not shown.
func (x *Exporter) entry(key provisioners.LevelKey, e provisioners.Entry) (shown Entry, ok bool, err error) {
	shown = Entry{Path: e.Path, Models: e.Models, Filter: e.Filter, Locked: e.Locked}
	switch {
	case e.Generate:
		shown.Value = Auto
	case e.Sealed == "" && e.Value == "":
		shown.Value = "" // Native has null for it, which is no value that can be set.
	case e.Sealed == "":
		shown.Value = x.Catalogue.Native(e.Path, e.Value)
	case !x.Secrets:
		return shown, false, nil
	default:
		opened, err := x.Keeper.Open(e.Sealed, key.Owner(e.Path))
		if err != nil {
			return shown, false, fmt.Errorf("setting %s of %s %s: %w", e.Path, key.Kind, key.ID, err)
		}
		shown.Value = opened.Reveal()
	}
	return shown, true, nil
}

// Line returns a line. It returns an error for a password that cannot be opened.
func (x *Exporter) Line(l provisioners.Line) (Line, error) {
	shown := Line{
		Group: l.Group, Number: l.Number, User: l.User, AuthUser: l.AuthUser, DisplayName: l.DisplayName, Label: l.Label,
		Voicemail: l.Voicemail, Listed: new(l.Listed),
	}
	if l.Password == "" || !x.Secrets {
		return shown, nil
	}
	opened, err := x.Keeper.Open(l.Password, l.Owner())
	if err != nil {
		return shown, fmt.Errorf("line %s: %w", l.LineKey, err)
	}
	shown.Password = opened.Reveal()
	return shown, nil
}

// phoneColumns are those that every CSV of phones has.
func phoneColumns() []string { return []string{"mac", "model", "group", "owner", "tags"} }

// Columns gathers the columns that a CSV of phones needs. The zero value has those that
// every one has.
type Columns struct{ paths map[string]bool }

// MaxColumns bounds the settings of one CSV.
const MaxColumns = 2000

// ErrColumns is returned by Columns.Add for more than MaxColumns.
var ErrColumns = fmt.Errorf("phones have more than %d settings of their own: a CSV has no place for them", MaxColumns)

// Add adds the settings of a phone; it returns ErrColumns.
func (c *Columns) Add(p Phone) error {
	if c.paths == nil {
		c.paths = map[string]bool{}
	}
	for path := range p.Settings {
		c.paths[path] = true
	}
	if len(c.paths) > MaxColumns {
		return ErrColumns
	}
	return nil
}

// CSVWriter writes phones as ReadCSV reads them. What is limited to models or a filter,
// or locked, has no place in it and is left out.
type CSVWriter struct {
	table *csv.Writer
	paths []string
}

// NewCSVWriter returns a writer that has written the header.
func NewCSVWriter(w io.Writer, c *Columns) (*CSVWriter, error) {
	out := &CSVWriter{table: csv.NewWriter(w)}
	out.table.UseCRLF = true
	for path := range c.paths {
		out.paths = append(out.paths, path)
	}
	slices.SortFunc(out.paths, provisioners.ComparePaths)
	return out, out.table.Write(append(phoneColumns(), out.paths...))
}

// Write writes a phone. It returns an error for a setting that has no column.
func (w *CSVWriter) Write(p Phone) error {
	row := []string{Cell(p.MAC), Cell(p.Model), Cell(p.Group), Cell(p.Owner), Cell(strings.Join(p.Tags, " "))}
	written := 0
	for _, path := range w.paths {
		value, ok := p.Settings[path]
		if ok {
			written++
		}
		row = append(row, Cell(cellText(value)))
	}
	if written != len(p.Settings) {
		return fmt.Errorf("phone %s: a setting was added while it was written", p.MAC)
	}
	return w.table.Write(row)
}

// Flush writes what is buffered.
func (w *CSVWriter) Flush() error {
	w.table.Flush()
	return w.table.Error()
}

// cellText returns a value of JSON as its text.
func cellText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []string:
		return strings.Join(v, ",")
	default:
		return fmt.Sprint(v)
	}
}
