package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// MaxRoleDescription bounds RoleDefinition.Description in bytes.
const MaxRoleDescription = 1024

// Roles returns every role, the built-in ones first.
func (d *Directory) Roles(ctx context.Context) ([]RoleDefinition, error) {
	own, err := d.options.Roles.Roles(ctx)
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return append(BuiltInRoles(), own...), nil
}

// Role returns a role, or ErrNotFound.
func (d *Directory) Role(ctx context.Context, name Role) (RoleDefinition, error) {
	if r, ok := builtIn(name); ok {
		return r, nil
	}
	if _, err := ParseRole(string(name)); err != nil {
		return RoleDefinition{}, fmt.Errorf("role %q: %w", string(name), ErrNotFound)
	}
	r, err := d.options.Roles.Role(ctx, name)
	if err != nil {
		return RoleDefinition{}, fmt.Errorf("read role %s: %w", name, err)
	}
	return r, nil
}

// PutRole creates a role (Revision 0) or replaces it. Whoever has it may do what it
// says at once in this process, within two seconds in others. It returns ErrRole
// for a name that cannot be one or is built in, ErrInvalid for a description that
// is too long or not UTF-8, ErrExists, ErrConflict, ErrLimit, ErrNotFound.
func (d *Directory) PutRole(ctx context.Context, r RoleDefinition) (RoleDefinition, error) {
	if err := checkOwnRole(r.Name); err != nil {
		return RoleDefinition{}, err
	}
	if len(r.Description) > MaxRoleDescription || !utf8.ValidString(r.Description) {
		return RoleDefinition{}, fmt.Errorf("%w: the description of a role must be UTF-8 of at most %d bytes", ErrInvalid, MaxRoleDescription)
	}
	r.BuiltIn, r.UpdatedAt = false, d.moment()
	if err := d.beginRole(ctx, &r); err != nil {
		return RoleDefinition{}, err
	}
	if err := d.options.Roles.PutRole(ctx, r); err != nil {
		return RoleDefinition{}, fmt.Errorf("store role %s: %w", r.Name, err)
	}
	d.forgetRole(r.Name)
	return d.Role(ctx, r.Name)
}

// beginRole sets when a role was created, and refuses one too many.
func (d *Directory) beginRole(ctx context.Context, r *RoleDefinition) error {
	if r.Revision != 0 {
		before, err := d.Role(ctx, r.Name)
		r.CreatedAt = before.CreatedAt
		return err
	}
	all, err := d.options.Roles.Roles(ctx)
	if err != nil {
		return fmt.Errorf("list roles: %w", err)
	}
	if slices.ContainsFunc(all, func(other RoleDefinition) bool { return other.Name == r.Name }) {
		return fmt.Errorf("role %s: %w", r.Name, ErrExists)
	}
	if len(all) >= MaxRoles {
		return fmt.Errorf("%w: at most %d roles", ErrLimit, MaxRoles)
	}
	r.CreatedAt = r.UpdatedAt
	return nil
}

// DeleteRole removes a role. It returns ErrRole for a built-in one, ErrInUse if
// users or tokens have it, ErrNotFound. Whoever is given it in that moment has a
// role without permissions.
func (d *Directory) DeleteRole(ctx context.Context, name Role) error {
	if err := checkOwnRole(name); err != nil {
		return err
	}
	if err := d.checkUnused(ctx, name); err != nil {
		return err
	}
	if err := d.options.Roles.DeleteRole(ctx, name); err != nil {
		return fmt.Errorf("delete role %s: %w", name, err)
	}
	d.forgetRole(name)
	return nil
}

func (d *Directory) checkUnused(ctx context.Context, name Role) error {
	people, err := d.options.Users.Users(ctx)
	if err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	tokens, err := d.options.Tokens.Tokens(ctx)
	if err != nil {
		return fmt.Errorf("list tokens: %w", err)
	}
	if slices.ContainsFunc(people, func(u User) bool { return u.Role == name }) || slices.ContainsFunc(tokens, func(t Token) bool { return t.Role == name }) {
		return fmt.Errorf("%w: %s", ErrInUse, name)
	}
	return nil
}

func checkOwnRole(name Role) error {
	if _, ok := builtIn(name); ok {
		return fmt.Errorf("%w: %s is built in and stays as it is", ErrRole, name)
	}
	_, err := ParseRole(string(name))
	return err
}

// permissionsOf returns what a role may at this moment: nothing for one that does
// not exist, so that a role that is gone never gives more than it did.
func (d *Directory) permissionsOf(ctx context.Context, name Role) (Permissions, error) {
	if r, ok := builtIn(name); ok {
		return r.Permissions, nil
	}
	now, generation := d.moment(), d.roles.generation()
	if r, ok := d.roles.get(string(name), now); ok {
		return r.Permissions, nil
	}
	r, err := d.Role(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return Permissions{}, nil
	}
	if err != nil {
		return Permissions{}, err
	}
	d.roles.put(string(name), r, now, generation)
	return r.Permissions, nil
}

func (d *Directory) forgetRole(name Role) {
	d.roles.forget(func(r RoleDefinition) bool { return r.Name == name })
}
