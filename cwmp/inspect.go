package cwmp

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// inspect walks over the markup of a document, before any tree is built of it, and
// holds it to the limits. It rejects every declaration, which only a document type
// can have: what stands in comments and CDATA is content and does not count.
//
// It returns the document with bare ampersands and references to undefined
// entities made literal ("&nbsp;" is these six characters then), and with
// references to characters that XML does not have turned into U+FFFD.
func inspect(text string, limits Limits) (string, error) {
	in := inspector{text: text, limits: limits}
	for in.at < len(text) {
		next := strings.IndexByte(text[in.at:], '<')
		if next < 0 {
			in.mend(len(text))
			break
		}
		in.mend(in.at + next)
		if err := in.markup(); err != nil {
			return "", err
		}
		if in.elements > limits.Elements {
			return "", decodeError(TooMany, "", "elements in the message")
		}
	}
	if in.mended == nil {
		return text, nil
	}
	return string(append(in.mended, text[in.copied:]...)), nil
}

type inspector struct {
	text     string
	limits   Limits
	at       int
	depth    int
	elements int
	// children counts, for each open element, the elements in it so far.
	children []int
	// mended is the text so far, if any of it was changed; copied is how far
	// of text it holds.
	mended []byte
	copied int
}

// markup steps over one tag, comment, CDATA section or processing instruction.
func (in *inspector) markup() error {
	rest := in.text[in.at:]
	in.elements++
	switch {
	case strings.HasPrefix(rest, "<!--"):
		end := strings.Index(rest[4:], "--")
		if end < 0 || !strings.HasPrefix(rest[4+end:], "-->") {
			return decodeError(Malformed, "", "comment without end")
		}
		in.at += 4 + end + 3
	case strings.HasPrefix(rest, "<![CDATA["):
		return in.skipTo("]]>", "CDATA section without end")
	case strings.HasPrefix(rest, "<!"):
		return decodeError(Forbidden, "", "document type or entity declaration")
	case strings.HasPrefix(rest, "<?"):
		in.at += 2
		if target := in.name(); strings.EqualFold(target, "xml") {
			return decodeError(Malformed, "", "XML declaration after the start")
		}
		return in.skipTo("?>", "processing instruction without end")
	case strings.HasPrefix(rest, "</"):
		in.elements--
		if in.depth--; in.depth < 0 {
			return decodeError(Malformed, "", "end tag without a start tag")
		}
		return in.skipTo(">", "tag without end")
	default:
		return in.startTag()
	}
	return nil
}

func (in *inspector) skipTo(end, missing string) error {
	i := strings.Index(in.text[in.at:], end)
	if i < 0 {
		return decodeError(Malformed, "", missing)
	}
	in.at += i + len(end)
	return nil
}

func (in *inspector) startTag() error {
	in.at++
	element := in.name()
	if element == "" {
		return decodeError(Malformed, "", "tag without a name")
	}
	if len(element) > in.limits.NameLength {
		return decodeError(TooMany, element, "length of an element name")
	}
	if err := in.descend(element); err != nil {
		return err
	}
	var names []string
	for {
		in.space()
		switch {
		case strings.HasPrefix(in.text[in.at:], "/>"):
			in.depth--
			in.at += 2
			return nil
		case strings.HasPrefix(in.text[in.at:], ">"):
			in.at++
			return nil
		}
		name, err := in.attribute(element)
		if err != nil {
			return err
		}
		if slices.Contains(names, name) {
			return decodeError(Malformed, element, "attribute given twice on element")
		}
		if names = append(names, name); len(names) > in.limits.Attributes {
			return decodeError(TooMany, element, "attributes on element")
		}
	}
}

// descend counts an element in its parent, and opens it.
func (in *inspector) descend(element string) error {
	if in.depth > 0 {
		if in.children[in.depth-1]++; in.children[in.depth-1] > in.limits.Parameters {
			return decodeError(TooMany, element, "items in a list")
		}
	}
	if in.depth++; in.depth > in.limits.Depth {
		return decodeError(TooDeep, element, "element nested too deep")
	}
	in.children = append(in.children[:in.depth-1], 0)
	return nil
}

func (in *inspector) attribute(element string) (string, error) {
	name := in.name()
	if len(name) > in.limits.NameLength {
		return "", decodeError(TooMany, element, "length of an attribute name on element")
	}
	in.space()
	if name == "" || in.at >= len(in.text) || in.text[in.at] != '=' {
		return "", decodeError(Malformed, element, "attribute without name or value on element")
	}
	in.at++
	in.space()
	if in.at >= len(in.text) || in.text[in.at] != '"' && in.text[in.at] != '\'' {
		return "", decodeError(Malformed, element, "attribute value without quotes on element")
	}
	end := strings.IndexByte(in.text[in.at+1:], in.text[in.at])
	if end < 0 {
		return "", decodeError(Malformed, element, "attribute value without end on element")
	}
	if end > in.limits.AttributeLength {
		return "", decodeError(TooMany, element, "length of an attribute value on element")
	}
	in.at += end + 2
	return name, nil
}

func (in *inspector) space() {
	for in.at < len(in.text) && isSpace(in.text[in.at]) {
		in.at++
	}
}

func (in *inspector) name() string {
	start := in.at
	for in.at < len(in.text) && (isNameByte(in.text[in.at]) || in.text[in.at] >= utf8.RuneSelf) {
		in.at++
	}
	return in.text[start:in.at]
}

// mend steps over character data up to end.
func (in *inspector) mend(end int) {
	for {
		i := strings.IndexByte(in.text[in.at:end], '&')
		if i < 0 {
			in.at = end
			return
		}
		in.at += i
		length, replacement := reference(in.text[in.at:end])
		if replacement != "" {
			in.mended = append(in.mended, in.text[in.copied:in.at]...)
			in.mended = append(in.mended, replacement...)
			in.copied = in.at + length
		}
		in.at += length
	}
}

// maxReference is how long a reference may be, from & to ;.
const maxReference = 16

// reference looks at the reference that text starts with. It returns its length,
// and what should stand there if it is none that XML knows.
func reference(text string) (length int, replacement string) {
	end := strings.IndexByte(text[:min(len(text), maxReference)], ';')
	if end < 0 {
		return 1, "&amp;"
	}
	r, known := resolve(text[1:end])
	if !known {
		return 1, "&amp;"
	}
	if !isCharacter(r) {
		return end + 1, string(utf8.RuneError)
	}
	return end + 1, ""
}

// resolve returns the character of the five predefined entities and of numeric
// references, which may be none that XML has.
func resolve(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	if !ok || digits == "" || strings.IndexByte(digits, '_') >= 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return 0, false
	}
	return rune(min(n, utf8.MaxRune+1)), true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isNameByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' ||
		c == '_' || c == ':' || c == '.' || c == '-'
}

// isName reports whether name is an XML name of ASCII without a colon, which every
// element name of CWMP and of vendors is.
func isName(name string) bool {
	if name == "" || name[0] == '-' || name[0] == '.' || '0' <= name[0] && name[0] <= '9' {
		return false
	}
	for i := range len(name) {
		if !isNameByte(name[i]) || name[i] == ':' {
			return false
		}
	}
	return true
}
