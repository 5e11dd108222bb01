package api

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// newCrossOrigin returns the protection against pages of other origins than the
// server's own and webURL's.
func newCrossOrigin(webURL string) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if webURL == "" {
		return protection, nil
	}
	u, err := url.Parse(webURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("api: Options.WebURL must be http(s)://HOST without a path, not %q", webURL)
	}
	if err := protection.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return nil, fmt.Errorf("api: Options.WebURL: %w", err)
	}
	return protection, nil
}

// checkOrigin returns the problem of a request that writes and that a page of
// another origin made the browser send.
func (a *API) checkOrigin(r *http.Request) error {
	if err := a.crossOrigin.Check(r); err != nil {
		return kindForbidden.problem("a page of another origin asks, which may not act in the name of who is signed in")
	}
	return nil
}

// OverTLS reports whether a client came by HTTPS: to this server, or to one of the
// trusted proxies that says so in X-Forwarded-Proto.
func OverTLS(r *http.Request, trusted []netip.Prefix) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	address := peer.Addr().Unmap().WithZone("")
	if !slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(address) }) {
		return false
	}
	// The first of several is that of the proxy which the client reached.
	scheme, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
	return strings.EqualFold(strings.TrimSpace(scheme), "https")
}

// webURL returns where the browser that asks finds the server.
func (a *API) webURL(x *exchange) string {
	if a.WebURL != "" {
		return strings.TrimRight(a.WebURL, "/")
	}
	scheme := "http"
	if x.overTLS {
		scheme = "https"
	}
	return scheme + "://" + x.host
}
