package cwmp

import (
	"math"
	"strings"
)

// element is one XML element as both readers hand it to the messages: names
// resolved to namespaces, and of the attributes only what CWMP gives a meaning. The
// arrayType of SOAP arrays is not among them: the count it claims is never used.
//
// All methods may be called on nil, which stands for an element that is absent and
// reads as empty.
type element struct {
	space, local string
	// text is the character data of an element without child elements.
	text string
	// typ is xsi:type.
	typ   string
	isNil bool
	// mustUnderstand is SOAP-ENV:mustUnderstand; forOthers says that
	// SOAP-ENV:actor names another receiver than this one.
	mustUnderstand bool
	forOthers      bool
	children       int32
	first, last    *element
	next           *element
}

func (e *element) append(child *element) {
	if e.last == nil {
		e.first = child
	} else {
		e.last.next = child
	}
	e.last = child
	e.children++
	e.text = ""
}

// attribute takes over an attribute that has a meaning. It returns false for the
// references of SOAP section 5 (href), which are not resolved.
func (e *element) attribute(space, local, value string) bool {
	switch local {
	case "type":
		if isInstanceNamespace(space) {
			e.typ = value
		}
	case "nil", "null":
		if isInstanceNamespace(space) && space != "" {
			e.isNil = parseBoolean(value)
		}
	case "mustUnderstand":
		if space == namespaceEnvelope {
			e.mustUnderstand = parseBoolean(value)
		}
	case "actor":
		if space == namespaceEnvelope {
			e.forOthers = value != "" && value != actorNext
		}
	case "href":
		return space != ""
	}
	return true
}

// child returns the first child with the local name. Inside a message elements are
// unqualified, but documents with a default namespace qualify them.
func (e *element) child(local string) *element {
	if e == nil {
		return nil
	}
	for c := e.first; c != nil; c = c.next {
		if c.local == local {
			return c
		}
	}
	return nil
}

// childFold is child in any case, for the elements of SOAP faults.
func (e *element) childFold(local string) *element {
	if e == nil {
		return nil
	}
	for c := e.first; c != nil; c = c.next {
		if strings.EqualFold(c.local, local) {
			return c
		}
	}
	return nil
}

func (e *element) count() int {
	if e == nil {
		return 0
	}
	return int(e.children)
}

// value returns the text with all its white space. It is a copy: what a message
// keeps must not keep the whole body in memory.
func (e *element) value() string {
	if e == nil || e.isNil {
		return ""
	}
	return clone(e.text)
}

// token returns a copy of the text without the white space around it.
func (e *element) token() string {
	if e == nil || e.isNil {
		return ""
	}
	return clone(trim(e.text))
}

// tokens returns the texts of the children, whatever their names.
func (e *element) tokens() []string {
	if e.count() == 0 {
		return nil
	}
	texts := make([]string, 0, e.count())
	for c := e.first; c != nil; c = c.next {
		texts = append(texts, c.token())
	}
	return texts
}

// boolean reads an xsd:boolean in any case; what is none is false.
func (e *element) boolean() bool {
	return e != nil && parseBoolean(e.text)
}

func parseBoolean(text string) bool {
	text = trim(text)
	return text == "1" || strings.EqualFold(text, "true")
}

// integer reads an xsd:int; out of range it is the nearest end of the range, and
// what is no number is 0.
func (e *element) integer() int {
	n, _ := e.number()
	return int(max(math.MinInt32, min(math.MaxInt32, n)))
}

// unsigned reads an xsd:unsignedInt in the same way.
func (e *element) unsigned() int { return int(e.unsigned64()) }

func (e *element) unsigned64() int64 {
	n, _ := e.number()
	return max(0, min(math.MaxUint32, n))
}

func (e *element) number() (int64, string) {
	if e == nil {
		return 0, ""
	}
	return leadingInteger(trim(e.text))
}

func (e *element) dateTime() DateTime {
	if e == nil {
		return DateTime{}
	}
	return ParseDateTime(e.token())
}

// fault reads FaultCode and FaultString. Some devices write the text after the
// code ("9005 Invalid parameter name") or in its place; it is the FaultString then,
// unless there is one.
func (e *element) fault() (code int, text string) {
	number, rest := e.child("FaultCode").number()
	code = int(max(math.MinInt32, min(math.MaxInt32, number)))
	text = e.child("FaultString").value()
	if text == "" {
		text = clone(trim(rest))
	}
	return code, text
}

// leadingInteger reads the decimal number at the start of a text, saturating, and
// returns what follows it.
func leadingInteger(text string) (number int64, rest string) {
	digits := text
	negative := strings.HasPrefix(digits, "-")
	if negative || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	n := 0
	for n < len(digits) && digits[n] >= '0' && digits[n] <= '9' {
		if number > (math.MaxInt64-9)/10 {
			number = (math.MaxInt64 - 9) / 10
		}
		number = number*10 + int64(digits[n]-'0')
		n++
	}
	if n == 0 {
		return 0, text
	}
	if negative {
		number = -number
	}
	return number, digits[n:]
}

const whitespace = " \t\r\n"

func trim(text string) string { return strings.Trim(text, whitespace) }

func clone(text string) string { return strings.Clone(text) }
