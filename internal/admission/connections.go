package admission

import (
	"net"
	"net/netip"
	"sync"
)

// Refusal says why a connection was closed when it was accepted.
type Refusal string

// The refusals.
const (
	// TooMany: as many connections are open as may be.
	TooMany Refusal = "connections"
	// TooManyOfAddress: as many are open from that address as may be.
	TooManyOfAddress Refusal = "addressConnections"
)

// ConnectionsOptions are what Connections are made of.
type ConnectionsOptions struct {
	// Limit bounds the open connections, PerAddress those from one address.
	Limit, PerAddress int
	// Exempt says for which peers PerAddress does not count, such as proxies; nil
	// for none.
	Exempt func(netip.Addr) bool
	// Refused is told of each connection that is closed at once; nil for nobody.
	Refused func(Refusal)
}

// Connections bounds the open TCP connections of a listener. What is beyond is
// closed as soon as it is accepted.
type Connections struct {
	options ConnectionsOptions

	mu        sync.Mutex
	open      int
	byAddress map[netip.Prefix]int
}

// NewConnections returns Connections.
func NewConnections(o ConnectionsOptions) *Connections {
	if o.Exempt == nil {
		o.Exempt = func(netip.Addr) bool { return false }
	}
	if o.Refused == nil {
		o.Refused = func(Refusal) {}
	}
	return &Connections{options: o, byAddress: make(map[netip.Prefix]int)}
}

// Open returns how many connections are open.
func (c *Connections) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// Listen returns a listener whose connections are bounded. The peer of a
// connection is who counts, whatever a proxy may say of others later.
func (c *Connections) Listen(l net.Listener) net.Listener {
	return &boundedListener{Listener: l, all: c}
}

type boundedListener struct {
	net.Listener
	all *Connections
}

// Accept implements net.Listener.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := accepted.(*net.TCPConn)
		if !ok {
			return accepted, nil // Nobody else can open one.
		}
		key, refusal := l.all.take(tcp)
		if refusal == "" {
			return &boundedConnection{TCPConn: tcp, release: sync.OnceFunc(func() { l.all.release(key) })}, nil
		}
		_ = tcp.Close()
		l.all.options.Refused(refusal)
	}
}

// boundedConnection has all abilities of the TCP connection inside.
type boundedConnection struct {
	*net.TCPConn
	release func()
}

// Close implements net.Conn.
func (c *boundedConnection) Close() error {
	defer c.release()
	return c.TCPConn.Close()
}

// take counts a connection. The key is the zero Prefix where its address does not
// count.
func (c *Connections) take(tcp *net.TCPConn) (netip.Prefix, Refusal) {
	var key netip.Prefix
	if peer, ok := tcp.RemoteAddr().(*net.TCPAddr); ok {
		if address := peer.AddrPort().Addr().Unmap(); !c.options.Exempt(address) {
			key = AddressKey(address)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open >= c.options.Limit {
		return key, TooMany
	}
	if key.IsValid() {
		if c.byAddress[key] >= c.options.PerAddress {
			return key, TooManyOfAddress
		}
		c.byAddress[key]++
	}
	c.open++
	return key, ""
}

func (c *Connections) release(key netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if !key.IsValid() {
		return
	}
	if c.byAddress[key]--; c.byAddress[key] == 0 {
		delete(c.byAddress, key)
	}
}
