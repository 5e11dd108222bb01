package cpe

import (
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/icholy/digest"
)

// loginOddities are about how a device authenticates to the ACS.
var loginOddities = []Oddity{
	{Name: "basic-first", Manner: "sends Basic credentials before it is asked", config: quirk(func(q *Quirks) { q.BasicFirst = true })},
	{Name: "digest-without-qop", Manner: "answers Digest as RFC 2069 has it, without qop", config: quirk(func(q *Quirks) { q.DigestWithoutQOP = true })},
	{Name: "digest-count-fixed", Manner: "counts every answer to a nonce as the first", config: quirk(func(q *Quirks) { q.DigestCountFixed = true })},
	{Name: "digest-verbatim", Manner: "sends the first good Authorization header with every request", config: quirk(func(q *Quirks) { q.DigestVerbatim = true })},
	{Name: "authorization-invalid", Manner: "sends an Authorization header of no scheme before it is asked", request: func(p *post) {
		if p.authorization == "" {
			p.authorization = `Phone "=,;` + base64.StdEncoding.EncodeToString([]byte("0"))
		}
	}},
	{Name: "digest-unquoted", Manner: "writes qop, nc and algorithm in quotes", request: func(p *post) {
		if strings.HasPrefix(p.authorization, "Digest ") {
			p.authorization = unquoted.ReplaceAllString(p.authorization, `$1="$2"`)
		}
	}},
	{Name: "cookies-without-login", Manner: "sends no cookies with Digest credentials", request: func(p *post) {
		if strings.HasPrefix(p.authorization, "Digest ") {
			p.cookie = ""
		}
	}},
}

var unquoted = regexp.MustCompile(`\b(qop|nc|algorithm)=([A-Za-z0-9-]+)`)

// connectionRequestOddities are about how a device takes connection requests.
var connectionRequestOddities = []Oddity{
	{Name: "called-drops-connection", Manner: "drops the connection after it challenged a connection request", config: quirk(func(q *Quirks) { q.DropAfterChallenge = true })},
	{Name: "called-busy", Manner: "answers 503 to a connection request during a session", config: quirk(func(q *Quirks) { q.BusyConnectionRequests = true })},
	{Name: "called-without-qop", Manner: "challenges connection requests as RFC 2069 has it", challenge: func(c *digest.Challenge) { c.QOP, c.Algorithm = nil, "" }},
	{Name: "called-with-qop-list", Manner: "offers auth and auth-int for connection requests", challenge: func(c *digest.Challenge) { c.QOP = []string{"auth", "auth-int"} }},
	{Name: "called-with-opaque", Manner: "challenges connection requests with an opaque text and a domain", challenge: func(c *digest.Challenge) {
		c.Opaque, c.Domain = "5ccc069c403ebaf9f0171e9517f40e41", []string{"/"}
	}},
}
