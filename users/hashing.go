package users

import (
	"context"
	"errors"
	"fmt"
)

// prove checks a password against the hash of a user, in a time that does not tell
// whether there is one, and counts the attempt as a failure in advance. It returns
// ErrUnauthenticated or *AttemptsError; after any other error the attempt does not
// count.
func (d *Directory) prove(ctx context.Context, a attempt, u User, password string) error {
	a.since = u.UpdatedAt
	if err := d.attempts.check(a); err != nil {
		return err // Without waiting for the turn to hash.
	}
	hash := u.PasswordHash
	stranger := hash == "" || u.Disabled
	if stranger {
		hash = d.options.Cost.nobody()
	}
	return d.whileHashing(ctx, func() error {
		if err := d.attempts.begin(a); err != nil {
			return err
		}
		err := VerifyPassword(hash, password)
		if err == nil && stranger {
			return ErrUnauthenticated
		}
		if err != nil && !errors.Is(err, ErrUnauthenticated) {
			d.attempts.withdraw(a)
			return fmt.Errorf("check the password of user %s: %w", u.Name, err)
		}
		return err
	})
}

// settle ends an attempt that prove has counted and not refused: a success
// forgets, a failure stays, and what says nothing of who it was is taken back.
func (d *Directory) settle(a attempt, err error) {
	switch {
	case err == nil:
		d.attempts.succeed(a)
	case errors.Is(err, errCodeMissing), !errors.Is(err, ErrUnauthenticated) && !errors.Is(err, ErrSecondFactor):
		d.attempts.withdraw(a)
	}
}

// renewedHash returns the hash that a user has after the password was right: the
// one that is there, or one of today's parameters.
func (d *Directory) renewedHash(ctx context.Context, hash, password string) (string, error) {
	if !d.options.Cost.isOther(hash) {
		return hash, nil
	}
	renewed, err := d.hash(ctx, password)
	if errors.Is(err, ErrPassword) {
		return hash, nil // The old rules allowed it; it stays until it is changed.
	}
	return renewed, err
}

// checkPassword checks a password of a user against the rules.
func checkPassword(name, password string) error {
	if password == name {
		return fmt.Errorf("%w: must not be the name of the user", ErrPassword)
	}
	return checkPasswordLength(password)
}

func (d *Directory) hash(ctx context.Context, password string) (hash string, err error) {
	err = d.whileHashing(ctx, func() error {
		hash, err = d.options.Cost.hash(password)
		return err
	})
	return hash, err
}

func (d *Directory) verify(ctx context.Context, hash, password string) error {
	return d.whileHashing(ctx, func() error { return VerifyPassword(hash, password) })
}

func (d *Directory) whileHashing(ctx context.Context, work func() error) error {
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
		return work()
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}
