package main

import (
	"net/http"
	"net/netip"
	"strings"
)

// trustedProxies are the proxies whose X-Forwarded-For is believed.
type trustedProxies []netip.Prefix

// client returns the address that a request comes from: that of the peer, or,
// where the peer is a trusted proxy, the last address in X-Forwarded-For that is
// not one.
func (t trustedProxies) client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap()
	if !t.contain(address) {
		return address
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return address // What stands before a word that is no address is not to be believed.
		}
		address = hop.Unmap()
		if !t.contain(address) {
			return address
		}
	}
	return address
}

// secure reports whether the client came by HTTPS: to this server, or to a trusted
// proxy that says so in X-Forwarded-Proto.
func (t trustedProxies) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !t.contain(peer.Addr().Unmap()) {
		return false
	}
	// The first of several is that of the proxy which the client reached.
	scheme, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
	return strings.EqualFold(strings.TrimSpace(scheme), "https")
}

func (t trustedProxies) contain(address netip.Addr) bool {
	for _, p := range t {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
