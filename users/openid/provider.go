package openid

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// Provider signs people on at one OpenID provider. It is safe for concurrent use.
type Provider struct {
	options     Options
	known       atomic.Pointer[remote]
	discovering singleflight.Group
}

// New returns a Provider. It asks nothing of the provider yet, which may be away.
// The error wraps ErrOptions.
func New(o Options) (*Provider, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return &Provider{options: o.withDefaults()}, nil
}

// Name is what the button to sign in says.
func (p *Provider) Name() string { return p.options.Name }

// Begin begins a sign-in: it returns where to send the browser, and the value of a
// cookie that Finish wants back, which should be HttpOnly, SameSite=Lax and last
// for PendingLifetime. callbackURL is where the provider sends the browser then;
// the provider has to know it. returnTo is a path on this origin; anything else
// counts as "/". It returns ErrProvider.
func (p *Provider) Begin(ctx context.Context, callbackURL, returnTo string) (redirectURL, pendingCookie string, err error) {
	r, err := p.discovered(ctx)
	if err != nil {
		return "", "", err
	}
	state := newPending(returnTo, p.options.Now())
	cookie, err := p.seal(state)
	if err != nil {
		return "", "", err
	}
	config := p.config(r, callbackURL)
	return config.AuthCodeURL(state.State, oidc.Nonce(state.Nonce), oauth2.S256ChallengeOption(state.Verifier)), cookie, nil
}

func (p *Provider) config(r *remote, callbackURL string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.options.ClientID, ClientSecret: p.options.ClientSecret.Reveal(), Endpoint: r.endpoint,
		RedirectURL: callbackURL, Scopes: p.options.Scopes,
	}
}

// Proven is somebody whom the provider has proven.
type Proven struct {
	// Subject is the issuer, a space and the provider's subject: who they are.
	Subject string
	// Name is what the provider calls them, in the form of the name of a user; it
	// may be the name of another user.
	Name string
	// DisplayName may be empty.
	DisplayName string
	Role        users.Role
	Scope       device.Scope
}

// External returns them as users.Directory wants it, with where they come from.
func (p Proven) External(address, userAgent string) users.External {
	return users.External{
		Subject: p.Subject, Name: p.Name, DisplayName: p.DisplayName, Role: p.Role, Scope: p.Scope, Address: address, UserAgent: userAgent,
	}
}

// Finish ends a sign-in with what the provider sent back by way of the browser:
// query is that of the callback, pendingCookie and callbackURL are those of Begin.
// The cookie has to be removed whatever comes of it. returnTo is the path that
// Begin was given, also with an error, unless the cookie cannot be read. It returns ErrState, ErrDenied, ErrProvider, ErrNoRole or
// ErrName.
func (p *Provider) Finish(ctx context.Context, callbackURL, pendingCookie string, query url.Values) (who Proven, returnTo string, err error) {
	state, err := p.open(pendingCookie)
	if err != nil {
		return Proven{}, state.ReturnTo, err
	}
	who, err = p.finish(ctx, callbackURL, state, query)
	return who, state.ReturnTo, err
}

func (p *Provider) finish(ctx context.Context, callbackURL string, state pending, query url.Values) (Proven, error) {
	if err := p.checkCallback(state, query); err != nil {
		return Proven{}, err
	}
	r, err := p.discovered(ctx)
	if err != nil {
		return Proven{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.options.HTTPClient), providerTime)
	defer cancel()
	subject, said, err := p.redeem(ctx, r, p.config(r, callbackURL), state, query.Get("code"))
	if err != nil {
		return Proven{}, err
	}
	return p.proven(subject, said)
}

// checkCallback checks that the callback is an answer to this sign-in, and that it
// is a good one.
func (p *Provider) checkCallback(state pending, query url.Values) error {
	if !same(state.State, query.Get("state")) {
		return fmt.Errorf("%w: the state does not match", ErrState)
	}
	// RFC 9207: whoever the answer comes from, if it says so.
	if issuer := query.Get("iss"); issuer != "" && issuer != p.options.Issuer {
		return fmt.Errorf("%w: the answer is another provider's", ErrState)
	}
	if code := query.Get("error"); code != "" {
		return fmt.Errorf("%w (%s)", ErrDenied, knownCode(code))
	}
	if query.Get("code") == "" {
		return fmt.Errorf("%w: its answer has neither a code nor an error", ErrProvider)
	}
	return nil
}

// proven decides who somebody is and what they may do here.
func (p *Provider) proven(subject string, said claims) (Proven, error) {
	rule, ok := ruleFor(p.options.Roles, said.values(p.options.RoleClaim))
	if !ok {
		return Proven{}, fmt.Errorf("%w: no rule matches the claim %s", ErrNoRole, p.options.RoleClaim)
	}
	name, err := p.username(said)
	if err != nil {
		return Proven{}, err
	}
	return Proven{Subject: p.options.Issuer + " " + subject, Name: name, DisplayName: displayName(said), Role: rule.Role, Scope: rule.Scope}, nil
}
