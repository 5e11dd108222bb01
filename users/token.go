package users

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// tokenPrefix marks a token as Dialtone's, for people and for scanners that
// look for secrets in the wrong places.
const tokenPrefix = "dt_"

// tokenBytes is how many random bytes a token has.
const tokenBytes = 32

// newTokenText returns the text of a fresh token: "dt_" and 32 random bytes in
// base64url without padding.
func newTokenText() string {
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails; it ends the program instead.
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
}

// isTokenText reports whether text has the form of a token.
func isTokenText(text string) bool {
	body, ok := strings.CutPrefix(text, tokenPrefix)
	if !ok || len(body) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return false
	}
	_, err := base64.RawURLEncoding.DecodeString(body)
	return err == nil
}

// hashToken returns what is stored of a token. A plain hash is enough: the
// token is random and long, so there is nothing to guess.
func hashToken(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// newOrderedID returns an ID that begins with the time, so that the order of
// IDs is the order of creation: 48 bits of milliseconds and 80 random bits in
// base32hex (RFC 4648 section 7).
func newOrderedID(now time.Time) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(raw[6:]) // crypto/rand.Read never fails; it ends the program instead.
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]))
}
