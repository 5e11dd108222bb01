package console

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// policy is the Content-Security-Policy; %NONCE% stands for the nonce. Styles need
// one because Mantine and CodeMirror make style elements while the page runs;
// scripts come from files only.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%NONCE%'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

const permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), " +
	"microphone=(), midi=(), payment=(), serial=(), usb=()"

// newNonce returns 128 bits or more from which no other answer can be guessed.
func newNonce() string { return rand.Text() }

func setHeaders(h http.Header, nonce string, secure bool) {
	h.Set("Content-Security-Policy", strings.ReplaceAll(policy, "%NONCE%", nonce))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissionsPolicy)
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
