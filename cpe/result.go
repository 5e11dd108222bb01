package cpe

import (
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// Reason says in one stable word why a session failed, fit for a report.
type Reason string

// The reasons of failed sessions.
const (
	// ReasonConnect: no TCP or TLS connection.
	ReasonConnect Reason = "connect"
	// ReasonConnection: the connection broke.
	ReasonConnection Reason = "connection"
	// ReasonTimeout: no answer within Config.RequestTimeout.
	ReasonTimeout Reason = "timeout"
	// ReasonAuthentication: the ACS refused the credentials, or offered no
	// scheme that the device knows.
	ReasonAuthentication Reason = "authentication"
	// ReasonOverload: HTTP 503.
	ReasonOverload Reason = "overload"
	// ReasonHTTP: any other HTTP status that CWMP does not know.
	ReasonHTTP Reason = "http"
	// ReasonFault: the ACS answered a request of the device with a fault.
	ReasonFault Reason = "fault"
	// ReasonProtocol: the ACS's answer broke the rules of CWMP.
	ReasonProtocol Reason = "protocol"
	// ReasonHook: a hook of Config.Hooks broke the session off.
	ReasonHook Reason = "hook"
	// ReasonStopped: the device was stopped during the session.
	ReasonStopped Reason = "stopped"
)

// SessionError is why a session failed.
type SessionError struct {
	Reason Reason
	// Status is the HTTP status, where that is the reason.
	Status int
	// FaultCode is the ACS's, where a fault is the reason.
	FaultCode int
	// RetryAfter is what the ACS asked for with a 503; 0 if it did not.
	RetryAfter time.Duration
	// Err is the cause; may be nil.
	Err error
}

// Error names the reason and the cause.
func (e *SessionError) Error() string {
	switch {
	case e.Status != 0 && e.Err == nil:
		return fmt.Sprintf("cpe: session failed: %s: HTTP status %d", e.Reason, e.Status)
	case e.FaultCode != 0 && e.Err == nil:
		return fmt.Sprintf("cpe: session failed: %s: the ACS answered with fault %d", e.Reason, e.FaultCode)
	}
	return fmt.Sprintf("cpe: session failed: %s: %v", e.Reason, e.Err)
}

// Unwrap returns the cause.
func (e *SessionError) Unwrap() error { return e.Err }

// SessionResult is one session that ended.
type SessionResult struct {
	// Number counts the sessions of a device from 1, failed ones included.
	Number int
	// Started is when the device began to connect.
	Started time.Time
	// Duration is from Started to the end of the session.
	Duration time.Duration
	// InformDuration is from Started to the InformResponse, connection and
	// authentication included; 0 if there was none.
	InformDuration time.Duration
	// Events is what the Inform carried.
	Events []cwmp.EventStruct
	// RetryCount is that of the Inform.
	RetryCount int
	// Requests is how many HTTP requests were sent.
	Requests int
	// RPCs names the RPCs of the ACS that were answered, in order.
	RPCs []string
	// Err is nil if the session was completed, else a *SessionError.
	Err error
}

// Reason returns why the session failed; empty if it was completed.
func (r SessionResult) Reason() Reason {
	var failure *SessionError
	if errors.As(r.Err, &failure) {
		return failure.Reason
	}
	return ""
}

// HasEvent reports whether the Inform carried the event.
func (r SessionResult) HasEvent(code string) bool {
	for _, e := range r.Events {
		if e.Is(code) {
			return true
		}
	}
	return false
}
