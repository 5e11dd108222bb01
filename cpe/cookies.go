package cpe

import (
	"net/http"
	"slices"
	"strings"
)

// keepCookies keeps what an answer sets, in the way of this device.
func (t *transport) keepCookies(answer *http.Response) {
	quirks := &t.device.config.Quirks
	if quirks.NoCookies {
		return
	}
	if quirks.CookiesForgotten && answer.StatusCode != http.StatusUnauthorized {
		t.cookies = nil
	}
	if answer.Header["Set-Cookie"] == nil {
		return
	}
	for _, c := range answer.Cookies() {
		if quirks.CookiesWithPath && c.Path != "/" {
			continue
		}
		if i := slices.IndexFunc(t.cookies, func(known *http.Cookie) bool { return known.Name == c.Name }); i >= 0 {
			t.cookies[i] = c
		} else {
			t.cookies = append(t.cookies, c)
		}
	}
}

func (t *transport) cookieHeader() string {
	var b strings.Builder
	for i, c := range t.cookies {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.Name + "=" + c.Value)
	}
	return b.String()
}

// rememberCookies keeps those of a session that ended, where the device sends them with
// the next Inform.
func (d *Device) rememberCookies(cookies []*http.Cookie) {
	if !d.config.Quirks.PreviousCookies {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.odd.cookies = slices.Clone(cookies)
}
