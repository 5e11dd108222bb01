//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// balancer spreads what comes to one address over nodes, each in its turn. One
// that cannot be reached is passed over.
type balancer struct {
	Address string
	backend []string
	turn    atomic.Uint64
	// Carried counts what each backend got.
	Carried []atomic.Int64
}

func newBalancer(backend []string) *balancer {
	return &balancer{backend: backend, Carried: make([]atomic.Int64, len(backend))}
}

// dial connects to the backend whose turn it is, or to the next that answers.
func (b *balancer) dial() (net.Conn, int, error) {
	first := int(b.turn.Add(1))
	var failed error
	for i := range b.backend {
		n := (first + i) % len(b.backend)
		c, err := net.DialTimeout("tcp", b.backend[n], time.Second)
		if err == nil {
			b.Carried[n].Add(1)
			return c, n, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, 0, failed
}

// balanceTCP spreads connections, and tells each node by the PROXY protocol
// (version 1) where a connection comes from.
func balanceTCP(tb testing.TB, backend ...string) *balancer {
	tb.Helper()
	b := newBalancer(backend)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	b.Address = l.Addr().String()
	var open sync.WaitGroup
	open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { b.relay(client) })
		}
	})
	tb.Cleanup(func() { _ = l.Close() })
	return b
}

func (b *balancer) relay(client net.Conn) {
	defer client.Close()
	node, _, err := b.dial()
	if err != nil {
		return
	}
	defer node.Close()
	from, to := client.RemoteAddr().(*net.TCPAddr), client.LocalAddr().(*net.TCPAddr)
	if _, err := fmt.Fprintf(node, "PROXY TCP4 %s %s %d %d\r\n", from.IP, to.IP, from.Port, to.Port); err != nil {
		return
	}
	join(client, node)
}

// join copies both ways until one side ends.
func join(a, b net.Conn) {
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{a, b}, {b, a}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			done <- struct{}{}
		}()
	}
	<-done
	_ = a.Close()
	_ = b.Close()
	<-done
}

// balanceHTTP spreads single requests, and tells each node by X-Forwarded-For
// where a request comes from.
func balanceHTTP(tb testing.TB, backend ...string) *balancer {
	tb.Helper()
	b := newBalancer(backend)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: "whoever.answers"})
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		},
		// Each request has a connection of its own, to the node whose turn it is, or
		// to the next that answers.
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
			c, _, err := b.dial()
			return c, err
		}},
		ErrorLog:      log.New(io.Discard, "", 0),
		FlushInterval: -1,
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	b.Address = l.Addr().String()
	s := &http.Server{Handler: proxy, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = s.Serve(l) }()
	tb.Cleanup(func() { _ = s.Close() })
	return b
}

// link is the way from one node to its database, which a test can cut.
type link struct {
	Address string
	to      string
	mu      sync.Mutex
	cut     bool
	open    map[net.Conn]bool
}

func newLink(tb testing.TB, to string) *link {
	tb.Helper()
	l := &link{to: to, open: map[net.Conn]bool{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l.Address = listener.Addr().String()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go l.relay(c)
		}
	}()
	tb.Cleanup(func() { _ = listener.Close(); l.Cut() })
	return l
}

func (l *link) relay(client net.Conn) {
	defer client.Close()
	server, err := net.DialTimeout("tcp", l.to, time.Second)
	if err != nil {
		return
	}
	defer server.Close()
	l.mu.Lock()
	if l.cut {
		l.mu.Unlock()
		return
	}
	l.open[client], l.open[server] = true, true
	l.mu.Unlock()
	join(client, server)
	l.mu.Lock()
	delete(l.open, client)
	delete(l.open, server)
	l.mu.Unlock()
}

// Cut ends every connection and lets no new one through until Mend.
func (l *link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for c := range l.open {
		_ = c.Close()
	}
}

// Mend lets connections through again.
func (l *link) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}
