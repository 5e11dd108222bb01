package query

import "strings"

const macForm = "00:00:00:00:00:00"

// looksLikeMAC reports whether text is six hex pairs separated by colons.
func looksLikeMAC(text string) bool {
	for i := range len(text) {
		if (i%3 == 2) != (text[i] == ':') || i%3 != 2 && !isHex(text[i]) {
			return false
		}
	}
	return len(text) == len(macForm)
}

func isHex(c byte) bool {
	lower := c | 0x20
	return isDigit(c) || 'a' <= lower && lower <= 'f'
}

// macParts rewrites the parts of a constant for a field of MAC addresses: digits
// without colons get them. The last part of several is anchored at its end, so
// its pairs are counted from there; all others are counted from the left.
func macParts(parts []string) []string {
	all := make([]string, len(parts))
	for i, part := range parts {
		all[i] = macPairs(part, i > 0 && i == len(parts)-1)
	}
	return all
}

// macPairs puts colons between pairs of hex digits that are written without, or
// with the separators of other notations. Anything else is returned as it is.
func macPairs(text string, fromEnd bool) string {
	if !dotted(text) {
		return text
	}
	digits := strings.NewReplacer("-", "", ".", "").Replace(text)
	for i := range len(digits) {
		if !isHex(digits[i]) {
			return text
		}
	}
	var b strings.Builder
	odd := 0
	if fromEnd {
		odd = len(digits) % 2
	}
	for i := range len(digits) {
		if i > 0 && i%2 == odd {
			b.WriteByte(':')
		}
		b.WriteByte(digits[i])
	}
	if b.Len() == 0 {
		return text
	}
	return b.String()
}

// dotted reports whether the dots in text, if any, stand where 0015.654a.a937
// has them. A version such as 70.83 is no piece of a MAC address.
func dotted(text string) bool {
	groups := strings.Split(text, ".")
	for _, group := range groups[:len(groups)-1] {
		if len(group) != 4 {
			return false
		}
	}
	return true
}
