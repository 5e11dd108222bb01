// Package connreq wakes a device: it asks it to open a CWMP session now.
//
// A [Requester] sends one connection request over HTTP (TR-069 section 3.2.2). The URL comes from the device, so
// it is not trusted: the requester reads it strictly, resolves its host once, and connects only to the address
// the device's own last Inform came from or to networks that the operator allowed. A [Waker] stands above it:
// it coalesces wishes, retries, never calls during a session, and calls after it.
package connreq

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// MethodHTTP is the name of the connection request over HTTP.
const MethodHTTP = "http"

// Credential is a user name and password that a device may accept, both of up to 256 characters.
type Credential struct {
	Username string
	Password secret.Text
}

// Target is a device to be called.
type Target struct {
	// Device is the id of the device, for logs.
	Device string
	// URL is the newest ConnectionRequestURL that the device reported. An empty one means that it takes no
	// connection requests over HTTP.
	URL string
	// Credentials are tried in this order: while credentials are being changed there are an old and a new pair.
	// At most [MaxCredentials] are used.
	Credentials []Credential
	// SourceAddress is where the device's last Inform came from. The zero Addr matches nothing.
	SourceAddress netip.Addr
}

// MaxCredentials is how many of a target's credentials are tried.
const MaxCredentials = 3

// Outcome is how a connection request ended, in one word.
type Outcome string

// The outcomes. Each but the first two goes with an error.
const (
	// Accepted: the device answered 2xx and will open a session, usually within 30 seconds.
	Accepted Outcome = "accepted"
	// Deferred: the device is in a session; it is called when that has ended.
	Deferred Outcome = "deferred"
	// Unreachable goes with ErrUnreachable.
	Unreachable Outcome = "unreachable"
	// Busy goes with ErrBusy.
	Busy Outcome = "busy"
	// BadCredentials goes with ErrCredentials.
	BadCredentials Outcome = "badCredentials"
	// NotAllowed goes with ErrNotAllowed.
	NotAllowed Outcome = "notAllowed"
	// BadURL goes with ErrURL.
	BadURL Outcome = "badURL"
	// ProtocolError goes with ErrProtocol.
	ProtocolError Outcome = "protocolError"
	// Cancelled goes with the context's error, if who wished it gave up or had no time left, and with ErrClosed.
	Cancelled Outcome = "cancelled"
	// Failed goes with every other error, such as one from the store.
	Failed Outcome = "failed"
)

// Errors of connection requests; test with errors.Is. The error that wraps one of them says what happened, and
// never holds a password or a URL's user information.
var (
	// ErrUnreachable: refused, reset, no route, unknown host name, or no answer in time.
	ErrUnreachable = errors.New("device is unreachable")
	// ErrBusy: the device answered 503, or was called only a moment ago.
	ErrBusy = errors.New("device is busy")
	// ErrCredentials: the device refused every credential, or there is none.
	ErrCredentials = errors.New("device refused the connection request credentials")
	// ErrNotAllowed: the address or the port may not be called. The message names the rule.
	ErrNotAllowed = errors.New("connection request is not allowed")
	// ErrURL: the device reported no ConnectionRequestURL or an unusable one. The message names the defect.
	ErrURL = errors.New("unusable ConnectionRequestURL")
	// ErrProtocol: the device answered with something that is no answer to a connection request.
	ErrProtocol = errors.New("unexpected answer to the connection request")
	// ErrOverloaded: more devices are being called, or wait to be called, than the limits allow.
	ErrOverloaded = errors.New("too many connection requests")
	// ErrClosed: the waker has been stopped.
	ErrClosed = errors.New("connection requests are shut down")
)

// Result says how a connection request went.
type Result struct {
	// Method is the way the device was called: "http".
	Method string
	// Outcome is set with and without an error.
	Outcome Outcome
	// StatusCode is the last HTTP status the device answered with, or 0.
	StatusCode int
	// Duration is the time from the beginning to the outcome.
	Duration time.Duration
	// Address is where the device was called, or the zero AddrPort if it was not.
	Address netip.AddrPort
}

// outcomeOf names the outcome that goes with an error.
func outcomeOf(err error) Outcome {
	for _, known := range []struct {
		err     error
		outcome Outcome
	}{
		{nil, Accepted},
		{ErrUnreachable, Unreachable},
		{ErrBusy, Busy},
		{ErrCredentials, BadCredentials},
		{ErrNotAllowed, NotAllowed},
		{ErrURL, BadURL},
		{ErrProtocol, ProtocolError},
		{ErrClosed, Cancelled},
		{context.Canceled, Cancelled},
		{context.DeadlineExceeded, Cancelled},
	} {
		if errors.Is(err, known.err) {
			return known.outcome
		}
	}
	return Failed
}
