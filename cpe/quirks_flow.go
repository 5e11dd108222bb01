package cpe

import (
	"net/http"
	"time"
)

// FlowQuirks are deviations in the order of a session and in its connections and
// cookies. The zero value is a device by the book.
type FlowQuirks struct {
	// CookiesWithPath keeps cookies only if they are set with Path=/.
	CookiesWithPath bool
	// CookiesForgotten forgets a cookie that an answer does not set again.
	CookiesForgotten bool
	// PreviousCookies sends the cookies of the last session with the Inform.
	PreviousCookies bool
	// LeaveConnections closes a connection only after the next one was used.
	LeaveConnections bool
	// ConnectionAfterInform opens another connection once the Inform is
	// answered; ConnectionAfterChallenge does so after a 401.
	ConnectionAfterInform    bool
	ConnectionAfterChallenge bool
	// DropSession breaks the first session off, with the first RPC of the ACS
	// unanswered.
	DropSession bool
	// InformAgain informs once more in place of answering the first RPC of the
	// first session.
	InformAgain InformAgain
	// RepeatInform sends every Inform twice.
	RepeatInform bool
	// RepeatTransferComplete sends every TransferComplete twice.
	RepeatTransferComplete bool
	// GoAfterTransferComplete breaks the session off once a TransferComplete is
	// answered.
	GoAfterTransferComplete bool
	// FaultToFault answers a fault of the ACS with fault 9000.
	FaultToFault bool
	// NoID sends no ID header, and wants none.
	NoID bool
	// ConstantID has one ID for all requests of the device.
	ConstantID bool
	// Pause is how long the device thinks before every request.
	Pause time.Duration
}

// InformAgain is how a device informs in the middle of a session.
type InformAgain int

// The ways of informing again.
const (
	// InformAgainNever does not.
	InformAgainNever InformAgain = iota
	// InformAgainSameConnection does so on the connection of the session.
	InformAgainSameConnection
	// InformAgainNewConnection does so on another one, as after a crash.
	InformAgainNewConnection
)

// LoginQuirks are deviations in how a device authenticates, or challenges a
// connection request. The zero value is a device by the book.
type LoginQuirks struct {
	// BasicFirst sends Basic credentials before it is asked.
	BasicFirst bool
	// DigestWithoutQOP answers as RFC 2069 has it.
	DigestWithoutQOP bool
	// DigestCountFixed counts every answer to a nonce as the first.
	DigestCountFixed bool
	// DigestVerbatim sends the first Authorization header again and again.
	DigestVerbatim bool
	// DropAfterChallenge drops the connection after a connection request was
	// challenged.
	DropAfterChallenge bool
}

// oddState is what a device has to remember for its quirks.
type oddState struct {
	// cookies are those of the last session.
	cookies []*http.Cookie
	// dropped and informedAgain say that it was done.
	dropped, informedAgain bool
	// sets is how many SetParameterValues were executed since the last failure, of
	// which there were failures.
	sets, failures int
}
