package cwmp

import (
	"strings"
)

// readStream reads the plain documents that nearly every device sends, in a tenth
// of the time that readTree takes. It gives up (false) on whatever it does not fully
// understand: comments, CDATA, processing instructions, declarations, names that
// are not ASCII, mixed content, references it cannot resolve, anything malformed and
// anything over a limit. readTree has the word then, so that a document is either
// read alike by both or by readTree alone.
func readStream(text string, limits Limits) (*document, bool) {
	// Two tags an element: what has more of them cannot be inside the limit,
	// and is not worth the memory.
	atLeast := strings.Count(text, "<") / 2
	if atLeast > limits.Elements {
		return nil, false
	}
	s := stream{text: text, builder: newBuilder(limits, atLeast+1)}
	s.names = s.namesBuffer[:0]
	s.attributes = s.attributesBuffer[:0]
	for s.at < len(text) {
		next := strings.IndexByte(text[s.at:], '<')
		if next < 0 {
			return nil, false
		}
		content := text[s.at : s.at+next]
		s.at += next + 1
		if s.at == len(text) {
			return nil, false
		}
		if text[s.at] == '/' {
			s.at++
			if !s.endTag(content) {
				return nil, false
			}
			continue
		}
		if !isBlank(content) || !s.startTag() {
			return nil, false
		}
	}
	if len(s.names) != 0 || s.builder.document.root == nil {
		return nil, false
	}
	return &s.builder.document, true
}

type stream struct {
	text     string
	at       int
	elements int
	builder  *builder
	// names is the names of the open elements, with their prefixes.
	names            []string
	namesBuffer      [12]string
	attributes       []attribute
	attributesBuffer [8]attribute
}

func (s *stream) startTag() bool {
	limits := &s.builder.limits
	name, prefix, local := s.name()
	if name == "" {
		return false
	}
	empty, ok := s.readAttributes()
	if !ok {
		return false
	}
	if s.elements++; s.elements > limits.Elements || len(s.names) >= limits.Depth {
		return false
	}
	if s.builder.openElement(prefix, local, s.attributes) != nil {
		return false
	}
	if empty {
		s.builder.closeElement()
		return true
	}
	s.names = append(s.names, name)
	return true
}

// endTag closes an element; content is the character data before the tag.
func (s *stream) endTag(content string) bool {
	last := len(s.names) - 1
	if last < 0 || !strings.HasPrefix(s.text[s.at:], s.names[last]) {
		return false
	}
	s.at += len(s.names[last])
	s.space()
	if s.at == len(s.text) || s.text[s.at] != '>' {
		return false
	}
	s.at++
	if content != "" {
		e := s.builder.open[last].element
		if e.children > 0 {
			if !isBlank(content) {
				return false
			}
		} else if text, ok := plainText(content); ok {
			e.text = text
		} else {
			return false
		}
	}
	s.builder.closeElement()
	s.names = s.names[:last]
	return true
}

// readAttributes reads up to the end of a start tag, and tells whether that is the
// end of the element too.
func (s *stream) readAttributes() (empty, ok bool) {
	s.attributes = s.attributes[:0]
	for {
		s.space()
		if s.at == len(s.text) {
			return false, false
		}
		switch s.text[s.at] {
		case '>':
			s.at++
			return false, true
		case '/':
			s.at++
			if s.at == len(s.text) || s.text[s.at] != '>' {
				return false, false
			}
			s.at++
			return true, true
		}
		if len(s.attributes) == s.builder.limits.Attributes || !s.readAttribute() {
			return false, false
		}
	}
}

func (s *stream) readAttribute() bool {
	name, prefix, local := s.name()
	if name == "" {
		return false
	}
	s.space()
	if s.at == len(s.text) || s.text[s.at] != '=' {
		return false
	}
	s.at++
	s.space()
	if s.at == len(s.text) {
		return false
	}
	quote := s.text[s.at]
	if quote != '"' && quote != '\'' {
		return false
	}
	end := strings.IndexByte(s.text[s.at+1:], quote)
	if end < 0 || end > s.builder.limits.AttributeLength {
		return false
	}
	value := s.text[s.at+1 : s.at+1+end]
	s.at += end + 2
	if strings.IndexByte(value, '&') >= 0 || strings.IndexByte(value, '<') >= 0 || strings.IndexByte(value, '\r') >= 0 {
		return false
	}
	for _, a := range s.attributes {
		if a.local == local && a.prefix == prefix {
			return false
		}
	}
	s.attributes = append(s.attributes, attribute{prefix, local, value})
	return true
}

// name reads a name of ASCII with at most one colon, inside it; it returns empty if
// there is something else.
func (s *stream) name() (name, prefix, local string) {
	start, colon := s.at, -1
	for s.at < len(s.text) && isNameByte(s.text[s.at]) {
		if s.text[s.at] == ':' {
			if colon >= 0 {
				return "", "", ""
			}
			colon = s.at - start
		}
		s.at++
	}
	name = s.text[start:s.at]
	if name == "" || len(name) > s.builder.limits.NameLength || !isNameStart(name[0]) {
		return "", "", ""
	}
	if colon < 0 {
		return name, "", name
	}
	prefix, local = name[:colon], name[colon+1:]
	if prefix == "" || local == "" {
		return "", "", ""
	}
	return name, prefix, local
}

func (s *stream) space() {
	for s.at < len(s.text) && isSpace(s.text[s.at]) {
		s.at++
	}
}

func isNameStart(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_'
}

func isBlank(text string) bool {
	for i := range len(text) {
		if !isSpace(text[i]) {
			return false
		}
	}
	return true
}

// plainText returns character data with its references resolved. It refuses
// carriage returns, which a reader has to turn into line feeds, and what must not
// stand in character data.
func plainText(text string) (string, bool) {
	references := false
	for i := range len(text) {
		switch text[i] {
		case '&':
			references = true
		case '\r', ']':
			if text[i] == '\r' || strings.HasPrefix(text[i:], "]]>") {
				return "", false
			}
		}
	}
	if !references {
		return text, true
	}
	var b strings.Builder
	b.Grow(len(text))
	for {
		start := strings.IndexByte(text, '&')
		if start < 0 {
			b.WriteString(text)
			return b.String(), true
		}
		end := strings.IndexByte(text[start:min(len(text), start+maxReference)], ';')
		if end < 0 {
			return "", false
		}
		r, known := resolve(text[start+1 : start+end])
		if !known || !isCharacter(r) {
			return "", false
		}
		b.WriteString(text[:start])
		b.WriteRune(r)
		text = text[start+end+1:]
	}
}
