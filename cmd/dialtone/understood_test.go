package main

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/internal/admission"
)

func TestRequestsThatNoHandlerSawAreCounted(t *testing.T) {
	const good = "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]struct {
		sent string
		want int64
	}{
		"a connection without a word":              {"", 0},
		"a request":                                {good + "", 0},
		"two requests":                             {good + good, 0},
		"no HTTP":                                  {"hello\r\n\r\n", 1},
		"two lengths":                              {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 1},
		"a header that is too large":               {"GET / HTTP/1.1\r\nHost: acs\r\nX: " + strings.Repeat("x", 20<<10) + "\r\n\r\n", 1},
		"a header that does not come":              {"GET / HTTP/1.1\r\nHost: a", 1},
		"a request whose handler reads no body":    {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 3\r\n\r\nabc", 0},
		"a request that ends the connection":       {"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 0},
		"a request whose connection is cut off":    {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 3\r\n\r\na", 0},
		"a request with a method that nobody uses": {"BREW / HTTP/1.1\r\nHost: acs\r\n\r\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refused atomic.Int64
			open := admission.NewConnections(admission.ConnectionsOptions{Limit: 10, PerAddress: 10})
			l := &listener{name: "test", address: "127.0.0.1:0", connections: open, understood: &understood{refused: func() { refused.Add(1) }}, server: &http.Server{
				MaxHeaderBytes: 8 << 10, ReadHeaderTimeout: 200 * time.Millisecond,
				Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
			}}
			client := dial(t, serveListener(t, l))
			_, _ = io.WriteString(client, c.sent)
			_ = client.(interface{ CloseWrite() error }).CloseWrite()
			_, _ = io.Copy(io.Discard, client)
			_ = client.Close()
			for begun := time.Now(); open.Open() > 0; time.Sleep(time.Millisecond) {
				if time.Since(begun) > 20*time.Second {
					t.Fatal("the connection stays open")
				}
			}
			// The state is told a moment after the connection is closed.
			for begun := time.Now(); refused.Load() != c.want && time.Since(begun) < time.Second; time.Sleep(time.Millisecond) {
			}
			if n := refused.Load(); n != c.want {
				t.Errorf("%d are counted, want %d", n, c.want)
			}
			l.understood.mu.Lock()
			defer l.understood.mu.Unlock()
			for begun := time.Now(); len(l.understood.known) > 0 && time.Since(begun) < 10*time.Second; {
				l.understood.mu.Unlock()
				time.Sleep(time.Millisecond)
				l.understood.mu.Lock()
			}
			if n := len(l.understood.known); n != 0 {
				t.Errorf("%d connections are remembered", n)
			}
		})
	}
}

func TestConnectionsBeyondTheLimitOfAListenerAreClosed(t *testing.T) {
	refused := make(chan admission.Refusal, 10)
	l := &listener{name: "test", address: "127.0.0.1:0", proxies: trustingLoopback(), server: &http.Server{Handler: http.NotFoundHandler()}}
	l.connections = admission.NewConnections(admission.ConnectionsOptions{Limit: 2, PerAddress: 1, Exempt: l.proxies.contain, Refused: func(r admission.Refusal) { refused <- r }})
	address := serveListener(t, l)
	for range 2 { // A trusted proxy may have more than one.
		if got := ask(t, dial(t, address), "PROXY TCP4 192.0.2.7 198.51.100.1 40000 7547\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"); got != "404 Not Found" {
			t.Errorf("answer %q", got)
		}
	}
	third := dial(t, address)
	_ = third.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := third.Read(make([]byte, 1)); err == nil {
		t.Error("a third connection is answered")
	}
	if got := <-refused; got != admission.TooMany {
		t.Errorf("refused for %s", got)
	}
}
