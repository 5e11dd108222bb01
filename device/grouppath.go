package device

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of the path of a group.
const (
	// MaxGroupPath is how many bytes it may have.
	MaxGroupPath = 256
	// MaxGroupDepth is how many names it may join.
	MaxGroupDepth = 16
	// MaxGroupName is how many characters each may have.
	MaxGroupName = 64
)

// CheckGroupPath checks the path of a group: names joined by slashes, empty for the
// root. The error says in words what it must be.
func CheckGroupPath(path string) error {
	if path == "" {
		return nil
	}
	names := strings.Split(path, "/")
	if len(path) > MaxGroupPath || len(names) > MaxGroupDepth {
		return fmt.Errorf("must have at most %d bytes and %d levels", MaxGroupPath, MaxGroupDepth)
	}
	for _, name := range names {
		if err := CheckName(name, MaxGroupName); err != nil {
			return fmt.Errorf("must be names joined by /, such as reseller/customer/site; a name %w", err)
		}
	}
	return nil
}

// CheckName checks a name on one line, such as a tag: 1 to limit printable characters
// without white space at either end. The error says in words what it must be.
func CheckName(text string, limit int) error {
	switch {
	case !utf8.ValidString(text) || text == "" || utf8.RuneCountInString(text) > limit:
		return fmt.Errorf("must have 1 to %d characters", limit)
	case strings.TrimSpace(text) != text:
		return errors.New("must not begin or end with white space")
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("must be printable")
	default:
		return nil
	}
}
