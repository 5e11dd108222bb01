package cpe

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/icholy/digest"
)

// login is the device's half of HTTP authentication in one session: nothing is sent
// until the ACS asks, then with every request (RFC 7616, RFC 7617).
type login struct {
	username, password string
	basic              bool
	digest             *digest.Challenge
	count              int
}

// challenge takes a 401; false if there is nothing to answer it with. attempt
// counts the 401 to one request from 1: a second one is answered only if it says
// that the nonce was stale.
func (l *login) challenge(header http.Header, attempt int) bool {
	if challenge, err := digest.FindChallenge(header); err == nil {
		if attempt > 1 && !challenge.Stale {
			return false
		}
		l.digest, l.count, l.basic = challenge, 0, false
		return true
	}
	for _, value := range header.Values("WWW-Authenticate") {
		scheme, _, _ := strings.Cut(value, " ")
		if strings.EqualFold(scheme, "Basic") && !l.basic {
			l.basic = true
			return true
		}
	}
	return false
}

// authorization returns the header for one request; empty if none was asked for.
func (l *login) authorization(method, uri string) string {
	if l.basic {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(l.username+":"+l.password))
	}
	if l.digest == nil {
		return ""
	}
	l.count++
	credentials, err := digest.Digest(l.digest, digest.Options{
		Method: method, URI: uri, Count: l.count, Username: l.username, Password: l.password,
	})
	if err != nil {
		return ""
	}
	return credentials.String()
}
