package users

import (
	"crypto/rand"
	"encoding/base64"
)

// cookieBytes is how many random bytes the cookie of a browser session has.
const cookieBytes = 32

// newCookieText returns the value of a fresh cookie: 32 random bytes in base64url
// without padding.
func newCookieText() string {
	raw := make([]byte, cookieBytes)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails; it ends the program instead.
	return base64.RawURLEncoding.EncodeToString(raw)
}

// isCookieText reports whether text has the form of a cookie's value.
func isCookieText(text string) bool {
	if len(text) != base64.RawURLEncoding.EncodedLen(cookieBytes) {
		return false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(raw) == cookieBytes
}
