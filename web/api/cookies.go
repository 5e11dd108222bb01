package api

import (
	"net/http"
	"time"
)

// The names of cookies, without hostPrefix.
const (
	// sessionCookie holds the browser session.
	sessionCookie = "dialtone"
	// pendingCookie holds a sign-in with OpenID that is under way.
	pendingCookie = "dialtone-openid"
)

// hostPrefix begins the names of cookies that a browser takes from this very host
// over HTTPS only, so that no neighbour can plant one.
const hostPrefix = "__Host-"

func cookieName(name string, overTLS bool) string {
	if overTLS {
		return hostPrefix + name
	}
	return name
}

// cookieValue returns what the cookie holds that newCookie would have set.
func cookieValue(r *http.Request, name string, overTLS bool) (string, bool) {
	c, err := r.Cookie(cookieName(name, overTLS))
	return valueOf(c), err == nil && c.Value != ""
}

func valueOf(c *http.Cookie) string {
	if c == nil {
		return ""
	}
	return c.Value
}

// newCookie returns the Set-Cookie header of a cookie that lasts for age, 0 for as
// long as the browser runs. SameSite is Lax and not Strict, so that a link from
// elsewhere, as from the OpenID provider, leads to a page that is signed in.
func newCookie(name, value string, age time.Duration, overTLS bool) string {
	c := http.Cookie{
		Name: cookieName(name, overTLS), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: overTLS, SameSite: http.SameSiteLaxMode,
	}
	return c.String()
}

// clearedCookies returns the Set-Cookie headers that remove a cookie under both
// its names.
func clearedCookies(name string) []string {
	var headers []string
	for _, overTLS := range []bool{false, true} {
		c := http.Cookie{Name: cookieName(name, overTLS), Path: "/", MaxAge: -1, HttpOnly: true, Secure: overTLS, SameSite: http.SameSiteLaxMode}
		headers = append(headers, c.String())
	}
	return headers
}
