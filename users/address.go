package users

import "net/netip"

// maxAddress bounds in bytes what is kept of an address.
const maxAddress = 64

// Network returns what one customer has of addresses, by which strangers are counted:
// an IPv4 address as it is, an IPv6 address as its /64, either without a port; other
// text, such as that of a browser session, as it is, cut to 64 bytes.
func Network(text string) string {
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
