package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner reads the smallest parts of a filter from pos on.
type scanner struct {
	text string
	pos  int
}

// constant is a string in a filter, split at its wildcards, not yet folded.
type constant struct {
	position int
	parts    []string
}

// literal returns the string without regard to wildcards.
func (c constant) literal() string { return strings.Join(c.parts, "*") }

func (s *scanner) end() bool { return s.pos >= len(s.text) }

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.end() {
		return 0
	}
	return s.text[s.pos]
}

func (s *scanner) peekRune() string {
	_, size := utf8.DecodeRuneInString(s.text[s.pos:])
	return s.text[s.pos : s.pos+size]
}

func (s *scanner) atQuote() bool { return s.peek() == '"' || s.peek() == '\'' }

func (s *scanner) atSpace() bool {
	r, _ := utf8.DecodeRuneInString(s.text[s.pos:])
	return unicode.IsSpace(r)
}

func (s *scanner) space() {
	rest := strings.TrimLeftFunc(s.text[s.pos:], unicode.IsSpace)
	s.pos = len(s.text) - len(rest)
}

// keyword reads the keyword if it stands here on its own.
func (s *scanner) keyword(keyword string) bool {
	rest, ok := strings.CutPrefix(s.text[s.pos:], keyword)
	if !ok {
		return false
	}
	r, size := utf8.DecodeRuneInString(rest)
	if size > 0 && !unicode.IsSpace(r) && !strings.ContainsRune(`()"'`, r) {
		return false
	}
	s.pos += len(keyword)
	return true
}

// operators are tried in this order.
var operators = [...]string{"!=", "<=", ">=", "=", "<", ">", ":"}

// operator reads an operator, or nothing.
func (s *scanner) operator() string {
	for _, op := range operators {
		if strings.HasPrefix(s.text[s.pos:], op) {
			s.pos += len(op)
			return op
		}
	}
	return ""
}

// word reads a bare word or the name of a field: up to space, a parenthesis, a
// double quote or an operator. A complete MAC address is one word in spite of
// its colons.
func (s *scanner) word() string {
	colons := *s
	if address := colons.run(`()"!=<>`); looksLikeMAC(address) {
		*s = colons
		return address
	}
	return s.run(`()"!=<>:`)
}

// run reads up to space or one of the stop characters.
func (s *scanner) run(stops string) string {
	rest := s.text[s.pos:]
	n := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(stops, r) })
	if n < 0 {
		n = len(rest)
	}
	s.pos += n
	return rest[:n]
}

// constant reads what stands on the right of an operator: a string in quotes, or
// text up to space or a parenthesis. Such text may hold colons, so that MAC
// addresses and times need no quotes.
func (s *scanner) constant(op string) (constant, error) {
	s.space()
	if s.atQuote() {
		return s.quoted()
	}
	start := s.pos
	text := s.run(`()"!=<>`)
	switch {
	case text == "" && s.end():
		return constant{}, errorAt(start, "expected a value after %s", op)
	case text == "" && s.peek() == '(':
		return constant{}, errorAt(start, "a group of values is not supported after %s; repeat the field: (a%sx OR a%sy)", op, op, op)
	case isKeyword(text):
		return constant{}, errorAt(start, `expected a value after %s, found %s; if that is the value, write "%s"`, op, text, text)
	case text == "" || !s.end() && !s.atSpace() && s.peek() != ')':
		return constant{}, errorAt(s.pos, `expected a value after %s, found %q; put quotes around a value that contains any of ()"!=<>`, op, s.peekRune())
	}
	return constant{position: start, parts: strings.Split(text, "*")}, nil
}

// quoted reads a string in single or double quotes. A backslash takes the
// meaning from a quote, a backslash or a star.
func (s *scanner) quoted() (constant, error) {
	c := constant{position: s.pos}
	quote := s.peek()
	var part strings.Builder
	for i := s.pos + 1; i < len(s.text); i++ {
		switch b := s.text[i]; b {
		case quote:
			c.parts = append(c.parts, part.String())
			return c, s.afterQuoted(i + 1)
		case '*':
			c.parts = append(c.parts, part.String())
			part.Reset()
		case '\\':
			i++
			if i == len(s.text) || !strings.ContainsRune(`\"'*`, rune(s.text[i])) {
				return c, errorAt(i-1, `after a backslash, expected one of \ " ' * ; write \\ for a backslash`)
			}
			part.WriteByte(s.text[i])
		default:
			part.WriteByte(b)
		}
	}
	return c, errorAt(s.pos, "the string that begins here has no closing %c", quote)
}

// afterQuoted ends a string at i, where nothing may follow directly that would
// look like a part of it.
func (s *scanner) afterQuoted(i int) error {
	s.pos = i
	if s.end() || s.atSpace() || strings.ContainsRune(`()!=<>:`, rune(s.peek())) {
		return nil
	}
	return errorAt(i, "expected a space after the string, found %q", s.peekRune())
}

// shorten quotes text of the operator for an error message.
func shorten(text string) string {
	const longest = 40
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}
