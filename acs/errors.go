package acs

import (
	"errors"

	"github.com/dialtone-acs/dialtone/access"
)

var (
	// ErrUnauthorized is returned by an Authenticator for a request without
	// acceptable credentials: it is answered with 401.
	ErrUnauthorized = errors.New("device is not authenticated")
	// ErrRefused is returned for a device that is not accepted: it is answered
	// with fault 8001.
	ErrRefused = errors.New("device is refused")
	// errNoSession is returned for a message that needs a session and has none.
	errNoSession = errors.New("no session")
	// errFull is returned when as many sessions are open as may be.
	errFull = errors.New("too many sessions are open")
	// ErrNoFile is returned by a FileServer for a file that does not exist.
	ErrNoFile = errors.New("no such file")
)

// challengeError is returned for an Inform whose device has to show credentials
// first: it is answered with 401.
type challengeError struct {
	methods []access.Method
	reason  string
}

// Error says why.
func (e *challengeError) Error() string { return "device has to authenticate: " + e.reason }
