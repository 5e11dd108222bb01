package cpe

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// connectionRequest sends a connection request and returns its status; 0 if there
// was no answer.
func connectionRequest(t *testing.T, url, username, password string) int {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: &digest.Transport{Username: username, Password: password, Transport: transport}, Timeout: 5 * time.Second}
	if username == "" {
		client.Transport = transport
	}
	r, err := client.Get(url)
	if err != nil {
		return 0
	}
	_ = r.Body.Close()
	return r.StatusCode
}

func listening(a *testACS) Config {
	c := testConfig(a)
	c.ConnectionRequestListen = "127.0.0.1:0"
	c.ConnectionRequestUsername, c.ConnectionRequestPassword = "acs", "secret"
	return c
}

func urlOf(t *testing.T, d *Device) string {
	t.Helper()
	url, _ := d.Parameter("Device.ManagementServer.ConnectionRequestURL")
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Fatalf("ConnectionRequestURL is %q", url)
	}
	return url
}

func TestAConnectionRequestOpensASession(t *testing.T) {
	a := newTestACS(t)
	d := start(t, listening(a))
	url := urlOf(t, d)
	for name, test := range map[string]struct {
		url, username, password string
		want                    int
	}{
		"without credentials":   {url, "", "", 401},
		"with a wrong password": {url, "acs", "wrong", 401},
		"with a wrong user":     {url, "other", "secret", 401},
		"to another path":       {url + "0", "acs", "secret", 404},
	} {
		if got := connectionRequest(t, test.url, test.username, test.password); got != test.want {
			t.Errorf("%s: status %d, want %d", name, got, test.want)
		}
	}
	if r, err := http.Post(url, "", nil); err != nil || r.StatusCode != 405 {
		t.Errorf("POST: %v %v", r, err)
	} else {
		_ = r.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	n := d.Sessions()
	if n != 1 {
		t.Errorf("%d sessions before the connection request", n)
	}
	if got := connectionRequest(t, url, "acs", "secret"); got != 200 {
		t.Fatalf("status %d", got)
	}
	if r := waitSession(t, d, n); !r.HasEvent(cwmp.EventConnectionRequest) || len(r.Events) != 1 {
		t.Errorf("events %v", r.Events)
	}
}

func TestTheACSCanChangeTheCredentialsOfConnectionRequests(t *testing.T) {
	a := newTestACS(t, set(text("Device.ManagementServer.ConnectionRequestUsername", "new"), text("Device.ManagementServer.ConnectionRequestPassword", "pass:wörd")))
	d := start(t, listening(a))
	if got := connectionRequest(t, urlOf(t, d), "acs", "secret"); got != 401 {
		t.Errorf("the old credentials: status %d", got)
	}
	if got := connectionRequest(t, urlOf(t, d), "new", "pass:wörd"); got != 200 {
		t.Errorf("the new credentials: status %d", got)
	}
}

func TestConnectionRequestsDuringASessionCoalesceIntoOneMore(t *testing.T) {
	for name, busy := range map[string]bool{"accepted": false, "refused by a busy device": true} {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t)
			c := listening(a)
			c.Quirks.BusyConnectionRequests = busy
			d := newTestDevice(t, c)
			a.intercept = func(_ http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
				if e == nil && len(a.informs) == 1 {
					for range 3 {
						if got, want := connectionRequest(t, urlOf(t, d), "acs", "secret"), map[bool]int{true: 503, false: 200}[busy]; got != want {
							t.Errorf("status %d, want %d", got, want)
						}
					}
				}
				return false
			}
			stop := d.Start()
			defer func() { _ = stop() }()
			waitSession(t, d, 0)
			if !busy {
				if r := waitSession(t, d, 1); len(r.Events) != 1 || !r.HasEvent(cwmp.EventConnectionRequest) {
					t.Errorf("events %v", r.Events)
				}
			}
			inform(t, d, cwmp.EventPeriodic)
			if want := map[bool]int{true: 2, false: 3}[busy]; d.Sessions() != want {
				t.Errorf("%d sessions, want %d", d.Sessions(), want)
			}
		})
	}
}

func TestAConnectionRequestThatFailsIsNotRepeated(t *testing.T) {
	a := newTestACS(t)
	d := start(t, listening(a))
	a.mu.Lock()
	a.intercept = func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) bool { w.WriteHeader(500); return true }
	a.mu.Unlock()
	n := d.Sessions()
	connectionRequest(t, urlOf(t, d), "acs", "secret")
	if r := waitSession(t, d, n); r.Err == nil {
		t.Error("the session did not fail")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.retryCount != 0 || len(d.events) != 0 {
		t.Errorf("retry count %d, events %v", d.retryCount, d.events)
	}
}

func TestADeviceThatRebootsDoesNotAnswer(t *testing.T) {
	a := newTestACS(t)
	c := listening(a)
	clock := &manualClock{}
	c.Clock = clock
	d := start(t, c)
	url := urlOf(t, d)
	a.ask(&cwmp.Reboot{CommandKey: "r"})
	inform(t, d, cwmp.EventPeriodic)
	if err := d.WaitFor(testContext(t), func() bool { return !d.Up() }); err != nil {
		t.Fatal(err)
	}
	if got := connectionRequest(t, url, "acs", "secret"); got != 0 {
		t.Errorf("a device that is gone answers %d", got)
	}
	clock.passUntil(t, d, func() bool { return d.LastSession().HasEvent(cwmp.EventMReboot) }, time.Second)
	if got := connectionRequest(t, url, "acs", "secret"); got != 200 {
		t.Errorf("a device that is back answers %d", got)
	}
}

func TestANonceExpires(t *testing.T) {
	l, err := ListenConnectionRequests("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	now := time.Unix(1_700_000_000, 0)
	nonce := l.nonce(now)
	for name, test := range map[string]struct {
		nonce string
		at    time.Time
		want  bool
	}{
		"fresh":          {nonce, now.Add(59 * time.Second), true},
		"expired":        {nonce, now.Add(61 * time.Second), false},
		"forged":         {"00000000" + nonce[8:], now, false},
		"of another key": {nonce[:8] + strings.Repeat("0", 24), now, false},
		"short":          {"", now, false},
	} {
		if got := l.validNonce(test.nonce, test.at); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if _, err := ListenConnectionRequests(l.Addr().String()); err == nil {
		t.Error("an address that is in use is listened on")
	}
}
