package httpd_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

// opener gives one text for every path that does not name an error, and keeps what
// it was asked and told.
type opener struct {
	text string

	mu     sync.Mutex
	asked  []files.Request
	ended  []files.Ended
	closed int
	done   chan struct{}
}

const openerETag = `"1a2b"`

func newOpener(text string) *opener { return &opener{text: text, done: make(chan struct{}, 100)} }

func (o *opener) OpenRequest(_ context.Context, r files.Request) (files.Opened, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, r)
	switch {
	case strings.Contains(r.Path, "missing"):
		return files.Opened{}, fmt.Errorf("open: %w", files.ErrNotFound)
	case strings.Contains(r.Path, "forbidden"):
		return files.Opened{}, fmt.Errorf("open: %w", files.ErrForbidden)
	case strings.Contains(r.Path, "broken"):
		return files.Opened{}, errors.New("the store is away")
	}
	size := int64(len(o.text))
	if strings.Contains(r.Path, "damaged") {
		size++
	}
	return files.Opened{
		Name: "phone.cfg", ContentType: "text/plain", ETag: openerETag, Size: size,
		Content: &openedText{Reader: strings.NewReader(o.text), opener: o}, Ended: o.end,
	}, nil
}

func (o *opener) end(e files.Ended) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = append(o.ended, e)
	o.done <- struct{}{}
}

// last waits for the end of an answer and returns the request and its end.
func (o *opener) last() (files.Request, files.Ended) {
	<-o.done
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked[len(o.asked)-1], o.ended[len(o.ended)-1]
}

type openedText struct {
	*strings.Reader
	opener *opener
}

func (t *openedText) Close() error {
	t.opener.mu.Lock()
	defer t.opener.mu.Unlock()
	t.opener.closed++
	return nil
}

func withOpener(o *opener) func(*httpd.Options) {
	return func(options *httpd.Options) { options.Opener = o }
}

func TestAPathIsGivenToTheOpenerAsThePhoneSentIt(t *testing.T) {
	o := newOpener("settings")
	f := newFixture(t, withOpener(o))
	for target, want := range map[string]string{
		"/001565112233.cfg":                    "/001565112233.cfg",
		"//001565112233.cfg":                   "//001565112233.cfg",
		"/a//b/../001565112233.CFG":            "/a//b/../001565112233.CFG",
		`/\001565112233.cfg`:                   `/\001565112233.cfg`,
		"/%5c001565112233.cfg":                 `/\001565112233.cfg`,
		"/snom%20D785.htm":                     "/snom D785.htm",
		"/./x.cfg":                             "/./x.cfg",
		"/folder/":                             "/folder/",
		"/":                                    "/",
		"/%00.cfg":                             "/\x00.cfg",
		"/a%2fb.cfg":                           "/a/b.cfg",
		"http://other.example/x.cfg":           "/x.cfg",
		"http://other.example//x.cfg":          "//x.cfg",
		"/x.cfg;y=1":                           "/x.cfg;y=1",
		"/files/x.cfg":                         "/files/x.cfg",
		"/files":                               "/files",
		"/.well-known/../../../../etc/passwd":  "/.well-known/../../../../etc/passwd",
		"/" + strings.Repeat("a", 4000):        "/" + strings.Repeat("a", 4000),
		"/provision?mac=00:15:65:11:22:33&a=%": "/provision",
	} {
		response := parse(t, f.raw(t, "GET "+target+" HTTP/1.1\r\nHost: phones.example:81\r\nConnection: close\r\n\r\n"))
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || string(body) != "settings" || response.Header.Get("Location") != "" {
			t.Errorf("%s: %s, %q, %v", target, response.Status, body, err)
			continue
		}
		if asked, _ := o.last(); asked.Path != want {
			t.Errorf("%s: path %q, want %q", target, asked.Path, want)
		}
	}
	if response := parse(t, f.raw(t, "GET /%zz.cfg HTTP/1.1\r\nHost: h\r\n\r\n")); response.StatusCode != http.StatusBadRequest {
		t.Errorf("a broken escape: %s", response.Status)
	}
	f.lint(t)
}

func TestTheOpenerIsToldWhoAsks(t *testing.T) {
	o := newOpener("settings")
	f := newFixture(t, withOpener(o))
	f.raw(t, "GET /provision?mac=001565112233 HTTP/1.0\r\nUser-Agent: Yealink SIP-T46S 66.86.0.15 00:15:65:11:22:33\r\n\r\n")
	asked, _ := o.last()
	if asked.At.IsZero() {
		t.Error("no time")
	}
	want := files.Request{
		Protocol: "http", Method: "GET", Path: "/provision", Query: map[string][]string{"mac": {"001565112233"}},
		UserAgent: "Yealink SIP-T46S 66.86.0.15 00:15:65:11:22:33", Address: netip.MustParseAddr("127.0.0.1"), At: asked.At,
	}
	if diff := cmp.Diff(want, asked, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAProxySaysIsBelievedOnlyByTheOptions(t *testing.T) {
	o, certificate := newOpener("settings"), &x509.Certificate{Raw: []byte{1}}
	f := newFixture(t, func(options *httpd.Options) {
		options.Opener = o
		options.Secure = func(r *http.Request) bool { return r.Header.Get("X-Forwarded-Proto") == "https" }
		options.ClientAddress = func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") }
		options.ProxyCertificate = func(*http.Request) *x509.Certificate { return certificate }
	})
	f.do(t, http.MethodGet, "/x.cfg", "X-Forwarded-Proto", "https")
	if asked, _ := o.last(); asked.Protocol != "https" || asked.Address.String() != "192.0.2.7" || asked.Certificate != certificate {
		t.Errorf("%+v", asked)
	}
}

// phoneCertificate returns a certificate as a phone's maker puts it into a phone.
func phoneCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{OrganizationalUnit: []string{"CP-8841-3PCC"}},
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func TestAClientCertificateIsGivenOnIfItWasVerified(t *testing.T) {
	certificate := phoneCertificate(t)
	pool := x509.NewCertPool()
	pool.AddCert(certificate.Leaf)
	library := newFixture(t, nil).library
	for auth, want := range map[tls.ClientAuthType]bool{tls.VerifyClientCertIfGiven: true, tls.RequestClientCert: false} {
		o := newOpener("settings")
		handler, err := httpd.New(httpd.Options{Library: library, Opener: o})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewUnstartedServer(handler)
		server.TLS = &tls.Config{ClientAuth: auth, ClientCAs: pool}
		server.StartTLS()
		defer server.Close()
		transport, _ := server.Client().Transport.(*http.Transport)
		transport.TLSClientConfig.Certificates = []tls.Certificate{certificate}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/x.cfg", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		asked, _ := o.last()
		if asked.Protocol != "https" || (asked.Certificate != nil) != want || want && !asked.Certificate.Equal(certificate.Leaf) {
			t.Errorf("%v: %s, certificate %v", auth, asked.Protocol, asked.Certificate)
		}
	}
}

func TestAPhoneThatHasTheFileIsAnswered304(t *testing.T) {
	o := newOpener("settings")
	f := newFixture(t, withOpener(o))
	for name, c := range map[string]struct {
		value string
		want  int
	}{
		"the same":           {openerETag, http.StatusNotModified},
		"weak":               {"W/" + openerETag, http.StatusNotModified},
		"in a list":          {`"x", W/"y" , ` + openerETag, http.StatusNotModified},
		"any":                {"*", http.StatusNotModified},
		"another":            {`"x"`, http.StatusOK},
		"without quotes":     {"1a2b", http.StatusOK},
		"a list without end": {`"x", "`, http.StatusOK},
	} {
		response, body := f.do(t, http.MethodGet, "/x.cfg", "If-None-Match", c.value)
		_, ended := o.last()
		if response.StatusCode != c.want || response.Header.Get("ETag") != openerETag || ended.Status != c.want || !ended.Complete {
			t.Errorf("%s: %s, %+v", name, response.Status, ended)
		}
		if has := body != ""; has != (c.want == http.StatusOK) {
			t.Errorf("%s: body %q", name, body)
		}
	}
}

func TestTheOpenerIsToldOnceWhatBecameOfAnAnswer(t *testing.T) {
	o := newOpener("0123456789")
	f := newFixture(t, withOpener(o))
	for name, c := range map[string]struct {
		method, path string
		header       []string
		want         files.Ended
	}{
		"the whole":          {"GET", "/x", nil, files.Ended{Status: 200, Bytes: 10, Complete: true}},
		"its header":         {"HEAD", "/x", nil, files.Ended{Status: 200}},
		"a part":             {"GET", "/x", []string{"Range", "bytes=2-4"}, files.Ended{Status: 206, Bytes: 3}},
		"all as a range":     {"GET", "/x", []string{"Range", "bytes=0-"}, files.Ended{Status: 206, Bytes: 10, Complete: true}},
		"the end alone":      {"GET", "/x", []string{"Range", "bytes=5-"}, files.Ended{Status: 206, Bytes: 5}},
		"the rest":           {"GET", "/x", []string{"Range", "bytes=5-", "If-Range", openerETag}, files.Ended{Status: 206, Bytes: 5, Complete: true}},
		"nothing of it":      {"GET", "/x", []string{"Range", "bytes=10-"}, files.Ended{Status: 416, Bytes: 33}},
		"what it has":        {"GET", "/x", []string{"If-None-Match", openerETag}, files.Ended{Status: 304, Complete: true}},
		"what it has not":    {"GET", "/x", []string{"If-Match", `"x"`}, files.Ended{Status: 412}},
		"what was damaged":   {"GET", "/damaged", nil, files.Ended{Status: 503}},
		"two ranges at once": {"GET", "/x", []string{"Range", "bytes=0-1,3-9"}, files.Ended{Status: 206}},
	} {
		f.do(t, c.method, c.path, c.header...)
		_, ended := o.last()
		if name == "two ranges at once" {
			ended.Bytes = 0 // The boundary is random.
		}
		if diff := cmp.Diff(c.want, ended); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	f.server.Close()
	if len(o.ended) != len(o.asked) || o.closed != len(o.asked) {
		t.Errorf("asked %d, ended %d, closed %d", len(o.asked), len(o.ended), o.closed)
	}
}

func TestAPhoneThatGoesAwayDidNotGetTheFile(t *testing.T) {
	o := newOpener(strings.Repeat("x", 8<<20))
	f := newFixture(t, withOpener(o))
	conn := f.dial(t)
	fmt.Fprint(conn, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
	if _, err := io.ReadFull(conn, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if _, ended := o.last(); ended.Complete || ended.Bytes >= 8<<20 {
		t.Errorf("%+v", ended)
	}
}

func TestWhatMayNotBeGivenIsRefused(t *testing.T) {
	o := newOpener("settings")
	f := newFixture(t, withOpener(o))
	for _, c := range []struct {
		method, path string
		status       int
		result       string
	}{
		{"GET", "/missing.cfg", http.StatusNotFound, "notFound"},
		{"HEAD", "/missing.cfg", http.StatusNotFound, "notFound"},
		{"GET", "/forbidden.cfg", http.StatusForbidden, "forbidden"},
		{"GET", "/broken.cfg", http.StatusServiceUnavailable, "error"},
		{"PUT", "/0004f2112233-app.log", http.StatusMethodNotAllowed, "method"},
		{"POST", "/x.cfg", http.StatusMethodNotAllowed, "method"},
		{"DELETE", "/x.cfg", http.StatusMethodNotAllowed, "method"},
		{"PROPFIND", "/x.cfg", http.StatusMethodNotAllowed, "method"},
	} {
		before := f.served(t, c.result)
		response, body := f.do(t, c.method, c.path)
		if response.StatusCode != c.status || body != "" || f.served(t, c.result) != before+1 {
			t.Errorf("%s %s: %s, body %q", c.method, c.path, response.Status, body)
		}
		if c.status == http.StatusServiceUnavailable && response.Header.Get("Retry-After") == "" {
			t.Error("a phone is not told when to come back")
		}
	}
	if !strings.Contains(f.log.String(), "the store is away") {
		t.Error("the log does not say why")
	}
	if len(o.ended) != 0 {
		t.Errorf("told of %v", o.ended)
	}
}

func TestWhatIsMadeForAPhoneIsNotKeptByProxies(t *testing.T) {
	f := newFixture(t, withOpener(newOpener("settings")))
	response, _ := f.do(t, http.MethodGet, "/x.cfg")
	if cache := response.Header.Get("Cache-Control"); cache != "private, no-cache" {
		t.Errorf("Cache-Control %q", cache)
	}
	if kind := response.Header.Get("Content-Type"); kind != "text/plain" {
		t.Errorf("Content-Type %q", kind)
	}
}

func TestTheOpenerIsNotAskedForWhatWasOffered(t *testing.T) {
	o := newOpener("settings")
	f := newFixture(t, withOpener(o))
	_, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	if _, body := f.do(t, http.MethodGet, offer.Path); body != "firmware" {
		t.Errorf("%q", body)
	}
	for _, path := range []string{offer.Path + "x", "/files/t/", "/files/t/x/y"} {
		if response, _ := f.do(t, http.MethodGet, path); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	if response, _ := f.do(t, http.MethodPut, f.place(t).Path); response.StatusCode != http.StatusCreated {
		t.Errorf("an upload: %s", response.Status)
	}
	if len(o.asked) != 0 {
		t.Errorf("it was asked %v", o.asked)
	}
}

func BenchmarkOpenedFiles(b *testing.B) {
	for name, header := range map[string][]string{"whole": nil, "unchanged": {"If-None-Match", openerETag}} {
		b.Run(name, func(b *testing.B) {
			f := newFixture(b, func(o *httpd.Options) { o.Opener = constant(bytes.Repeat([]byte("key = value\n"), 500)) })
			for b.Loop() {
				f.do(b, http.MethodGet, "/x.cfg", header...)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}

// constant is an opener of one content.
type constant []byte

func (c constant) OpenRequest(context.Context, files.Request) (files.Opened, error) {
	return files.Opened{Name: "x.cfg", ETag: openerETag, Size: int64(len(c)), Content: unclosed{bytes.NewReader(c)}, Ended: func(files.Ended) {}}, nil
}

type unclosed struct{ *bytes.Reader }

func (unclosed) Close() error { return nil }
