package acs

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzSessionCookies reads whatever devices may send as cookies: each id that it finds
// stands in the header, and one that was sent by the book is found.
func FuzzSessionCookies(f *testing.F) {
	for _, seed := range []string{
		"session=abc", `session="abc"; $Path="/"`, "a=b, session=abc", "session=abc; Path=/", "$Version=1; session=abc", "session", "session=", ";;,,==", "SESSION=abc",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		ids := sessionCookies(&http.Request{Header: http.Header{"Cookie": {header}}})
		for _, id := range ids {
			if !strings.Contains(header, id) || strings.ContainsAny(id, ";,") {
				t.Fatalf("%q: found %q", header, id)
			}
		}
		const own = "0123456789abcdef"
		found := sessionCookies(&http.Request{Header: http.Header{"Cookie": {header, "session=" + own}}})
		if len(found) != len(ids)+1 || found[len(found)-1] != own {
			t.Fatalf("%q hides the cookie that follows: %q", header, found)
		}
	})
}
