package delivery

import "net/netip"

// DefaultAllow returns the networks that are nobody else's: private ones (RFC 1918),
// unique local ones (RFC 4193), loopback and link-local.
func DefaultAllow() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"),
		netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("::1/128"),
	}
}

// allowed reports whether files with secrets may go to an address.
func (s *Server) allowed(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	for _, network := range s.options.Allow {
		if network.Contains(address) {
			return true
		}
	}
	return false
}
