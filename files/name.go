package files

import (
	"fmt"
	"strings"
)

// MaxNameLength is the longest name of a file, in characters. A Download URL has
// at most MaxURLLength in all, so half is left for the address and the token.
const MaxNameLength = 128

// CheckName checks that name can name a file: 1 to MaxNameLength characters of
// A-Z, a-z, 0-9, dot, underscore, hyphen and plus, no dot at the beginning and
// no two dots in a row. Such a name needs no escaping in a URL, which phones do
// not all undo, and leads nowhere as part of a path. The error wraps ErrName and
// says what is wrong.
func CheckName(name string) error {
	if message := nameFault(name); message != "" {
		return fmt.Errorf("%w: %s", ErrName, message)
	}
	return nil
}

func nameFault(name string) string {
	switch {
	case name == "":
		return "must not be empty"
	case len(name) > MaxNameLength:
		return fmt.Sprintf("must have at most %d characters", MaxNameLength)
	case name[0] == '.':
		return "must not begin with a dot"
	case strings.Contains(name, ".."):
		return "must not hold two dots in a row"
	}
	for _, r := range name {
		if !inName(r) {
			return fmt.Sprintf("must not hold %q: only letters A to Z, digits, dot, underscore, hyphen and plus", r)
		}
	}
	return ""
}

func inName(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	}
	return r == '.' || r == '_' || r == '-' || r == '+'
}
