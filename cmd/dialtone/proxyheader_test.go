package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
)

// Networks of proxies, as seen from a test whose peer is 127.0.0.1.
func trustingLoopback() trustedProxies {
	return trustedProxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
}

func trustingOthers() trustedProxies {
	return trustedProxies{netip.MustParsePrefix("10.0.0.0/8")}
}

// answering opens a listener as serve does; its server answers each request with
// the address that it takes for the client's.
func answering(t *testing.T, proxies trustedProxies, o tlsOptions) (address string) {
	t.Helper()
	client := clientAddress(proxies)
	l := &listener{name: "test", address: "127.0.0.1:0", tls: o, reports: silentReports(), proxies: proxies, server: &http.Server{
		ReadHeaderTimeout: 15 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, client(r), " at ", r.Context().Value(http.LocalAddrContextKey))
		}),
	}}
	return serveListener(t, l)
}

// silentReports are told of certificates and tell nobody.
func silentReports() *certificateReports {
	return &certificateReports{expires: func(time.Time) {}, logger: slog.New(slog.DiscardHandler)}
}

// version2 returns a header of version 2 that names a source.
func version2(t *testing.T, command proxyproto.ProtocolVersionAndCommand, family proxyproto.AddressFamilyAndProtocol, source, destination net.Addr) string {
	t.Helper()
	raw, err := (&proxyproto.Header{Version: 2, Command: command, TransportProtocol: family, SourceAddr: source, DestinationAddr: destination}).Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func tcpAddress(text string) *net.TCPAddr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(text))
}

const anyRequest = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"

// ask sends what a proxy sends and returns the answer: its body if it is 200, its
// status if it is another, "closed" without one.
func ask(t *testing.T, c net.Conn, bytes string) string {
	t.Helper()
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, bytes); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return "closed"
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		return answer.Status
	}
	return string(body)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestAProxyHeaderIsReadFromTrustedProxiesOnly(t *testing.T) {
	phone, balancer := tcpAddress("192.0.2.7:40000"), tcpAddress("198.51.100.1:7547")
	phone6, balancer6 := tcpAddress("[2001:db8::7]:40000"), tcpAddress("[2001:db8::1]:7547")
	const v1 = "PROXY TCP4 192.0.2.7 198.51.100.1 40000 7547\r\n"
	v2 := version2(t, proxyproto.PROXY, proxyproto.TCPv4, phone, balancer)
	forwarded := func(hops string) string { return anyRequest + "X-Forwarded-For: " + hops + "\r\n\r\n" }
	const plain = anyRequest + "\r\n"
	for _, c := range []struct {
		name    string
		proxies trustedProxies
		bytes   string
		want    string
	}{
		{"version 1", trustingLoopback(), v1 + plain, "192.0.2.7 at 198.51.100.1:7547"},
		{"version 1 over IPv6", trustingLoopback(), "PROXY TCP6 2001:db8::7 2001:db8::1 40000 7547\r\n" + plain, "2001:db8::7 at [2001:db8::1]:7547"},
		{"version 1 of a proxy that does not know", trustingLoopback(), "PROXY UNKNOWN\r\n" + plain, "127.0.0.1 at 127.0.0.1:"},
		{"version 2", trustingLoopback(), v2 + plain, "192.0.2.7 at 198.51.100.1:7547"},
		{"version 2 over IPv6", trustingLoopback(), version2(t, proxyproto.PROXY, proxyproto.TCPv6, phone6, balancer6) + plain, "2001:db8::7 at [2001:db8::1]:7547"},
		{"version 2 of the proxy's own health check", trustingLoopback(), version2(t, proxyproto.LOCAL, proxyproto.UNSPEC, nil, nil) + plain, "127.0.0.1 at 127.0.0.1:"},
		{"version 2 of a UDP packet", trustingLoopback(), version2(t, proxyproto.PROXY, proxyproto.UDPv4, net.UDPAddrFromAddrPort(phone.AddrPort()), net.UDPAddrFromAddrPort(balancer.AddrPort())) + plain, "closed"},
		{"version 2 of a local socket", trustingLoopback(), version2(t, proxyproto.PROXY, proxyproto.UnixStream, &net.UnixAddr{Name: "a", Net: "unix"}, &net.UnixAddr{Name: "b", Net: "unix"}) + plain, "closed"},
		{"no header from a trusted proxy", trustingLoopback(), plain, "127.0.0.1 at 127.0.0.1:"},
		{"no header but X-Forwarded-For from a trusted proxy", trustingLoopback(), forwarded("192.0.2.8"), "192.0.2.8 at 127.0.0.1:"},
		{"a header that names no address", trustingLoopback(), "PROXY TCP4 somewhere 198.51.100.1 40000 7547\r\n" + plain, "closed"},
		{"version 2 that is cut short", trustingLoopback(), v2[:14] + "\x00\x02" + plain, "closed"},
		{"two headers", trustingLoopback(), v1 + v1 + plain, "400 Bad Request"},
		{"garbage", trustingLoopback(), "\x16\x03\x01garbage\r\n\r\n", "400 Bad Request"},
		{"version 1 from others", trustingOthers(), v1 + plain, "400 Bad Request"},
		{"version 2 from others", trustingOthers(), v2 + plain, "400 Bad Request"},
		{"no header from others", trustingOthers(), plain, "127.0.0.1 at 127.0.0.1:"},
		{"nobody is trusted", nil, v1 + plain, "400 Bad Request"},
		{"X-Forwarded-For of a phone behind the header", trustingLoopback(), v1 + forwarded("203.0.113.9"), "192.0.2.7 at 198.51.100.1:7547"},
		{"X-Forwarded-For of a trusted proxy behind the header", trustingLoopback(), "PROXY TCP4 10.1.1.1 198.51.100.1 40000 7547\r\n" + forwarded("203.0.113.9, 192.0.2.8"), "192.0.2.8 at 198.51.100.1:7547"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := answering(t, c.proxies, tlsOptions{})
			if got := ask(t, dial(t, address), c.bytes); got != c.want && (!strings.HasSuffix(c.want, ":") || !strings.HasPrefix(got, c.want)) {
				t.Errorf("answer %q, want %q", got, c.want)
			}
		})
	}
}

// testCertificate writes the certificate of net/http/httptest to files.
func testCertificate(t *testing.T) tlsOptions {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	pair := s.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	o := tlsOptions{TLSCert: filepath.Join(folder, "cert.pem"), TLSKey: filepath.Join(folder, "key.pem")}
	for path, block := range map[string]*pem.Block{o.TLSCert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, o.TLSKey: {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func TestAProxyHeaderComesBeforeTheTLSHandshake(t *testing.T) {
	address := answering(t, trustingLoopback(), testCertificate(t))
	for _, c := range []struct{ name, header, want string }{
		{"version 1", "PROXY TCP4 192.0.2.7 198.51.100.1 40000 7547\r\n", "192.0.2.7 at 198.51.100.1:7547"},
		{"version 2", version2(t, proxyproto.PROXY, proxyproto.TCPv4, tcpAddress("192.0.2.7:40000"), tcpAddress("198.51.100.1:7547")), "192.0.2.7 at 198.51.100.1:7547"},
		{"none", "", "127.0.0.1 at " + address},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := dial(t, address)
			if _, err := io.WriteString(raw, c.header); err != nil {
				t.Fatal(err)
			}
			secured := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
			if got := ask(t, secured, anyRequest+"\r\n"); got != c.want {
				t.Errorf("answer %q, want %q", got, c.want)
			}
		})
	}
}

func TestASilentProxyHoldsUpNobodyElse(t *testing.T) {
	for name, o := range map[string]tlsOptions{"in clear": {}, "over TLS": testCertificate(t)} {
		t.Run(name, func(t *testing.T) {
			address := answering(t, trustingLoopback(), o)
			for _, begun := range []string{"", "PROX", "\r\n\r\n\x00"} {
				if _, err := io.WriteString(dial(t, address), begun); err != nil {
					t.Fatal(err)
				}
			}
			c := dial(t, address)
			if _, err := io.WriteString(c, "PROXY TCP4 192.0.2.7 198.51.100.1 40000 7547\r\n"); err != nil {
				t.Fatal(err)
			}
			if o.TLSCert != "" {
				c = tls.Client(c, &tls.Config{InsecureSkipVerify: true})
			}
			if got, want := ask(t, c, anyRequest+"\r\n"), "192.0.2.7 at 198.51.100.1:7547"; got != want {
				t.Errorf("answer %q, want %q", got, want)
			}
		})
	}
}

// TestAConnectionKeepsItsAbilitiesBehindAHeader holds on to what the files
// listener needs to bound a connection's buffers, and net/http to end an answer
// that the client may still be writing against.
func TestAConnectionKeepsItsAbilitiesBehindAHeader(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := trustingLoopback().listen(inner)
	t.Cleanup(func() { _ = l.Close() })
	client := dial(t, inner.Addr().String())
	if _, err := io.WriteString(client, "PROXY TCP4 192.0.2.7 198.51.100.1 40000 7547\r\n"); err != nil {
		t.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if got := c.RemoteAddr().String(); got != "192.0.2.7:40000" {
		t.Errorf("remote address %s", got)
	}
	if _, ok := c.(interface{ NetConn() net.Conn }).NetConn().(*net.TCPConn); !ok {
		t.Error("the TCP connection inside cannot be reached")
	}
	if _, ok := c.(io.ReaderFrom); !ok {
		t.Error("files cannot be sent by the kernel")
	}
	if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Error(err)
	}
	if n, err := client.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("the client read %d, %v, want the end", n, err)
	}
}
