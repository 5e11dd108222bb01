package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
)

// MaxUsers bounds how many users exist at once, MaxRoles how many roles beside the
// built-in ones.
const (
	MaxUsers = 5000
	MaxRoles = 100
)

// NewUser says what user to create.
type NewUser struct {
	Name, DisplayName string
	Role              Role
	Scope             device.Scope
	// Password is empty for a random one.
	Password string
	// MustChange says that the user has to choose another at the first sign-in.
	MustChange bool
}

// NewUser creates a user and returns the password that it was given. It returns
// ErrName, ErrRole, ErrScope, ErrPassword, ErrLimit, or ErrExists if the name is
// taken.
func (d *Directory) NewUser(ctx context.Context, n NewUser) (u User, password string, err error) {
	if err := checkUserName(n.Name); err != nil {
		return User{}, "", err
	}
	if err := checkDisplayName(n.DisplayName); err != nil {
		return User{}, "", err
	}
	if err := d.MayHave(ctx, n.Role, n.Scope); err != nil {
		return User{}, "", err
	}
	password = n.Password
	if password == "" {
		password = RandomPassword()
	}
	hash, err := d.hashOf(ctx, n.Name, password)
	if err != nil {
		return User{}, "", err
	}
	now := d.moment()
	u, err = d.addUser(ctx, User{
		Name: n.Name, DisplayName: n.DisplayName, Role: n.Role, Scope: n.Scope, PasswordHash: hash,
		MustChangePassword: n.MustChange, CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return User{}, "", err
	}
	return u, password, nil
}

// addUser stores a new user. Browser sessions that an earlier user of that name
// left behind end before: they must not become the new one's.
func (d *Directory) addUser(ctx context.Context, u User) (User, error) {
	if err := checkUserName(u.Name); err != nil {
		return User{}, err
	}
	all, err := d.options.Users.Users(ctx)
	if err != nil {
		return User{}, fmt.Errorf("list users: %w", err)
	}
	for _, other := range all {
		if other.Name == u.Name || u.Subject != "" && other.Subject == u.Subject {
			return User{}, fmt.Errorf("user %s: %w", u.Name, ErrExists)
		}
	}
	if len(all) >= MaxUsers {
		return User{}, fmt.Errorf("%w: at most %d users", ErrLimit, MaxUsers)
	}
	if err := d.endSessions(ctx, u.Name, ""); err != nil {
		return User{}, err
	}
	if err := d.options.Users.PutUser(ctx, u); err != nil {
		return User{}, fmt.Errorf("store user %s: %w", u.Name, err)
	}
	return d.User(ctx, u.Name)
}

// User returns a user, or ErrNotFound.
func (d *Directory) User(ctx context.Context, name string) (User, error) {
	u, err := d.options.Users.User(ctx, name)
	if err != nil {
		return User{}, fmt.Errorf("read user %q: %w", cutText(name, MaxName), err)
	}
	return u, nil
}

// Users returns every user in order of name, without their Preferences.
func (d *Directory) Users(ctx context.Context) ([]User, error) { return d.options.Users.Users(ctx) }

// maxConflicts is how often a change of a user begins again because somebody else
// has changed the user meanwhile.
const maxConflicts = 20

// change reads a user, changes it and stores it, from the start again while
// somebody else is faster. read is the user if it was just read, else nil; a change
// that returns an error changes nothing. It returns the user as it was stored.
func (d *Directory) change(ctx context.Context, name string, read *User, change func(*User) error) (User, error) {
	for range maxConflicts {
		var u User
		if read != nil {
			u, read = *read, nil
		} else {
			var err error
			if u, err = d.User(ctx, name); err != nil {
				return User{}, err
			}
		}
		if err := change(&u); err != nil {
			return User{}, err
		}
		err := d.options.Users.PutUser(ctx, u)
		if err == nil {
			return u, nil
		}
		if !errors.Is(err, ErrConflict) {
			return User{}, fmt.Errorf("store user %s: %w", name, err)
		}
	}
	return User{}, fmt.Errorf("store user %s: %w", name, ErrConflict)
}

// hashOf checks a password against the rules and hashes it.
func (d *Directory) hashOf(ctx context.Context, name, password string) (string, error) {
	if err := checkPassword(name, password); err != nil {
		return "", err
	}
	return d.hash(ctx, password)
}
