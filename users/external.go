package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
)

// External is somebody whom an OpenID provider has proven.
type External struct {
	// Subject is the provider's issuer, a space and its subject.
	Subject string
	// Name is what the provider calls them, as the name of a new user.
	Name, DisplayName string
	Role              Role
	Scope             device.Scope
	Address           string
	UserAgent         string
}

// SignInExternal begins a browser session for somebody whom the provider has
// proven. The user is made at the first time; later the role, scope and display
// name follow the provider, even where that leaves no administrator: rights that
// were taken away there do not stay here. It returns ErrExists if the name is a
// user's of another Subject, ErrUnauthenticated if the user is disabled, ErrInvalid
// without a Subject, ErrName, ErrLimit, and the errors of MayHave.
func (d *Directory) SignInExternal(ctx context.Context, e External) (SignedIn, error) {
	if e.Subject == "" {
		return SignedIn{}, fmt.Errorf("%w: a user from elsewhere must have a subject", ErrInvalid)
	}
	if err := checkDisplayName(e.DisplayName); err != nil {
		return SignedIn{}, err
	}
	if err := d.MayHave(ctx, e.Role, e.Scope); err != nil {
		return SignedIn{}, err
	}
	u, err := d.follow(ctx, e)
	if errors.Is(err, ErrNotFound) {
		u, err = d.newExternal(ctx, e)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return d.beginSession(ctx, u, BrowserSession{Method: methodOpenID, Address: e.Address, UserAgent: e.UserAgent})
}

// follow changes the user with the subject into what the provider says, or returns
// ErrNotFound.
func (d *Directory) follow(ctx context.Context, e External) (User, error) {
	known, err := d.options.Users.UserBySubject(ctx, e.Subject)
	if err != nil {
		return User{}, fmt.Errorf("read user by subject: %w", err)
	}
	u, err := d.change(ctx, known.Name, &known, func(u *User) error {
		if u.Disabled || u.Subject != e.Subject {
			return ErrUnauthenticated
		}
		now := d.moment()
		if u.DisplayName != e.DisplayName || u.Role != e.Role || u.Scope != e.Scope {
			u.UpdatedAt = now
		}
		u.DisplayName, u.Role, u.Scope, u.LastSignIn = e.DisplayName, e.Role, e.Scope, now
		return nil
	})
	if err == nil {
		d.forgetSessionsOf(u.Name)
	}
	return u, err
}

func (d *Directory) newExternal(ctx context.Context, e External) (User, error) {
	now := d.moment()
	u, err := d.addUser(ctx, User{
		Name: e.Name, DisplayName: e.DisplayName, Role: e.Role, Scope: e.Scope, Subject: e.Subject,
		CreatedAt: now, UpdatedAt: now, LastSignIn: now,
	})
	if errors.Is(err, ErrExists) {
		// Another sign-in of the same person may have been first.
		if followed, again := d.follow(ctx, e); !errors.Is(again, ErrNotFound) {
			return followed, again
		}
	}
	return u, err
}
