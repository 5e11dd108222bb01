package cpe

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestEventsAreSentAgainUntilTheACSAnswersTheInform(t *testing.T) {
	tests := map[string]struct {
		fail   func(w http.ResponseWriter, r *http.Request, e *cwmp.Envelope)
		reason Reason
	}{
		"500":                 {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { w.WriteHeader(500) }, ReasonHTTP},
		"503":                 {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { w.WriteHeader(503) }, ReasonOverload},
		"an empty 200":        {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { w.WriteHeader(200) }, ReasonProtocol},
		"a 204":               {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { w.WriteHeader(204) }, ReasonProtocol},
		"a closed connection": {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { reset(w) }, ReasonConnection},
		"fault 8002":          {func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) { reply(w, e, cwmp.NewFault(8002, "")) }, ReasonFault},
		"fault 8005 for ever": {func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) { reply(w, e, cwmp.NewFault(8005, "")) }, ReasonFault},
		"another's response": {func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) {
			reply(w, e, &cwmp.TransferCompleteResponse{})
		}, ReasonProtocol},
		"a 401 without a scheme": {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { w.WriteHeader(401) }, ReasonAuthentication},
		"another ID": {func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) {
			reply(w, &cwmp.Envelope{ID: "other", HasID: true, Namespace: e.Namespace}, &cwmp.InformResponse{})
		}, ReasonProtocol},
		"another namespace": {func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) {
			reply(w, &cwmp.Envelope{ID: e.ID, HasID: true, Namespace: cwmp.NamespaceV1_0}, &cwmp.InformResponse{})
		}, ReasonProtocol},
		"what is no XML": {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) {
			w.Header().Set("Content-Type", "text/xml")
			_, _ = w.Write([]byte("hello"))
		}, ReasonProtocol},
		"what is no text/xml": {func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) { _, _ = w.Write([]byte("hello")) }, ReasonProtocol},
		"redirects without an end": {func(w http.ResponseWriter, r *http.Request, _ *cwmp.Envelope) {
			http.Redirect(w, r, "/again", http.StatusTemporaryRedirect)
		}, ReasonProtocol},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t)
			failing := 2
			var reasons []Reason
			c := testConfig(a)
			c.OnSession = func(d *Device, r SessionResult) {
				reasons = append(reasons, r.Reason())
				if r.Err != nil {
					a.mu.Lock()
					failing--
					a.mu.Unlock()
				}
			}
			a.intercept = func(w http.ResponseWriter, r *http.Request, e *cwmp.Envelope) bool {
				if failing > 0 {
					test.fail(w, r, e)
				}
				return failing > 0
			}
			d := newTestDevice(t, c)
			stop := d.Start()
			r := waitSession(t, d, 2)
			_ = stop()
			if r.Err != nil || r.RetryCount != 2 {
				t.Errorf("session %+v", r)
			}
			if diff := cmp.Diff([]Reason{test.reason, test.reason, ""}, reasons); diff != "" {
				t.Error(diff)
			}
			last := a.lastInform(t)
			if diff := cmp.Diff([]string{"0 BOOTSTRAP", "1 BOOT"}, eventCodes(last.Events)); diff != "" || last.RetryCount != 2 {
				t.Errorf("RetryCount %d, events %s", last.RetryCount, diff)
			}
		})
	}
}

func TestAnACSThatIsNotThereIsCalledAgain(t *testing.T) {
	a := newTestACS(t)
	c := testConfig(a)
	a.Close()
	d := newTestDevice(t, c)
	stop := d.Start()
	r := waitSession(t, d, 1)
	_ = stop()
	if r.Reason() != ReasonConnect {
		t.Errorf("reason %q", r.Reason())
	}
}

func TestAnACSThatDoesNotAnswerTimesOut(t *testing.T) {
	a := newTestACS(t)
	release := make(chan struct{})
	defer close(release)
	a.intercept = func(http.ResponseWriter, *http.Request, *cwmp.Envelope) bool { <-release; return true }
	c := testConfig(a)
	c.RequestTimeout = 20 * time.Millisecond
	d := newTestDevice(t, c)
	stop := d.Start()
	r := waitSession(t, d, 0)
	_ = stop()
	if r.Reason() != ReasonTimeout {
		t.Errorf("reason %q: %v", r.Reason(), r.Err)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	a := newTestACS(t)
	a.intercept = func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) bool {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(503)
		return true
	}
	d := start(t, testConfig(a))
	d.mu.Lock()
	defer d.mu.Unlock()
	if wait := time.Until(d.retryAt); wait < time.Minute || wait > 2*time.Minute {
		t.Errorf("the retry is in %s", wait)
	}
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, "-5": 0, "soon": 0, "99999999": time.Hour,
		"Mon, 01 Jan 2024 00:00:30 GMT": 30 * time.Second, "Sun, 31 Dec 2023 00:00:30 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("Retry-After %q is %s, want %s", header, got, want)
		}
	}
}

func TestTheWaitsBetweenRetriesAreThoseOfTR069(t *testing.T) {
	c := testConfig(nil)
	c.RetryScale = 1
	d := newTestDevice(t, c)
	for n := 1; n <= 12; n++ {
		low := 5 * time.Second << (min(n, 10) - 1)
		for range 20 {
			if wait := d.retryWait(n); wait < low || wait >= 2*low {
				t.Errorf("retry %d waits %s, want %s to %s", n, wait, low, 2*low)
			}
		}
	}
}

func TestFault8005IsAnsweredWithTheSameRequest(t *testing.T) {
	a := newTestACS(t)
	var ids []string
	a.intercept = func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
		if e == nil || e.Message.Method() != "Inform" {
			return false
		}
		ids = append(ids, e.ID)
		if len(ids) < 4 {
			reply(w, e, cwmp.NewFault(8005, ""))
			return true
		}
		return false
	}
	d := start(t, testConfig(a))
	if r := d.LastSession(); r.Err != nil || len(ids) != 4 || len(slices.Compact(ids)) != 1 {
		t.Errorf("IDs %v, session %+v", ids, r)
	}
}

func TestASessionThatFailsAfterTheInformIsRetriedWithoutItsEvents(t *testing.T) {
	for name, keep := range map[string]bool{"by the book": false, "unless it is the device's quirk": true} {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t)
			failed := false
			a.intercept = func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
				if e != nil || failed {
					return false
				}
				failed = true
				reset(w)
				return true
			}
			c := testConfig(a)
			c.Quirks.KeepEvents = keep
			d := newTestDevice(t, c)
			stop := d.Start()
			r := waitSession(t, d, 1)
			_ = stop()
			if r.RetryCount != 1 || r.Err != nil || (len(r.Events) == 0) == keep {
				t.Errorf("session %+v", r)
			}
		})
	}
}
