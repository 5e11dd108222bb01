package cwmp

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The prefixes that every envelope declares on its Envelope element. Some devices
// look for these very ones.
const (
	prefixEnvelope = "SOAP-ENV"
	prefixEncoding = "SOAP-ENC"
	prefixCWMP     = "cwmp"
)

// writer builds the text of an envelope. The first error stays; what is written
// after it is of no use.
type writer struct {
	buf    []byte
	method string
	err    error
}

func (w *writer) raw(text string) { w.buf = append(w.buf, text...) }

func (w *writer) open(name string) {
	w.buf = append(w.buf, '<')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '>')
}

func (w *writer) close(name string) {
	w.buf = append(w.buf, '<', '/')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '>')
}

// openArray opens a SOAP array (SOAP 1.1, 5.4.2) with its exact count.
func (w *writer) openArray(name, itemType string, count int) {
	w.buf = append(w.buf, '<')
	w.buf = append(w.buf, name...)
	w.raw(` ` + prefixEncoding + `:arrayType="`)
	w.raw(itemType)
	w.buf = append(w.buf, '[')
	w.buf = strconv.AppendInt(w.buf, int64(count), 10)
	w.raw(`]">`)
}

func (w *writer) text(name, value string) {
	w.open(name)
	w.escape(name, "", value)
	w.close(name)
}

// optional writes an element that a message may lack, unless it is empty.
func (w *writer) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

// instanceType writes an xsi:type attribute into the start tag that is open.
func (w *writer) instanceType(value string) {
	if value == "" {
		return
	}
	w.raw(` xsi:type="`)
	w.escapeAttribute("xsi:type", value)
	w.raw(`"`)
}

func (w *writer) fault(name string, fault FaultStruct) {
	w.open(name)
	w.number("FaultCode", int64(fault.FaultCode))
	w.text("FaultString", fault.FaultString)
	w.close(name)
}

func (w *writer) number(name string, value int64) {
	w.open(name)
	w.buf = strconv.AppendInt(w.buf, value, 10)
	w.close(name)
}

// boolean writes 0 or 1: some devices refuse words.
func (w *writer) boolean(name string, value bool) {
	if value {
		w.number(name, 1)
	} else {
		w.number(name, 0)
	}
}

func (w *writer) dateTime(name string, value DateTime) {
	if value.Raw == "" {
		w.text(name, UnknownTime)
		return
	}
	w.text(name, value.Raw)
}

func (w *writer) strings(name string, values []string) {
	w.openArray(name, "xsd:string", len(values))
	for _, v := range values {
		w.text("string", v)
	}
	w.close(name)
}

// parameterValue writes the Value element of a ParameterValueStruct.
func (w *writer) parameterValue(v *ParameterValueStruct) {
	if v.NoValue {
		if v.Value != "" {
			w.fail(fmt.Errorf("cwmp: %s: Value of %s: NoValue and a value at once", w.method, v.Name))
		}
		return
	}
	typ := v.Type
	if typ == "" {
		typ = TypeString
	}
	if NormalType(typ) != typ {
		w.fail(fmt.Errorf("cwmp: %s: Type of %s: want one of the Type constants, such as %q", w.method, v.Name, TypeString))
		return
	}
	w.raw(`<Value xsi:type="`)
	w.raw(typ)
	w.raw(`">`)
	w.escape("Value", v.Name, v.Value)
	w.raw(`</Value>`)
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// escape writes text such that a reader gets every character back. The carriage
// return is written as a reference, for readers turn a bare one into a line feed
// (XML 1.0, 2.11). field, and where one is needed of, name the text in the error.
func (w *writer) escape(field, of, text string) {
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			replacement := escapes[c]
			if replacement == "" {
				i++
				continue
			}
			if replacement == illegal {
				w.illegal(field, of, i, rune(c))
				return
			}
			w.buf = append(w.buf, text[start:i]...)
			w.buf = append(w.buf, replacement...)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 || !isCharacter(r) {
			w.illegal(field, of, i, r)
			return
		}
		i += size
	}
	w.buf = append(w.buf, text[start:]...)
}

// escapeAttribute is escape for an attribute value, in which readers turn every
// kind of white space into a space (XML 1.0, 3.3.3).
func (w *writer) escapeAttribute(field, value string) {
	start := len(w.buf)
	w.escape(field, "", value)
	written := string(w.buf[start:])
	w.buf = append(w.buf[:start], attributeSpace.Replace(written)...)
}

var attributeSpace = strings.NewReplacer("\t", "&#9;", "\n", "&#10;")

func (w *writer) illegal(field, of string, offset int, character rune) {
	field = w.method + ": " + field
	if of != "" {
		field += " of " + of
	}
	w.fail(&TextError{Field: field, Offset: offset, Character: character})
}

// illegal marks, in escapes, the characters that XML cannot carry.
const illegal = "illegal"

// escapes is what stands for an ASCII character; empty for itself.
var escapes = func() (table [utf8.RuneSelf]string) {
	for c := range 0x20 {
		table[c] = illegal
	}
	table['\t'], table['\n'], table['\r'] = "", "", "&#13;"
	table['&'], table['<'], table['>'], table['"'] = "&amp;", "&lt;", "&gt;", "&quot;"
	return table
}()

// isCharacter reports whether XML 1.0 can carry r (2.2).
func isCharacter(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// ValidText returns a *TextError if text holds what XML 1.0 cannot carry: control
// characters other than TAB, LF and CR, U+FFFE, U+FFFF, or invalid UTF-8. No escape
// helps against these, so such a value cannot be sent to any device.
func ValidText(text string) error {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 || !isCharacter(r) {
			return &TextError{Offset: i, Character: r}
		}
		i += size
	}
	return nil
}
