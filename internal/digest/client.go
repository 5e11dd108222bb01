package digest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Challenge is a Digest challenge that can be answered: a known algorithm, and a qop of auth or none.
type Challenge struct {
	Realm, Nonce, Opaque string
	// Algorithm is the canonical name; MD5 if the challenge names none.
	Algorithm Algorithm
	// QOP is "auth", or empty if the challenge offers none (RFC 2069).
	QOP string
	// Stale says that the nonce of the last answer was too old but nothing else was wrong.
	Stale bool

	// algorithm is the name as the challenge has it, which is how simple servers expect it back.
	algorithm string
}

// Request is what an answer to a challenge is computed for.
type Request struct {
	// Method and URI are those of the request line, exactly as they are sent.
	Method, URI        string
	Username, Password string
	// CNonce is the client's nonce; if empty, a random one is made.
	CNonce string
}

// ParseChallenges reads the values of all WWW-Authenticate headers of a response, each of which may hold several
// challenges, and returns those that can be answered in the order in which they stand. Its errors are
// [ErrMalformed], if there is none and a header was malformed, and [ErrNoChallenge].
func ParseChallenges(headers []string) ([]Challenge, error) {
	var challenges []Challenge
	var defect error
	for _, header := range headers {
		parts, err := parseParts(header)
		if err != nil {
			defect = err
			continue
		}
		for _, p := range parts {
			if challenge, ok := answerable(p); ok {
				challenges = append(challenges, challenge)
			}
		}
	}
	switch {
	case len(challenges) > 0:
		return challenges, nil
	case defect != nil:
		return nil, defect
	default:
		return nil, ErrNoChallenge
	}
}

func answerable(p part) (Challenge, bool) {
	algorithm, known := canonical(p.params["algorithm"])
	offered, hasQOP := p.params["qop"]
	modes := strings.FieldsFunc(strings.ToLower(offered), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	challenge := Challenge{
		Realm:     p.params["realm"],
		Nonce:     p.params["nonce"],
		Opaque:    p.params["opaque"],
		Algorithm: algorithm,
		Stale:     strings.EqualFold(p.params["stale"], "true"),
		algorithm: p.params["algorithm"],
	}
	if hasQOP && len(modes) > 0 {
		challenge.QOP = qopAuth
	}
	usable := strings.EqualFold(p.scheme, string(Digest)) && known && challenge.Nonce != "" &&
		(challenge.QOP == "" || slices.Contains(modes, qopAuth))
	return challenge, usable
}

// Authorize returns the value of the Authorization header that answers the first challenge among the
// WWW-Authenticate headers that can be answered (RFC 7616 section 3.7), for the first use of its nonce. Its errors
// are those of [ParseChallenges] and of [Challenge.Answer].
func Authorize(headers []string, request Request) (string, error) {
	challenges, err := ParseChallenges(headers)
	if err != nil {
		return "", err
	}
	return challenges[0].Answer(request)
}

// Answer returns the value of the Authorization header for the first use of the challenge's nonce. A user name, URI
// or realm with a control character is refused.
func (c Challenge) Answer(request Request) (string, error) {
	for name, value := range map[string]string{"user name": request.Username, "URI": request.URI, "realm": c.Realm} {
		if strings.ContainsFunc(value, isControl) {
			return "", fmt.Errorf("digest: control character in %s", name)
		}
	}
	if request.CNonce == "" {
		var random [16]byte
		_, _ = rand.Read(random[:])
		request.CNonce = hex.EncodeToString(random[:])
	}
	const count = "00000001"
	response := exchange{
		algorithm: c.Algorithm,
		username:  request.Username,
		realm:     c.Realm,
		password:  request.Password,
		method:    request.Method,
		uri:       request.URI,
		nonce:     c.Nonce,
		count:     count,
		cnonce:    request.CNonce,
		mode:      c.QOP,
	}.response()
	return c.header(request, count, response), nil
}

// header leaves out what the challenge did not ask for: clients of RFC 2069 know no cnonce.
func (c Challenge) header(request Request, count, response string) string {
	var header strings.Builder
	fmt.Fprintf(&header, `Digest username=%s, realm=%s, nonce=%s, uri=%s`,
		quote(request.Username), quote(c.Realm), quote(c.Nonce), quote(request.URI))
	if c.algorithm != "" {
		fmt.Fprintf(&header, `, algorithm=%s`, c.Algorithm)
	}
	if c.QOP != "" {
		fmt.Fprintf(&header, `, qop=%s, nc=%s`, c.QOP, count)
	}
	if c.QOP != "" || c.Algorithm.session() {
		fmt.Fprintf(&header, `, cnonce=%s`, quote(request.CNonce))
	}
	fmt.Fprintf(&header, `, response="%s"`, response)
	if c.Opaque != "" {
		fmt.Fprintf(&header, `, opaque=%s`, quote(c.Opaque))
	}
	return header.String()
}
