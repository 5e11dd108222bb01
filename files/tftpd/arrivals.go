package tftpd

import (
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// arrival is a packet that came to the listening socket.
type arrival struct {
	packet []byte
	peer   netip.AddrPort
	// local is the address that it was sent to, the zero value if unknown.
	local netip.Addr
}

// arrivals reads packets together with the address that they were sent to: of a host
// with several, a phone takes answers only from the one that it asked.
type arrivals struct {
	read func(buffer []byte) (n int, to net.IP, from net.Addr, err error)
	// bound is the address that the socket is bound to, unspecified for all.
	bound  netip.AddrPort
	buffer []byte
}

func newArrivals(conn *net.UDPConn) (*arrivals, error) {
	local, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return nil, fmt.Errorf("listen on %s: not a UDP address", conn.LocalAddr())
	}
	a := &arrivals{bound: local.AddrPort(), buffer: make([]byte, maxRequest+1)}
	if local.IP.To4() != nil {
		packets := ipv4.NewPacketConn(conn)
		a.read = readIPv4(packets)
		return a, describe(packets.SetControlMessage(ipv4.FlagDst, true))
	}
	packets := ipv6.NewPacketConn(conn)
	a.read = readIPv6(packets)
	return a, describe(packets.SetControlMessage(ipv6.FlagDst, true))
}

func describe(err error) error {
	if err != nil {
		return fmt.Errorf("ask for the address of packets: %w", err)
	}
	return nil
}

func readIPv4(packets *ipv4.PacketConn) func([]byte) (int, net.IP, net.Addr, error) {
	return func(buffer []byte) (int, net.IP, net.Addr, error) {
		n, control, from, err := packets.ReadFrom(buffer)
		if control == nil {
			return n, nil, from, err
		}
		return n, control.Dst, from, err
	}
}

func readIPv6(packets *ipv6.PacketConn) func([]byte) (int, net.IP, net.Addr, error) {
	return func(buffer []byte) (int, net.IP, net.Addr, error) {
		n, control, from, err := packets.ReadFrom(buffer)
		if control == nil {
			return n, nil, from, err
		}
		return n, control.Dst, from, err
	}
}

// next waits for a packet. Its bytes hold until the next call.
func (a *arrivals) next() (arrival, error) {
	n, to, from, err := a.read(a.buffer)
	if err != nil {
		return arrival{}, err
	}
	udp, ok := from.(*net.UDPAddr)
	if !ok {
		return arrival{}, fmt.Errorf("packet from %s: not a UDP address", from)
	}
	peer := udp.AddrPort()
	peer = netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port())
	return arrival{packet: a.buffer[:n], peer: peer, local: a.localFor(to, peer.Addr())}, nil
}

// localFor returns the address that a packet was sent to, where an answer may come
// from it.
func (a *arrivals) localFor(to net.IP, peer netip.Addr) netip.Addr {
	if bound := a.bound.Addr(); !bound.IsUnspecified() {
		return bound.Unmap()
	}
	local, ok := netip.AddrFromSlice(to)
	local = local.Unmap()
	if !ok || local.IsMulticast() || local == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return netip.Addr{}
	}
	if local.Is6() && local.IsLinkLocalUnicast() {
		return local.WithZone(peer.Zone())
	}
	return local
}

// open opens the socket of a transfer. Where the address that the phone spoke to
// cannot be taken, as that of a whole network, the system chooses one.
func (a *arrival) open() (*net.UDPConn, error) {
	network := "udp6"
	if a.peer.Addr().Is4() {
		network = "udp4"
	}
	if a.local.IsValid() {
		if conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(a.local, 0))); err == nil {
			return conn, nil
		}
	}
	conn, err := net.ListenUDP(network, nil)
	if err != nil {
		return nil, fmt.Errorf("open socket of a transfer: %w", err)
	}
	return conn, nil
}
