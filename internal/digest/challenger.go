package digest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// minKey is the least length of a signing key in bytes.
	minKey = 16
	// maxRealm is what the smallest clients have room for.
	maxRealm = 127
	// skew is how far in the future another node's nonce may seem to come from.
	skew = time.Minute

	nonceStamp  = 4 // seconds since 1970, big-endian
	nonceRandom = 2
	nonceSigned = nonceStamp + nonceRandom
	nonceSize   = 16 // 32 hexadecimal digits: some clients keep no more
)

// Options are what a [Challenger] is made of.
type Options struct {
	// Key signs nonces: at least 16 random bytes, the same on every node.
	Key []byte
	// OtherKeys sign nonces on other nodes, while they are about to sign with Key or no longer do.
	OtherKeys [][]byte
	// Realm is what the client is told to authenticate for: 1 to 127 printable ASCII characters without
	// quotes and backslashes.
	Realm string
	// Lifetime is how long a nonce may be used.
	Lifetime time.Duration
	// Clock tells the time.
	Clock func() time.Time
	// AllowLegacy accepts answers without qop (RFC 2069), which are not bound to a client nonce.
	AllowLegacy bool
}

// Challenger is the server half. It keeps no state: a nonce carries its time of issue and a signature. What counts (nc)
// were used is for [Uses] to remember. It is safe for concurrent use.
type Challenger struct {
	options Options
}

// NewChallenger checks the options and makes a Challenger of them.
func NewChallenger(options Options) (*Challenger, error) {
	switch {
	case len(options.Key) < minKey:
		return nil, fmt.Errorf("digest: Key has %d bytes, expected at least %d", len(options.Key), minKey)
	case slices.ContainsFunc(options.OtherKeys, func(key []byte) bool { return len(key) < minKey }):
		return nil, fmt.Errorf("digest: one of OtherKeys has less than %d bytes", minKey)
	case options.Lifetime < time.Second:
		return nil, fmt.Errorf("digest: Lifetime is %s, expected at least 1s", options.Lifetime)
	case options.Clock == nil:
		return nil, errors.New("digest: Clock is missing")
	case options.Realm == "" || len(options.Realm) > maxRealm || strings.ContainsFunc(options.Realm, notPlain):
		return nil, fmt.Errorf("digest: Realm %q: expected 1 to %d printable ASCII characters without quotes and backslashes",
			options.Realm, maxRealm)
	}
	return &Challenger{options: options}, nil
}

func notPlain(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }

// Challenge returns the values for the WWW-Authenticate header of a 401, one for each algorithm in the given
// order; none means MD5 alone, which is what CWMP asks for. The qop is exactly "auth": there are clients that
// read a list as one word. Stale tells the client that its nonce was too old but nothing else was wrong, so that
// it tries again at once.
func (c *Challenger) Challenge(stale bool, algorithms ...Algorithm) []string {
	if len(algorithms) == 0 {
		algorithms = []Algorithm{MD5}
	}
	nonce := c.newNonce()
	values := make([]string, 0, len(algorithms))
	for _, algorithm := range algorithms {
		value := fmt.Sprintf(`Digest realm="%s", nonce="%s", qop="auth", algorithm=%s`, c.options.Realm, nonce, algorithm)
		if stale {
			value += ", stale=true"
		}
		values = append(values, value)
	}
	return values
}

// BasicChallenge returns the value that offers Basic (RFC 7617). Offer Digest first: some clients read only the
// first header.
func (c *Challenger) BasicChallenge() string {
	return fmt.Sprintf(`Basic realm="%s", charset="UTF-8"`, c.options.Realm)
}

// NonceState is what the server knows of a nonce.
type NonceState int

const (
	// NonceForeign was not issued with one of the keys and this realm, or was altered.
	NonceForeign NonceState = iota
	// NonceStale is ours, but its lifetime is over: challenge again with stale.
	NonceStale
	// NonceFresh is ours and may be used.
	NonceFresh
)

// NonceState checks the nonce of Digest credentials: one hash, no look-up.
func (c *Challenger) NonceState(credentials Credentials) NonceState {
	nonce, err := hex.DecodeString(credentials.Nonce)
	if err != nil || len(nonce) != nonceSize {
		return NonceForeign
	}
	if !c.ours(nonce) {
		return NonceForeign
	}
	issued := time.Unix(int64(binary.BigEndian.Uint32(nonce)), 0)
	if age := c.options.Clock().Sub(issued); age < -skew || age > c.options.Lifetime {
		return NonceStale
	}
	return NonceFresh
}

func (c *Challenger) newNonce() string {
	nonce := make([]byte, nonceSigned, nonceSize)
	binary.BigEndian.PutUint32(nonce, uint32(c.options.Clock().Unix()))
	_, _ = rand.Read(nonce[nonceStamp:])
	return hex.EncodeToString(append(nonce, c.signature(c.options.Key, nonce)...))
}

func (c *Challenger) ours(nonce []byte) bool {
	signed := func(key []byte) bool {
		return subtle.ConstantTimeCompare(nonce[nonceSigned:], c.signature(key, nonce[:nonceSigned])) == 1
	}
	return signed(c.options.Key) || slices.ContainsFunc(c.options.OtherKeys, signed)
}

func (c *Challenger) signature(key, signed []byte) []byte {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write(signed)
	_, _ = mac.Write([]byte(c.options.Realm))
	return mac.Sum(nil)[:nonceSize-nonceSigned]
}
