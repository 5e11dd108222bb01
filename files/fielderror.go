package files

import (
	"errors"
	"fmt"
)

// ErrInvalid is returned for a description or a request that cannot be; see
// FieldError.
var ErrInvalid = errors.New("invalid file")

// FieldError says which field is wrong and what was expected. It wraps ErrName
// where the field holds the name of a file, else ErrInvalid.
type FieldError struct {
	// Field is the place, named as in the API: "name", "siblings[2]".
	Field string
	// Message says what was expected. It never repeats the whole value.
	Message string

	kind error
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// Unwrap returns ErrName or ErrInvalid.
func (e *FieldError) Unwrap() error { return e.kind }

func invalid(field, format string, args ...any) error {
	return &FieldError{Field: field, Message: fmt.Sprintf(format, args...), kind: ErrInvalid}
}

func invalidName(field, message string) error {
	return &FieldError{Field: field, Message: message, kind: ErrName}
}
