package query

import "fmt"

// SyntaxError says why a filter or an order is not accepted, in words for the
// one who typed it.
type SyntaxError struct {
	// Position is where in the text the reason lies: an offset in bytes, the
	// first byte being 0. It is the length of the text if something is missing
	// at its end.
	Position int
	// Message names the field or operator and what was expected.
	Message string
}

// Error returns the message with its position.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("at offset %d: %s", e.Position, e.Message)
}

func errorAt(position int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Position: position, Message: fmt.Sprintf(format, args...)}
}
