package filephone

import (
	"errors"
	"fmt"
)

// ErrNoFile says that none of the files that a phone asks for is there.
var ErrNoFile = errors.New("filephone: the server has none of the phone's files")

// RefusedError says that a phone does not take a file.
type RefusedError struct {
	// File is its URL.
	File string
	// Line is where the trouble is, from 1; 0 if it is in the file as a whole.
	Line int
	// Reason says what is wrong, without the file's content.
	Reason string
}

// Error names the file, the line and the reason.
func (e *RefusedError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("filephone: %s: refused: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("filephone: %s:%d: refused: %s", e.File, e.Line, e.Reason)
}

// StatusError says that a server answered neither with a file nor that there is none.
type StatusError struct {
	// URL is what was asked for.
	URL string
	// Status is the one of HTTP; over TFTP 403 for an access violation and 500 for
	// the other errors.
	Status int
}

// Error names the URL and the status.
func (e *StatusError) Error() string { return fmt.Sprintf("filephone: %s: status %d", e.URL, e.Status) }
