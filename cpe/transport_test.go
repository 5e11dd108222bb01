package cpe

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/icholy/digest"

	"github.com/dialtone-acs/dialtone/cwmp"
)

var update = flag.Bool("update", false, "write the golden files")

func contains(text, part string) bool { return strings.Contains(text, part) }

// fixedClock stands still.
type fixedClock struct{ systemClock }

func (fixedClock) Now() time.Time { return time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC) }

// addressed is a connection from an address that is always the same.
type addressed struct{ net.Conn }

func (addressed) LocalAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 10), Port: 40000}
}

// record returns every byte that a device sends in its first session, to an ACS
// that gives answers in turn.
func record(t *testing.T, c Config, answers ...string) string {
	t.Helper()
	var sent strings.Builder
	device, acs := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		reader := bufio.NewReader(acs)
		for _, answer := range answers {
			length := 0
			for {
				line, err := reader.ReadString('\n')
				if err != nil {
					return
				}
				sent.WriteString(line)
				if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
					for _, digit := range strings.TrimSpace(value) {
						length = length*10 + int(digit-'0')
					}
				}
				if line == "\r\n" {
					break
				}
			}
			body := make([]byte, length)
			for n := 0; n < length; {
				m, err := reader.Read(body[n:])
				if err != nil {
					return
				}
				n += m
			}
			sent.Write(body)
			_, _ = acs.Write([]byte(answer))
		}
	}()
	c.Clock = fixedClock{}
	c.Dial = func(context.Context, string, string) (net.Conn, error) { return addressed{device}, nil }
	d := newTestDevice(t, c)
	d.boot()
	d.runSession(t.Context())
	_ = acs.Close()
	<-done
	if err := d.LastSession().Err; err != nil {
		t.Fatal(err)
	}
	return sent.String()
}

func answer(t *testing.T, headers, id string, m cwmp.Message) string {
	t.Helper()
	body, err := cwmp.Encode(&cwmp.Envelope{ID: id, HasID: true, Namespace: cwmp.NamespaceV1_2, Message: m})
	if err != nil {
		t.Fatal(err)
	}
	return "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n" + headers +
		"Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body)
}

func TestWhatADeviceSendsIsAsItWas(t *testing.T) {
	for _, root := range []string{RootDevice, RootGateway} {
		name := strings.TrimSuffix(root, ".")
		t.Run(name, func(t *testing.T) {
			c := testConfig(nil)
			c.Root = root
			got := record(t, c,
				answer(t, "Set-Cookie: session=abc; Path=/\r\nSet-Cookie: other=1\r\n", "1", &cwmp.InformResponse{}),
				answer(t, "Set-Cookie: session=def; Path=/\r\n", "a<b", &cwmp.GetParameterValues{ParameterNames: []string{root + "DeviceInfo.SerialNumber"}}),
				"HTTP/1.1 204 No Content\r\n\r\n")
			golden := filepath.Join("testdata", name+".http")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestASessionKeepsOneConnectionAndItsCookies(t *testing.T) {
	for name, quirks := range map[string]Quirks{
		"one connection a session":    {},
		"one connection a request":    {ConnectionPerRequest: true},
		"a last empty POST":           {FinalEmptyPost: true},
		"the server closes each time": {},
	} {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t, &cwmp.GetRPCMethods{})
			var mu sync.Mutex
			connections := make(map[string]bool)
			a.intercept = func(w http.ResponseWriter, r *http.Request, _ *cwmp.Envelope) bool {
				mu.Lock()
				defer mu.Unlock()
				connections[r.RemoteAddr] = true
				if strings.HasPrefix(name, "the server") {
					w.Header().Set("Connection", "close")
				}
				return false
			}
			c := testConfig(a)
			c.Quirks = quirks
			d := start(t, c)
			r := d.LastSession()
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			want := 1
			if quirks.ConnectionPerRequest || strings.HasPrefix(name, "the server") {
				want = 3
			}
			if len(connections) != want {
				t.Errorf("%d connections, want %d", len(connections), want)
			}
			if wantRequests := map[bool]int{true: 4, false: 3}[quirks.FinalEmptyPost]; r.Requests != wantRequests {
				t.Errorf("%d requests, want %d", r.Requests, wantRequests)
			}
		})
	}
}

func TestADeviceWithoutCookiesSendsNone(t *testing.T) {
	a := newTestACS(t)
	c := testConfig(a)
	c.Quirks.NoCookies = true
	d := start(t, c)
	if r := d.LastSession(); r.Reason() != ReasonHTTP {
		t.Errorf("session %+v", r)
	}
}

func TestADeviceAuthenticatesByTheSchemeThatIsAskedFor(t *testing.T) {
	type attempt struct{ scheme, username, password string }
	tests := map[string]struct {
		schemes []string
		attempt
		want      Reason
		unanswers int
	}{
		"digest":                       {[]string{"Digest"}, attempt{"Digest", "phone", "secret"}, "", 1},
		"basic":                        {[]string{"Basic"}, attempt{"Basic", "phone", "secret"}, "", 1},
		"digest before basic":          {[]string{"Basic", "Digest"}, attempt{"Digest", "phone", "secret"}, "", 1},
		"digest with a wrong password": {[]string{"Digest"}, attempt{"Digest", "phone", "wrong"}, ReasonAuthentication, 2},
		"basic with a wrong password":  {[]string{"Basic"}, attempt{"Basic", "phone", "wrong"}, ReasonAuthentication, 2},
		"a scheme that is unknown":     {[]string{"Negotiate"}, attempt{"", "phone", "secret"}, ReasonAuthentication, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t)
			refused, counts := 0, []int(nil)
			a.intercept = func(w http.ResponseWriter, r *http.Request, _ *cwmp.Envelope) bool {
				if username, password, ok := r.BasicAuth(); ok && username == "phone" && password == "secret" {
					return false
				}
				if given, err := digest.ParseCredentials(r.Header.Get("Authorization")); err == nil {
					counts = append(counts, given.Nc)
					want, err := digest.Digest(&digest.Challenge{Realm: "acs", Nonce: "n", QOP: []string{"auth"}, Algorithm: "MD5"},
						digest.Options{Method: "POST", URI: "/cwmp", Count: given.Nc, Cnonce: given.Cnonce, Username: "phone", Password: "secret"})
					if err == nil && want.Response == given.Response {
						return false
					}
				}
				refused++
				for _, scheme := range test.schemes {
					value := scheme + ` realm="acs"`
					if scheme == "Digest" {
						value += `, nonce="n", qop="auth", algorithm=MD5`
					}
					w.Header().Add("WWW-Authenticate", value)
				}
				w.WriteHeader(401)
				return true
			}
			c := testConfig(a)
			c.RetryScale = 1
			c.Username, c.Password = test.username, test.password
			d := start(t, c)
			if got := d.LastSession().Reason(); got != test.want || refused != test.unanswers {
				t.Errorf("reason %q, want %q; %d refused, want %d", got, test.want, refused, test.unanswers)
			}
			if test.scheme == "Digest" && test.want == "" {
				if diff := cmp.Diff([]int{1, 2}, counts); diff != "" {
					t.Errorf("nonce counts: %s", diff)
				}
			}
		})
	}
}

func TestAStaleNonceIsAnsweredWithTheNewOne(t *testing.T) {
	a := newTestACS(t)
	nonces := []string{"one", "two", "three"}
	a.intercept = func(w http.ResponseWriter, r *http.Request, _ *cwmp.Envelope) bool {
		given, err := digest.ParseCredentials(r.Header.Get("Authorization"))
		if err == nil && given.Nonce == "three" {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Digest realm="acs", nonce="`+nonces[0]+`", qop="auth", stale=true`)
		nonces = nonces[1:]
		if len(nonces) == 1 {
			nonces = []string{"three", "three"}
		}
		w.WriteHeader(401)
		return true
	}
	c := testConfig(a)
	c.RetryScale = 1
	d := start(t, c)
	if r := d.LastSession(); r.Reason() != ReasonAuthentication || r.Requests != 3 {
		t.Errorf("a third 401 to one request: %+v", r)
	}
	if r := inform(t, d); r.Err != nil {
		t.Errorf("session %+v", r)
	}
}

func TestARedirectIsFollowedForTheRestOfTheSession(t *testing.T) {
	b := newTestACS(t, &cwmp.GetRPCMethods{})
	a := newTestACS(t)
	a.intercept = func(w http.ResponseWriter, r *http.Request, _ *cwmp.Envelope) bool {
		http.SetCookie(w, &http.Cookie{Name: "s", Value: "of-the-first"})
		http.Redirect(w, r, b.URL+"/there", http.StatusTemporaryRedirect)
		return true
	}
	d := start(t, testConfig(a))
	if r := d.LastSession(); r.Err != nil || len(r.RPCs) != 1 {
		t.Errorf("session %+v", r)
	}
	if a.requests != 1 || b.requests != 3 {
		t.Errorf("%d requests at the first, %d at the second", a.requests, b.requests)
	}
	inform(t, d)
	if a.requests != 2 {
		t.Error("the redirect outlived its session")
	}
}

func TestASessionOverTLSChecksTheCertificate(t *testing.T) {
	inner := newTestACS(t)
	a := httptest.NewUnstartedServer(inner)
	a.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.StartTLS()
	defer a.Close()
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	c := testConfig(nil)
	c.ACSURL = a.URL
	c.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	d := start(t, c)
	if err := d.LastSession().Err; err != nil {
		t.Error(err)
	}
	c.TLS, c.RetryScale = nil, 1
	stranger := start(t, c)
	if r := stranger.LastSession(); r.Reason() != ReasonConnect {
		t.Errorf("an unknown certificate: %+v", r)
	}
}
