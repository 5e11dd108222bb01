package cpe

import (
	"context"
	"net"
	"net/netip"
	"time"
)

// dialFrom returns a Config.Dial that connects from a local address.
func dialFrom(source netip.Addr, timeout time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	local := net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))
	return (&net.Dialer{Timeout: timeout, KeepAlive: -1, LocalAddr: local}).DialContext
}
