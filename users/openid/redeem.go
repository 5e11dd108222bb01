package openid

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// maxSubject bounds the provider's subject (OpenID Connect Core, 2: at most 255
// ASCII characters).
const maxSubject = 255

// redeem gives the code for tokens and returns whom the ID token proves, with what
// the provider says of them.
func (p *Provider) redeem(ctx context.Context, r *remote, config *oauth2.Config, state pending, code string) (subject string, said claims, err error) {
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(state.Verifier))
	if err != nil {
		return "", nil, exchangeError(err)
	}
	id, said, err := p.verify(ctx, r, token, state.Nonce)
	if err != nil {
		return "", nil, err
	}
	if err := p.complete(ctx, r, token, id.Subject, said); err != nil {
		return "", nil, err
	}
	return id.Subject, said, nil
}

// exchangeError tells a code that does not count (used, expired, or another
// browser's) from everything else.
func exchangeError(err error) error {
	if r, ok := errors.AsType[*oauth2.RetrieveError](err); ok && r.ErrorCode == "invalid_grant" {
		return fmt.Errorf("%w: the code does not count, or no longer", ErrDenied)
	}
	return fmt.Errorf("%w: %s", ErrProvider, reason(err))
}

// verify checks the ID token (OpenID Connect Core, 3.1.3.7).
func (p *Provider) verify(ctx context.Context, r *remote, token *oauth2.Token, nonce string) (*oidc.IDToken, claims, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, nil, fmt.Errorf("%w: it gave no ID token", ErrProvider)
	}
	id, err := r.Verifier(&oidc.Config{ClientID: p.options.ClientID, Now: p.options.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: ID token: %s", ErrProvider, reason(err))
	}
	if !same(id.Nonce, nonce) {
		return nil, nil, fmt.Errorf("%w: the ID token was made for another sign-in", ErrState)
	}
	var said claims
	if err := id.Claims(&said); err != nil {
		return nil, nil, fmt.Errorf("%w: ID token: its claims cannot be read", ErrProvider)
	}
	if fault := p.idTokenFault(id, said, token.AccessToken); fault != "" {
		return nil, nil, fmt.Errorf("%w: ID token: %s", ErrProvider, fault)
	}
	return id, said, nil
}

// idTokenFault says what is wrong with an ID token that go-oidc lets pass.
func (p *Provider) idTokenFault(id *oidc.IDToken, said claims, accessToken string) string {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	if id.Subject == "" || len(id.Subject) > maxSubject || strings.ContainsFunc(id.Subject, odd) {
		return fmt.Sprintf("its subject is not text of 1 to %d characters", maxSubject)
	}
	others := slices.ContainsFunc(id.Audience, func(a string) bool { return a != p.options.ClientID })
	if party, _ := said.text("azp"); others && party != p.options.ClientID {
		return "it was made for several, and not for this client (azp)"
	}
	if id.AccessTokenHash != "" && id.VerifyAccessToken(accessToken) != nil {
		return "the access token is not its own (at_hash)"
	}
	return ""
}

// complete asks the provider's UserInfo endpoint for what the ID token lacks: many
// providers leave the profile and the groups out of it (OpenID Connect Core, 5.4).
func (p *Provider) complete(ctx context.Context, r *remote, token *oauth2.Token, subject string, said claims) error {
	if r.UserInfoEndpoint() == "" || !p.lacks(said) {
		return nil
	}
	info, err := r.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("%w: UserInfo: %s", ErrProvider, userInfoReason(err))
	}
	if info.Subject != subject {
		return fmt.Errorf("%w: UserInfo is about another subject", ErrProvider)
	}
	var more claims
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("%w: UserInfo: its claims cannot be read", ErrProvider)
	}
	said.add(more)
	return nil
}

// lacks reports whether a claim is missing that decides on the name or the role.
func (p *Provider) lacks(said claims) bool {
	if _, err := p.username(said); err != nil {
		return true
	}
	asks := slices.ContainsFunc(p.options.Roles, func(r RoleRule) bool { return r.Value != Anybody })
	_, known := said.find(p.options.RoleClaim)
	return asks && !known
}
