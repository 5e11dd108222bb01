package openid

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Options are what a Provider is made of. Issuer, ClientID, Roles and Keeper are
// required.
type Options struct {
	// Issuer is the provider's issuer, to the letter as it names itself: a URL with
	// https, or with http on this machine.
	Issuer string
	// ClientID and ClientSecret are what the provider knows Dialtone by; an empty
	// secret for a public client.
	ClientID     string
	ClientSecret secret.Text
	// Scopes are asked for; empty for openid, profile and email. "openid" is always
	// among them.
	Scopes []string
	// Name is what the button to sign in says; empty for "OpenID".
	Name string
	// UsernameClaim is the claim that holds the name of a new user; empty for
	// preferred_username, else email.
	UsernameClaim string
	// RoleClaim is the claim that the rules look at: a string or a list of strings.
	// Dots lead into objects, as in "realm_access.roles". Empty for "groups".
	RoleClaim string
	// Roles are asked in order; the first that matches decides.
	Roles []RoleRule
	// Keeper seals what a sign-in keeps in its cookie. Nodes that share a store need
	// the same keys.
	Keeper Keeper
	// HTTPClient reaches the provider; nil for one with Go's defaults. Each request
	// ends after 10 seconds, and each answer after 1 MiB.
	HTTPClient *http.Client
	// Now is nil for time.Now.
	Now func() time.Time
}

// Keeper seals and opens secrets, as secret.Keeper does.
type Keeper interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
	Open(sealed secret.Sealed, owner string) (secret.Text, error)
}

func (o Options) check() error {
	if fault := addressFault(o.Issuer); fault != "" {
		return fmt.Errorf("%w: issuer %s", ErrOptions, fault)
	}
	switch {
	case o.ClientID == "":
		return fmt.Errorf("%w: no client ID", ErrOptions)
	case len(o.Roles) == 0:
		return fmt.Errorf("%w: no rule of roles: nobody could sign in", ErrOptions)
	case o.Keeper == nil:
		return fmt.Errorf("%w: no keeper", ErrOptions)
	}
	return nil
}

// withDefaults returns the options with every default in its place.
func (o Options) withDefaults() Options {
	if len(o.Scopes) == 0 {
		o.Scopes = []string{"openid", "profile", "email"}
	}
	if !slices.Contains(o.Scopes, "openid") {
		o.Scopes = append([]string{"openid"}, o.Scopes...)
	}
	if o.Name == "" {
		o.Name = "OpenID"
	}
	if o.RoleClaim == "" {
		o.RoleClaim = "groups"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.HTTPClient = boundedClient(o.HTTPClient)
	return o
}

// addressFault says in words why a URL cannot be one of a provider, empty if it
// can. Without TLS anybody on the way could be the provider, so that http reaches
// no further than this machine.
func addressFault(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || strings.ContainsAny(address, " \t"):
		return "is not a URL"
	case u.User != nil || u.Fragment != "":
		return "must have no user and no fragment"
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return "must begin with https:// (http:// only on this machine)"
	}
	return ""
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
