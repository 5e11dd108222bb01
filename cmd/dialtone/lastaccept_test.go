package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// openWaiting returns a listener with clients that nobody has accepted.
func openWaiting(t *testing.T, clients int) (*lastAccept, []net.Conn) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what waits")
	}
	opened, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &lastAccept{TCPListener: opened.(*net.TCPListener)}
	t.Cleanup(func() { _ = l.Close() })
	var all []net.Conn
	for range clients {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		all = append(all, c)
	}
	return l, all
}

func TestConnectionsThatWaitWhenAListenerIsClosedAreStillAccepted(t *testing.T) {
	l, _ := openWaiting(t, 20)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		c, err := l.Accept()
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		_ = c.Close()
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after the last: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func TestRequestsThatWaitWhenAServerIsStoppedAreAnswered(t *testing.T) {
	l, clients := openWaiting(t, 20)
	s := &listener{name: "test", open: l, inFlight: newInFlight(), served: make(chan struct{})}
	s.server = &http.Server{ConnState: s.inFlight.note, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	})}
	for _, c := range clients[:10] {
		if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 2\r\n\r\nhi"); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.serve() }()
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	for _, c := range clients[10:] { // These send what they opened the connection for once all is accepted.
		if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 2\r\n\r\nhi"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.stop(ctx); err != nil {
		t.Fatal(err)
	}
	for i, c := range clients {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		answer, err := io.ReadAll(c)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
			t.Errorf("client %d: %v: %q", i, err, answer)
		}
	}
}

func TestAConnectionThatSendsNothingIsNotWaitedForLong(t *testing.T) {
	f := newInFlight()
	silent, busy := &net.TCPConn{}, &net.TCPConn{}
	f.note(silent, http.StateNew)
	if f.none(time.Now()) || !f.none(time.Now().Add(openedTime)) {
		t.Error("a silent connection is not waited for, or for ever")
	}
	f.note(busy, http.StateNew)
	f.note(busy, http.StateActive)
	if f.none(time.Now().Add(time.Hour)) {
		t.Error("a request in flight is not waited for")
	}
	f.note(busy, http.StateIdle)
	f.note(silent, http.StateClosed)
	if !f.none(time.Now()) {
		t.Error("an idle connection is waited for")
	}
}
