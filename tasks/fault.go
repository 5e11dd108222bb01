package tasks

import (
	"fmt"
	"strconv"
)

// Fault says why an attempt or a task failed.
type Fault struct {
	// Code is the CWMP fault code of the device (TR-069 A.5.1), 0 where the
	// fault is not the device's: Reason says then what happened.
	Code int `json:"code"`
	// Reason is set for faults that Dialtone itself states.
	Reason Reason `json:"reason,omitempty"`
	// String is the device's FaultString, or an explanation in words.
	String string `json:"string"`
	// Parameters are the faults of single parameters.
	Parameters []ParameterFault `json:"parameters,omitempty"`
	// Busy says that for this device the fault means that it is busy, so that the
	// same request can succeed later.
	Busy bool `json:"busy,omitempty"`
}

// ParameterFault is the fault of one parameter.
type ParameterFault struct {
	Path   string `json:"path"`
	Code   int    `json:"code"`
	String string `json:"string"`
}

// Reason names a fault that Dialtone states.
type Reason string

// The reasons.
const (
	// OutcomeUnknown: an RPC that must not be repeated may or may not have been
	// carried out, and no evidence of it came.
	OutcomeUnknown Reason = "outcomeUnknown"
	// NoEvidence: the device accepted the RPC and its outcome did not arrive by
	// the deadline.
	NoEvidence Reason = "noEvidence"
	// SessionLost: the device's session ended in the middle.
	SessionLost Reason = "sessionLost"
	// SessionLimit: a guard ended the session: too many RPCs, too long.
	SessionLimit Reason = "sessionLimit"
	// InvalidResponse: the device answered with something else than the answer
	// to what it was asked.
	InvalidResponse Reason = "invalidResponse"
	// PredecessorFailed: a task that had to succeed first did not.
	PredecessorFailed Reason = "predecessorFailed"
	// DeviceDeleted: the device is gone.
	DeviceDeleted Reason = "deviceDeleted"
	// ExpiredReason: the task was not begun before it expired.
	ExpiredReason Reason = "expired"
	// CancelledReason: somebody cancelled the task.
	CancelledReason Reason = "cancelled"
	// TooLarge: the result or the request is beyond what is stored or sent.
	TooLarge Reason = "tooLarge"
	// NotSupported: the device does not know the RPC, or lacks the object that it
	// is about.
	NotSupported Reason = "notSupported"
	// DiagnosticsFailed: the device carried out the diagnostics, and reports that
	// they failed.
	DiagnosticsFailed Reason = "diagnosticsFailed"
	// Internal: Dialtone could not do its part.
	Internal Reason = "internal"
)

// Reasons returns every reason.
func Reasons() []Reason {
	return []Reason{
		OutcomeUnknown, NoEvidence, SessionLost, SessionLimit, InvalidResponse, PredecessorFailed, DeviceDeleted, ExpiredReason,
		CancelledReason, TooLarge, NotSupported, DiagnosticsFailed, Internal,
	}
}

// Error returns the fault in words, without parameters.
func (f *Fault) Error() string {
	if f.Reason != "" {
		return fmt.Sprintf("%s: %s", f.Reason, f.String)
	}
	return strconv.Itoa(f.Code) + " " + f.String
}
