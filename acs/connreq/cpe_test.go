package connreq

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

const (
	cpeUser     = "dialtone-7"
	cpePassword = "hunter2:äö"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cpe is a device's connection request listener: each request goes to answer, which writes raw bytes and says
// whether to keep the connection.
type cpe struct {
	t        *testing.T
	listener net.Listener
	answer   func(c *cpeConnection, request *http.Request) (keep bool)
	wait     sync.WaitGroup

	mu          sync.Mutex
	connections map[net.Conn]bool
	accepted    int
	requests    []*http.Request
	raw         []string
}

// cpeConnection is one connection to a cpe.
type cpeConnection struct {
	net.Conn
	number  int // from 1
	request int // on this connection, from 1
	raw     strings.Builder
}

func (c *cpeConnection) say(text string) { _, _ = io.WriteString(c.Conn, text) }

func newCPE(t *testing.T, answer func(c *cpeConnection, request *http.Request) bool) *cpe {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &cpe{t: t, listener: listener, answer: answer, connections: map[net.Conn]bool{}}
	p.wait.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

func (p *cpe) accept() {
	for {
		connection, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.accepted++
		number := p.accepted
		p.connections[connection] = true
		p.mu.Unlock()
		p.wait.Go(func() { p.serve(&cpeConnection{Conn: connection, number: number}) })
	}
}

func (p *cpe) serve(c *cpeConnection) {
	defer c.Close()
	reader := bufio.NewReader(io.TeeReader(c.Conn, &c.raw))
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		c.request++
		p.mu.Lock()
		p.requests = append(p.requests, request)
		p.raw = append(p.raw, c.raw.String())
		p.mu.Unlock()
		c.raw.Reset()
		if !p.answer(c, request) {
			return
		}
	}
}

func (p *cpe) close() {
	_ = p.listener.Close()
	p.mu.Lock()
	for connection := range p.connections {
		_ = connection.Close()
	}
	p.mu.Unlock()
	p.wait.Wait()
}

func (p *cpe) counts() (connections, requests int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted, len(p.requests)
}

func (p *cpe) url(path string) string { return "http://" + p.listener.Addr().String() + path }

func (p *cpe) target() Target {
	return Target{
		Device:        "device7",
		URL:           p.url("/c0ffee?x=%41"),
		Credentials:   []Credential{{Username: cpeUser, Password: secret.NewText(cpePassword)}},
		SourceAddress: netip.MustParseAddr("127.0.0.1"),
	}
}

func status(code, rest string) string { return "HTTP/1.1 " + code + "\r\n" + rest + "\r\n" }

const empty = "Content-Length: 0\r\n"

// authenticator checks digests as a device does.
func authenticator(t *testing.T) *digest.Challenger {
	t.Helper()
	challenger, err := digest.NewChallenger(digest.Options{
		Key:         []byte("the key of a simulated device"),
		Realm:       "IgdAuthentication",
		Lifetime:    time.Minute,
		Clock:       time.Now,
		AllowLegacy: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return challenger
}

// authenticated answers 401 with the challenge until the digest is right, then with the final response.
func authenticated(t *testing.T, challenge func(*digest.Challenger) string, final string) func(*cpeConnection, *http.Request) bool {
	challenger := authenticator(t)
	return func(c *cpeConnection, request *http.Request) bool {
		_, result := challenger.Verify(request.Method, request.RequestURI, request.Header.Get("Authorization"),
			func(username string) []string {
				if username == cpeUser {
					return []string{cpePassword}
				}
				return nil
			})
		if result == digest.OK {
			c.say(final)
		} else {
			c.say(status("401 Unauthorized", "WWW-Authenticate: "+challenge(challenger)+"\r\nContent-Length: 12\r\n") + "unauthorized")
		}
		return true
	}
}

func md5Challenge(c *digest.Challenger) string { return c.Challenge(false)[0] }

func newRequester(t *testing.T, change func(*Options)) *Requester {
	t.Helper()
	options := Options{AllowedNetworks: prefixes("127.0.0.0/8")}
	if change != nil {
		change(&options)
	}
	requester, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return requester
}

func request(t *testing.T, target Target) (Result, error) {
	t.Helper()
	return newRequester(t, nil).Request(context.Background(), target)
}

func expect(t *testing.T, result Result, err error, want error, outcome Outcome) {
	t.Helper()
	if want == nil && err != nil || !errors.Is(err, want) {
		t.Errorf("error is %v, want %v", err, want)
	}
	if result.Outcome != outcome || result.Method != MethodHTTP {
		t.Errorf("result is %+v, want outcome %s", result, outcome)
	}
	if err != nil && strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error shows the password: %v", err)
	}
}
