package acs

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// AuthenticationOptions are what an Authentication is made of. Those without a
// comment are required.
type AuthenticationOptions struct {
	// Rules returns the rules as they are now.
	Rules      func() *access.Set
	Challenger *digest.Challenger
	// Algorithms are those that Digest offers, in this order; none means MD5 and then
	// SHA-256, as old devices take the first.
	Algorithms  []digest.Algorithm
	Credentials Credentials
	Keeper      Keeper
	Now         func() time.Time
	// ClientAddress returns the address that a request came from, past trusted
	// proxies.
	ClientAddress func(*http.Request) netip.Addr
	// Secure reports whether a request came by TLS, to this server or to a trusted
	// proxy; nil where only the connection counts.
	Secure func(*http.Request) bool
	// ProxyCertificate returns the client certificate that a trusted proxy passes on,
	// nil if there is none; it may be nil.
	ProxyCertificate func(*http.Request) *x509.Certificate
}

// Authentication is the Authenticator that finds out who speaks by HTTP Basic and
// Digest (TR-069 3.4.4) and by client certificates, as rules ask for it. It is safe
// for concurrent use.
type Authentication struct {
	o        AuthenticationOptions
	uses     *digest.Uses
	attempts *attempts
	known    *recollection[string, knownCredential]
	// decoy is opened for user names that do not exist, so that they take as long as
	// those that do.
	decoy secret.Sealed
}

const (
	// credentialTTL is how long a credential is remembered: a withdrawn one is
	// good for no longer.
	credentialTTL = 10 * time.Second
	// maxKnown bounds how many credentials are remembered.
	maxKnown = 100_000
	// rememberedNonces is how many nonces' counts are remembered at least.
	rememberedNonces = 50_000
	decoyOwner       = "credential/"
)

// NewAuthentication returns an Authentication.
func NewAuthentication(o AuthenticationOptions) (*Authentication, error) {
	if len(o.Algorithms) == 0 {
		o.Algorithms = []digest.Algorithm{digest.MD5, digest.SHA256}
	}
	if o.Secure == nil {
		o.Secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	decoy, err := o.Keeper.Seal(secret.RandomText(passwordLength), decoyOwner)
	if err != nil {
		return nil, fmt.Errorf("device authentication: %w", err)
	}
	return &Authentication{
		o: o, uses: digest.NewUses(rememberedNonces), attempts: newAttempts(o.Now),
		known: newRecollection[string, knownCredential](maxKnown, credentialTTL, o.Now), decoy: decoy,
	}, nil
}

// Authenticate implements Authenticator. A request without credentials, or with
// a nonce that is not ours or too old, costs no look-up.
func (a *Authentication) Authenticate(w http.ResponseWriter, r *http.Request) (Account, error) {
	set := a.o.Rules()
	account := a.arrival(r)
	methods, must := set.Offer(account)
	proven, err := a.password(r, set, account, methods)
	if err != nil {
		return Account{}, err
	}
	if must && proven.Username == "" {
		a.Challenge(w, methods, proven.Stale)
		return Account{}, ErrUnauthorized
	}
	return proven, nil
}

// arrival returns what the connection of a request shows.
func (a *Authentication) arrival(r *http.Request) Account {
	account := Account{Listener: listenerOf(r), Secure: a.o.Secure(r)}
	certificate, proxied := a.certificate(r)
	if certificate != nil {
		account.Certificate, account.Proxied = access.NewCertificateIdentity(certificate), proxied
	}
	return account
}

// certificate returns the verified client certificate of a request, nil without one.
func (a *Authentication) certificate(r *http.Request) (certificate *x509.Certificate, proxied bool) {
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 && len(r.TLS.VerifiedChains[0]) > 0 {
		return r.TLS.VerifiedChains[0][0], false
	}
	if a.o.ProxyCertificate == nil {
		return nil, false
	}
	return a.o.ProxyCertificate(r), true
}

func (a *Authentication) fingerprint(r *http.Request) string {
	certificate, _ := a.certificate(r)
	if certificate == nil {
		return ""
	}
	return access.Fingerprint(certificate)
}

// password returns the account with what the Authorization header proves. The account
// stays as it is for one that is missing or wrong, or of a method that no rule takes.
func (a *Authentication) password(r *http.Request, set *access.Set, account Account, methods []access.Method) (Account, error) {
	given, err := digest.Parse(r.Header.Get("Authorization"))
	if err != nil || !slices.Contains(methods, method(given)) {
		return account, nil
	}
	if given.Scheme == digest.Digest && a.o.Challenger.NonceState(given) != digest.NonceFresh {
		account.Stale = true
		return account, nil
	}
	from := a.o.ClientAddress(r)
	if a.attempts.heldBack(given.Username, from) {
		return account, nil
	}
	proven, ok, err := a.check(r, set, account, given)
	if err != nil {
		return account, err
	}
	if !ok {
		a.attempts.failed(given.Username, from)
		return account, nil
	}
	a.attempts.succeeded(given.Username, from)
	if given.Scheme == digest.Digest && !a.uses.Take(given, bearer(r, from)) {
		account.Stale = true
		return account, nil
	}
	return proven, nil
}

func method(given digest.Credentials) access.Method {
	if given.Scheme == digest.Basic {
		return access.Basic
	}
	return access.Digest
}

// Forget implements Authenticator.
func (a *Authentication) Forget(username string) { a.known.forget(username) }

// Challenge implements Authenticator.
func (a *Authentication) Challenge(w http.ResponseWriter, methods []access.Method, stale bool) {
	for _, m := range methods {
		switch m {
		case access.Digest:
			for _, challenge := range a.o.Challenger.Challenge(stale, a.o.Algorithms...) {
				w.Header().Add("WWW-Authenticate", challenge)
			}
		case access.Basic:
			w.Header().Add("WWW-Authenticate", a.o.Challenger.BasicChallenge())
		case access.None, access.Certificate, access.Proxy:
		}
	}
}

// Continues implements Authenticator. The user name is compared and not proven once
// more: devices repeat a header whose nonce has long gone stale, and who has the
// cookie may leave it out. Another user name of the same device is fine, as it may
// just have been given that one.
func (a *Authentication) Continues(r *http.Request, of Account, id device.ID) (bool, error) {
	if bound := of.Fingerprint(); bound != "" && a.fingerprint(r) != bound {
		return false, nil
	}
	header := r.Header.Get("Authorization")
	if header == "" || of.Username == "" {
		return true, nil
	}
	given, err := digest.Parse(header)
	if err != nil || given.Username == of.Username {
		return true, nil
	}
	known, ok := a.known.of(given.Username)
	if !ok {
		known, err = a.read(r.Context(), given.Username)
	}
	if errors.Is(err, device.ErrNotFound) {
		return false, nil
	}
	return err == nil && known.account.Device == id, err
}

// defaultListener is the name of the listener of requests that come without one.
const defaultListener = "cwmp"

func listenerOf(r *http.Request) string {
	if name := ListenerName(r.Context()); name != "" {
		return name
	}
	return defaultListener
}
