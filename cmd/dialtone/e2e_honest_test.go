//go:build e2e

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// hostileKinds are what the hostile do, each over and over.
var hostileKinds = []struct {
	name string
	act  func(*hostile, context.Context) error
}{
	{"a header, a byte at a time", (*hostile).slowloris},
	{"garbage", (*hostile).garbage},
	{"a body too large", (*hostile).hugeBody},
	{"wrong credentials", (*hostile).wrongCredentials},
	{"serial numbers at random", (*hostile).randomSerials},
	{"TLS without an end", (*hostile).halfOpenTLS},
}

// hostile is a client that means no good.
type hostile struct {
	address string
	// username and password are good, but not for the devices that it claims to be.
	username, password string
	dialer             *net.Dialer
	// done counts how often each kind acted.
	done []atomic.Int64
}

const (
	// hostilePause keeps the hostile from being a mere test of this machine's speed.
	hostilePause = 250 * time.Millisecond
	hostileOpen  = 20 * time.Second
)

// run acts as one kind until the context ends.
func (h *hostile) run(ctx context.Context, kind int) {
	timer := time.NewTimer(time.Duration(rand.Int64N(int64(hostilePause))))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		// An error is what the hostile may well get: it is not looked at.
		_ = hostileKinds[kind].act(h, ctx)
		h.done[kind].Add(1)
		timer.Reset(hostilePause)
	}
}

func (h *hostile) dial(ctx context.Context) (net.Conn, func(), error) {
	connection, err := h.dialer.DialContext(ctx, "tcp", h.address)
	if err != nil {
		return nil, nil, err
	}
	_ = connection.SetDeadline(time.Now().Add(hostileOpen))
	stop := context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	return connection, func() { stop(); _ = connection.Close() }, nil
}

// secured is dial with TLS; it trusts everybody, as it has nothing to lose.
func (h *hostile) secured(ctx context.Context) (net.Conn, func(), error) {
	raw, done, err := h.dial(ctx)
	if err != nil {
		return nil, nil, err
	}
	return tls.Client(raw, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}), done, nil
}

func (h *hostile) slowloris(ctx context.Context) error {
	connection, done, err := h.secured(ctx)
	if err != nil {
		return err
	}
	defer done()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for _, b := range []byte("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: " + strings.Repeat("x", 1000)) {
		if _, err := connection.Write([]byte{b}); err != nil {
			return nil // It was thrown out.
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
	return nil
}

func (h *hostile) garbage(ctx context.Context) error {
	connection, done, err := h.dial(ctx)
	if err != nil {
		return err
	}
	defer done()
	var seed [32]byte
	seed[0] = byte(rand.Uint32())
	_, err = io.CopyN(connection, rand.NewChaCha8(seed), 4096)
	_, _ = io.Copy(io.Discard, connection)
	return err
}

func (h *hostile) halfOpenTLS(ctx context.Context) error {
	connection, done, err := h.dial(ctx)
	if err != nil {
		return err
	}
	defer done()
	// The header of a record with a ClientHello of 512 bytes, which never comes.
	if _, err := connection.Write([]byte{22, 3, 1, 2, 0, 1, 0}); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, connection)
	return ctx.Err()
}

func (h *hostile) hugeBody(ctx context.Context) error {
	return h.request(ctx, io.LimitReader(noise(9, 64*megabyte), 64*megabyte), 64*megabyte, h.username, h.password)
}

func (h *hostile) wrongCredentials(ctx context.Context) error {
	return h.request(ctx, strings.NewReader(informOf("HOSTILE")), 0, h.username, fmt.Sprint("guess ", rand.Uint64()))
}

func (h *hostile) randomSerials(ctx context.Context) error {
	return h.request(ctx, strings.NewReader(informOf(fmt.Sprintf("RANDOM%016X", rand.Uint64()))), 0, h.username, h.password)
}

// request sends one request on a connection of its own; an answer of any status
// will do.
func (h *hostile) request(ctx context.Context, body io.Reader, length int64, username, password string) error {
	connection, done, err := h.secured(ctx)
	if err != nil {
		return err
	}
	defer done()
	transport := &http.Transport{DisableKeepAlives: true, DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return connection, nil }}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+h.address+"/", body)
	if err != nil {
		return err
	}
	if length > 0 {
		request.ContentLength = length
	}
	request.SetBasicAuth(username, password)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Body.Close()
}

// hostileFrom connects from addresses that the honest do not have.
func hostileFrom(index int) *net.Dialer {
	source := netip.AddrFrom4([4]byte{127, 0, 9, byte(1 + index%20)})
	return &net.Dialer{Timeout: 5 * time.Second, KeepAlive: -1, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))}
}
