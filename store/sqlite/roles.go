package sqlite

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/users"
)

const roleColumns = "name, description, permissions, created_at, updated_at, revision"

func scanRole(r *row) (users.RoleDefinition, error) {
	role := users.RoleDefinition{Name: users.Role(r.text()), Description: r.text()}
	var names []users.Permission
	if err := r.json(&names); err != nil {
		return role, fmt.Errorf("role %s: permissions: %w", role.Name, err)
	}
	role.Permissions = knownPermissions(names)
	role.CreatedAt, role.UpdatedAt, role.Revision = r.time(), r.time(), r.int64()
	return role, nil
}

// knownPermissions returns those of the names that are permissions: another
// version of the program may have stored others.
func knownPermissions(names []users.Permission) users.Permissions {
	var known []users.Permission
	for _, name := range names {
		if _, err := users.NewPermissions(name); err == nil {
			known = append(known, name)
		}
	}
	set, _ := users.NewPermissions(known...) // Each of them is one.
	return set
}

func (c *conn) putRole(r *users.RoleDefinition) error {
	names, err := encode(r.Permissions.List())
	if err != nil {
		return err
	}
	_, err = c.exec("INSERT OR REPLACE INTO roles ("+roleColumns+") VALUES (?, ?, ?, ?, ?, ?)", string(r.Name), r.Description, names,
		milliseconds(r.CreatedAt), milliseconds(r.UpdatedAt), r.Revision)
	return err
}

// PutRole returns users.ErrConflict also if r.Revision is set and there is no
// such role.
func (s roles) PutRole(ctx context.Context, r users.RoleDefinition) error {
	return s.write(ctx, "putRole", func(c *conn) error {
		if err := c.checkUserRevision("SELECT revision FROM roles WHERE name = ?", string(r.Name), r.Revision); err != nil {
			return err
		}
		next := r
		next.Revision++
		return c.putRole(&next)
	})
}

func (s roles) Role(ctx context.Context, name users.Role) (role users.RoleDefinition, err error) {
	err = s.read(ctx, "getRole", func(c *conn) error {
		found, err := c.one(func(r *row) (err error) { role, err = scanRole(r); return err },
			"SELECT "+roleColumns+" FROM roles WHERE name = ?", string(name))
		return orNotFound(found, err)
	})
	return role, err
}

func (s roles) Roles(ctx context.Context) (all []users.RoleDefinition, err error) {
	err = s.read(ctx, "listRoles", func(c *conn) error {
		return c.each(func(r *row) error {
			role, err := scanRole(r)
			all = append(all, role)
			return err
		}, "SELECT "+roleColumns+" FROM roles ORDER BY name")
	})
	return all, err
}

func (s roles) DeleteRole(ctx context.Context, name users.Role) error {
	return s.deleteOne(ctx, "deleteRole", "DELETE FROM roles WHERE name = ?", string(name))
}
