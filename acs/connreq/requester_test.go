package connreq

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestADeviceIsReachedWithEveryKindOfChallenge(t *testing.T) {
	without := func(part string) func(*digest.Challenger) string {
		return func(c *digest.Challenger) string { return strings.Replace(md5Challenge(c), part, "", 1) }
	}
	for name, challenge := range map[string]func(*digest.Challenger) string{
		"MD5":          md5Challenge,
		"MD5-sess":     func(c *digest.Challenger) string { return c.Challenge(false, digest.MD5Sess)[0] },
		"SHA-256":      func(c *digest.Challenger) string { return c.Challenge(false, digest.SHA256)[0] },
		"no algorithm": without(", algorithm=MD5"),
		"no qop":       without(`, qop="auth"`),
		"qop list, opaque": func(c *digest.Challenger) string {
			return strings.Replace(md5Challenge(c), `"auth"`, `"auth-int,auth", opaque="x"`, 1)
		},
		"Basic besides": func(c *digest.Challenger) string {
			return `Basic realm="r"` + "\r\nWWW-Authenticate: " + md5Challenge(c)
		},
		"several": func(c *digest.Challenger) string {
			return strings.Join(c.Challenge(false, digest.SHA256, digest.MD5), ", ")
		},
	} {
		for code, final := range map[int]string{200: status("200 OK", empty), 204: status("204 No Content", "")} {
			device := newCPE(t, authenticated(t, challenge, final))
			result, err := request(t, device.target())
			expect(t, result, err, nil, Accepted)
			if result.StatusCode != code || result.Address.String() != device.listener.Addr().String() || result.Duration <= 0 {
				t.Errorf("%s: %+v", name, result)
			}
			if connections, requests := device.counts(); connections != 1 || requests != 2 {
				t.Errorf("%s: %d requests on %d connections, want 2 on 1", name, requests, connections)
			}
		}
	}
}

func TestTheRequestsOnTheWire(t *testing.T) {
	device := newCPE(t, authenticated(t, md5Challenge, status("200 OK", empty)))
	if _, err := request(t, device.target()); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(device.raw, "")
	for pattern, stable := range map[string]string{
		regexp.QuoteMeta(device.listener.Addr().String()): "HOST:PORT",
		`(cnonce|nonce|response)="[0-9a-f]{32}"`:          `$1="…"`,
	} {
		got = regexp.MustCompile(pattern).ReplaceAllString(got, stable)
	}
	golden := filepath.Join("testdata", "exchange.golden")
	if *update {
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
}

func TestDevicesThatBehaveBadly(t *testing.T) {
	challenger := authenticator(t)
	challenge := "WWW-Authenticate: " + md5Challenge(challenger) + "\r\n"
	fixed := func(text string) func(*cpeConnection, *http.Request) bool {
		return func(c *cpeConnection, _ *http.Request) bool { c.say(text); return true }
	}
	afterChallenge := func(headers string, keep bool, then func(*cpeConnection) bool) func(*cpeConnection, *http.Request) bool {
		return func(c *cpeConnection, request *http.Request) bool {
			if request.Header.Get("Authorization") == "" {
				c.say(status("401 Unauthorized", challenge+headers))
				return keep
			}
			return then(c)
		}
	}
	accept := func(c *cpeConnection) bool { c.say(status("204 No Content", "")); return true }
	for name, test := range map[string]struct {
		answer                func(*cpeConnection, *http.Request) bool
		want                  error
		outcome               Outcome
		connections, requests int
	}{
		"accepts without a challenge":            {fixed(status("200 OK", empty)), nil, Accepted, 1, 1},
		"sends a body without an end":            {fixed(status("200 OK", "") + strings.Repeat("x", 1<<16)), nil, Accepted, 1, 1},
		"answers with bare line feeds":           {fixed("HTTP/1.0 200 OK\n\n"), nil, Accepted, 1, 1},
		"sends an interim response first":        {fixed(status("100 Continue", "") + status("200 OK", empty)), nil, Accepted, 1, 1},
		"sends interim responses without an end": {fixed(strings.Repeat(status("100 Continue", ""), 10)), ErrProtocol, ProtocolError, 1, 1},
		"is busy":                                {fixed(status("503 Service Unavailable", empty)), ErrBusy, Busy, 1, 1},
		"redirects":                              {fixed(status("302 Found", "Location: http://127.0.0.1:1/\r\n"+empty)), ErrProtocol, ProtocolError, 1, 1},
		"knows no such path":                     {fixed(status("404 Not Found", empty)), ErrProtocol, ProtocolError, 1, 1},
		"does not speak HTTP":                    {fixed("SSH-2.0-dropbear\r\n\r\n"), ErrProtocol, ProtocolError, 1, 1},
		"sends a huge header":                    {fixed(status("200 OK", strings.Repeat("X: "+strings.Repeat("y", 100)+"\r\n", 100))), ErrProtocol, ProtocolError, 1, 1},
		"sends one endless header line":          {fixed("HTTP/1.1 200 " + strings.Repeat("y", 1<<15)), ErrProtocol, ProtocolError, 1, 1},
		"closes at once":                         {func(*cpeConnection, *http.Request) bool { return false }, ErrUnreachable, Unreachable, 1, 1},
		"asks for Basic":                         {fixed(status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n"+empty)), ErrProtocol, ProtocolError, 1, 1},
		"has no challenge in its 401":            {fixed(status("401 Unauthorized", empty)), ErrProtocol, ProtocolError, 1, 1},
		"refuses the credentials":                {fixed(status("401 Unauthorized", challenge+empty)), ErrCredentials, BadCredentials, 1, 3},
		"closes silently after the challenge":    {afterChallenge(empty, false, accept), nil, Accepted, 2, 2},
		"announces the close":                    {afterChallenge("Connection: close\r\n"+empty, false, accept), nil, Accepted, 2, 2},
		"announces the close but does not":       {afterChallenge("Connection: close\r\n"+empty, true, accept), nil, Accepted, 2, 2},
		"does not say how long its 401 is":       {afterChallenge("", true, accept), nil, Accepted, 2, 2},
		"has a long page in its 401":             {afterChallenge("Content-Length: 99999\r\n", false, accept), nil, Accepted, 2, 2},
		"chunks its 401": {func(c *cpeConnection, request *http.Request) bool {
			if request.Header.Get("Authorization") != "" {
				return accept(c)
			}
			c.say(status("401 Unauthorized", challenge+"Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n")
			return true
		}, nil, Accepted, 1, 2},
		"closes whenever it is answered": {afterChallenge(empty, true, func(*cpeConnection) bool { return false }), ErrUnreachable, Unreachable, 2, 3},
		"is busy after the challenge": {afterChallenge(empty, true, func(c *cpeConnection) bool {
			c.say(status("503 Service Unavailable", empty))
			return true
		}), ErrBusy, Busy, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			device := newCPE(t, test.answer)
			result, err := request(t, device.target())
			expect(t, result, err, test.want, test.outcome)
			// A connection that both sides end is counted by now or never.
			if connections, requests := device.counts(); connections != test.connections || requests != test.requests {
				t.Errorf("%d requests on %d connections, want %d on %d", requests, connections, test.requests, test.connections)
			}
		})
	}
}

func TestAConnectionResetAfterTheChallengeIsMadeAnew(t *testing.T) {
	answer := authenticated(t, md5Challenge, status("200 OK", empty))
	device := newCPE(t, func(c *cpeConnection, request *http.Request) bool {
		if c.number == 1 && c.request == 2 {
			_ = c.Conn.(*net.TCPConn).SetLinger(0)
			return false
		}
		return answer(c, request)
	})
	result, err := request(t, device.target())
	expect(t, result, err, nil, Accepted)
	if connections, requests := device.counts(); connections != 2 || requests != 3 {
		t.Errorf("%d requests on %d connections, want 3 on 2", requests, connections)
	}
}

func TestAFreshNonceIsAnsweredOnce(t *testing.T) {
	challenger := authenticator(t)
	var refused atomic.Int32
	device := newCPE(t, func(c *cpeConnection, request *http.Request) bool {
		_, result := challenger.Verify("GET", request.RequestURI, request.Header.Get("Authorization"),
			func(string) []string { return []string{cpePassword} })
		if result == digest.OK && refused.Add(1) > 1 {
			c.say(status("200 OK", empty))
			return true
		}
		c.say(status("401 Unauthorized", "WWW-Authenticate: "+challenger.Challenge(true)[0]+"\r\n"+empty))
		return true
	})
	result, err := request(t, device.target())
	expect(t, result, err, nil, Accepted)
	first, second := device.requests[1].Header.Get("Authorization"), device.requests[2].Header.Get("Authorization")
	if nonceOf(t, first) == nonceOf(t, second) {
		t.Error("the old nonce was used again")
	}
}

func nonceOf(t *testing.T, header string) string {
	t.Helper()
	credentials, err := digest.Parse(header)
	if err != nil {
		t.Fatal(err)
	}
	return credentials.Nonce
}

func TestCredentialsAreTriedInTheirOrder(t *testing.T) {
	right := Credential{Username: cpeUser, Password: secret.NewText(cpePassword)}
	wrong := Credential{Username: cpeUser, Password: secret.NewText("hunter2-new")}
	for name, test := range map[string]struct {
		credentials []Credential
		want        error
		outcome     Outcome
		requests    int
	}{
		"the second is right": {[]Credential{wrong, right}, nil, Accepted, 4},
		"none is right":       {[]Credential{wrong, wrong}, ErrCredentials, BadCredentials, 5},
		"there is none":       {nil, ErrCredentials, BadCredentials, 1},
		"one too many":        {[]Credential{wrong, wrong, wrong, right}, ErrCredentials, BadCredentials, 7},
	} {
		device := newCPE(t, authenticated(t, md5Challenge, status("200 OK", empty)))
		target := device.target()
		target.Credentials = test.credentials
		result, err := request(t, target)
		expect(t, result, err, test.want, test.outcome)
		if _, requests := device.counts(); requests != test.requests {
			t.Errorf("%s: %d requests, want %d", name, requests, test.requests)
		}
	}
}

func TestASlowDeviceIsGivenUpInTime(t *testing.T) {
	for name, beginning := range map[string]string{"silent": "", "stuck in its header": "HTTP/1.1 200 OK\r\nX: "} {
		gone := make(chan struct{})
		device := newCPE(t, func(c *cpeConnection, _ *http.Request) bool {
			c.say(beginning)
			defer close(gone)
			_, _ = c.Read(make([]byte, 1))
			return false
		})
		requester := newRequester(t, func(o *Options) { o.Timeout = 50 * time.Millisecond })
		result, err := requester.Request(context.Background(), device.target())
		expect(t, result, err, ErrUnreachable, Unreachable)
		if !strings.Contains(err.Error(), "no answer in time") {
			t.Errorf("%s: %v", name, err)
		}
		<-gone // the connection was closed, not left behind
	}
}

func TestARequestEndsWhenItsCallerGivesUp(t *testing.T) {
	asked := make(chan struct{})
	device := newCPE(t, func(c *cpeConnection, _ *http.Request) bool {
		close(asked)
		_, _ = c.Read(make([]byte, 1))
		return false
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-asked; cancel() }()
	result, err := newRequester(t, nil).Request(ctx, device.target())
	expect(t, result, err, context.Canceled, Cancelled)
}

func TestADeviceThatDoesNotListenIsUnreachable(t *testing.T) {
	device := newCPE(t, nil)
	target := device.target()
	device.close()
	result, err := request(t, target)
	expect(t, result, err, ErrUnreachable, Unreachable)
}

// resolver answers with the next addresses each time it is asked.
type resolver struct {
	answers [][]netip.Addr
	asked   int
}

func (r *resolver) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	r.asked++
	if r.asked > len(r.answers) {
		return nil, errors.New("no such host")
	}
	return r.answers[r.asked-1], nil
}

func addresses(list ...string) []netip.Addr {
	var parsed []netip.Addr
	for _, text := range list {
		parsed = append(parsed, netip.MustParseAddr(text))
	}
	return parsed
}

func TestAHostNameIsResolvedOnceAndTheCheckedAddressIsCalled(t *testing.T) {
	for name, test := range map[string]struct {
		found   []netip.Addr
		dialled string // empty: not allowed
		want    error
		outcome Outcome
	}{
		"its own address":                {addresses("203.0.113.7"), "203.0.113.7:7547", nil, Accepted},
		"its own address among others":   {addresses("198.51.100.1", "10.0.0.1", "203.0.113.7"), "203.0.113.7:7547", nil, Accepted},
		"its own address, mapped":        {addresses("::ffff:203.0.113.7"), "203.0.113.7:7547", nil, Accepted},
		"an allowed one among others":    {addresses("198.51.100.1", "10.0.0.1", "10.0.0.2"), "10.0.0.1:7547", nil, Accepted},
		"somebody else's address":        {addresses("198.51.100.1"), "", ErrNotAllowed, NotAllowed},
		"loopback":                       {addresses("127.0.0.1"), "", ErrNotAllowed, NotAllowed},
		"loopback mapped to IPv6":        {addresses("::ffff:127.0.0.1"), "", ErrNotAllowed, NotAllowed},
		"an address that is not defined": {addresses("0.0.0.0"), "", ErrNotAllowed, NotAllowed},
		"nothing":                        {[]netip.Addr{}, "", ErrUnreachable, Unreachable},
	} {
		names := &resolver{answers: [][]netip.Addr{test.found}}
		var dialled []string
		device := newCPE(t, func(c *cpeConnection, request *http.Request) bool {
			if c.number == 1 {
				c.say(status("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nConnection: close\r\n"+empty))
				return false
			}
			c.say(status("200 OK", empty))
			return true
		})
		requester := newRequester(t, func(o *Options) {
			o.AllowedNetworks, o.Resolver = prefixes("10.0.0.0/8"), names
			o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				dialled = append(dialled, address)
				return (&net.Dialer{}).DialContext(ctx, network, device.listener.Addr().String())
			}
		})
		target := device.target()
		target.URL, target.SourceAddress = "http://phone.example.com:7547/x", netip.MustParseAddr("203.0.113.7")
		result, err := requester.Request(context.Background(), target)
		expect(t, result, err, test.want, test.outcome)
		var want []string
		if test.dialled != "" {
			want = []string{test.dialled, test.dialled} // the second after the close
		}
		if diff := cmp.Diff(want, dialled); diff != "" || names.asked != 1 {
			t.Errorf("%s: asked %d times, dialled %s", name, names.asked, diff)
		}
	}
}

func TestAnUnknownHostNameIsUnreachable(t *testing.T) {
	requester := newRequester(t, func(o *Options) { o.Resolver = &resolver{} })
	result, err := requester.Request(context.Background(), Target{URL: "http://phone.example.com/"})
	expect(t, result, err, ErrUnreachable, Unreachable)
}

func TestNothingIsDialledThatIsNotAllowed(t *testing.T) {
	requester := newRequester(t, func(o *Options) {
		o.AllowedNetworks = nil
		o.Dial = func(context.Context, string, string) (net.Conn, error) {
			t.Error("dialled")
			return nil, errors.New("dialled")
		}
	})
	own := netip.MustParseAddr("10.0.0.1")
	for url, want := range map[string]error{
		"":                                 ErrURL,
		"https://10.0.0.1/":                ErrURL,
		"http://user@10.0.0.1/":            ErrURL,
		"http://10.0.0.1:22/":              ErrNotAllowed,
		"http://10.0.0.2/":                 ErrNotAllowed,
		"http://127.0.0.1:7547/":           ErrNotAllowed,
		"http://169.254.169.254/latest":    ErrNotAllowed,
		"http://[::ffff:169.254.169.254]/": ErrNotAllowed,
		"http://[::]:7547/":                ErrNotAllowed,
	} {
		if _, err := requester.Request(context.Background(), Target{URL: url, SourceAddress: own}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", url, err, want)
		}
	}
	_, err := requester.Request(context.Background(), Target{URL: "http://127.0.0.1:7547/", SourceAddress: netip.MustParseAddr("127.0.0.1")})
	if !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a device that informs from loopback: %v", err)
	}
}

func TestOnlySoManyRequestsGoToOneAddressAtOnce(t *testing.T) {
	var now, most atomic.Int32
	proceed := make(chan struct{})
	device := newCPE(t, func(c *cpeConnection, _ *http.Request) bool {
		count := now.Add(1)
		for {
			seen := most.Load()
			if count <= seen || most.CompareAndSwap(seen, count) {
				break
			}
		}
		<-proceed
		now.Add(-1)
		c.say(status("200 OK", empty))
		return true
	})
	requester := newRequester(t, func(o *Options) { o.MaxPerAddress = 2 })
	done := make(chan error)
	for range 6 {
		go func() {
			_, err := requester.Request(context.Background(), device.target())
			done <- err
		}()
	}
	for range 6 {
		proceed <- struct{}{}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() > 2 {
		t.Errorf("%d requests at once, want at most 2", most.Load())
	}
	if len(requester.limits.addresses) != 0 || len(requester.limits.all) != 0 {
		t.Error("places were not given back")
	}
}

func TestWaitingForAPlaceEndsWithTheCallersContext(t *testing.T) {
	requester := newRequester(t, func(o *Options) { o.MaxConcurrent, o.MaxPerAddress = 1, 1 })
	own := netip.MustParseAddr("127.0.0.1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, taken := range map[string]netip.Addr{"all places": netip.MustParseAddr("10.0.0.1"), "the address's places": own} {
		release, err := requester.limits.acquire(context.Background(), taken)
		if err != nil {
			t.Fatal(err)
		}
		result, err := requester.Request(ctx, Target{URL: "http://127.0.0.1:7547/"})
		expect(t, result, err, context.Canceled, Cancelled)
		release()
		if len(requester.limits.addresses) != 0 || len(requester.limits.all) != 0 {
			t.Errorf("%s: places were not given back", name)
		}
	}
}

func TestRequestsAreCountedAndLoggedWithoutSecrets(t *testing.T) {
	registry := prometheus.NewRegistry()
	var out bytes.Buffer
	requester := newRequester(t, func(o *Options) {
		o.Registerer = registry
		o.Logger = slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	device := newCPE(t, authenticated(t, md5Challenge, status("200 OK", empty)))
	for range 2 {
		if _, err := requester.Request(context.Background(), device.target()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := requester.Request(context.Background(), Target{URL: "http://u:hunter2@10.0.0.1/"}); err == nil {
		t.Error("a URL with user information was called")
	}
	want := `
# HELP dialtone_connection_requests_total Connection requests sent to devices, by method and result.
# TYPE dialtone_connection_requests_total counter
dialtone_connection_requests_total{method="http",result="accepted"} 2
dialtone_connection_requests_total{method="http",result="badURL"} 1
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	log := out.String()
	if strings.Contains(log, "hunter2") || strings.Contains(log, cpeUser) || strings.Count(log, `"device":"device7"`) != 2 {
		t.Errorf("logged %s", log)
	}
}

func TestOptionsOfARequesterAreChecked(t *testing.T) {
	for name, options := range map[string]Options{
		"a time-out above 10 s":    {Timeout: 11 * time.Second},
		"a negative time-out":      {Timeout: -1},
		"a negative number":        {MaxConcurrent: -1},
		"a network that is no one": {AllowedNetworks: []netip.Prefix{{}}},
	} {
		if _, err := New(options); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
