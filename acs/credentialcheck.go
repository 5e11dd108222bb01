package acs

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// knownCredential is a credential as it is remembered.
type knownCredential struct {
	account  Account
	password secret.Text
}

// check finds out whose password it is: the device's own, or one that is shared.
func (a *Authentication) check(r *http.Request, set *access.Set, account Account, given digest.Credentials) (Account, bool, error) {
	right := func(password secret.Text) bool {
		return a.o.Challenger.Check(given, r.Method, r.RequestURI, password.Reveal())
	}
	account.Username, account.Method = given.Username, method(given)
	if known, ok := a.known.of(given.Username); ok && right(known.password) {
		return known.owns(account), true, nil
	}
	shared, err := a.shared(set, account, right)
	if err != nil || len(shared) > 0 {
		account.Shared = shared
		return account, err == nil, err
	}
	// What is remembered may be out of date: a password may have been changed
	// this moment.
	known, err := a.read(r.Context(), given.Username)
	if err != nil && !errors.Is(err, device.ErrNotFound) {
		return account, false, err
	}
	// An unknown user name takes the same steps as a wrong password.
	ok := right(known.password) && err == nil
	return known.owns(account), ok, nil
}

// owns returns the account of the device whose credential it is.
func (k knownCredential) owns(account Account) Account {
	account.Device, account.Issued, account.CreatedAt, account.SeenAt = k.account.Device, k.account.Issued, k.account.CreatedAt, k.account.SeenAt
	account.Superseded, account.Outdated = k.account.Superseded, k.account.Outdated
	return account
}

// shared returns the IDs of the shared credentials that the password is right for.
func (a *Authentication) shared(set *access.Set, account Account, right func(secret.Text) bool) ([]string, error) {
	var ids []string
	for _, c := range set.Named(account.Username, account.Listener) {
		password, err := a.o.Keeper.Open(c.Password, access.SharedCredentialOwner(c.ID))
		if err != nil {
			return nil, fmt.Errorf("open shared credential %s: %w", c.ID, err)
		}
		if right(password) {
			ids = append(ids, c.ID)
		}
	}
	return ids, nil
}

// read reads the credential of a user name, and what the device's others mean for
// it.
func (a *Authentication) read(ctx context.Context, username string) (knownCredential, error) {
	c, err := a.o.Credentials.Credential(ctx, username)
	if errors.Is(err, device.ErrNotFound) {
		_, _ = a.o.Keeper.Open(a.decoy, decoyOwner)
	}
	if err != nil {
		return knownCredential{}, fmt.Errorf("read credential: %w", err)
	}
	password, err := a.o.Keeper.Open(c.Password, device.CredentialOwner(username))
	if err != nil {
		return knownCredential{}, fmt.Errorf("open credential: %w", err)
	}
	all, err := a.o.Credentials.CredentialsOf(ctx, c.Device)
	if err != nil {
		return knownCredential{}, fmt.Errorf("read credentials of device: %w", err)
	}
	known := knownCredential{password: password, account: Account{Device: c.Device, Issued: c.Issued, CreatedAt: c.CreatedAt, SeenAt: c.SeenAt}}
	known.account.Superseded, known.account.Outdated = access.Judge(c, all)
	return a.known.change(username, func(knownCredential) knownCredential { return known }), nil
}
