package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func roleTests() []test {
	roleOf := func(t *testing.T, s store.Store, name users.Role) users.RoleDefinition {
		t.Helper()
		return got[users.RoleDefinition](t)(s.Roles().Role(t.Context(), name))
	}
	return []test{
		{"a new role comes back with the first revision, and the name is taken", func(t *testing.T, s store.Store) {
			r := fullRole(t, "night")
			must(t, s.Roles().PutRole(t.Context(), r))
			whole := storedRole(r)
			same(t, "role", roleOf(t, s, "night"), whole)
			fails(t, s.Roles().PutRole(t.Context(), r), users.ErrExists)
			whole.BuiltIn = true // The only field that no stored role has.
			checkFull(t, whole)
		}},
		{"every permission is kept, and none", func(t *testing.T, s store.Store) {
			for _, p := range users.AllPermissions() {
				name := users.Role("only-" + string(p))
				must(t, s.Roles().PutRole(t.Context(), users.RoleDefinition{Name: name, Permissions: permissions(t, p)}))
				same(t, string(p), roleOf(t, s, name).Permissions, permissions(t, p))
			}
			must(t, s.Roles().PutRole(t.Context(), users.RoleDefinition{Name: "none"}))
			same(t, "role without permissions", roleOf(t, s, "none"), users.RoleDefinition{Name: "none", Revision: 1})
			must(t, s.Roles().PutRole(t.Context(), users.RoleDefinition{Name: "all", Permissions: permissions(t, users.AllPermissions()...)}))
			same(t, "role with all permissions", roleOf(t, s, "all").Permissions, permissions(t, users.AllPermissions()...))
		}},
		{"a role is replaced once for each revision", func(t *testing.T, s store.Store) {
			must(t, s.Roles().PutRole(t.Context(), fullRole(t, "night")))
			r := roleOf(t, s, "night")
			r.Description, r.Permissions = "", permissions(t, users.ReadAudit)
			must(t, s.Roles().PutRole(t.Context(), r))
			fails(t, s.Roles().PutRole(t.Context(), r), users.ErrConflict)
			same(t, "role", roleOf(t, s, "night"), storedRole(r))
		}},
		{"changing a role that is not there conflicts", func(t *testing.T, s store.Store) {
			r := fullRole(t, "night")
			r.Revision = 1
			fails(t, s.Roles().PutRole(t.Context(), r), users.ErrConflict)
		}},
		{"roles come in order of name and are deleted once", func(t *testing.T, s store.Store) {
			for _, name := range []users.Role{"b", "a-b", "c", "a"} {
				must(t, s.Roles().PutRole(t.Context(), fullRole(t, name)))
			}
			must(t, s.Roles().DeleteRole(t.Context(), "b"))
			fails(t, s.Roles().DeleteRole(t.Context(), "b"), users.ErrNotFound)
			_, err := s.Roles().Role(t.Context(), "b")
			fails(t, err, users.ErrNotFound)
			var want []users.RoleDefinition
			for _, name := range []users.Role{"a", "a-b", "c"} {
				want = append(want, storedRole(fullRole(t, name)))
			}
			same(t, "roles", got[[]users.RoleDefinition](t)(s.Roles().Roles(t.Context())), want)
		}},
	}
}
