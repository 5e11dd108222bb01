package roster

import "fmt"

// MaxRows bounds the phones, lines and levels of one Roster, each.
const MaxRows = 100_000

// Roster is what is brought in.
type Roster struct {
	Phones []Phone `json:"phones,omitempty"`
	Lines  []Line  `json:"lines,omitempty"`
	Levels []Level `json:"levels,omitempty"`
}

// Phone is a phone to add, or to change if one with its MAC is known.
type Phone struct {
	// Row is where it stands: the line of a CSV or list, the element of a JSON list from
	// 1.
	Row int `json:"-"`
	// MAC is in any form that device.ParseMAC reads.
	MAC string `json:"mac"`
	// Model, Group and Owner, the number of the line that owns the phone, stay as they
	// are where they are empty.
	Model string   `json:"model,omitempty"`
	Group string   `json:"group,omitempty"`
	Owner string   `json:"owner,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	// Settings are added to those of the device's level: values of JSON or their text,
	// "auto" for a secret that is to be made.
	Settings map[string]any `json:"settings,omitempty"`
	// Entries are further settings of the device's level: those that are limited or
	// locked.
	Entries []Entry `json:"entries,omitempty"`
	// Notes say what the row has that is not brought in, and does not keep it from being.
	Notes []*RowError `json:"-"`
}

// Line is a line to add, or to change if its group has one of that number. Empty fields
// of a known line stay as they are.
type Line struct {
	Row      int    `json:"-"`
	Group    string `json:"group"`
	Number   string `json:"number"`
	User     string `json:"user,omitempty"`
	AuthUser string `json:"authUser,omitempty"`
	// Password is the plain text; "auto" makes one where the line has none yet.
	Password    string `json:"password,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	Label       string `json:"label,omitempty"`
	Voicemail   string `json:"voicemail,omitempty"`
	Listed      *bool  `json:"listed,omitempty"`
}

// Level is what is declared at one place: its entries are added to those that are there.
type Level struct {
	Row int `json:"-"`
	// Kind is "global" or "group".
	Kind string `json:"kind"`
	// ID is the path of a group, empty for the global level.
	ID      string  `json:"id,omitempty"`
	Entries []Entry `json:"entries"`
}

// Entry is one setting of a level.
type Entry struct {
	// Row is where it stands in a CSV, 0 for the row of its level.
	Row  int    `json:"-"`
	Path string `json:"path"`
	// Value is one of JSON or its text; "auto" for a secret that is made for each device.
	Value  any      `json:"value"`
	Models []string `json:"models,omitempty"`
	Filter string   `json:"filter,omitempty"`
	Locked bool     `json:"locked,omitempty"`
}

// RowError says what is wrong with a row. It never holds a secret.
type RowError struct {
	Row int
	// Column is the column of a CSV, the field of JSON, or the path of a setting.
	Column string
	// Expected says in words what it must be.
	Expected string
}

// Error names row and column and what was expected.
func (e *RowError) Error() string {
	return fmt.Sprintf("row %d: %s %s", e.Row, e.Column, e.Expected)
}
