package users

import (
	"context"
	"fmt"

	"github.com/pquerna/otp/totp"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// issuer is what a generator shows beside the name of the user.
const issuer = "Dialtone"

// errCodeMissing is ErrSecondFactor where no code was given, which is how the first
// half of a sign-in ends and no failure.
var errCodeMissing = fmt.Errorf("%w: no code was given", ErrSecondFactor)

// BeginSecondFactor makes a key for a second factor, which counts once
// ConfirmSecondFactor is given a code of it. It needs the password once more: who
// finds a browser that is signed in could else keep the user out with a factor of
// their own. The URI (otpauth://totp/…) holds the key. It returns
// ErrUnauthenticated if the password is wrong, *AttemptsError after too many
// failures, ErrExists if there is a second factor, ErrInvalid for a user without a
// password, whose second factor is the provider's to ask for, and ErrNotFound.
func (d *Directory) BeginSecondFactor(ctx context.Context, p Principal, password string) (key, uri string, err error) {
	u, err := d.User(ctx, p.User)
	if err != nil {
		return "", "", err
	}
	if err := mayBeginSecondFactor(&u); err != nil {
		return "", "", err
	}
	generated, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: p.User})
	if err != nil {
		return "", "", fmt.Errorf("make a key for a second factor: %w", err)
	}
	sealed, err := d.options.Keeper.Seal(secret.NewText(generated.Secret()), SecondFactorOwner(p.User))
	if err != nil {
		return "", "", fmt.Errorf("seal the key of a second factor: %w", err)
	}
	err = d.changeProven(ctx, p, password, func(u *User) error {
		if err := mayBeginSecondFactor(u); err != nil {
			return err
		}
		u.SecondFactor = SecondFactor{Pending: sealed}
		return nil
	})
	if err != nil {
		return "", "", err
	}
	return generated.Secret(), generated.URL(), nil
}

func mayBeginSecondFactor(u *User) error {
	if u.SecondFactor.Key != "" {
		return fmt.Errorf("second factor of user %s: %w", u.Name, ErrExists)
	}
	if u.PasswordHash == "" {
		return fmt.Errorf("%w: user %s has no password to add a second factor to", ErrInvalid, u.Name)
	}
	return nil
}

// ConfirmSecondFactor turns the second factor on and returns ten recovery codes,
// which are shown once: each replaces a code once. It returns ErrSecondFactor for
// a wrong code, and ErrNotFound if none was begun.
func (d *Directory) ConfirmSecondFactor(ctx context.Context, name, code string) (recovery []string, err error) {
	recovery, hashes := newRecoveryCodes()
	_, err = d.change(ctx, name, nil, func(u *User) error {
		pending := u.SecondFactor.Pending
		if pending == "" {
			return fmt.Errorf("second factor of user %s: %w", name, ErrNotFound)
		}
		step, err := d.stepOf(pending, name, code, 0)
		if err != nil {
			return err
		}
		u.SecondFactor = SecondFactor{Key: pending, LastStep: step, Recovery: hashes}
		u.UpdatedAt = d.moment()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// acceptCode takes the code of a user's second factor, if there is one: no code and
// no recovery code is taken twice.
func (d *Directory) acceptCode(u *User, code string) error {
	if u.SecondFactor.Key == "" {
		return nil
	}
	code = plainCode(code)
	if code == "" {
		return errCodeMissing
	}
	if left, ok := withoutRecoveryCode(u.SecondFactor.Recovery, code); ok {
		u.SecondFactor.Recovery = left
		return nil
	}
	step, err := d.stepOf(u.SecondFactor.Key, u.Name, code, u.SecondFactor.LastStep)
	if err != nil {
		return err
	}
	u.SecondFactor.LastStep = step
	return nil
}

// stepOf returns the time step that a code is of, or ErrSecondFactor if it is of
// none that counts at this moment and comes after last.
func (d *Directory) stepOf(key secret.Sealed, name, code string, last int64) (int64, error) {
	plain, err := d.options.Keeper.Open(key, SecondFactorOwner(name))
	if err != nil {
		return 0, fmt.Errorf("open the key of a second factor: %w", err)
	}
	step, err := totpStep(plain, plainCode(code), d.moment())
	if err != nil {
		return 0, fmt.Errorf("second factor of user %s: %w", name, err)
	}
	if step <= last {
		return 0, ErrSecondFactor
	}
	return step, nil
}
