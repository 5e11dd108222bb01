package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/dialtone-acs/dialtone/users"
)

// credential is what a request proves with who asks.
type credential struct {
	// cookie says that a browser sent it by itself.
	cookie bool
	// prove returns who that is at the time it is called.
	prove func(ctx context.Context) (users.Principal, error)
}

// credential returns what the request came with: a bearer token, else the cookie
// of a browser session. A token that is not valid is not made up for by a cookie.
func (a *API) credential(r *http.Request) (credential, error) {
	if bearer, ok := bearerToken(r.Header.Get("Authorization")); ok {
		return credential{prove: func(ctx context.Context) (users.Principal, error) {
			p, err := a.Directory.Authenticate(ctx, bearer)
			return p, unproven(err, `, error="invalid_token"`, "the token is unknown, expired or deleted")
		}}, nil
	}
	if cookie, ok := cookieValue(r, sessionCookie, exchangeOf(r.Context()).overTLS); ok {
		return credential{cookie: true, prove: func(ctx context.Context) (users.Principal, error) {
			p, err := a.Directory.AuthenticateCookie(ctx, cookie)
			return p, unproven(err, "", "the session has ended: sign in again")
		}}, nil
	}
	return credential{}, unauthenticated("", "sign in, or give a token: Authorization: Bearer TOKEN")
}

// unproven turns users.ErrUnauthenticated into its problem, and leaves
// every other error as it is.
func unproven(err error, parameters, detail string) error {
	if errors.Is(err, users.ErrUnauthenticated) {
		return unauthenticated(parameters, detail)
	}
	return err
}

// unauthenticated returns a 401 with its challenge (RFC 6750 section 3).
func unauthenticated(parameters, detail string) *Problem {
	return kindUnauthenticated.problem(detail).with("WWW-Authenticate", challenge+parameters)
}

// challenge is what goes with every 401.
const challenge = `Bearer realm="dialtone"`

func bearerToken(header string) (string, bool) {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	token = strings.TrimSpace(token)
	return token, token != ""
}
