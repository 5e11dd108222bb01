package httpd

import (
	"context"
	"net"
	"net/http"
	"time"
)

const (
	// headerTimeout bounds how long a device takes to send its request.
	headerTimeout = 30 * time.Second
	// keepAlive is how long a connection waits for its next request.
	keepAlive      = 2 * time.Minute
	maxHeaderBytes = 16 << 10
	// sendBuffer bounds what the system takes for a connection ahead of the
	// device. Without a bound it may grow to megabytes, and the system then tells
	// of progress only every third of it: on a slow line that is longer than the
	// idle timeout, and a transfer that does move would be ended.
	sendBuffer = 128 << 10
)

// Configure sets the limits of a server for the files listener: on the header of
// requests, on waiting for them, on what is buffered for a connection. idle is
// Options.IdleTimeout, or zero for its default. It must be called before the
// server is started, and after ConnContext is set, if it is.
func Configure(s *http.Server, idle time.Duration) {
	s.ReadHeaderTimeout = headerTimeout
	s.IdleTimeout = keepAlive
	s.MaxHeaderBytes = maxHeaderBytes
	// "OPTIONS *" is answered like every other method that is not GET or HEAD.
	s.DisableGeneralOptionsHandler = true
	// The handler extends this deadline as bytes flow.
	s.WriteTimeout = orDefault(idle, DefaultIdleTimeout)
	before := s.ConnContext
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		limitSendBuffer(c)
		if before != nil {
			ctx = before(ctx, c)
		}
		return ctx
	}
}

// limitSendBuffer looks for the TCP connection inside c, as under TLS.
func limitSendBuffer(c net.Conn) {
	for {
		switch conn := c.(type) {
		case interface{ SetWriteBuffer(bytes int) error }:
			// A system that refuses keeps its own bound.
			_ = conn.SetWriteBuffer(sendBuffer)
			return
		case interface{ NetConn() net.Conn }:
			c = conn.NetConn()
		default:
			return
		}
	}
}
