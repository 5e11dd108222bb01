package api

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// SettingsPatch is the body that changes a level.
type SettingsPatch struct {
	Set   []SetSetting   `json:"set,omitempty" nullable:"false" maxItems:"2000"`
	Unset []UnsetSetting `json:"unset,omitempty" nullable:"false" maxItems:"2000"`
}

// SetSetting puts an entry into a level, or replaces the one of the same path, models
// and filter.
type SetSetting struct {
	Path     string   `json:"path" minLength:"1" maxLength:"200" doc:"An index may be *."`
	Value    any      `json:"value,omitempty" doc:"As the catalogue says, or as text; a secret is never shown, and auto has one made for each device. Absent leaves the one that is there."`
	Generate bool     `json:"generate,omitempty" doc:"Has a secret of its own made for each device."`
	Models   []string `json:"models,omitempty" nullable:"false" maxItems:"100"`
	Filter   string   `json:"filter,omitempty" maxLength:"2000"`
	Locked   bool     `json:"locked,omitempty"`
}

// UnsetSetting takes an entry out of a level.
type UnsetSetting struct {
	Path   string   `json:"path" minLength:"1" maxLength:"200"`
	Models []string `json:"models,omitempty" nullable:"false" maxItems:"100"`
	Filter string   `json:"filter,omitempty" maxLength:"2000"`
}

// autoSecret is the value of a secret that is to be made.
const autoSecret = "auto"

// summary says for the audit log what is changed.
func (b *SettingsPatch) summary() string {
	var paths []string
	for _, s := range b.Set {
		paths = append(paths, s.Path)
	}
	for _, u := range b.Unset {
		paths = append(paths, "-"+u.Path)
	}
	return strings.Join(paths, ", ")
}

// paths returns what is put in.
func (b *SettingsPatch) paths() []string {
	var paths []string
	for _, s := range b.Set {
		paths = append(paths, s.Path)
	}
	return paths
}

// Where the settings of a request are.
const (
	inSet      = "body.set"
	inSettings = "body.settings"
)

// settingPlace is the place of a setting in a request, such as
// body.set[account.1.port].value.
func settingPlace(in, path, field string) string { return in + "[" + path + "]." + field }

// edited returns the level after the change; its secrets are sealed for it. In is
// where the request has the settings.
func (a *API) edited(l provisioners.Level, b *SettingsPatch, in string) (provisioners.Level, error) {
	l.Entries = slices.Clone(l.Entries)
	for _, u := range b.Unset {
		if i := entryOf(l.Entries, u.Path, u.Models, u.Filter); i >= 0 {
			l.Entries = slices.Delete(l.Entries, i, i+1)
		}
	}
	var wrong []FieldError
	for i := range b.Set {
		s := &b.Set[i]
		at := entryOf(l.Entries, s.Path, s.Models, s.Filter)
		var before provisioners.Entry
		if at >= 0 {
			before = l.Entries[at]
		}
		e, err := a.entry(l.Key, before, s, in)
		if problem := settingProblem(err, in); problem != nil {
			wrong = append(wrong, problem...)
			continue
		}
		if err != nil {
			return l, err
		}
		if at >= 0 {
			l.Entries[at] = e
		} else {
			l.Entries = append(l.Entries, e)
		}
	}
	if len(wrong) > 0 {
		return l, invalidSettings(wrong)
	}
	slices.SortStableFunc(l.Entries, func(x, y provisioners.Entry) int {
		return cmp.Or(provisioners.ComparePaths(x.Path, y.Path), cmp.Compare(x.Path, y.Path))
	})
	err := a.Provisioning.Catalogue.CheckLevel(l)
	if problem := settingProblem(err, in); problem != nil {
		return l, invalidSettings(problem)
	}
	return l, err
}

// entryOf returns the place of an entry, -1 if there is none.
func entryOf(entries []provisioners.Entry, path string, models []string, filter string) int {
	return slices.IndexFunc(entries, func(e provisioners.Entry) bool {
		return e.Path == path && e.Filter == filter && slices.Equal(e.Models, models)
	})
}

// entry makes an entry of a level.
func (a *API) entry(key provisioners.LevelKey, before provisioners.Entry, s *SetSetting, in string) (provisioners.Entry, error) {
	e := provisioners.Entry{Path: s.Path, Models: s.Models, Filter: s.Filter, Locked: s.Locked}
	setting, known := a.Provisioning.Catalogue.Find(s.Path)
	switch {
	case s.Generate && s.Value != nil && s.Value != autoSecret:
		return e, invalid(settingPlace(in, s.Path, "generate"), "and a value exclude each other")
	case s.Generate || known && setting.Secret && s.Value == autoSecret:
		e.Generate = true
		return e, nil
	case s.Value == nil && before.Path != "":
		e.Value, e.Sealed, e.Generate = before.Value, before.Sealed, before.Generate
		return e, nil
	}
	text, err := a.Provisioning.Catalogue.Parse(s.Path, s.Value)
	if err != nil || !setting.Secret {
		e.Value = text
		return e, err
	}
	e.Sealed, err = a.Sealer.Seal(secret.NewText(text), key.Owner(s.Path))
	return e, err
}

// settingProblem says where settings are wrong; nil if the error is of another kind.
func settingProblem(err error, in string) []FieldError {
	var many provisioners.SettingErrors
	var one *provisioners.SettingError
	var ready *Problem
	switch {
	case errors.As(err, &ready):
		return ready.Errors
	case errors.As(err, &many):
	case errors.As(err, &one):
		many = provisioners.SettingErrors{one}
	}
	var places []FieldError
	for _, e := range many {
		place := FieldError{Location: settingPlace(in, e.Path, cmp.Or(e.Field, "value")), Message: settingMessage(e)}
		if e.Path == "" {
			place.Location = in // It is about the level as a whole.
		}
		places = append(places, place)
	}
	return places
}

func settingMessage(e *provisioners.SettingError) string {
	text := e.Expected
	if e.Got != "" {
		text += ", not " + e.Got
	}
	if e.Suggestion != "" {
		text += "; did you mean " + e.Suggestion + "?"
	}
	return text
}

func invalidSettings(places []FieldError) *Problem {
	p := kindInvalid.problem(places[0].Location + " " + places[0].Message)
	if len(places) > 1 {
		p.Detail = fmt.Sprintf("%d places are wrong", len(places))
	}
	p.Errors = places
	return p
}

// auditedLevel returns what the audit log compares of a level: a field an entry. A
// secret is masked, another way where the change gave it.
func (a *API) auditedLevel(l provisioners.Level, b *SettingsPatch) map[string]any {
	fields := make(map[string]any, len(l.Entries))
	for _, e := range l.Entries {
		shown := a.showEntry(e)
		name := e.Path
		if len(e.Models) > 0 {
			name += " models " + strings.Join(e.Models, ",")
		}
		if e.Filter != "" {
			name += " filter " + e.Filter
		}
		value := map[string]any{"value": shown.Value}
		if shown.Secret {
			value["value"] = masked
			if b != nil && b.gives(e) {
				value["value"] = masked + " (given)"
			}
		}
		if e.Generate {
			value["generate"] = true
		}
		if e.Locked {
			value["locked"] = true
		}
		fields[name] = value
	}
	return fields
}

// gives reports whether the change gives the value of an entry.
func (b *SettingsPatch) gives(e provisioners.Entry) bool {
	return slices.ContainsFunc(b.Set, func(s SetSetting) bool {
		return s.Path == e.Path && s.Filter == e.Filter && slices.Equal(s.Models, e.Models) && s.Value != nil
	})
}
