package users

import (
	"errors"
	"fmt"
)

// Role is a named set of permissions.
type Role string

// The built-in roles.
const (
	Admin    Role = "admin"
	Operator Role = "operator"
	Viewer   Role = "viewer"
)

// Permission is the right to do one kind of thing.
type Permission string

// The permissions. Every route of the API names exactly one.
const (
	ReadDevices  Permission = "devices.read"
	WriteDevices Permission = "devices.write"
	ReadTasks    Permission = "tasks.read"
	WriteTasks   Permission = "tasks.write"
	WakeDevices  Permission = "devices.wake"
	ReadFiles    Permission = "files.read"
	WriteFiles   Permission = "files.write"
	ReadEvents   Permission = "events.read"
	ReadTokens   Permission = "tokens.read"
	WriteTokens  Permission = "tokens.write"
	ReadAudit    Permission = "audit.read"
)

var (
	// ErrRole is returned for a role that does not exist.
	ErrRole = errors.New("unknown role")
	// ErrNotFound is returned when there is no such user or token.
	ErrNotFound = errors.New("user or token not found")
	// ErrExists is returned when a user of that name exists.
	ErrExists = errors.New("a user of that name exists")
	// ErrConflict is returned by a compare-and-set whose Revision is no longer
	// the user's.
	ErrConflict = errors.New("user was changed by someone else")
)

// ParseRole checks that text names a role. The error wraps ErrRole.
func ParseRole(text string) (Role, error) {
	switch r := Role(text); r {
	case Admin, Operator, Viewer:
		return r, nil
	default:
		return "", fmt.Errorf("%w %q: must be admin, operator or viewer", ErrRole, text)
	}
}

// Allows reports whether the role has the permission.
func (r Role) Allows(p Permission) bool {
	switch r {
	case Admin:
		return true
	case Operator:
		return p != ReadTokens && p != WriteTokens && p != ReadAudit
	case Viewer:
		return p == ReadDevices || p == ReadTasks || p == ReadFiles || p == ReadEvents
	default:
		return false
	}
}
