package users

import "errors"

var (
	// ErrUnauthenticated is returned for a token, a browser session or a password
	// that is not valid: unknown, wrong, expired, disabled or malformed. It never
	// says which.
	ErrUnauthenticated = errors.New("not authenticated")
	// ErrSecondFactor is returned for a password that is right while the code of
	// the second factor is missing or wrong.
	ErrSecondFactor = errors.New("second factor required")
	// ErrTooManyAttempts is returned while a name or an address has failed to
	// sign in too often. *AttemptsError says for how long.
	ErrTooManyAttempts = errors.New("too many failed attempts to sign in")
	// ErrName is returned for the name of a user or a token, or a display name,
	// that cannot be one.
	ErrName = errors.New("invalid name")
	// ErrPassword is returned for a password that is too short or too long, or
	// the name of its user.
	ErrPassword = errors.New("invalid password")
	// ErrPermission is returned for a name that is no permission.
	ErrPermission = errors.New("unknown permission")
	// ErrRole is returned for a role that does not exist or cannot be named so.
	ErrRole = errors.New("unknown role")
	// ErrScope is returned where a role has to be limited to a group and is not.
	ErrScope = errors.New("the role must be limited to a group")
	// ErrGrant is returned where somebody would give away more than they have.
	// *GrantError says what.
	ErrGrant = errors.New("not yours to grant")
	// ErrInUse is returned for a role that users or tokens have.
	ErrInUse = errors.New("role is in use")
	// ErrLastAdmin is returned for a change that would leave no enabled
	// administrator of the whole fleet.
	ErrLastAdmin = errors.New("one administrator of the whole fleet must remain")
	// ErrExpires is returned for an expiry that does not lie in the future.
	ErrExpires = errors.New("expiry must lie in the future")
	// ErrHash is returned for text that is not an Argon2id hash in PHC string
	// form.
	ErrHash = errors.New("not an argon2id hash")
	// ErrLimit is returned when as many users, roles or tokens exist as may,
	// or audit entries wait.
	ErrLimit = errors.New("limit reached")
	// ErrNotFound is returned when there is no such user, role, token or browser
	// session.
	ErrNotFound = errors.New("user, role, token or browser session not found")
	// ErrExists is returned when a user or role of that name exists.
	ErrExists = errors.New("a user or role of that name exists")
	// ErrConflict is returned by a compare-and-set whose Revision is no longer
	// the record's, and for audit entries whose Sequence is taken.
	ErrConflict = errors.New("changed by someone else")
	// ErrInvalid is returned for values that cannot be what they claim to be.
	ErrInvalid = errors.New("invalid value")
)
