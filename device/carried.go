package device

import (
	"context"
	"time"
)

// CarriedSession is a CWMP session on its way from one node to another: while
// it is in the store no node has it, and the node that takes it is the only one
// that does.
type CarriedSession struct {
	// ID is the session's.
	ID string
	// Device is whose session it is.
	Device ID
	// State is the whole session, as the CWMP server encodes it; at most
	// MaxCarried bytes.
	State []byte
	// Until is when the device was silent for so long that the session is given
	// up.
	Until time.Time
}

// MaxCarried bounds CarriedSession.State in bytes.
const MaxCarried = 8 << 20

// CarriedSessionStore keeps sessions on their way between nodes. Every method
// is one atomic operation.
type CarriedSessionStore interface {
	// PutSession stores a session, so that any node may take it. It replaces
	// the wish of WantSession and an older state.
	PutSession(ctx context.Context, c CarriedSession) error
	// TakeSession removes a session and returns it: of those who take it at
	// once, one gets it. It returns ErrNotFound if it is not there, also if it
	// is only wanted.
	TakeSession(ctx context.Context, id string) (CarriedSession, error)
	// WantSession asks the node that has the session to put it, unless it is
	// there already. The wish ends at the given time.
	WantSession(ctx context.Context, id string, until time.Time) error
	// WantedSessions returns the IDs of sessions that are wanted and not there,
	// at most limit.
	WantedSessions(ctx context.Context, limit int) ([]string, error)
	// DropWish removes what WantSession left, never a session. Removing what is
	// not there is no error.
	DropWish(ctx context.Context, id string) error
	// ExpiredSessions returns the IDs of sessions and wishes whose Until is not
	// after at, at most limit.
	ExpiredSessions(ctx context.Context, at time.Time, limit int) ([]string, error)
}
