package digest

import (
	"fmt"
	"strings"
)

// part is one challenge or one set of credentials: a scheme and what follows it (RFC 9110 section 11).
type part struct {
	scheme string
	token  string            // token68, such as Basic's
	params map[string]string // names in lower case, values without their quotes
}

// scanner reads a header value from left to right.
type scanner struct {
	text string
	at   int
}

// parseParts reads a list of challenges, or credentials, which have the same grammar.
func parseParts(header string) ([]part, error) {
	if len(header) > MaxHeader {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, MaxHeader)
	}
	if strings.ContainsFunc(header, isControl) {
		return nil, fmt.Errorf("%w: control character", ErrMalformed)
	}
	s := scanner{text: header}
	var parts []part
	for s.skip(" \t,"); !s.done(); s.skip(" \t,") {
		word := s.span(isTokenByte)
		if word == "" {
			return nil, s.malformed("expected a name")
		}
		if len(parts) > 0 && s.assigned() {
			if err := s.param(&parts[len(parts)-1], word); err != nil {
				return nil, err
			}
			continue
		}
		parts = append(parts, s.scheme(word))
	}
	return parts, nil
}

// scheme begins a part. What follows its name is either a token68 or, always with Digest, the first parameter.
func (s *scanner) scheme(name string) part {
	p := part{scheme: name, params: map[string]string{}}
	if strings.EqualFold(name, string(Digest)) {
		return p
	}
	s.skip(" \t")
	start := s.at
	token := s.span(isToken68Byte) + s.span(func(b byte) bool { return b == '=' })
	s.skip(" \t")
	if token != "" && (s.done() || s.text[s.at] == ',') {
		p.token = token
		return p
	}
	s.at = start
	return p
}

// assigned steps over the '=' of a parameter, if there is one.
func (s *scanner) assigned() bool {
	start := s.at
	s.skip(" \t")
	if !s.done() && s.text[s.at] == '=' {
		s.at++
		return true
	}
	s.at = start
	return false
}

func (s *scanner) param(p *part, name string) error {
	name = strings.ToLower(name)
	if _, twice := p.params[name]; twice {
		return s.malformed("parameter given twice")
	}
	s.skip(" \t")
	value, err := s.value()
	if err != nil {
		return err
	}
	s.skip(" \t")
	if !s.done() && s.text[s.at] != ',' {
		return s.malformed("expected a comma")
	}
	p.params[name] = value
	return nil
}

// value reads a quoted string or, leniently, everything up to the next comma or space: devices leave out quotes
// that the RFC asks for.
func (s *scanner) value() (string, error) {
	if s.done() || s.text[s.at] != '"' {
		return s.span(func(b byte) bool { return b != ',' && b != ' ' && b != '\t' && b != '"' }), nil
	}
	var value strings.Builder
	for s.at++; !s.done(); s.at++ {
		switch b := s.text[s.at]; {
		case b == '"':
			s.at++
			return value.String(), nil
		case b == '\\' && s.at+1 < len(s.text):
			s.at++
			value.WriteByte(s.text[s.at])
		default:
			value.WriteByte(b)
		}
	}
	return "", s.malformed("quoted string without an end")
}

func (s *scanner) done() bool { return s.at >= len(s.text) }

func (s *scanner) skip(bytes string) {
	for !s.done() && strings.IndexByte(bytes, s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) span(accept func(byte) bool) string {
	start := s.at
	for !s.done() && accept(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at]
}

func (s *scanner) malformed(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrMalformed, what, s.at)
}

func isControl(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }

func isAlphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func isTokenByte(b byte) bool {
	return isAlphanumeric(b) || strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

func isToken68Byte(b byte) bool { return isAlphanumeric(b) || strings.IndexByte("-._~+/", b) >= 0 }

// quote writes a quoted-string (RFC 9110 section 5.6.4).
func quote(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
