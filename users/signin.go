package users

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// SignIn is what somebody who signs in with a password says.
type SignIn struct {
	Name, Password string
	// Code is that of the second factor, or a recovery code; empty if none is asked
	// for.
	Code string
	// Address and UserAgent are those of the browser.
	Address, UserAgent string
}

// SignedIn is a user who has signed in.
type SignedIn struct {
	Principal Principal
	Session   BrowserSession
	// Cookie is the value of the cookie. It is shown once and never stored.
	Cookie string
}

// AttemptsError is returned while a name or an address has failed to sign in too
// often. It wraps ErrTooManyAttempts.
type AttemptsError struct{ RetryAfter time.Duration }

// Error implements error.
func (e *AttemptsError) Error() string { return ErrTooManyAttempts.Error() }

// Unwrap returns ErrTooManyAttempts.
func (e *AttemptsError) Unwrap() error { return ErrTooManyAttempts }

// SignIn proves a user by password and second factor, and begins a browser
// session. It returns ErrUnauthenticated for an unknown or disabled user as for a
// wrong password, after the same time; ErrSecondFactor if only the code is missing
// or wrong; *AttemptsError after too many failures.
func (d *Directory) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	u, err := d.options.Users.User(ctx, in.Name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return SignedIn{}, fmt.Errorf("read user: %w", err)
	}
	a := newAttempt(in.Name, in.Address, d.moment())
	if err := d.prove(ctx, a, u, in.Password); err != nil {
		return SignedIn{}, err
	}
	u, err = d.admit(ctx, u, in)
	if errors.Is(err, ErrNotFound) {
		err = ErrUnauthenticated // Deleted this moment.
	}
	d.settle(a, err)
	if err != nil {
		return SignedIn{}, err
	}
	return d.beginSession(ctx, u, BrowserSession{Method: methodPassword, Address: in.Address, UserAgent: in.UserAgent})
}

// admit takes the code of a user whose password was right, and notes the sign-in.
// If the password was changed meanwhile, it has to be right still.
func (d *Directory) admit(ctx context.Context, proven User, in SignIn) (User, error) {
	hash, err := d.renewedHash(ctx, proven.PasswordHash, in.Password)
	if err != nil {
		return User{}, err
	}
	return d.change(ctx, proven.Name, &proven, func(u *User) error {
		if u.Disabled || u.PasswordHash == "" {
			return ErrUnauthenticated
		}
		if u.PasswordHash == proven.PasswordHash {
			u.PasswordHash = hash
		} else if err := d.verify(ctx, u.PasswordHash, in.Password); err != nil {
			return err
		}
		u.LastSignIn = d.moment()
		return d.acceptCode(u, in.Code)
	})
}
