package users

import (
	"fmt"
	"time"
)

// Role is the name of a set of permissions.
type Role string

// The built-in roles.
const (
	// Admin has every permission.
	Admin Role = "admin"
	// Operator runs the phones: all but secrets, users, tokens, the audit log, policies
	// and vendor packs.
	Operator Role = "operator"
	// Viewer sees devices, settings, tasks, files, groups and events, and changes
	// nothing.
	Viewer Role = "viewer"
	// Support helps the phones of one subtree: it sees them, calls them and gives
	// them tasks. It is always limited to a group.
	Support Role = "support"
)

// RoleDefinition says what a role may. Built-in ones are not stored.
type RoleDefinition struct {
	Name        Role
	Description string
	Permissions Permissions
	// BuiltIn says that it cannot be changed or deleted.
	BuiltIn   bool
	CreatedAt time.Time
	UpdatedAt time.Time
	// Revision grows with every change; 0 for one that is not stored yet.
	Revision int64
}

// BuiltInRoles returns the roles that exist everywhere, the most powerful first.
func BuiltInRoles() []RoleDefinition {
	without := func(left ...Permission) Permissions {
		all, none := Permissions{}, Permissions{}
		all, _ = NewPermissions(AllPermissions()...)
		none, _ = NewPermissions(left...)
		return Permissions{bits: all.bits &^ none.bits}
	}
	reading, _ := NewPermissions(ReadDevices, ReadTasks, ReadFiles, ReadEvents, ReadGroups, ReadSettings)
	support, _ := NewPermissions(append(reading.List(), WakeDevices, WriteTasks)...)
	return []RoleDefinition{
		{Name: Admin, Description: "Everything.", Permissions: without(), BuiltIn: true},
		{Name: Operator, Description: "Devices, settings, tasks, files, groups and traces; no secrets, users, tokens, audit log, policies or vendor packs.", BuiltIn: true,
			Permissions: without(RevealSecrets, ReadUsers, WriteUsers, ReadTokens, WriteTokens, ReadAudit, WritePolicies, WritePacks)},
		{Name: Support, Description: "See, call and give tasks to the devices of one group; no secrets.", Permissions: support, BuiltIn: true},
		{Name: Viewer, Description: "See, and change nothing.", Permissions: reading, BuiltIn: true},
	}
}

// builtIn returns the definition of a built-in role.
func builtIn(name Role) (RoleDefinition, bool) {
	for _, r := range BuiltInRoles() {
		if r.Name == name {
			return r, true
		}
	}
	return RoleDefinition{}, false
}

// ParseRole checks that text can be the name of a role: a built-in one, or a
// lower-case letter and then lower-case letters, digits and hyphens. It does not
// say that the role exists. The error wraps ErrRole.
func ParseRole(text string) (Role, error) {
	if _, ok := builtIn(Role(text)); ok {
		return Role(text), nil
	}
	const inside = "abcdefghijklmnopqrstuvwxyz0123456789-"
	for i, r := range []byte(text) {
		if i == 0 && (r < 'a' || r > 'z') || !containsByte(inside, r) {
			return "", fmt.Errorf("%w: the name of a role must begin with a-z and go on with a-z, 0-9 or -", ErrRole)
		}
	}
	if text == "" || len(text) > MaxName {
		return "", fmt.Errorf("%w: the name of a role must have 1 to %d characters", ErrRole, MaxName)
	}
	return Role(text), nil
}

func containsByte(text string, b byte) bool {
	for i := range len(text) {
		if text[i] == b {
			return true
		}
	}
	return false
}
