package cpe

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testACS is an ACS that does what a test tells it: it answers every Inform, sends
// the script's requests one after the other, and keeps what it got.
type testACS struct {
	*httptest.Server

	mu       sync.Mutex
	script   []cwmp.Message
	informs  []*cwmp.Inform
	own      []cwmp.Message
	answers  []cwmp.Message
	cookies  map[string]bool
	requests int
	// intercept may answer a request itself; envelope is nil for an empty
	// POST.
	intercept func(w http.ResponseWriter, r *http.Request, envelope *cwmp.Envelope) bool
}

func newTestACS(t *testing.T, script ...cwmp.Message) *testACS {
	t.Helper()
	a := &testACS{script: script, cookies: make(map[string]bool)}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *testACS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var envelope *cwmp.Envelope
	if len(body) > 0 {
		if envelope, err = cwmp.Decode(body, cwmp.DefaultLimits()); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests++
	if a.intercept != nil && a.intercept(w, r, envelope) {
		return
	}
	a.step(w, r, envelope)
}

func (a *testACS) step(w http.ResponseWriter, r *http.Request, envelope *cwmp.Envelope) {
	if envelope != nil {
		if inform, ok := envelope.Message.(*cwmp.Inform); ok {
			a.informs = append(a.informs, inform)
			id := make([]byte, 16)
			_, _ = rand.Read(id)
			a.cookies[hex.EncodeToString(id)] = true
			http.SetCookie(w, &http.Cookie{Name: "s", Value: hex.EncodeToString(id), Path: "/"})
			reply(w, envelope, &cwmp.InformResponse{})
			return
		}
	}
	cookie, err := r.Cookie("s")
	if err != nil || !a.cookies[cookie.Value] {
		http.Error(w, "no session", http.StatusBadRequest)
		return
	}
	if envelope != nil {
		switch m := envelope.Message.(type) {
		case *cwmp.TransferComplete:
			a.own = append(a.own, envelope.Message)
			reply(w, envelope, &cwmp.TransferCompleteResponse{})
			return
		case *cwmp.GetRPCMethods:
			a.own = append(a.own, envelope.Message)
			reply(w, envelope, &cwmp.GetRPCMethodsResponse{MethodList: []string{"Inform"}})
			return
		case *cwmp.AutonomousTransferComplete, *cwmp.RequestDownload, *cwmp.Kicked, *cwmp.DUStateChangeComplete, *cwmp.AutonomousDUStateChangeComplete:
			a.own = append(a.own, envelope.Message)
			reply(w, envelope, responses[envelope.Message.Method()])
			return
		case *cwmp.Unknown:
			if strings.HasSuffix(m.Name, "Response") {
				break
			}
			a.own = append(a.own, envelope.Message)
			reply(w, envelope, cwmp.NewFault(cwmp.FaultACSMethodNotSupported, ""))
			return
		}
		a.answers = append(a.answers, envelope.Message)
	}
	if len(a.script) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	next := a.script[0]
	a.script = a.script[1:]
	reply(w, &cwmp.Envelope{ID: "acs", HasID: true, Namespace: cwmp.NamespaceV1_2}, next)
}

// responses answers what a device sends of its own, beside what has a case of its own.
var responses = map[string]cwmp.Message{
	"AutonomousTransferComplete":      &cwmp.AutonomousTransferCompleteResponse{},
	"RequestDownload":                 &cwmp.RequestDownloadResponse{},
	"Kicked":                          &cwmp.KickedResponse{NextURL: "http://portal.example/"},
	"DUStateChangeComplete":           &cwmp.DUStateChangeCompleteResponse{},
	"AutonomousDUStateChangeComplete": &cwmp.AutonomousDUStateChangeCompleteResponse{},
}

func reply(w http.ResponseWriter, to *cwmp.Envelope, message cwmp.Message) {
	body, err := cwmp.Encode(&cwmp.Envelope{ID: to.ID, HasID: to.HasID, Namespace: to.Namespace, Message: message})
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", `text/xml; charset="utf-8"`)
	_, _ = w.Write(body)
}

// ask queues requests for the next session.
func (a *testACS) ask(script ...cwmp.Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.script = append(a.script, script...)
}

func (a *testACS) lastInform(t *testing.T) *cwmp.Inform {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.informs) == 0 {
		t.Fatal("the ACS got no Inform")
	}
	return a.informs[len(a.informs)-1]
}

// testConfig is a device that is quick.
func testConfig(a *testACS) Config {
	c := Config{
		Identity:       Identity{SerialNumber: "FCH2401TEST"},
		Interval:       time.Hour,
		RebootDuration: time.Millisecond,
		RetryScale:     0.0001,
		RequestTimeout: 10 * time.Second,
	}
	if a != nil {
		c.ACSURL = a.URL + "/cwmp"
	} else {
		c.ACSURL = "http://acs.example/cwmp"
	}
	return c
}

func newTestDevice(t *testing.T, c Config) *Device {
	t.Helper()
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// start switches a device on for the time of the test and waits for its first
// session.
func start(t *testing.T, c Config) *Device {
	t.Helper()
	d := newTestDevice(t, c)
	stop := d.Start()
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("the device ended with %v", err)
		}
	})
	waitSession(t, d, 0)
	return d
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func waitSession(t *testing.T, d *Device, after int) SessionResult {
	t.Helper()
	r, err := d.WaitSession(testContext(t), after)
	if err != nil {
		t.Fatalf("waiting for session %d: %v; the last one: %+v", after+1, err, d.LastSession())
	}
	return r
}

// inform opens a session and returns its result.
func inform(t *testing.T, d *Device, events ...string) SessionResult {
	t.Helper()
	n := d.Sessions()
	var list []cwmp.EventStruct
	for _, e := range events {
		list = append(list, cwmp.EventStruct{EventCode: e})
	}
	d.Inform(list...)
	return waitSession(t, d, n)
}

// waitEvent waits for a session whose Inform has an event.
func waitEvent(t *testing.T, d *Device, event string) SessionResult {
	t.Helper()
	var last SessionResult
	err := d.WaitFor(testContext(t), func() bool {
		last = d.LastSession()
		return last.HasEvent(event)
	})
	if err != nil {
		t.Fatalf("waiting for %s: %v; the last session: %+v", event, err, last)
	}
	return last
}

func eventCodes(events []cwmp.EventStruct) []string {
	var codes []string
	for _, e := range events {
		code := e.EventCode
		if e.CommandKey != "" {
			code += " (" + e.CommandKey + ")"
		}
		codes = append(codes, code)
	}
	return codes
}
