package pack

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape returns a value as it may stand in a file: never more than one value, whatever
// it holds. What the format does not carry (see carries) is replaced: texts for people
// bear that, and for others the guard refuses before.
func (f Format) escape(value string) string {
	value = oneLine(value)
	switch f {
	case FormatXML:
		return escapeXML(value)
	case FormatJSON:
		return escapeJSON(value)
	case FormatCSV:
		return escapeCSV(value)
	case FormatPanasonic:
		// Within its quotes the format knows no way to write one.
		return strings.ReplaceAll(value, `"`, "'")
	default:
		return value
	}
}

// carries reports whether a phone reads from the file exactly the value. Phones take the
// spaces around a value of a line off.
func (f Format) carries(value string) bool {
	if strings.ContainsFunc(value, endsLine) || !utf8.ValidString(value) {
		return false
	}
	switch f {
	case FormatPanasonic:
		return !strings.Contains(value, `"`)
	case FormatKeyValue, FormatColonValue:
		return strings.TrimSpace(value) == value
	default:
		return true
	}
}

// lacks says what the format has no way to write.
func (f Format) lacks() string {
	switch f {
	case FormatPanasonic:
		return "a quotation mark, a line end or a control character"
	case FormatKeyValue, FormatColonValue:
		return "a line end, a control character, or a space at the beginning or end"
	default:
		return "a line end or a control character"
	}
}

// endsLine reports whether a character could end a line or is no text. No phone has a way
// to show it in a name.
func endsLine(c rune) bool {
	if c < 0x7f {
		return c < ' '
	}
	return unicode.IsControl(c) || c == 0x2028 || c == 0x2029 || c == 0xfffe || c == 0xffff
}

// oneLine replaces what could end a line or is no text.
func oneLine(value string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == utf8.RuneError, c == 0xfffe, c == 0xffff:
			return utf8.RuneError
		case endsLine(c):
			return ' '
		default:
			return c
		}
	}, value)
}

var xmlEntities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// escapeXML is safe in text and in attributes within either quote.
func escapeXML(value string) string { return xmlEntities.Replace(value) }

// escapeJSON returns what stands between the quotes of a string.
func escapeJSON(value string) string {
	// Encoding a string cannot fail.
	text, _ := json.Marshal(value)
	return string(text[1 : len(text)-1])
}

func escapeCSV(value string) string {
	if !strings.ContainsAny(value, `",`) && strings.TrimSpace(value) == value {
		return value
	}
	return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
}
