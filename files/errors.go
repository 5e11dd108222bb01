package files

import "errors"

var (
	// ErrNotFound is returned when there is no such file, content or grant.
	ErrNotFound = errors.New("file not found")
	// ErrForbidden is returned for a file that may not go to who asks for it.
	ErrForbidden = errors.New("file may not be given there")
	// ErrExists is returned when a file of that name exists.
	ErrExists = errors.New("a file of that name exists")
	// ErrName is returned for a name that cannot be one.
	ErrName = errors.New("invalid file name")
	// ErrTooLarge is returned for content beyond the configured size.
	ErrTooLarge = errors.New("file is too large")
)
