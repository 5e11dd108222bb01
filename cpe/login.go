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
	// quirks are those of the device; verbatim is the header that it sends again.
	quirks   LoginQuirks
	verbatim string
}

// challenge takes a 401; false if there is nothing to answer it with. attempt
// counts the 401 to one request from 1: a second one is answered only if it says
// that the nonce was stale.
func (l *login) challenge(header http.Header, attempt int) bool {
	if challenge, err := digest.FindChallenge(header); err == nil {
		if attempt > 1 && !challenge.Stale {
			return false
		}
		if l.quirks.DigestWithoutQOP {
			challenge.QOP = nil
		}
		l.digest, l.count, l.basic, l.verbatim = challenge, 0, false, ""
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
	if l.basic || l.quirks.BasicFirst && l.digest == nil && l.username != "" {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(l.username+":"+l.password))
	}
	if l.digest == nil || l.verbatim != "" {
		return l.verbatim
	}
	if l.count++; l.quirks.DigestCountFixed {
		l.count = 1
	}
	credentials, err := digest.Digest(l.digest, digest.Options{
		Method: method, URI: uri, Count: l.count, Username: l.username, Password: l.password,
	})
	if err != nil {
		return ""
	}
	if l.quirks.DigestVerbatim {
		l.verbatim = credentials.String()
	}
	return credentials.String()
}
