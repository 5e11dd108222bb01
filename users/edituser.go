package users

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
)

// UserEdit is a change of a user; nil fields stay. Revision is the one that the
// editor saw, 0 to overwrite whatever is there.
type UserEdit struct {
	Revision    int64
	DisplayName *string
	Role        *Role
	Scope       *device.Scope
	// Disabled ends every browser session of the user, too.
	Disabled *bool
	// Password replaces the password, which the user has to change then. It ends
	// every browser session of the user.
	Password *string
	// RemoveSecondFactor removes the second factor, as for a lost phone.
	RemoveSecondFactor bool
}

// EditUser changes a user. What the user has open follows at once in this process
// and within two seconds in others. Any edit, also one that changes nothing, makes
// the failures to sign in with the name count no longer, in every process. It returns ErrNotFound, ErrConflict, ErrName,
// ErrRole, ErrScope, ErrPassword, and ErrLastAdmin.
func (d *Directory) EditUser(ctx context.Context, name string, e UserEdit) (User, error) {
	var hash string
	if e.Password != nil {
		var err error
		if hash, err = d.hashOf(ctx, name, *e.Password); err != nil {
			return User{}, err
		}
	}
	edited, err := d.keepingAdmin(ctx, name, func(u *User) error { return d.applyEdit(ctx, u, e, hash) })
	if err != nil {
		return User{}, err
	}
	d.forgetSessionsOf(name)
	if e.Password != nil || edited.Disabled {
		if err := d.endSessions(ctx, name, ""); err != nil {
			return User{}, err
		}
	}
	return d.User(ctx, name)
}

func (d *Directory) applyEdit(ctx context.Context, u *User, e UserEdit, hash string) error {
	if e.Revision != 0 && u.Revision != e.Revision {
		return fmt.Errorf("user %s: %w", u.Name, ErrConflict)
	}
	set(&u.DisplayName, e.DisplayName)
	set(&u.Role, e.Role)
	set(&u.Scope, e.Scope)
	set(&u.Disabled, e.Disabled)
	if e.Password != nil {
		u.PasswordHash, u.MustChangePassword = hash, true
	}
	if e.RemoveSecondFactor {
		u.SecondFactor = SecondFactor{}
	}
	u.UpdatedAt = d.moment()
	if e.DisplayName != nil {
		if err := checkDisplayName(u.DisplayName); err != nil {
			return err
		}
	}
	if e.Role != nil || e.Scope != nil {
		return d.MayHave(ctx, u.Role, u.Scope)
	}
	return nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// DeleteUser removes a user and ends what the user has open. It returns
// ErrNotFound or ErrLastAdmin. If the store fails in between, the user may be left
// disabled.
func (d *Directory) DeleteUser(ctx context.Context, name string) error {
	// Disabled first, because that can be taken back if another process took away
	// the other administrator in this moment.
	_, err := d.keepingAdmin(ctx, name, func(u *User) error {
		u.Disabled = true
		return nil
	})
	if err != nil {
		return err
	}
	if err := d.options.Users.DeleteUser(ctx, name); err != nil {
		return fmt.Errorf("delete user %s: %w", name, err)
	}
	d.forgetSessionsOf(name)
	return d.endSessions(ctx, name, "")
}

// isAdmin reports whether a user is an administrator of the whole fleet who can
// sign in.
func isAdmin(u User) bool { return u.Role == Admin && u.Scope.Group == "" && !u.Disabled }

// keepingAdmin changes a user unless that would leave no administrator. It looks
// before the change and again after it: two processes that take away the last two
// at once both take their change back.
func (d *Directory) keepingAdmin(ctx context.Context, name string, change func(*User) error) (User, error) {
	d.admins.Lock()
	defer d.admins.Unlock()
	var before User
	after, err := d.change(ctx, name, nil, func(u *User) error {
		before = *u
		if err := change(u); err != nil {
			return err
		}
		if isAdmin(before) && !isAdmin(*u) {
			return d.anotherAdmin(ctx, name)
		}
		return nil
	})
	if err != nil || !isAdmin(before) || isAdmin(after) {
		return after, err
	}
	err = d.anotherAdmin(ctx, name)
	if !errors.Is(err, ErrLastAdmin) {
		return after, err
	}
	_, undone := d.change(ctx, name, nil, func(u *User) error {
		u.Role, u.Scope, u.Disabled = before.Role, before.Scope, before.Disabled
		return nil
	})
	return User{}, errors.Join(err, undone)
}

// anotherAdmin returns ErrLastAdmin if no administrator has another name.
func (d *Directory) anotherAdmin(ctx context.Context, name string) error {
	all, err := d.options.Users.Users(ctx)
	if err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	if !slices.ContainsFunc(all, func(u User) bool { return u.Name != name && isAdmin(u) }) {
		return fmt.Errorf("user %s: %w", name, ErrLastAdmin)
	}
	return nil
}
