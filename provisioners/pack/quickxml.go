package pack

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// wellFormedXML checks XML in one pass. It is for files of templates that were checked
// with encoding/xml when the pack was read, so that it may be stricter: what it takes is
// well-formed, and names are of ASCII.
func wellFormedXML(content []byte) error {
	s := &xmlScanner{rest: content}
	for len(s.rest) > 0 {
		if !s.text() || !s.markup() {
			line := 1 + bytes.Count(content[:len(content)-len(s.rest)], []byte("\n"))
			return fmt.Errorf("line %d is not well-formed XML", line)
		}
	}
	if len(s.open) > 0 || s.roots != 1 {
		return errors.New("has an element without end, or not one root element")
	}
	return nil
}

var xmlDeclaration = regexp.MustCompile(`^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"(?i:utf-8)"|'(?i:utf-8)'))?(?: standalone="(?:yes|no)")?\s*\?>`)

// xmlScanner reads XML from its beginning. Its methods report whether what they read is
// well-formed.
type xmlScanner struct {
	rest  []byte
	open  [][]byte
	roots int
}

// text reads up to the next markup.
func (s *xmlScanner) text() bool {
	end := bytes.IndexByte(s.rest, '<')
	if end < 0 {
		end = len(s.rest)
	}
	text := s.rest[:end]
	if len(s.open) == 0 && len(bytes.TrimSpace(text)) > 0 || bytes.Contains(text, []byte("]]>")) || !references(text) {
		return false
	}
	s.rest = s.rest[end:]
	return true
}

// markup reads a tag, a comment and the like.
func (s *xmlScanner) markup() bool {
	switch {
	case len(s.rest) == 0:
		return true
	case bytes.HasPrefix(s.rest, []byte("<!--")):
		s.rest = s.rest[4:]
		end := bytes.Index(s.rest, []byte("--"))
		if end < 0 || !characters(s.rest[:end]) {
			return false
		}
		s.rest = s.rest[end+2:]
		return s.take(">")
	case bytes.HasPrefix(s.rest, []byte("<![CDATA[")):
		return len(s.open) > 0 && s.until("]]>")
	case bytes.HasPrefix(s.rest, []byte("<?")):
		// Phones are given no instructions but the declaration.
		declaration := xmlDeclaration.Find(s.rest)
		s.rest = s.rest[len(declaration):]
		return len(declaration) > 0 && s.roots == 0
	case bytes.HasPrefix(s.rest, []byte("</")):
		s.rest = s.rest[2:]
		name := s.name()
		s.space()
		last := len(s.open) - 1
		if len(name) == 0 || last < 0 || !bytes.Equal(s.open[last], name) {
			return false
		}
		s.open = s.open[:last]
		return s.take(">")
	default:
		s.rest = s.rest[1:]
		return s.element()
	}
}

// until reads up to and with an end.
func (s *xmlScanner) until(end string) bool {
	at := bytes.Index(s.rest, []byte(end))
	if at < 0 || !characters(s.rest[:at]) {
		return false
	}
	s.rest = s.rest[at+len(end):]
	return true
}

// element reads the rest of a tag that opens an element, or is one.
func (s *xmlScanner) element() bool {
	name := s.name()
	if len(name) == 0 {
		return false
	}
	if len(s.open) == 0 {
		s.roots++
	}
	for {
		spaced := s.space()
		switch {
		case s.take("/>"):
			return true
		case s.take(">"):
			s.open = append(s.open, name)
			return true
		case !spaced || !s.attribute():
			return false
		}
	}
}

func (s *xmlScanner) attribute() bool {
	if len(s.name()) == 0 {
		return false
	}
	s.space()
	if !s.take("=") {
		return false
	}
	s.space()
	if len(s.rest) == 0 || s.rest[0] != '"' && s.rest[0] != '\'' {
		return false
	}
	end := bytes.IndexByte(s.rest[1:], s.rest[0])
	if end < 0 {
		return false
	}
	value := s.rest[1 : 1+end]
	s.rest = s.rest[end+2:]
	return bytes.IndexByte(value, '<') < 0 && references(value)
}

func (s *xmlScanner) take(text string) bool {
	rest, ok := bytes.CutPrefix(s.rest, []byte(text))
	s.rest = rest
	return ok
}

func (s *xmlScanner) space() bool {
	n := 0
	for n < len(s.rest) && (s.rest[n] == ' ' || s.rest[n] == '\n' || s.rest[n] == '\t' || s.rest[n] == '\r') {
		n++
	}
	s.rest = s.rest[n:]
	return n > 0
}

// name reads a name, empty if there is none. It may have one colon within.
func (s *xmlScanner) name() []byte {
	n, colons := 0, 0
	for ; n < len(s.rest); n++ {
		c := s.rest[n]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_':
			continue
		case n > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.'):
			continue
		case n > 0 && c == ':' && colons == 0:
			colons++
			continue
		}
		break
	}
	name := s.rest[:n]
	s.rest = s.rest[n:]
	if n > 0 && name[n-1] == ':' {
		return nil
	}
	return name
}

// references reports whether a text has no characters that XML has not, and each & begins
// a reference that needs no declaration.
func references(text []byte) bool {
	if !characters(text) {
		return false
	}
	for {
		at := bytes.IndexByte(text, '&')
		if at < 0 {
			return true
		}
		text = text[at+1:]
		end := bytes.IndexByte(text, ';')
		if end < 0 || !isReference(string(text[:end])) {
			return false
		}
		text = text[end+1:]
	}
}

func isReference(name string) bool {
	switch name {
	case "amp", "lt", "gt", "quot", "apos":
		return true
	}
	if len(name) < 2 || name[0] != '#' {
		return false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return err == nil && n <= utf8.MaxRune && isCharacter(rune(n))
}

func characters(text []byte) bool {
	for i := 0; i < len(text); {
		if c := text[i]; c >= ' ' && c < utf8.RuneSelf {
			i++
			continue
		}
		c, size := utf8.DecodeRune(text[i:])
		if !isCharacter(c) {
			return false
		}
		i += size
	}
	return true
}

// isCharacter reports whether XML 1.0 has a character.
func isCharacter(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000
}
