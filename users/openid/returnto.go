package openid

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxReturnTo bounds the path to return to in bytes: sealed and in base64 it has
// to fit into a cookie with the rest.
const maxReturnTo = 1024

// samePath returns text if it is a path on this origin, and else "/": a sign-in
// must not lead away from here. Browsers take "//host" and "/\host" for another
// host, and drop tabs and line ends before they look.
func samePath(text string) string {
	inner := strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//")
	odd := func(r rune) bool { return r == '\\' || !unicode.IsPrint(r) }
	if !inner || len(text) > maxReturnTo || !utf8.ValidString(text) || strings.ContainsFunc(text, odd) {
		return "/"
	}
	if u, err := url.Parse(text); err != nil || u.Scheme != "" || u.Host != "" {
		return "/"
	}
	return text
}
