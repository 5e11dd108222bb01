package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/users/openid"
)

// provider returns the OpenID provider of the options, nil without one.
func (o signInOptions) provider(keeper *secret.Keeper, now func() time.Time) (*openid.Provider, error) {
	if o.OpenIDIssuer == "" {
		return nil, nil
	}
	clientSecret, err := readSecretFile("openid-client-secret-file", o.OpenIDClientSecretFile)
	if err != nil {
		return nil, err
	}
	options := openid.Options{
		Issuer: o.OpenIDIssuer, ClientID: o.OpenIDClientID, ClientSecret: clientSecret, Scopes: o.OpenIDScopes, Name: o.OpenIDName,
		UsernameClaim: o.OpenIDUserClaim, RoleClaim: o.OpenIDRoleClaim, Keeper: keeper, Now: now,
	}
	for _, text := range o.OpenIDRoles {
		rule, err := openid.ParseRoleRule(text)
		if err != nil {
			return nil, fmt.Errorf("--openid-role: %w", err)
		}
		options.Roles = append(options.Roles, rule)
	}
	p, err := openid.New(options)
	if err != nil {
		return nil, fmt.Errorf("--openid-issuer: %w", err)
	}
	return p, nil
}

// signOnPort is the OpenID provider as the API wants it.
type signOnPort struct{ *openid.Provider }

// Begin implements api.SignOn.
func (s signOnPort) Begin(ctx context.Context, callbackURL, returnTo string) (redirectURL, pending string, err error) {
	redirectURL, pending, err = s.Provider.Begin(ctx, callbackURL, returnTo)
	return redirectURL, pending, coded(err)
}

// Finish implements api.SignOn.
func (s signOnPort) Finish(ctx context.Context, callbackURL, pending string, query url.Values) (users.External, string, error) {
	proven, returnTo, err := s.Provider.Finish(ctx, callbackURL, pending, query)
	if err != nil {
		return users.External{}, returnTo, coded(err)
	}
	// Address and user agent are the API's to say.
	return proven.External("", ""), returnTo, nil
}

// codedError says in one word why a sign-in failed.
type codedError struct {
	error
	code string
}

// Code implements what api.SignOn says of errors.
func (e codedError) Code() string { return e.code }

// Unwrap returns the error itself.
func (e codedError) Unwrap() error { return e.error }

// coded gives the errors of the provider the words by which the console explains
// them.
func coded(err error) error {
	for sentinel, code := range map[error]string{
		openid.ErrProvider: "provider", openid.ErrDenied: "denied", openid.ErrState: "expired", openid.ErrNoRole: "no-role", openid.ErrName: "name",
	} {
		if errors.Is(err, sentinel) {
			return codedError{error: err, code: code}
		}
	}
	return err
}
