package files

import (
	"regexp"
	"unicode/utf8"
)

// The file types of TR-069 A.3.2.8 that phones commonly know.
const (
	TypeFirmware            = "1 Firmware Upgrade Image"
	TypeWebContent          = "2 Web Content"
	TypeVendorConfiguration = "3 Vendor Configuration File"
	TypeTone                = "4 Tone File"
	TypeRinger              = "5 Ringer File"
)

// maxTypeLength is the longest FileType, in characters (string(64) in TR-069
// A.3.2.8).
const maxTypeLength = 64

var typePattern = regexp.MustCompile(`^(?:[1-9][0-9]*|X)(?: [^\s\pZ\pC]+)+$`)

// CheckType checks that text can be the FileType of a Download (TR-069 A.3.2.8):
// a number and words, such as TypeFirmware, or "X" and words, separated by single
// spaces, at most 64 characters. TR-069 wants an OUI after the "X"; a type without
// one is the operator's own, for which each model has its name. It returns a FieldError of
// the field "type".
func CheckType(text string) error {
	if utf8.RuneCountInString(text) > maxTypeLength {
		return invalid("type", "must have at most %d characters", maxTypeLength)
	}
	if !utf8.ValidString(text) || !typePattern.MatchString(text) {
		return invalid("type", `must be a number and words, such as %q, or "X" and words, separated by single spaces`, TypeFirmware)
	}
	return nil
}
