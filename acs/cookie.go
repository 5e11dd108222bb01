package acs

import (
	"net/http"
	"strings"
)

// cookieName is short: some devices keep but few bytes of cookies.
const cookieName = "session"

// sessionCookies returns the session ids among a request's cookies. Devices
// write the header in many ways: separated by commas, in quotes, with the
// attributes of Set-Cookie in it (RFC 6265 section 4.2 says how it should be).
func sessionCookies(r *http.Request) []string {
	var ids []string
	for _, header := range r.Header["Cookie"] {
		for _, pair := range strings.FieldsFunc(header, func(c rune) bool { return c == ';' || c == ',' }) {
			name, value, found := strings.Cut(strings.TrimSpace(pair), "=")
			if found && name == cookieName {
				ids = append(ids, strings.Trim(strings.TrimSpace(value), `"`))
			}
		}
	}
	return ids
}

// setSessionCookie gives the device the session id, in a form that the simplest
// cookie jar keeps: one cookie, for every path, for this session.
func setSessionCookie(w http.ResponseWriter, id string) {
	w.Header().Set("Set-Cookie", cookieName+"="+id+"; Path=/")
}
