package digest

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/url"
	"path"
	"strings"
)

// Result is how [Challenger.Verify] ended.
type Result int

const (
	// NoCredentials: the header is empty or of another scheme. Challenge.
	NoCredentials Result = iota
	// OK: the user name is proven.
	OK
	// Stale: the nonce is not, or no longer, valid here. Challenge with stale.
	Stale
	// Wrong: unknown user name, wrong password, another resource, an unsupported algorithm or qop.
	Wrong
	// Malformed: the header does not follow its grammar.
	Malformed
)

// String returns the result in one or two words.
func (r Result) String() string {
	names := [...]string{"no credentials", "ok", "stale", "wrong", "malformed"}
	if r < 0 || int(r) >= len(names) {
		return "unknown"
	}
	return names[r]
}

// Verify does all steps for an Authorization header, which may be empty: parse, check the nonce, look up, check.
// The lookup returns the passwords that are valid for a user name (two while one is being changed, none for an
// unknown name), and is not called before the nonce has proven fresh. The user name is returned whenever one
// could be read; only [OK] proves it. A nonce that is not ours counts as [Stale]: the client may have it from
// before a change of key.
func (c *Challenger) Verify(method, requestURI, authorization string, lookup func(username string) []string) (string, Result) {
	if strings.TrimSpace(authorization) == "" {
		return "", NoCredentials
	}
	credentials, err := Parse(authorization)
	switch {
	case errors.Is(err, ErrScheme):
		return "", NoCredentials
	case err != nil:
		return "", Malformed
	case credentials.Scheme == Digest && c.NonceState(credentials) != NonceFresh:
		return credentials.Username, Stale
	}
	for _, password := range lookup(credentials.Username) {
		if c.Check(credentials, method, requestURI, password) {
			return credentials.Username, OK
		}
	}
	return credentials.Username, Wrong
}

// Check reports whether the credentials, Basic or Digest, prove the password for this request. The requestURI is
// the request's target as it came in. It compares in constant time and does not look at the nonce's age: ask
// [Challenger.NonceState] first.
//
// The uri of Digest credentials may be the path, with or without the query, or an absolute URL: it has to name
// the same path once both are normalised, and the same query if it has one; the response is computed with what
// the client wrote.
func (c *Challenger) Check(credentials Credentials, method, requestURI, password string) bool {
	if credentials.Scheme == Basic {
		return equal(credentials.password, password)
	}
	algorithm, known := canonical(credentials.Algorithm)
	if !known || credentials.userhash || credentials.Realm != c.options.Realm {
		return false
	}
	if !c.acceptsQOP(credentials.QOP) || !sameResource(credentials.URI, requestURI) {
		return false
	}
	if algorithm.session() && credentials.CNonce == "" {
		return false
	}
	expected := exchange{
		algorithm: algorithm,
		username:  credentials.Username,
		realm:     credentials.Realm,
		password:  password,
		method:    method,
		uri:       credentials.URI,
		nonce:     credentials.Nonce,
		count:     credentials.NonceCount,
		cnonce:    credentials.CNonce,
		mode:      credentials.QOP,
	}
	return equal(credentials.Response, expected.response())
}

func (c *Challenger) acceptsQOP(qop string) bool {
	return qop == qopAuth || qop == "" && c.options.AllowLegacy
}

func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

func sameResource(uri, requestURI string) bool {
	path, query, hasQuery := resource(uri)
	wantPath, wantQuery, _ := resource(requestURI)
	return path == wantPath && (!hasQuery || query == wantQuery)
}

// resource splits a request target, absolute or not, into its normalised path and its query.
func resource(target string) (cleaned, query string, hasQuery bool) {
	if _, rest, absolute := strings.Cut(target, "://"); absolute && !strings.HasPrefix(target, "/") {
		end := strings.IndexAny(rest, "/?")
		if end < 0 {
			end = len(rest)
		}
		target = rest[end:]
	}
	raw, query, hasQuery := strings.Cut(target, "?")
	if decoded, err := url.PathUnescape(raw); err == nil {
		raw = decoded
	}
	return path.Clean("/" + raw), query, hasQuery
}
