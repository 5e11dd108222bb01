package users

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func permissions(t *testing.T, list ...Permission) Permissions {
	t.Helper()
	s, err := NewPermissions(list...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newRole makes a role and returns it.
func (f *fixture) newRole(t *testing.T, name Role, list ...Permission) RoleDefinition {
	t.Helper()
	r, err := f.PutRole(t.Context(), RoleDefinition{Name: name, Permissions: permissions(t, list...)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRolesThatCannotBeAreRefused(t *testing.T) {
	f := newFixture(t)
	helpdesk := f.newRole(t, "helpdesk", ReadDevices)
	for _, c := range []struct {
		name string
		role RoleDefinition
		want error
	}{
		{"built in", RoleDefinition{Name: Viewer}, ErrRole},
		{"no name", RoleDefinition{}, ErrRole},
		{"a name that is none", RoleDefinition{Name: "Help desk"}, ErrRole},
		{"a description without end", RoleDefinition{Name: "x", Description: strings.Repeat("x", 1025)}, ErrInvalid},
		{"one that exists", RoleDefinition{Name: "helpdesk"}, ErrExists},
		{"one that is gone", RoleDefinition{Name: "gone", Revision: 1}, ErrNotFound},
		{"one that somebody changed", RoleDefinition{Name: "helpdesk", Revision: helpdesk.Revision + 1}, ErrConflict},
		{"a change", RoleDefinition{Name: "helpdesk", Revision: helpdesk.Revision, Description: "Helps."}, nil},
	} {
		f.advance(time.Second)
		r, err := f.PutRole(t.Context(), c.role)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && (r.Description != "Helps." || !r.CreatedAt.Equal(helpdesk.CreatedAt) || !r.UpdatedAt.Equal(f.now()) || r.Revision != 2) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	for i := range MaxRoles - 1 {
		f.newRole(t, Role(fmt.Sprint("role", i)))
	}
	if _, err := f.PutRole(t.Context(), RoleDefinition{Name: "onemore"}); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
	all, err := f.Roles(t.Context())
	if err != nil || len(all) != MaxRoles+4 || all[0].Name != Admin || !all[0].BuiltIn || all[4].Name != "helpdesk" || all[4].BuiltIn {
		t.Errorf("%d roles: %v", len(all), err)
	}
}

func TestARoleThatIsUsedStays(t *testing.T) {
	f := newFixture(t)
	for _, name := range []Role{"users", "tokens", "none"} {
		f.newRole(t, name)
	}
	f.newUser(t, "anna", "users", "")
	if _, _, err := f.CreateToken(t.Context(), NewToken{Name: "crm", Role: "tokens"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[Role]error{"users": ErrInUse, "tokens": ErrInUse, "none": nil, Admin: ErrRole, "gone": ErrNotFound} {
		if err := f.DeleteRole(t.Context(), name); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := f.Role(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestAChangedRoleCountsAtOnceHereAndInTwoSecondsElsewhere(t *testing.T) {
	f := newFixture(t)
	other := f.beside(t)
	helpdesk := f.newRole(t, "helpdesk", ReadDevices)
	f.newUser(t, "anna", "helpdesk", "")
	in := f.signIn(t, "anna")
	bearer, _, err := f.CreateToken(t.Context(), NewToken{Name: "crm", Role: "helpdesk"})
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when string, d *Directory, want Permissions) {
		t.Helper()
		person, err := d.AuthenticateCookie(t.Context(), in.Cookie)
		token, tokenErr := d.Authenticate(t.Context(), bearer)
		if err := errors.Join(err, tokenErr); err != nil || person.Permissions != want || token.Permissions != want {
			t.Errorf("%s: %v and %v, want %v: %v", when, person.Permissions.List(), token.Permissions.List(), want.List(), err)
		}
	}
	expect("before, here", f.Directory, helpdesk.Permissions)
	expect("before, elsewhere", other, helpdesk.Permissions)
	helpdesk.Permissions = permissions(t, ReadDevices, WakeDevices)
	if _, err := f.PutRole(t.Context(), helpdesk); err != nil {
		t.Fatal(err)
	}
	expect("changed, here", f.Directory, helpdesk.Permissions)
	f.advance(2 * time.Second)
	expect("changed, elsewhere", other, helpdesk.Permissions)
	if err := f.store.DeleteRole(t.Context(), "helpdesk"); err != nil {
		t.Fatal(err)
	}
	f.advance(2 * time.Second)
	expect("gone", f.Directory, Permissions{})
}

func TestNobodyGrantsMoreThanTheyHave(t *testing.T) {
	f := newFixture(t)
	f.newRole(t, "usher", ReadUsers, WriteUsers, ReadDevices)
	f.newRole(t, "reader", ReadDevices)
	usher := Principal{Permissions: permissions(t, ReadUsers, WriteUsers, ReadDevices), Scope: scopeOf("acme")}
	admin := Principal{Permissions: permissionsOfBuiltIn(t, Admin)}
	for _, c := range []struct {
		name    string
		who     Principal
		role    Role
		group   string
		want    error
		lacking []Permission
		beyond  bool
	}{
		{"all to all", admin, Admin, "", nil, nil, false},
		{"their own role in their own scope", usher, "usher", "acme", nil, nil, false},
		{"less, further down", usher, "reader", "acme/south", nil, nil, false},
		{"their own role for everything", usher, "reader", "", ErrGrant, nil, true},
		{"beside their scope", usher, "reader", "acme2", ErrGrant, nil, true},
		{"above their scope", Principal{Permissions: usher.Permissions, Scope: scopeOf("acme/south")}, "reader", "acme", ErrGrant, nil, true},
		{"more than they have", usher, Support, "acme", ErrGrant, []Permission{WakeDevices, ReadTasks, WriteTasks, ReadFiles, ReadEvents, ReadGroups, ReadSettings}, false},
		{"a role that is none", admin, "none", "", ErrRole, nil, false},
		{"support of everything", admin, Support, "", ErrScope, nil, false},
	} {
		err := f.MayGrant(t.Context(), c.who, c.role, scopeOf(c.group))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		var refused *GrantError
		if errors.As(err, &refused) && (!slices.Equal(refused.Lacking, c.lacking) || refused.Scope != c.beyond || c.beyond != strings.Contains(err.Error(), "scope")) {
			t.Errorf("%s: %+v: %v", c.name, refused, err)
		}
	}
	if err := usher.MayGrantPermissions(permissions(t, ReadUsers)); err != nil {
		t.Error(err)
	}
	if err := usher.MayGrantPermissions(permissions(t, ReadAudit)); !errors.Is(err, ErrGrant) || !strings.Contains(err.Error(), "audit.read") {
		t.Error(err)
	}
}
