package users

import "net/netip"

// maxAddress bounds in bytes what is kept of an address.
const maxAddress = 64

// attemptAddress returns what an address counts as: IPv4 as it is, IPv6 as its /64,
// other text, such as that of a browser session, as it is, cut.
func attemptAddress(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		both, err := netip.ParseAddrPort(text)
		if err != nil {
			return cutText(text, maxAddress)
		}
		address = both.Addr()
	}
	address = address.WithZone("").Unmap()
	if address.Is4() {
		return address.String()
	}
	network, err := address.Prefix(64)
	if err != nil {
		return cutText(text, maxAddress)
	}
	return network.String()
}
