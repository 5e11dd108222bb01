package cwmp

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrEmpty is returned by Decode for a body of no bytes, or of white space only:
// in CWMP an empty POST is a message of its own (TR-069 3.7.1), and no envelope.
var ErrEmpty = errors.New("cwmp: empty body")

// ErrEmptyBody is returned by Decode for an envelope whose SOAP Body has no
// child element. Some devices send it where they mean an empty POST.
var ErrEmptyBody = errors.New("cwmp: envelope with an empty SOAP Body")

// DecodeErrorKind says why a body is no CWMP message.
type DecodeErrorKind int

// The kinds of DecodeError.
const (
	// Malformed: not well-formed XML 1.0.
	Malformed DecodeErrorKind = iota + 1
	// Forbidden: a document type or entity declaration.
	Forbidden
	// SOAPVersion: an Envelope of SOAP 1.2 or of any namespace but that of
	// SOAP 1.1.
	SOAPVersion
	// TooDeep: elements nest deeper than Limits.Depth.
	TooDeep
	// TooMany: more elements, list items, attributes or namespaces, or a
	// longer name or attribute value, than Limits allows.
	TooMany
	// Charset: a character encoding other than UTF-8, US-ASCII, ISO-8859-1,
	// ISO-8859-15 and Windows-1252.
	Charset
	// Structure: XML, but not one envelope with at most one Header followed
	// by one Body with one child.
	Structure
	// MustUnderstand: a SOAP header marked mustUnderstand that this package
	// does not know; DecodeError.Element is its name. To be answered with
	// MustUnderstandFault (SOAP 1.1, 4.2.3).
	MustUnderstand
)

// String returns a short stable name, fit for a metric label.
func (k DecodeErrorKind) String() string {
	switch k {
	case Malformed:
		return "malformed"
	case Forbidden:
		return "forbidden"
	case SOAPVersion:
		return "soapVersion"
	case TooDeep:
		return "tooDeep"
	case TooMany:
		return "tooMany"
	case Charset:
		return "charset"
	case Structure:
		return "structure"
	case MustUnderstand:
		return "mustUnderstand"
	}
	return fmt.Sprintf("DecodeErrorKind(%d)", int(k))
}

// DecodeError says that a body is no CWMP message that can be processed. It
// holds nothing of the body but, at most, the name of one element or encoding,
// shortened.
type DecodeError struct {
	Kind DecodeErrorKind
	// Reason is what was expected, in words of this package.
	Reason string
	// Element is the local name of the element at fault, at most 64 bytes;
	// may be empty.
	Element string
	// ID and HasID are the cwmp:ID header, where the envelope was read far
	// enough (MustUnderstand); a fault in answer echoes it.
	ID    string
	HasID bool
	// Namespace is the CWMP namespace of the sender, on the same condition.
	Namespace string
}

// Error describes the error without any text of the body.
func (e *DecodeError) Error() string {
	if e.Element == "" {
		return fmt.Sprintf("cwmp: %s: %s", e.Kind, e.Reason)
	}
	return fmt.Sprintf("cwmp: %s: %s: %q", e.Kind, e.Reason, e.Element)
}

func decodeError(kind DecodeErrorKind, element, reason string) *DecodeError {
	return &DecodeError{Kind: kind, Reason: reason, Element: shorten(element)}
}

const shortElement = 64

func shorten(name string) string {
	if len(name) <= shortElement {
		return clone(name)
	}
	cut := shortElement
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return clone(name[:cut])
}

// TextError says that a text holds a character that XML 1.0 cannot carry, not
// even escaped (XML 1.0, 2.2).
type TextError struct {
	// Field names what holds the text, such as "SetParameterValues: Value of
	// Device.X"; empty from ValidText.
	Field string
	// Offset is the place of the character in the text, in bytes.
	Offset int
	// Character is the character; U+FFFD for invalid UTF-8.
	Character rune
}

// Error names the field and the character, never the text.
func (e *TextError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("cwmp: character %U at byte %d cannot be sent in XML", e.Character, e.Offset)
	}
	return fmt.Sprintf("cwmp: %s: character %U at byte %d cannot be sent in XML", e.Field, e.Character, e.Offset)
}
