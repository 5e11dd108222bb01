package openid

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"
)

// maxReason bounds what is told of a provider's error, in bytes.
const maxReason = 256

// reason says in few words what went wrong with the provider. It tells no body of
// the token endpoint, and no URL but its host: either may hold what is secret.
func reason(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return cut(hostOf(u.URL) + " cannot be reached: " + u.Err.Error())
	}
	if r, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return fmt.Sprintf("the token endpoint answered %d (%s)", r.Response.StatusCode, knownCode(r.ErrorCode))
	}
	return cut(err.Error())
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return "the provider"
}

func cut(text string) string {
	text = strings.ToValidUTF8(text, "?")
	if len(text) <= maxReason {
		return text
	}
	return strings.ToValidUTF8(text[:maxReason], "") + "…"
}

// knownCode returns an error code of RFC 6749 or OpenID Connect Core, or a mark for
// any other text: it comes by way of the browser and may be anything.
func knownCode(code string) string {
	known := []string{
		"access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "server_error",
		"temporarily_unavailable", "interaction_required", "login_required", "account_selection_required", "consent_required",
		"invalid_client", "invalid_grant", "unsupported_grant_type",
	}
	if slices.Contains(known, code) {
		return code
	}
	return "no known code"
}

// userInfoReason is reason without what the endpoint said: it says it of a person.
func userInfoReason(err error) string {
	if _, ok := errors.AsType[*url.Error](err); ok {
		return reason(err)
	}
	return "it did not answer with claims"
}
