package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// FieldError says what is wrong with one field of a document.
type FieldError struct {
	// Field is the name of the field, with dots into objects and the index of a list
	// in brackets, such as "identity.mac" or "methods[1]"; empty for the document.
	Field string
	// Message says in words what is expected. It never quotes a secret.
	Message string

	cause error
}

// Unwrap returns what the message was made of: of a filter its *query.SyntaxError,
// else nil.
func (e *FieldError) Unwrap() error { return e.cause }

// Error returns the field and the message.
func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + " " + e.Message
}

func wrong(field, format string, arguments ...any) error {
	return &FieldError{Field: field, Message: fmt.Sprintf(format, arguments...)}
}

// decode reads a body strictly: a field that is misspelt must not count as left
// out, as a rule without it may let in more.
func decode(body json.RawMessage, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var mistyped *json.UnmarshalTypeError
	var named *FieldError
	switch {
	case errors.As(err, &named):
		return named
	case errors.As(err, &mistyped):
		return wrong(mistyped.Field, "must not be a %s", mistyped.Value)
	case err != nil && strings.Contains(err.Error(), "unknown field "):
		_, name, _ := strings.Cut(err.Error(), "unknown field ")
		return wrong(strings.Trim(name, `"`), "is no field of this document")
	case err != nil:
		return wrong("", "must be a JSON object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return wrong("", "must be one JSON object")
	}
	return nil
}
