package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// fullUser returns a user in which nothing is empty but the revision.
func fullUser(name string) users.User {
	return users.User{
		Name: name, DisplayName: "Zoë \"Z\" Müller", Role: users.Viewer, Scope: device.Scope{Group: "a"}, Disabled: true,
		PasswordHash: "$argon2id$", MustChangePassword: true, Subject: "https://id.example.net/ " + name,
		SecondFactor: users.SecondFactor{Key: "sealed key", Pending: "sealed pending", LastStep: 58_000_000, Recovery: []string{"b2", "a1"}},
		Preferences:  `{"columns": ["model"],  "dense":true}`, CreatedAt: now(), UpdatedAt: now().Add(time.Second), LastSignIn: now().Add(time.Minute),
	}
}

// storedUser returns the user as it comes back once it was put.
func storedUser(u users.User) users.User {
	u.CreatedAt, u.UpdatedAt, u.LastSignIn = stored(u.CreatedAt), stored(u.UpdatedAt), stored(u.LastSignIn)
	u.Revision++
	return u
}

// permissions returns a set, which must be one.
func permissions(t *testing.T, list ...users.Permission) users.Permissions {
	t.Helper()
	return got[users.Permissions](t)(users.NewPermissions(list...))
}

// fullRole returns a role in which nothing is empty but the revision. Roles that
// are built in are not stored.
func fullRole(t *testing.T, name users.Role) users.RoleDefinition {
	t.Helper()
	return users.RoleDefinition{
		Name: name, Description: "Nachtschicht", Permissions: permissions(t, users.ReadDevices, users.WriteTasks, users.ReadSystem),
		CreatedAt: now(), UpdatedAt: now().Add(time.Second),
	}
}

// storedRole returns the role as it comes back once it was put.
func storedRole(r users.RoleDefinition) users.RoleDefinition {
	r.CreatedAt, r.UpdatedAt = stored(r.CreatedAt), stored(r.UpdatedAt)
	r.Revision++
	return r
}

func fullToken(id string) users.Token {
	return users.Token{
		ID: id, Name: "billing", Role: users.Operator, Scope: device.Scope{Group: "reseller"}, Hash: "hash of " + id,
		CreatedAt: now(), CreatedBy: "user:admin", Expires: now().Add(time.Hour), LastUsed: now().Add(time.Minute),
	}
}

// browserSession returns the i-th session of a user; the greater i, the newer.
func browserSession(user string, i int) users.BrowserSession {
	at := now().Add(time.Duration(i) * time.Minute)
	return users.BrowserSession{
		ID: fmt.Sprint(user, " ", i), Hash: fmt.Sprint("hash of ", user, " ", i), User: user, Method: "password", CreatedAt: at,
		LastUsed: at.Add(time.Second), Expires: at.Add(12 * time.Hour), Address: "192.0.2.1", UserAgent: "Mozilla/5.0 (é)",
	}
}

// storedBrowserSession returns the session as it comes back.
func storedBrowserSession(b users.BrowserSession) users.BrowserSession {
	b.CreatedAt, b.LastUsed, b.Expires = stored(b.CreatedAt), stored(b.LastUsed), stored(b.Expires)
	return b
}

// auditEntry returns the entry of that number, in which nothing is empty; the
// greater the number, the newer.
func auditEntry(sequence int64) users.AuditEntry {
	return users.AuditEntry{
		Sequence: sequence, At: stored(now()).Add(time.Duration(sequence) * time.Hour), Actor: "user:admin", Address: "192.0.2.1",
		Action: "createTask", Target: "device/abc", Outcome: 202, Detail: "é", Before: `{"tags": [ "a"]}`, After: `{"tags":["a","b"],"group":""}`,
		Previous: fmt.Sprint("hash ", sequence-1), Hash: fmt.Sprint("hash ", sequence),
	}
}

// auditEntries returns the entries from first to last, in their order.
func auditEntries(first, last int64) []users.AuditEntry {
	var all []users.AuditEntry
	for sequence := first; sequence <= last; sequence++ {
		all = append(all, auditEntry(sequence))
	}
	return all
}
