package users

import (
	"fmt"
	"slices"
)

// Permission is the right to do one kind of thing.
type Permission string

// The permissions. Every operation of the API names exactly one, but for those
// that anybody who is signed in may call on themselves.
const (
	ReadDevices   Permission = "devices.read"
	WriteDevices  Permission = "devices.write"
	WakeDevices   Permission = "devices.wake"
	RevealSecrets Permission = "secrets.reveal"
	ReadTasks     Permission = "tasks.read"
	WriteTasks    Permission = "tasks.write"
	ReadFiles     Permission = "files.read"
	WriteFiles    Permission = "files.write"
	ReadEvents    Permission = "events.read"
	ReadGroups    Permission = "groups.read"
	WriteGroups   Permission = "groups.write"
	ReadUsers     Permission = "users.read"
	WriteUsers    Permission = "users.write"
	ReadTokens    Permission = "tokens.read"
	WriteTokens   Permission = "tokens.write"
	ReadAudit     Permission = "audit.read"
	ReadSystem    Permission = "system.read"
	ReadPolicies  Permission = "policies.read"
	WritePolicies Permission = "policies.write"
	ReadTraces    Permission = "traces.read"
	WriteTraces   Permission = "traces.write"
	ReadSettings  Permission = "settings.read"
	WriteSettings Permission = "settings.write"
	WritePacks    Permission = "packs.write"
)

// AllPermissions returns every permission in the order in which lists show them.
func AllPermissions() []Permission {
	return []Permission{
		ReadDevices, WriteDevices, WakeDevices, RevealSecrets, ReadTasks, WriteTasks, ReadFiles, WriteFiles, ReadEvents,
		ReadGroups, WriteGroups, ReadUsers, WriteUsers, ReadTokens, WriteTokens, ReadAudit, ReadSystem,
		ReadPolicies, WritePolicies, ReadTraces, WriteTraces, ReadSettings, WriteSettings, WritePacks,
	}
}

// Permissions is a set of permissions. The zero value is empty; two sets are
// equal (==) if they hold the same.
type Permissions struct{ bits uint64 }

// NewPermissions returns a set. It returns an error that wraps ErrPermission for
// a name that is no permission.
func NewPermissions(list ...Permission) (Permissions, error) {
	var s Permissions
	for _, p := range list {
		i := slices.Index(AllPermissions(), p)
		if i < 0 {
			return Permissions{}, fmt.Errorf("%w %q", ErrPermission, string(p))
		}
		s.bits |= 1 << i
	}
	return s, nil
}

// Has reports whether the permission is in the set.
func (s Permissions) Has(p Permission) bool {
	i := slices.Index(AllPermissions(), p)
	return i >= 0 && s.bits&(1<<i) != 0
}

// Contains reports whether every permission of the other set is in this one.
func (s Permissions) Contains(other Permissions) bool { return other.bits&^s.bits == 0 }

// Without returns what is in this set and not in the other.
func (s Permissions) Without(other Permissions) Permissions {
	return Permissions{bits: s.bits &^ other.bits}
}

// List returns the permissions in the order of AllPermissions.
func (s Permissions) List() []Permission {
	list := []Permission{}
	for i, p := range AllPermissions() {
		if s.bits&(1<<i) != 0 {
			list = append(list, p)
		}
	}
	return list
}
