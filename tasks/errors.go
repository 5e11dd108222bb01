package tasks

import (
	"errors"
	"fmt"
)

var (
	// ErrNotFound is returned when there is no such task.
	ErrNotFound = errors.New("task not found")
	// ErrNone is returned by a claim when no task of the device is due.
	ErrNone = errors.New("no task is due")
	// ErrConflict is returned by a compare-and-set whose Revision is no longer
	// the task's.
	ErrConflict = errors.New("task was changed by someone else")
	// ErrDuplicate is returned when an open task of the same unique key exists;
	// see DuplicateError.
	ErrDuplicate = errors.New("an open task of this unique key exists")
	// ErrLimit is returned when a device has as many open tasks as it may.
	ErrLimit = errors.New("device has too many open tasks")
	// ErrInvalid is returned for arguments that cannot be; see ArgumentError.
	ErrInvalid = errors.New("invalid task")
	// ErrState is returned when a task is in no state for what was asked.
	ErrState = errors.New("task is in another state")
)

// DuplicateError names the open task that has the unique key. It wraps
// ErrDuplicate.
type DuplicateError struct{ Existing ID }

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("%s: task %s", ErrDuplicate, e.Existing)
}

// Unwrap returns ErrDuplicate.
func (e *DuplicateError) Unwrap() error { return ErrDuplicate }

// ArgumentError says which argument of a task is wrong and what was expected.
// It wraps ErrInvalid.
type ArgumentError struct {
	// Field is the place in the arguments, such as "parameters[2].path".
	Field string
	// Message says what was expected.
	Message string
}

func (e *ArgumentError) Error() string { return e.Field + ": " + e.Message }

// Unwrap returns ErrInvalid.
func (e *ArgumentError) Unwrap() error { return ErrInvalid }
