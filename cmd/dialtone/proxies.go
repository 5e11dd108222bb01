package main

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/dialtone-acs/dialtone/web/api"
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

// secure is api.OverTLS with these proxies.
func (t trustedProxies) secure(r *http.Request) bool { return api.OverTLS(r, t) }

func (t trustedProxies) contain(address netip.Addr) bool {
	for _, p := range t {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
