package users

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// ChangePassword replaces a user's own password and ends the other browser
// sessions of the user. It returns ErrUnauthenticated if current is wrong,
// ErrPassword, also for the password that it is already, and *AttemptsError after
// too many failures.
func (d *Directory) ChangePassword(ctx context.Context, p Principal, current, next string) error {
	if err := checkPassword(p.User, next); err != nil {
		return err
	}
	if next == current {
		// Else the password that somebody else chose could be kept.
		return fmt.Errorf("%w: must be another than before", ErrPassword)
	}
	hash := ""
	err := d.changeProven(ctx, p, current, func(u *User) (err error) {
		// Hashing costs much: it comes after the proof, and once.
		if hash == "" {
			hash, err = d.hash(ctx, next)
		}
		u.PasswordHash, u.MustChangePassword = hash, false
		return err
	})
	if err != nil {
		return err
	}
	return d.endSessions(ctx, p.User, p.BrowserSession)
}

// RemoveOwnSecondFactor turns a user's own second factor off. It returns
// ErrUnauthenticated if the password is wrong and *AttemptsError after too many
// failures.
func (d *Directory) RemoveOwnSecondFactor(ctx context.Context, p Principal, password string) error {
	return d.changeProven(ctx, p, password, func(u *User) error {
		u.SecondFactor = SecondFactor{}
		return nil
	})
}

// changeProven changes the user who asks once the password was right. Failures
// count for the browser session as if it were an address.
func (d *Directory) changeProven(ctx context.Context, p Principal, password string, change func(*User) error) error {
	if p.User == "" {
		return ErrUnauthenticated
	}
	proven, err := d.options.Users.User(ctx, p.User)
	if err != nil {
		return unknown("read user", err)
	}
	a := newAttempt(p.User, "session "+p.BrowserSession, d.moment())
	if err := d.prove(ctx, a, proven, password); err != nil {
		return err
	}
	_, err = d.change(ctx, p.User, &proven, func(u *User) error {
		if u.Disabled || u.PasswordHash != proven.PasswordHash {
			return ErrUnauthenticated
		}
		u.UpdatedAt = d.moment()
		return change(u)
	})
	if errors.Is(err, ErrNotFound) {
		err = ErrUnauthenticated // Deleted this moment.
	}
	d.settle(a, err)
	if err == nil {
		d.forgetSessionsOf(p.User)
	}
	return err
}

// SetPreferences replaces what the console keeps for a user; empty text removes
// it. It returns ErrInvalid for what is no JSON object or too large, and
// ErrNotFound.
func (d *Directory) SetPreferences(ctx context.Context, name, preferences string) error {
	if err := checkPreferences(preferences); err != nil {
		return err
	}
	_, err := d.change(ctx, name, nil, func(u *User) error {
		u.Preferences = preferences
		return nil
	})
	return err
}

func checkPreferences(text string) error {
	if len(text) > MaxPreferences {
		return fmt.Errorf("%w: preferences may have at most %d bytes", ErrInvalid, MaxPreferences)
	}
	if text == "" {
		return nil
	}
	if !json.Valid([]byte(text)) || !bytes.HasPrefix(bytes.TrimLeft([]byte(text), " \t\r\n"), []byte("{")) {
		return fmt.Errorf("%w: preferences must be a JSON object", ErrInvalid)
	}
	return nil
}
