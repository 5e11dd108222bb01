package provisioners

import (
	"regexp"
	"slices"
)

// SettingType says what values a setting has.
type SettingType string

// The types of settings. Every value has one canonical text (Catalogue.Parse).
const (
	// TextType is UTF-8 without control characters but tab and line ends; Min and Max
	// bound its characters.
	TextType SettingType = "text"
	// BooleanType is "true" or "false".
	BooleanType SettingType = "boolean"
	// IntegerType is a whole number.
	IntegerType SettingType = "integer"
	// ChoiceType is one of Choices.
	ChoiceType SettingType = "choice"
	// HostType is a host name in lower case, or an IP address without brackets.
	HostType SettingType = "host"
	// PortType is 0 to 65535.
	PortType SettingType = "port"
	// URLType is an absolute URL of http, https, tftp, ftp or ftps without user name
	// and password, or one of Choices.
	URLType SettingType = "url"
	// ZoneType is the name of a zone of the IANA database, such as "Europe/Berlin".
	ZoneType SettingType = "zone"
	// SecretType is a text that is sealed at rest and never shown.
	SecretType SettingType = "secret"
	// ListType is one or more of Choices, each once, joined by commas; their order
	// counts.
	ListType SettingType = "list"
	// NumberType is what a phone dials: digits, * # and +, or one of Choices.
	NumberType SettingType = "number"
	// DurationType is a whole number of seconds.
	DurationType SettingType = "duration"
	// LanguageType is a tag of BCP 47 in its canonical form, such as "pt-BR".
	LanguageType SettingType = "language"
	// CountryType is a code of ISO 3166-1 of two upper-case letters.
	CountryType SettingType = "country"
)

// SettingTypes returns every type.
func SettingTypes() []SettingType {
	return []SettingType{
		TextType, BooleanType, IntegerType, ChoiceType, HostType, PortType, URLType, ZoneType, SecretType, ListType, NumberType,
		DurationType, LanguageType, CountryType,
	}
}

// numeric reports whether values of the type are whole numbers.
func (t SettingType) numeric() bool {
	return t == IntegerType || t == PortType || t == DurationType
}

// Setting is one kind of setting as the catalogue describes it.
type Setting struct {
	// Path is a pattern: a letter such as N stands in the place of an index. The path
	// of a vendor's own setting is itself.
	Path  string
	Type  SettingType
	Title string
	// Help says in a sentence what it does, empty if the title does.
	Help string
	// Unit is that of a number, such as "seconds"; empty for none.
	Unit string
	// Default is what holds if no level says anything; empty if the phone's own does.
	Default string
	// Choices are the values of a choice, the elements of a list, and for an URL or a
	// number words that are accepted beside.
	Choices []string
	// Min and Max bound a number, or the characters of a text; nil for none.
	Min, Max *int64
	// Pattern is a regular expression (RE2) that a whole text matches, or empty.
	Pattern string
	// Secret says that the value is sealed and never shown.
	Secret bool
	// EndUser says that the end user of a device may set it.
	EndUser bool
	// Display says that only people read the text, on the phone: a file may have a space
	// in it for a line end, and what it has for a quotation mark. Any other value is
	// carried as it is, or not at all.
	Display bool
	// Deprecated says that it has no effect any more and is only kept.
	Deprecated bool
	// Group is the name of the SettingGroup, "vendor" for a vendor's own setting.
	Group string
	// Indexes are the ranges of the indexes in the order of the path.
	Indexes []IndexRange

	pattern *regexp.Regexp
	// shape is the path with # in the place of its indexes.
	shape string
}

// IndexRange is the range of an index.
type IndexRange struct {
	// Letter is what stands in the pattern: "N".
	Letter string
	// From and To are the first and the last index.
	From, To int
}

// SettingGroup is a part of the catalogue, as forms show it.
type SettingGroup struct {
	Name     string
	Title    string
	Help     string
	Settings []Setting
}

// copy returns a setting that the caller may keep and change.
func (s *Setting) copy() Setting {
	c := *s
	c.Choices, c.Indexes = slices.Clone(s.Choices), slices.Clone(s.Indexes)
	return c
}
