package pack

import (
	"errors"
	"strings"
)

// The verbs that printf knows.
const (
	numericVerbs = "dxXoc"
	textVerbs    = "sqv"
	// maxWidth bounds widths and precisions.
	maxWidth = 99
)

// verbs returns the verbs of a format, each of which takes one argument.
func verbs(format string) (string, error) {
	var found strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		digits := 0
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.", format[i]) >= 0; i++ {
			if digits++; digits > 6 || numberBefore(format[:i+1]) > maxWidth {
				return "", errors.New("printf: a width has at most two digits")
			}
		}
		switch {
		case i == len(format) || strings.IndexByte(numericVerbs+textVerbs+"%", format[i]) < 0:
			return "", errors.New("printf knows the verbs %d %x %X %o %c %s %q %v and %%")
		case format[i] != '%':
			found.WriteByte(format[i])
		}
	}
	return found.String(), nil
}

// numberBefore returns the number that a text ends with, 0 for none.
func numberBefore(text string) int {
	n, unit := 0, 1
	for i := len(text) - 1; i >= 0 && text[i] >= '0' && text[i] <= '9'; i-- {
		n += int(text[i]-'0') * unit
		unit *= 10
	}
	return n
}

// verbIsNumeric reports whether an argument of a checked format is printed as a number.
func verbIsNumeric(format string, argument int) bool {
	found, err := verbs(format)
	return err == nil && argument < len(found) && strings.IndexByte(numericVerbs, found[argument]) >= 0
}
