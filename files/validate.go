package files

import (
	"fmt"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// MaxSiblings bounds File.Siblings.
const MaxSiblings = 64

// maxTextLength bounds ProductClass and Version, in characters. 64 is the
// length of a ProductClass and of a SoftwareVersion in CWMP (TR-069 A.3.3.1).
const maxTextLength = 64

var ouiPattern = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

// Validate checks what an operator says about a file: Name, Type, OUI,
// ProductClass, Version and Siblings. All but Name may be empty; a file without
// a Type is given out only by a task that names one. The error is a FieldError.
func (f *File) Validate() error {
	if message := nameFault(f.Name); message != "" {
		return invalidName("name", message)
	}
	if f.Type != "" {
		if err := CheckType(f.Type); err != nil {
			return err
		}
	}
	if f.OUI != "" && !ouiPattern.MatchString(f.OUI) {
		return invalid("oui", "must be 6 hex digits")
	}
	if err := checkText("productClass", f.ProductClass); err != nil {
		return err
	}
	if err := checkText("version", f.Version); err != nil {
		return err
	}
	return f.validateSiblings()
}

func (f *File) validateSiblings() error {
	if len(f.Siblings) > MaxSiblings {
		return invalid("siblings", "must be at most %d names", MaxSiblings)
	}
	for i, name := range f.Siblings {
		field := fmt.Sprintf("siblings[%d]", i)
		if message := nameFault(name); message != "" {
			return invalidName(field, message)
		}
		if name == f.Name || slices.Contains(f.Siblings[:i], name) {
			return invalidName(field, "names a file a second time")
		}
	}
	return nil
}

func checkText(field, text string) error {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxTextLength {
		return invalid(field, "must be UTF-8 of at most %d characters", maxTextLength)
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return invalid(field, "must not hold %q", r)
		}
	}
	return nil
}
