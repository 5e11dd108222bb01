package quirks

import "strings"

// Match reports whether text matches a pattern, in which * stands for any text, also
// none, and all else for itself in either case. It takes time in proportion to the
// product of both lengths at most.
func Match(pattern, text string) bool {
	pattern, text = strings.ToLower(pattern), strings.ToLower(text)
	p, t, star, resume := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
