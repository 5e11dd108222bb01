package cwmp

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	charsetUTF8        = "utf-8"
	charsetISO8859_1   = "iso-8859-1"
	charsetISO8859_15  = "iso-8859-15"
	charsetWindows1252 = "windows-1252"
)

// prepare turns a body into what both readers take: UTF-8 of XML characters only,
// without byte order mark, XML declaration, and white space or NUL bytes around the
// document (C clients send the end of their string with it).
//
// Bytes that are no UTF-8, and characters that XML cannot carry, become U+FFFD: a
// device must not lose its session over one bad byte in one value. No such byte can
// turn into markup that way.
func prepare(body []byte, contentType string) (string, error) {
	if bytes.HasPrefix(body, []byte("\xFF\xFE")) || bytes.HasPrefix(body, []byte("\xFE\xFF")) {
		return "", decodeError(Charset, "", "UTF-16 or UTF-32, want UTF-8")
	}
	body, marked := bytes.CutPrefix(body, []byte("\xEF\xBB\xBF"))
	body = bytes.TrimRight(bytes.TrimLeft(body, whitespace), whitespace+"\x00")
	if len(body) == 0 {
		return "", ErrEmpty
	}
	if len(body) > 1 && (body[0] == 0 || body[1] == 0) {
		return "", decodeError(Charset, "", "UTF-16 or UTF-32, want UTF-8")
	}
	body, declared, err := cutDeclaration(body)
	if err != nil {
		return "", err
	}
	if marked {
		return clean(body), nil
	}
	charset, err := chooseCharset(body, charsetParameter(contentType), declared)
	if err != nil {
		return "", err
	}
	return convert(body, charset)
}

// maxDeclaration is how long an XML declaration may be, in bytes.
const maxDeclaration = 512

// cutDeclaration splits the XML declaration off and returns the encoding it names.
func cutDeclaration(body []byte) (rest []byte, encoding string, err error) {
	const start = "<?xml"
	if !bytes.HasPrefix(body, []byte(start)) || len(body) <= len(start) || !strings.ContainsRune(whitespace+"?", rune(body[len(start)])) {
		return body, "", nil
	}
	end := bytes.Index(body[:min(len(body), maxDeclaration)], []byte("?>"))
	if end < 0 {
		return nil, "", decodeError(Malformed, "", "XML declaration without end")
	}
	declaration := string(body[len(start):end])
	if version := pseudoAttribute(declaration, "version"); version != "" && version != "1.0" {
		return nil, "", decodeError(Malformed, version, "XML version, want 1.0")
	}
	return body[end+2:], pseudoAttribute(declaration, "encoding"), nil
}

// pseudoAttribute returns the quoted value of a name in an XML declaration.
func pseudoAttribute(declaration, name string) string {
	for {
		i := strings.Index(declaration, name)
		if i < 0 {
			return ""
		}
		standsAlone := i > 0 && strings.IndexByte(whitespace, declaration[i-1]) >= 0
		declaration = declaration[i+len(name):]
		value, ok := strings.CutPrefix(trim(declaration), "=")
		if value = trim(value); !standsAlone || !ok || value == "" {
			continue
		}
		quote := value[0]
		if quote != '"' && quote != '\'' {
			continue
		}
		if end := strings.IndexByte(value[1:], quote); end >= 0 {
			return value[1 : 1+end]
		}
	}
}

// charsetParameter reads the charset out of a Content-Type header, as sloppily as
// devices write it.
func charsetParameter(contentType string) string {
	for part := range strings.SplitSeq(contentType, ";") {
		name, value, ok := strings.Cut(part, "=")
		if ok && strings.EqualFold(trim(name), "charset") {
			return strings.Trim(value, whitespace+`"'`)
		}
	}
	return ""
}

// chooseCharset decides between what the HTTP header and the declaration say.
func chooseCharset(body []byte, header, declared string) (string, error) {
	headerCharset, err := normalCharset(header)
	if err != nil {
		return "", err
	}
	declaredCharset, err := normalCharset(declared)
	if err != nil {
		return "", err
	}
	switch {
	case headerCharset == "" && declaredCharset == "":
		return charsetUTF8, nil
	case headerCharset == "" || headerCharset == declaredCharset:
		return declaredCharset, nil
	case declaredCharset == "":
		return headerCharset, nil
	case headerCharset != charsetUTF8 && declaredCharset != charsetUTF8:
		return headerCharset, nil
	case utf8.Valid(body):
		return charsetUTF8, nil
	case headerCharset == charsetUTF8:
		return declaredCharset, nil
	}
	return headerCharset, nil
}

func normalCharset(name string) (string, error) {
	switch strings.ToLower(name) {
	case "":
		return "", nil
	case "utf-8", "utf8", "us-ascii", "ascii":
		return charsetUTF8, nil
	case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1":
		return charsetISO8859_1, nil
	case "iso-8859-15", "iso8859-15", "latin9", "latin-9":
		return charsetISO8859_15, nil
	case "windows-1252", "cp1252":
		return charsetWindows1252, nil
	}
	return "", decodeError(Charset, strings.ToValidUTF8(name, "\uFFFD"), "character encoding, want UTF-8 or ISO-8859-1")
}

func convert(body []byte, charset string) (string, error) {
	var table *charmap.Charmap
	switch charset {
	case charsetISO8859_1:
		table = charmap.ISO8859_1
	case charsetISO8859_15:
		table = charmap.ISO8859_15
	case charsetWindows1252:
		table = charmap.Windows1252
	default:
		return clean(body), nil
	}
	converted, err := table.NewDecoder().Bytes(body)
	if err != nil {
		return "", decodeError(Charset, charset, "conversion to UTF-8 failed")
	}
	return clean(converted), nil
}

// clean returns text with everything that XML cannot carry replaced by U+FFFD.
func clean(text []byte) string {
	for i := 0; i < len(text); {
		if len(text)-i >= 8 && isPlainASCII(binary.LittleEndian.Uint64(text[i:])) {
			i += 8
			continue
		}
		n := characterLength(text[i:])
		if n < 0 {
			return cleanFrom(text, i)
		}
		i += n
	}
	return string(text)
}

// isPlainASCII reports whether all eight bytes are 0x20 to 0x7F. A byte below 0x20
// makes the subtraction borrow into its top bit.
func isPlainASCII(bytes uint64) bool {
	const ones = 0x0101010101010101
	return (bytes|(bytes-0x20*ones))&(0x80*ones) == 0
}

func cleanFrom(text []byte, start int) string {
	var b strings.Builder
	b.Grow(len(text) + 2*utf8.UTFMax)
	b.Write(text[:start])
	for i := start; i < len(text); {
		n := characterLength(text[i:])
		if n > 0 {
			b.Write(text[i : i+n])
			i += n
			continue
		}
		b.WriteRune(utf8.RuneError)
		i -= n
	}
	return b.String()
}

// characterLength returns the bytes of the XML character that text starts with, or,
// negated, those of what is none.
func characterLength(text []byte) int {
	c := text[0]
	if c >= 0x20 && c < utf8.RuneSelf || c == '\n' || c == '\r' || c == '\t' {
		return 1
	}
	if c < utf8.RuneSelf {
		return -1
	}
	r, n := utf8.DecodeRune(text)
	if r == utf8.RuneError && n == 1 || !isCharacter(r) {
		return -n
	}
	return n
}
