package reload

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority signs certificates for a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	return a
}

// issue returns a certificate of that name and its key, both as PEM.
func (a *authority) issue(t *testing.T, name string, expires time.Time) (certificate, key []byte) {
	t.Helper()
	k := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: expires,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.certificate, k.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("CERTIFICATE", raw), pemOf("PRIVATE KEY", encoded)
}

func (a *authority) pem() []byte { return pemOf("CERTIFICATE", a.certificate.Raw) }

func pemOf(kind string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
}

func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// observed keeps what a Source tells.
type observed struct {
	expires  []time.Time
	failures []error
	expiring int
}

func (o *observed) Used(expires time.Time, _ bool)        { o.expires = append(o.expires, expires) }
func (o *observed) Failed(err error)                      { o.failures = append(o.failures, err) }
func (o *observed) Expiring(_ time.Time, _ time.Duration) { o.expiring++ }

// fixture is a server whose certificate comes from files.
type fixture struct {
	t        *testing.T
	ca       *authority
	files    Files
	source   *Source
	server   *httptest.Server
	observed *observed
	now      time.Time
}

func newFixture(t *testing.T, clientCA *authority, expires time.Time) *fixture {
	t.Helper()
	folder := t.TempDir()
	f := &fixture{t: t, ca: newAuthority(t, "CA of the test"), observed: &observed{}, now: time.Now()}
	f.files = Files{Certificate: filepath.Join(folder, "server.pem"), Key: filepath.Join(folder, "server.key")}
	if clientCA != nil {
		f.files.ClientCA = filepath.Join(folder, "clients.pem")
		write(t, f.files.ClientCA, clientCA.pem())
	}
	f.issue("first", expires)
	var err error
	f.source, err = Open(Options{Files: f.files, Base: &tls.Config{MinVersion: tls.VersionTLS12}, Observer: f.observed, Now: func() time.Time { return f.now }})
	if err != nil {
		t.Fatal(err)
	}
	f.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	f.server.Config.ErrorLog = nil
	f.server.Listener = tls.NewListener(f.server.Listener, f.source.Config())
	f.server.Start()
	t.Cleanup(f.server.Close)
	return f
}

func (f *fixture) issue(name string, expires time.Time) {
	f.t.Helper()
	certificate, key := f.ca.issue(f.t, name, expires)
	write(f.t, f.files.Certificate, certificate)
	write(f.t, f.files.Key, key)
}

// client returns a client that trusts the CA and may have a certificate of its own.
func (f *fixture) client(own ...tls.Certificate) *http.Client {
	pool := x509.NewCertPool()
	pool.AddCert(f.ca.certificate)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: own, ClientSessionCache: tls.NewLRUClientSessionCache(8)}}
	f.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// served makes a request and returns the name of the certificate that was served.
func (f *fixture) served(c *http.Client) (string, error) {
	answer, err := c.Get("https://" + f.server.Listener.Addr().String())
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return "", err
	}
	return answer.TLS.PeerCertificates[0].Subject.CommonName, nil
}

func (f *fixture) wantServed(c *http.Client, want string) {
	f.t.Helper()
	if got, err := f.served(c); err != nil || got != want {
		f.t.Errorf("served %q, %v; want %q", got, err, want)
	}
}

func inAYear() time.Time { return time.Now().Add(365 * 24 * time.Hour).Truncate(time.Second).UTC() }

func TestANewCertificateIsServedAndOpenConnectionsStay(t *testing.T) {
	f := newFixture(t, nil, inAYear())
	open := f.client()
	f.wantServed(open, "first")
	later := inAYear().Add(time.Hour)
	f.issue("second", later)
	f.source.refresh()
	f.wantServed(open, "first") // The connection from before.
	f.wantServed(f.client(), "second")
	if n := len(f.observed.expires); n != 2 || !f.observed.expires[1].Equal(later) {
		t.Errorf("told of %v, want a second one that expires at %s", f.observed.expires, later)
	}
	f.source.refresh()
	if n := len(f.observed.expires); n != 2 {
		t.Errorf("files that did not change were read again")
	}
}

func TestWhatCannotBeUsedLeavesTheCertificateAndIsNamedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(f *fixture)
		want  func(f *fixture) string
	}{
		"half a certificate": {func(f *fixture) { write(f.t, f.files.Certificate, []byte("-----BEGIN CERT")) }, func(f *fixture) string { return f.files.Certificate }},
		"no key":             {func(f *fixture) { _ = os.Remove(f.files.Key) }, func(f *fixture) string { return f.files.Key }},
		"the key of another": {func(f *fixture) { _, key := f.ca.issue(f.t, "x", inAYear()); write(f.t, f.files.Key, key) }, func(f *fixture) string { return f.files.Key }},
		"an empty client CA": {func(f *fixture) { write(f.t, f.files.ClientCA, nil) }, func(f *fixture) string { return f.files.ClientCA }},
	} {
		t.Run(name, func(t *testing.T) {
			clients := newAuthority(t, "clients")
			f := newFixture(t, clients, inAYear())
			own := clients.pair(t, "phone")
			c.spoil(f)
			f.source.refresh()
			if len(f.observed.failures) != 0 {
				t.Errorf("complained at once, while files may still be written: %v", f.observed.failures)
			}
			for range 3 {
				f.source.refresh()
			}
			if len(f.observed.failures) != 1 || !strings.Contains(f.observed.failures[0].Error(), c.want(f)) {
				t.Errorf("complaints %v, want one that names %s", f.observed.failures, c.want(f))
			}
			f.wantServed(f.client(own), "first")
			f.issue("second", inAYear())
			write(t, f.files.ClientCA, clients.pem())
			f.source.refresh()
			f.wantServed(f.client(own), "second")
		})
	}
}

// pair returns a certificate for a client.
func (a *authority) pair(t *testing.T, name string) tls.Certificate {
	t.Helper()
	pair, err := tls.X509KeyPair(a.issue(t, name, inAYear()))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func TestANewClientCACountsForNewConnectionsAlsoResumedOnes(t *testing.T) {
	before, after := newAuthority(t, "before"), newAuthority(t, "after")
	f := newFixture(t, before, inAYear())
	old := f.client(before.pair(t, "phone"))
	f.wantServed(old, "first")
	if _, err := f.served(f.client()); err == nil {
		t.Error("a client without a certificate was let in")
	}
	write(t, f.files.ClientCA, after.pem())
	f.source.refresh()
	f.wantServed(f.client(after.pair(t, "phone")), "first")
	old.CloseIdleConnections()
	if _, err := f.served(old); err == nil {
		t.Error("a client of the CA before was let in")
	}
}

func TestFilesThatCannotBeUsedAtTheStartAreNamed(t *testing.T) {
	f := newFixture(t, nil, inAYear())
	write(t, f.files.Key, []byte("no key"))
	if _, err := Open(Options{Files: f.files, Base: &tls.Config{}, Observer: f.observed, Now: time.Now}); err == nil || !strings.Contains(err.Error(), f.files.Key) {
		t.Errorf("error %v, want one that names %s", err, f.files.Key)
	}
}

func TestACertificateThatExpiresSoonIsWarnedOfOnceADay(t *testing.T) {
	for name, c := range map[string]struct {
		left time.Duration
		want int
	}{
		"in a year":       {365 * 24 * time.Hour, 0},
		"in 15 days":      {15 * 24 * time.Hour, 0},
		"in 13 days":      {13 * 24 * time.Hour, 1},
		"since yesterday": {-24 * time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil, time.Now().Add(max(c.left, time.Minute)))
			if c.left < 0 {
				f.now = f.now.Add(-c.left)
			}
			for range 5 {
				f.source.warn()
				f.now = f.now.Add(time.Minute)
			}
			if f.observed.expiring != c.want {
				t.Errorf("warned %d times, want %d", f.observed.expiring, c.want)
			}
			f.now = f.now.Add(24 * time.Hour)
			f.source.warn()
			if c.want == 1 && f.observed.expiring != 2 {
				t.Errorf("warned %d times after a day, want 2", f.observed.expiring)
			}
		})
	}
}

func TestWatchLooksByItself(t *testing.T) {
	f := newFixture(t, nil, inAYear())
	f.source.options.Interval = 5 * time.Millisecond
	go f.source.Watch(t.Context())
	f.issue("second", inAYear())
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if got, err := f.served(f.client()); err == nil && got == "second" {
			return
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the new certificate is not served")
		}
	}
}
