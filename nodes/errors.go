package nodes

import "errors"

var (
	// ErrNotFound is returned for a node or lease that is not there.
	ErrNotFound = errors.New("nodes: not found")
	// ErrConflict is returned for a lease that somebody else changed meanwhile.
	ErrConflict = errors.New("nodes: changed by somebody else")
	// ErrLimit is returned by a store that keeps no more of something.
	ErrLimit = errors.New("nodes: limit reached")
)
