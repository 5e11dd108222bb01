package query

import "strings"

// Pattern is a string with wildcards, split at them: what is matched begins with
// the first part, ends with the last, and has the others in between, in order
// and without overlap. One part alone is an exact string; an empty first or last
// part leaves that end open; parts in between are not empty. All parts are
// folded (Fold).
//
// "t4*" is {"t4", ""}, "*x*" is {"", "x", ""}, "a*b" is {"a", "b"}.
type Pattern struct{ Parts []string }

// Wildcard reports whether the pattern has a wildcard.
func (p Pattern) Wildcard() bool { return len(p.Parts) > 1 }

// Literal returns the string that a pattern without wildcard stands for, folded.
func (p Pattern) Literal() string { return strings.Join(p.Parts, "") }

// Contained returns the text of a pattern of the form *text*, folded, which a
// store may look for with its function for substrings.
func (p Pattern) Contained() (text string, ok bool) {
	if len(p.Parts) == 3 && p.Parts[0] == "" && p.Parts[2] == "" {
		return p.Parts[1], true
	}
	return "", false
}

// Join writes the pattern in another notation: wildcard for each wildcard, and
// each part as escape returns it. For SQL, the wildcard is "%" and escape
// protects "%", "_" and the escape character; for regular expressions they are
// "(?s:.*)" and regexp.QuoteMeta.
func (p Pattern) Join(wildcard string, escape func(part string) string) string {
	parts := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		parts[i] = escape(part)
	}
	return strings.Join(parts, wildcard)
}

// Match reports whether the folded text matches, in time linear in its length
// for each part.
func (p Pattern) Match(text string) bool {
	if len(p.Parts) == 0 {
		return false
	}
	text = Fold(text)
	first, rest := p.Parts[0], p.Parts[1:]
	if len(rest) == 0 {
		return text == first
	}
	text, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	last := rest[len(rest)-1]
	for _, part := range rest[:len(rest)-1] {
		// The leftmost place leaves the most to what follows, so no other needs
		// to be tried.
		if _, text, ok = strings.Cut(text, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(text, last)
}

// anywhere returns the pattern with both ends open.
func (p Pattern) anywhere() Pattern {
	parts := append([]string{""}, p.Parts...)
	return Pattern{Parts: append(parts, "")}.tidy()
}

// tidy folds the parts and joins neighbouring wildcards. Only a wildcard alone
// remains as two empty parts.
func (p Pattern) tidy() Pattern {
	last := len(p.Parts) - 1
	parts := make([]string, 0, len(p.Parts))
	for i, part := range p.Parts {
		if part == "" && i > 0 && i < last {
			continue
		}
		parts = append(parts, Fold(part))
	}
	return Pattern{Parts: parts}
}

// everything reports whether the pattern is a wildcard alone.
func (p Pattern) everything() bool {
	return len(p.Parts) == 2 && p.Parts[0] == "" && p.Parts[1] == ""
}
