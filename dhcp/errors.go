package dhcp

import "errors"

// ErrMalformed is returned for the content of an option that cannot be read.
var ErrMalformed = errors.New("dhcp: malformed option")

// ErrServer is returned for a DHCP server that no configuration can be written for.
var ErrServer = errors.New("dhcp: unknown DHCP server")

// FieldError says which value cannot be sent or written, and why. It repeats no value.
type FieldError struct {
	// Field is the name as the JSON of the REST API has it, such as acsUrl.
	Field string
	// Reason begins with a verb: "must be ...", "has ...".
	Reason string
}

// Error returns the field and the reason.
func (e *FieldError) Error() string { return e.Field + " " + e.Reason }
