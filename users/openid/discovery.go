package openid

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// discoveryAge is how long what the provider says of itself is believed. Its keys
// are looked up anew whenever one is not known.
const discoveryAge = time.Hour

// remote is what the provider says of itself.
type remote struct {
	*oidc.Provider
	endpoint oauth2.Endpoint
	found    time.Time
}

// metadata are the fields of the discovery document that go-oidc does not read, or
// does not show.
type metadata struct {
	Keys        string   `json:"jwks_uri"`
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
}

// discovered returns what the provider says of itself, from memory or from the
// provider. Whoever asks at once shares one discovery; one that failed is not
// remembered, so that the next one who asks tries again. It returns ErrProvider.
func (p *Provider) discovered(ctx context.Context) (*remote, error) {
	known := p.known.Load()
	if known != nil && p.options.Now().Before(known.found.Add(discoveryAge)) {
		return known, nil
	}
	answers := p.discovering.DoChan("", func() (any, error) {
		// Others wait for it too: the one who began it may leave.
		return p.discover(context.WithoutCancel(ctx))
	})
	select {
	case answer := <-answers:
		if answer.Err == nil {
			return answer.Val.(*remote), nil
		}
		if known != nil {
			return known, nil // Old, and most likely still true; the keys say the rest.
		}
		return nil, answer.Err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: wait for its discovery document: %w", ErrProvider, ctx.Err())
	}
}

func (p *Provider) discover(ctx context.Context) (*remote, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.options.HTTPClient), providerTime)
	defer cancel()
	provider, err := oidc.NewProvider(ctx, p.options.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: discovery: %s", ErrProvider, reason(err))
	}
	var m metadata
	if err := provider.Claims(&m); err != nil {
		return nil, fmt.Errorf("%w: discovery: %s", ErrProvider, reason(err))
	}
	r := &remote{Provider: provider, endpoint: provider.Endpoint(), found: p.options.Now()}
	r.endpoint.AuthStyle = p.authStyle(m.AuthMethods)
	if err := r.check(m); err != nil {
		return nil, err
	}
	p.known.Store(r)
	return r, nil
}

// check returns ErrProvider for addresses that nothing may be sent to.
func (r *remote) check(m metadata) error {
	addresses := map[string]string{"authorization_endpoint": r.endpoint.AuthURL, "token_endpoint": r.endpoint.TokenURL, "jwks_uri": m.Keys}
	if r.UserInfoEndpoint() != "" {
		addresses["userinfo_endpoint"] = r.UserInfoEndpoint()
	}
	for name, address := range addresses {
		if fault := addressFault(address); fault != "" {
			return fmt.Errorf("%w: discovery: %s %s", ErrProvider, name, fault)
		}
	}
	return nil
}

// authStyle says how the client proves itself. It is not tried out, as oauth2 would
// do by itself: a code counts once, also in an attempt that fails.
func (p *Provider) authStyle(supported []string) oauth2.AuthStyle {
	basic := len(supported) == 0 || slices.Contains(supported, "client_secret_basic")
	if p.options.ClientSecret.IsZero() || !basic && slices.Contains(supported, "client_secret_post") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}
