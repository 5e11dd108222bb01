package query

import "strings"

// Fold returns s with the letters A to Z in lower case and every other byte as
// it is. Filters and orders compare strings in this form, byte by byte. It is
// what LOWER and NOCASE do in SQLite, and what a store without such a function
// keeps as a copy beside the string.
func Fold(s string) string {
	for i := range len(s) {
		if isUpper(s[i]) {
			return foldFrom(s, i)
		}
	}
	return s
}

func foldFrom(s string, first int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:first])
	for i := first; i < len(s); i++ {
		c := s[i]
		if isUpper(c) {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
