package acs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Credentials finds the credential of a user name.
type Credentials interface {
	Credential(ctx context.Context, username string) (device.Credential, error)
}

// Authentication is the Authenticator that asks each device for the user name
// and password issued to it, by HTTP Digest or Basic (TR-069 3.4.4).
type Authentication struct {
	challenger  *digest.Challenger
	basic       bool
	credentials Credentials
	keeper      Keeper
	now         func() time.Time

	mu    sync.Mutex
	known map[string]knownCredential
}

type knownCredential struct {
	account  Account
	password secret.Text
	until    time.Time
}

const (
	// credentialTTL is how long a credential is remembered: a withdrawn one is
	// good for no longer.
	credentialTTL = 10 * time.Second
	// maxKnown bounds how many credentials are remembered.
	maxKnown = 100_000
)

// NewAuthentication returns an Authentication that asks for Digest, or for Basic
// if basic is set.
func NewAuthentication(challenger *digest.Challenger, basic bool, credentials Credentials, keeper Keeper, now func() time.Time) *Authentication {
	return &Authentication{challenger: challenger, basic: basic, credentials: credentials, keeper: keeper, now: now, known: make(map[string]knownCredential)}
}

// Authenticate implements Authenticator. A request without credentials, or with
// a nonce that is not ours or too old, costs no look-up.
func (a *Authentication) Authenticate(w http.ResponseWriter, r *http.Request) (Account, error) {
	given, err := digest.Parse(r.Header.Get("Authorization"))
	if err != nil || (given.Scheme == digest.Basic) != a.basic {
		return Account{}, a.challenge(w, false)
	}
	if !a.basic && a.challenger.NonceState(given) != digest.NonceFresh {
		return Account{}, a.challenge(w, true)
	}
	account, ok, err := a.check(r, given)
	if err != nil {
		return Account{}, err
	}
	if !ok {
		return Account{}, a.challenge(w, false)
	}
	return account, nil
}

func (a *Authentication) check(r *http.Request, given digest.Credentials) (Account, bool, error) {
	known, remembered := a.remembered(given.Username)
	if remembered && a.challenger.Check(given, r.Method, r.RequestURI, known.password.Reveal()) {
		return known.account, true, nil
	}
	// What is remembered may be out of date: a password may have been changed
	// this moment.
	known, err := a.read(r.Context(), given.Username)
	if err != nil && !errors.Is(err, device.ErrNotFound) {
		return Account{}, false, err
	}
	// An unknown user name takes the same steps as a wrong password.
	ok := a.challenger.Check(given, r.Method, r.RequestURI, known.password.Reveal())
	return known.account, ok && err == nil, nil
}

func (a *Authentication) remembered(username string) (knownCredential, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known, ok := a.known[username]
	return known, ok && a.now().Before(known.until)
}

func (a *Authentication) read(ctx context.Context, username string) (knownCredential, error) {
	c, err := a.credentials.Credential(ctx, username)
	if err != nil {
		return knownCredential{}, fmt.Errorf("read credential: %w", err)
	}
	password, err := a.keeper.Open(c.Password, device.CredentialOwner(username))
	if err != nil {
		return knownCredential{}, fmt.Errorf("open credential: %w", err)
	}
	known := knownCredential{account: Account{Username: username, Device: c.Device}, password: password, until: a.now().Add(credentialTTL)}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.known) >= maxKnown {
		clear(a.known)
	}
	a.known[username] = known
	return known, nil
}

func (a *Authentication) challenge(w http.ResponseWriter, stale bool) error {
	challenges := []string{a.challenger.BasicChallenge()}
	if !a.basic {
		challenges = a.challenger.Challenge(stale)
	}
	for _, challenge := range challenges {
		w.Header().Add("WWW-Authenticate", challenge)
	}
	return ErrUnauthorized
}
