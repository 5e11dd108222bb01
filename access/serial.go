package access

import (
	"slices"
	"strings"
)

// Serials are serial numbers that tell no two devices apart, as makers leave them
// where none was written: they are compared without regard to case. Beside them the
// empty one and those of one character four times or more never do.
type Serials []string

// DefaultSerials are those that are met in the field.
func DefaultSerials() Serials {
	return Serials{"1234567890", "0123456789", "123456789", "12345678", "123456", "default", "unknown", "none", "null", "n/a", "serialnumber"}
}

// Ambiguous reports whether a serial number tells no two devices apart.
func (s Serials) Ambiguous(serial string) bool {
	serial = strings.TrimSpace(serial)
	if serial == "" {
		return true
	}
	const repeated = 4 // "0" and "77" may be serial numbers in a laboratory.
	if len(serial) >= repeated && strings.Count(serial, serial[:1]) == len(serial) {
		return true
	}
	return slices.ContainsFunc(s, func(known string) bool { return strings.EqualFold(known, serial) })
}
