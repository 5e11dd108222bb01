package device

import "errors"

var (
	// ErrNotFound is returned when no device, credential or identity answers
	// to what was asked for.
	ErrNotFound = errors.New("device not found")
	// ErrDuplicate is returned when an identity or a user name already belongs
	// to another device.
	ErrDuplicate = errors.New("identity belongs to another device")
	// ErrIdentity is returned when a contact speaks for another device than the
	// record it was led to, as by credentials that were issued to that record.
	ErrIdentity = errors.New("device claims an identity that is not its own")
	// ErrConflict is returned by a compare-and-set whose Revision is no longer
	// that of the record.
	ErrConflict = errors.New("device was changed by someone else")
	// ErrSessionLost is returned to a session that a newer session of the same
	// device has superseded.
	ErrSessionLost = errors.New("session was superseded")
	// ErrWorkDue is returned by SessionStore.End when tasks became due: the
	// session still holds the lock and must ask for them.
	ErrWorkDue = errors.New("work is due")
	// ErrLimit is returned when a configured bound, such as the number of
	// unknown devices, is reached.
	ErrLimit = errors.New("limit reached")
	// ErrInvalid is returned for values that cannot be what they claim to be.
	ErrInvalid = errors.New("invalid value")
)
