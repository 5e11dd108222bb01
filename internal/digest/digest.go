// Package digest is HTTP authentication as CWMP uses it, both halves: Digest by RFC 7616, with the forms of
// RFC 2617 and RFC 2069 that devices in the field still speak, and Basic by RFC 7617.
//
// The server half is the [Challenger]: its nonces are stateless, so that a nonce is known to be ours and fresh
// before any credential is looked up. The client half is [Authorize]: it answers the challenge that a device
// sends to a connection request.
package digest

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
)

// MaxHeader is the length in bytes above which a header value is malformed. It leaves room for a user name and a
// password of 256 characters of four bytes each in every encoding.
const MaxHeader = 8 << 10

// Errors of the parsers; test with errors.Is. No error quotes a header: it may hold a password.
var (
	// ErrMalformed says that a header value does not follow its grammar; the error that wraps it says where.
	ErrMalformed = errors.New("digest: malformed header")
	// ErrScheme says that credentials are neither Basic nor Digest.
	ErrScheme = errors.New("digest: unsupported authentication scheme")
	// ErrNoChallenge says that a response offers no Digest challenge that can be answered: none at all, or
	// only unknown algorithms or qop values. Basic is never answered: it would give the password away.
	ErrNoChallenge = errors.New("digest: no challenge that can be answered")
)

// Algorithm is the name of a digest algorithm as it stands in a header.
type Algorithm string

// The algorithms of RFC 7616 section 3.4 that are supported. CWMP asks for MD5.
const (
	MD5        Algorithm = "MD5"
	MD5Sess    Algorithm = "MD5-sess"
	SHA256     Algorithm = "SHA-256"
	SHA256Sess Algorithm = "SHA-256-sess"
)

const qopAuth = "auth"

// canonical finds the algorithm that a header names; no name is MD5 (RFC 7616 section 3.3).
func canonical(name string) (Algorithm, bool) {
	if name == "" {
		return MD5, true
	}
	for _, known := range []Algorithm{MD5, MD5Sess, SHA256, SHA256Sess} {
		if strings.EqualFold(name, string(known)) {
			return known, true
		}
	}
	return "", false
}

func (a Algorithm) session() bool { return a == MD5Sess || a == SHA256Sess }

func (a Algorithm) new() hash.Hash {
	if a == SHA256 || a == SHA256Sess {
		return sha256.New()
	}
	return md5.New()
}

// sum hashes the parts joined by colons: H and KD of RFC 7616 section 3.3.
func (a Algorithm) sum(parts ...string) string {
	h := a.new()
	_, _ = h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
}

// exchange is what both halves put into the response.
type exchange struct {
	algorithm                  Algorithm
	username, realm, password  string
	method, uri                string
	nonce, count, cnonce, mode string // mode is the qop; empty in the form of RFC 2069
}

// response computes request-digest (RFC 7616 section 3.4.1; without qop, RFC 2617 section 3.2.2.1).
func (e exchange) response() string {
	a := e.algorithm
	ha1 := a.sum(e.username, e.realm, e.password)
	if a.session() {
		ha1 = a.sum(ha1, e.nonce, e.cnonce)
	}
	ha2 := a.sum(e.method, e.uri)
	if e.mode == "" {
		return a.sum(ha1, e.nonce, ha2)
	}
	return a.sum(ha1, e.nonce, e.count, e.cnonce, e.mode, ha2)
}
