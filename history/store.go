package history

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Session is a CWMP session that has ended.
type Session struct {
	// ID is the session's.
	ID     string
	Device device.ID
	// Events are the EventCodes of its Inform.
	Events    []string
	StartedAt time.Time
	EndedAt   time.Time
	// Outcome is how it ended, in one word.
	Outcome string
	// RPCs counts the requests that the device was sent.
	RPCs int
	// Calls are the requests that the device made of the server beside Inform and
	// GetRPCMethods, such as TransferComplete; at most MaxCalls.
	Calls []Call
	// RetryCount is that of its Inform.
	RetryCount int
	// Address is where the device came from; Node served the end of the session.
	Address string
	Node    string
}

// Call is a request of a device (TR-069 A.3.3).
type Call struct {
	// Method is the RPC.
	Method string `json:"method"`
	// Detail says in words what it told, at most MaxCallDetail bytes.
	Detail string `json:"detail,omitempty"`
}

// Bounds of Session.Calls.
const (
	MaxCalls      = 16
	MaxCallDetail = 300
)

// Counts are what happened at one node in one span of time. They are added up, so
// that a span may be reported in parts.
type Counts struct {
	// At is the beginning of the span, a multiple of Span.
	At   time.Time
	Node string
	// Values counts by name, such as "sessions.completed"; at most MaxValues.
	Values map[string]int64
}

// Span is how much time is counted together.
const Span = 5 * time.Minute

// MaxValues bounds Counts.Values.
const MaxValues = 100

// Store keeps history. Every method is one atomic operation.
type Store interface {
	// PutSession stores a session, replacing one of the same ID.
	PutSession(ctx context.Context, s Session) error
	// Sessions returns the sessions of a device that ended before the given time,
	// or at it with an ID less than the given one, the newest first, at most limit.
	Sessions(ctx context.Context, id device.ID, before time.Time, beforeID string, limit int) ([]Session, error)
	// DeleteSessions removes up to limit sessions that ended before the given time,
	// and returns how many.
	DeleteSessions(ctx context.Context, before time.Time, limit int) (int, error)
	// AddCounts adds to what is stored for the same span and node. Names hold
	// letters, digits and dots.
	AddCounts(ctx context.Context, c Counts) error
	// Counts returns what is stored for spans that begin at from or later and
	// before to, in order of time and then node.
	Counts(ctx context.Context, from, to time.Time) ([]Counts, error)
	// DeleteCounts removes up to limit spans that begin before the given time, and
	// returns how many.
	DeleteCounts(ctx context.Context, before time.Time, limit int) (int, error)
}
