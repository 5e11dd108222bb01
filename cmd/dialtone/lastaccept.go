package main

import (
	"errors"
	"net"
	"sync"
)

// lastAccept is a listener that does not forget, when it is closed, the
// connections that clients have opened and that nobody has accepted yet. The
// kernel would reset them, and with them a request that a balancer sent in good
// faith while the server was being stopped.
type lastAccept struct {
	*net.TCPListener

	mu     sync.Mutex
	closed bool
	left   []net.Conn
	err    error
}

// Accept implements net.Listener. Once the listener is closed it returns what was
// left, and then net.ErrClosed.
func (l *lastAccept) Accept() (net.Conn, error) {
	c, err := l.TCPListener.Accept()
	if err == nil || !errors.Is(err, net.ErrClosed) {
		return c, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.left) == 0 {
		return nil, err
	}
	c, l.left = l.left[0], l.left[1:]
	return c, nil
}

// Close implements net.Listener. Nothing happens between the last look at what is
// left and the end of the listener, so that next to nobody comes in between.
func (l *lastAccept) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return l.err
	}
	l.closed = true
	connections := takeWaiting(l.TCPListener)
	l.err = l.TCPListener.Close()
	l.left = connections()
	return l.err
}

// maxLeft bounds the connections that are taken when a listener is closed; a
// kernel holds no more than its own limit (somaxconn), which is 4096 by default.
const maxLeft = 16384
