package pack

import "slices"

// Format is the syntax of a file. It decides how values are escaped in it.
type Format string

// The formats.
const (
	// FormatKeyValue has lines of key=value, and comments that begin with # or ;.
	FormatKeyValue Format = "keyvalue"
	// FormatColonValue has lines of key: value, and comments that begin with # or ;.
	FormatColonValue Format = "colonvalue"
	// FormatXML is XML in UTF-8.
	FormatXML Format = "xml"
	// FormatPanasonic has lines of KEY="value" that end with CRLF, at most 537 bytes
	// each, after a first line that every phone of the make insists on.
	FormatPanasonic Format = "panasonic"
	// FormatJSON is JSON; values stand between quotes.
	FormatJSON Format = "json"
	// FormatCSV is RFC 4180; a value is a whole field, and is quoted where it must be.
	FormatCSV Format = "csv"
	// FormatText is any text; a value never has more than one line.
	FormatText Format = "text"
)

// Formats returns every format.
func Formats() []Format {
	return []Format{FormatKeyValue, FormatColonValue, FormatXML, FormatPanasonic, FormatJSON, FormatCSV, FormatText}
}

// contentType is what a file has that names none.
func (f Format) contentType() string {
	switch f {
	case FormatXML:
		return "text/xml; charset=utf-8"
	case FormatJSON:
		return "application/json"
	case FormatCSV:
		return "text/csv; charset=utf-8"
	default:
		return "text/plain; charset=utf-8"
	}
}

// valid reports whether there is such a format.
func (f Format) valid() bool { return slices.Contains(Formats(), f) }
