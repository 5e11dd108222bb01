package users

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is how many characters the name of a user or a token may have.
const MaxName = 64

// checkUserName checks the name of a user: lower-case letters, digits, and
// ". _ - @" inside, so that it is the same text in a URL, a shell and a log.
func checkUserName(name string) error {
	const inside = "abcdefghijklmnopqrstuvwxyz0123456789"
	if name == "" || len(name) > MaxName {
		return fmt.Errorf("%w: name of a user must have 1 to %d characters", ErrName, MaxName)
	}
	if !strings.ContainsRune(inside, rune(name[0])) || strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(inside+"._-@", r) }) {
		return fmt.Errorf("%w: name of a user must begin with a-z or 0-9 and go on with those or . _ - @", ErrName)
	}
	return nil
}

// checkTokenName checks the name of a token, which is free text on one line.
func checkTokenName(name string) error {
	if !utf8.ValidString(name) || name == "" || utf8.RuneCountInString(name) > MaxName {
		return fmt.Errorf("%w: name of a token must have 1 to %d characters", ErrName, MaxName)
	}
	if strings.TrimSpace(name) != name {
		return fmt.Errorf("%w: name of a token must not begin or end with white space", ErrName)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%w: name of a token must be printable", ErrName)
	}
	return nil
}
