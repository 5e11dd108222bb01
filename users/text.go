package users

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDisplayName is how many characters a display name may have.
const maxDisplayName = 128

// checkDisplayName checks the display name of a user, which is free text on one
// line and may be empty.
func checkDisplayName(name string) error {
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxDisplayName || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%w: a display name must be printable, of at most %d characters", ErrName, maxDisplayName)
	}
	return nil
}

// cutText returns the beginning of text that is UTF-8 of at most limit bytes, cut
// between two characters.
func cutText(text string, limit int) string {
	text = strings.ToValidUTF8(text, "")
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
