package main

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pires/go-proxyproto"
)

// proxyHeaderTimeout bounds how long a trusted proxy may keep silent before its
// connection is taken for one without a PROXY protocol header.
const proxyHeaderTimeout = 5 * time.Second

// listen returns a listener that reads the header of the PROXY protocol, version
// 1 or 2, on connections from trusted proxies, so that their RemoteAddr is that
// of the proxy's client. A trusted proxy may leave it out. What others send is
// never taken for one.
//
// The header is read by whoever first uses the connection, never by Accept: a
// silent peer holds up nobody but itself.
func (t trustedProxies) listen(l net.Listener) net.Listener {
	if len(t) == 0 {
		return l
	}
	return &proxyListener{&proxyproto.Listener{
		Listener: l, ConnPolicy: t.policy, ValidateHeader: checkProxyHeader, ReadHeaderTimeout: proxyHeaderTimeout,
	}}
}

func (t trustedProxies) policy(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
	peer, err := netip.ParseAddrPort(o.Upstream.String())
	if err == nil && t.contain(peer.Addr().Unmap()) {
		return proxyproto.USE, nil
	}
	return proxyproto.SKIP, nil
}

// errProxyHeader is how a header is refused that tells no address of a device.
var errProxyHeader = errors.New("PROXY protocol header is not of a TCP connection")

func checkProxyHeader(h *proxyproto.Header) error {
	if h.Command.IsLocal() || h.TransportProtocol == proxyproto.UNSPEC {
		return nil // A health check, or a proxy that does not know: the peer is the client.
	}
	if h.TransportProtocol != proxyproto.TCPv4 && h.TransportProtocol != proxyproto.TCPv6 {
		return errProxyHeader
	}
	return nil
}

// proxyListener gives connections back what they can do without the header.
type proxyListener struct{ *proxyproto.Listener }

// Accept implements net.Listener.
func (l *proxyListener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if c, ok := accepted.(*proxyproto.Conn); ok {
		return &proxyConn{c}, nil
	}
	return accepted, nil
}

type proxyConn struct{ *proxyproto.Conn }

// NetConn returns the connection inside, whose buffers can be set.
func (c *proxyConn) NetConn() net.Conn { return c.Raw() }

// CloseWrite says that nothing more is sent, so that a client that still sends
// reads the answer first.
func (c *proxyConn) CloseWrite() error {
	if inner, ok := c.Raw().(interface{ CloseWrite() error }); ok {
		return inner.CloseWrite()
	}
	return errors.ErrUnsupported
}
