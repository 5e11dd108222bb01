package roster

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

func addPhone(r *Roster, c cells) *RowError {
	p := Phone{Row: c.row}
	for name, cell := range c.values {
		switch name {
		case "mac":
			p.MAC = cell
		case "model":
			p.Model = cell
		case "group":
			p.Group = cell
		case "owner":
			p.Owner = cell
		case "tags":
			p.Tags = strings.Fields(cell)
		default:
			if p.Settings == nil {
				p.Settings = map[string]any{}
			}
			p.Settings[name] = cell
		}
	}
	r.Phones = append(r.Phones, p)
	return nil
}

func addLine(r *Roster, c cells) *RowError {
	v := c.values
	listed, problem := c.boolean("listed")
	if problem != nil {
		return problem
	}
	r.Lines = append(r.Lines, Line{
		Row: c.row, Group: v["group"], Number: v["number"], User: v["user"], AuthUser: v["authUser"], Password: v["password"],
		DisplayName: v["displayName"], Label: v["label"], Voicemail: v["voicemail"], Listed: listed,
	})
	return nil
}

// addEntry adds a setting to its level; the level of one group is one element of the
// roster, and stands where the first row of it does.
func addEntry(r *Roster, c cells) *RowError {
	locked, problem := c.boolean("locked")
	if problem != nil {
		return problem
	}
	if c.values["value"] == "" {
		return &RowError{c.row, "value", "must be there"}
	}
	kind := provisioners.GlobalLevel
	if c.values["group"] != "" {
		kind = provisioners.GroupLevel
	}
	i := slices.IndexFunc(r.Levels, func(l Level) bool { return l.ID == c.values["group"] })
	if i < 0 {
		i = len(r.Levels)
		r.Levels = append(r.Levels, Level{Row: c.row, Kind: string(kind), ID: c.values["group"]})
	}
	r.Levels[i].Entries = append(r.Levels[i].Entries, Entry{
		Row: c.row, Path: c.values["path"], Value: c.values["value"], Models: strings.Fields(c.values["models"]),
		Filter: c.values["filter"], Locked: locked != nil && *locked,
	})
	return nil
}

// boolean returns a cell that must be true or false, nil for an empty one.
func (c cells) boolean(name string) (*bool, *RowError) {
	switch c.values[name] {
	case "":
		return nil, nil
	case "true":
		return new(true), nil
	case "false":
		return new(false), nil
	default:
		return nil, &RowError{c.row, name, "must be true or false"}
	}
}

// opensFormula are what a spreadsheet takes the beginning of a formula for.
const opensFormula = "=+-@\t\r"

// Cell returns a text as a cell of CSV that no spreadsheet takes for a formula: one that
// begins like a formula, or like a text that is marked so, is given a ' before it.
func Cell(text string) string {
	if rest := strings.TrimLeft(text, "'"); rest != "" && strings.ContainsRune(opensFormula, rune(rest[0])) {
		return "'" + text
	}
	return text
}

// plain returns a cell without the mark of Cell.
func plain(cell string) string {
	rest := strings.TrimLeft(cell, "'")
	if len(rest) < len(cell) && rest != "" && strings.ContainsRune(opensFormula, rune(rest[0])) {
		return cell[1:]
	}
	return cell
}
