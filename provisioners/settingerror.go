package provisioners

import (
	"fmt"
	"strconv"
	"strings"
)

// SettingError says which setting is wrong and what was expected. It never holds a
// secret.
type SettingError struct {
	// Entry is the place of the entry in its level from 0, -1 if there is none.
	Entry int
	// Path is the setting's as it was given, cut to MaxPath bytes; for a line the name
	// of its field, such as "number".
	Path string
	// Field is the field of the entry that is wrong: "path", "value", "models",
	// "filter", "locked", "generate", "sealed"; empty if that is clear.
	Field string
	// Expected says in words what it must be: "must be ...", "is ...".
	Expected string
	// Got is what was given, quoted and cut; empty for secrets and where it helps
	// nobody.
	Got string
	// Suggestion is a path that may have been meant, or empty.
	Suggestion string

	cause error
}

// Error returns path and expectation, and what was given or may have been meant.
func (e *SettingError) Error() string {
	text := e.Path
	if e.Field != "" && e.Field != "path" && e.Field != "value" {
		text += ": " + e.Field
	}
	text += " " + e.Expected
	if e.Got != "" {
		text += ", not " + e.Got
	}
	if e.Suggestion != "" {
		text += "; did you mean " + e.Suggestion + "?"
	}
	return text
}

// Unwrap returns what the error was made of: of a filter its *query.SyntaxError, else
// nil.
func (e *SettingError) Unwrap() error { return e.cause }

// SettingErrors are all that is wrong with a level or a line, at most
// MaxSettingErrors.
type SettingErrors []*SettingError

// MaxSettingErrors bounds SettingErrors: who made more mistakes corrects these first.
const MaxSettingErrors = 100

// Error returns all of them, separated by line feeds.
func (e SettingErrors) Error() string {
	texts := make([]string, len(e))
	for i, one := range e {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap returns each of them, for errors.As.
func (e SettingErrors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// err returns the list as an error, nil if it is empty.
func (e SettingErrors) err() error {
	if len(e) == 0 {
		return nil
	}
	return e[:min(len(e), MaxSettingErrors)]
}

// longestGot is how much of a wrong value an error repeats, in bytes.
const longestGot = 60

func wrongValue(path, got, expected string, arguments ...any) *SettingError {
	e := wrongSetting(path, "value", expected, arguments...)
	e.Got = quoted(got)
	return e
}

func wrongSetting(path, field, expected string, arguments ...any) *SettingError {
	return &SettingError{Entry: -1, Path: cut(path, MaxPath), Field: field, Expected: fmt.Sprintf(expected, arguments...)}
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(cut(text, longestGot))
}

// cut shortens a text to a number of bytes, never within a character.
func cut(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "..."
}
