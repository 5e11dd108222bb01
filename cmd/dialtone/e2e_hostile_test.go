//go:build e2e

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// Rows S1 to S22 and S75 to S79 are those of the list of attacks that this program goes
// by. Rows that have no case here are shown by other tests:
//
//	S1 S2 S3 S6 S10 (bomb)   TestBadMessagesGetTheirAnswerAndTheServerStaysUp, TestABodyOverTheLimitIsRefusedHoweverItIsSent
//	S11 (lengths)            TestAmbiguousHTTPIsRefused
//	S20 panics               acs: TestAPanicStaysInItsRequest
//	S22 (SOAPAction)         TestOddDevicesAreServed, S22
//	S78 (faults)             TestOddDevicesAreServed, S78

// What a well-behaved phone is to notice of it.
const (
	hostileLongest = 5 * time.Second
	hostileMemory  = 600 * megabyte
)

// witness is a phone by the book that informs again and again.
type witness struct {
	mu      sync.Mutex
	longest time.Duration
	count   int
	failure error
}

func (w *witness) note(_ *cpe.Device, r cpe.SessionResult) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.longest, w.count = max(w.longest, r.Duration), w.count+1
	if r.Err != nil {
		w.failure = r.Err
	}
}

func (w *witness) sessions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// bearWitness lets a phone inform four times a second until the test ends, and then checks
// that each session was completed in time.
func bearWitness(t *testing.T, s *server) (check func()) {
	t.Helper()
	w := &witness{}
	s.startPhone(t, "WITNESS01", func(config *cpe.Config) {
		config.Interval, config.HoldInterval, config.OnSession = 250*time.Millisecond, true, w.note
	})
	return func() {
		// What was sent may be over sooner than a phone has informed often enough to tell.
		for until := time.Now().Add(10 * time.Second); w.sessions() < 5 && time.Now().Before(until); {
			time.Sleep(50 * time.Millisecond)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.failure != nil || w.longest > hostileLongest || w.count < 5 {
			t.Errorf("a phone by the book had %d sessions, the longest of %s, and one failed: %v", w.count, w.longest, w.failure)
		}
		t.Logf("a phone by the book had %d sessions, the longest of %s", w.count, w.longest)
	}
}

func TestHostileMessagesLeaveAPhoneByTheBookAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, "--no-onboarding")
	var contacted atomic.Int64
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { contacted.Add(1) }))
	t.Cleanup(canary.Close)
	check := bearWitness(t, s)
	for _, test := range hostileBodies(canary.URL) {
		t.Run(test.name, func(t *testing.T) {
			begun := time.Now()
			d := s.rawDevice(t)
			status, answer, err := d.try(strings.NewReader(test.body()), test.headers...)
			if err != nil || !slices.Contains(test.statuses, status) {
				t.Errorf("status %d, %v, want one of %v: %s", status, err, test.statuses, tail(answer, 300))
			}
			if took := time.Since(begun); took > hostileLongest {
				t.Errorf("the answer took %s", took)
			}
			if status == http.StatusOK {
				if status, _ := d.post(""); status != http.StatusNoContent {
					t.Errorf("the end of the session: status %d, want 204", status)
				}
			}
		})
	}
	check()
	if n := contacted.Load(); n != 0 {
		t.Errorf("the server contacted the canary %d times", n)
	}
	if peak := memoryPeak(t, s.PID()); peak > hostileMemory {
		t.Errorf("the server used %d MB", peak/megabyte)
	} else {
		t.Logf("the server used %d MB", peak/megabyte)
	}
	s.keepsNothingOfIt(t)
}

// keepsNothingOfIt checks that what hostile devices left is data, and that the server
// starts with it.
func (s *server) keepsNothingOfIt(t *testing.T) {
	t.Helper()
	s.Restart()
	c := s.Client("operator")
	for _, d := range listAll[deviceRecord](c, "devices") {
		if len(d.SerialNumber)+len(d.SoftwareVersion) > 1024 {
			t.Errorf("a device has a serial number of %d and a firmware version of %d bytes", len(d.SerialNumber), len(d.SoftwareVersion))
		}
		for _, p := range listAll[valueRecord](c, "devices/"+d.ID+"/parameters") {
			switch {
			case len(p.Path) > 1024:
				t.Errorf("device %s has a parameter whose name is of %d bytes", d.SerialNumber, len(p.Path))
			case p.Value != nil && len(*p.Value) > megabyte/16:
				t.Errorf("device %s has a value of %d bytes", d.SerialNumber, len(*p.Value))
			}
		}
	}
	phone := s.startPhone(t, "AFTERWARDS01", nil)
	c.arrive(phone)
}

func TestHostileConnectionsLeaveAPhoneByTheBookAlone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	check := bearWitness(t, s)
	t.Run("S7 chunks of nothing but extensions", func(t *testing.T) {
		connection := s.dial(t)
		_, _ = io.WriteString(connection, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
		chunk := "1;" + strings.Repeat("x", 4000) + "\r\nx\r\n"
		sent := 0
		for ; sent < 100*megabyte; sent += len(chunk) {
			if _, err := io.WriteString(connection, chunk); err != nil {
				return
			}
		}
		t.Errorf("the server took %d bytes of extensions", sent)
	})
	t.Run("S8 headers and bodies of a byte a second, S9 connections that say nothing", func(t *testing.T) {
		var slow []net.Conn
		for i := range 400 {
			connection := s.dial(t)
			slow = append(slow, connection)
			begin := []string{"", "POST / HTTP/1.1\r\nHost: x\r\nX-", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n<", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"}[i%4]
			_, _ = io.WriteString(connection, begin)
		}
		closed := 0
		for end := time.Now().Add(25 * time.Second); time.Now().Before(end) && closed < 100; time.Sleep(time.Second) {
			closed = 0
			for i := 1; i < len(slow); i += 4 {
				if _, err := io.WriteString(slow[i], "x"); err != nil {
					closed++
				}
			}
		}
		if closed != 100 {
			t.Errorf("%d of 100 connections with headers that never end are closed", closed)
		}
	})
	check()
}

func (s *server) dial(t *testing.T) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", s.CWMP)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

func TestHostileSessionsLeaveAPhoneByTheBookAlone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	check := bearWitness(t, s)
	for name, odd := range map[string]string{"S77 a tree that grows": "growing-tree", "S77 a tree without end": "wide-tree"} {
		t.Run(name, func(t *testing.T) {
			c := c.with(t)
			phone := s.startPhone(t, strings.ToUpper(odd), func(config *cpe.Config) { config.Odd, config.Identity.ProductClass = []string{odd}, odd })
			waitPhone(t, phone, "ends three sessions", func() bool { phone.Inform(); return phone.Sessions() > 2 })
			if n := len(listAll[valueRecord](c, "devices/"+c.Device(phone).ID+"/parameters")); n > 2000 {
				t.Errorf("the server keeps %d parameters of it", n)
			}
		})
	}
	t.Run("S78 a session of requests without end", func(t *testing.T) {
		d := s.rawDevice(t)
		d.post(informOf("ENDLESS01"))
		for range 20_000 {
			if status, _ := d.post(envelope("1", "<cwmp:GetRPCMethods/>")); status != http.StatusOK {
				return
			}
		}
		t.Error("a session had 20,000 requests")
	})
	check()
}

func TestADeviceThatInformsWithoutEndIsHeldBackAlone(t *testing.T) {
	t.Parallel()
	const perMinute = 30
	s := serve(t, "--limits-exempt", "192.0.2.1/32", "--max-address-requests", "0", "--max-device-sessions", fmt.Sprint(perMinute))
	c := s.Client("operator")
	phone := s.startPhone(t, "S79GOOD", nil)
	c.arrive(phone)
	var flood sync.WaitGroup
	var accepted, later atomic.Int64
	end := time.Now().Add(3 * time.Second)
	for range 4 {
		d := s.rawDevice(t)
		flood.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				// Each is another one, and none is the repetition of the one before.
				body := strings.Replace(informOf("S79FLOOD"), "inform-S79FLOOD", fmt.Sprintf("inform-%p-%d", d, i), 1)
				d.cookie = ""
				switch status, _, err := d.try(strings.NewReader(body)); {
				case err == nil && status == http.StatusOK:
					accepted.Add(1)
				case err == nil && (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests):
					later.Add(1)
				}
			}
		})
	}
	for range 5 {
		n, begun := phone.Sessions(), time.Now()
		phone.Inform()
		waitPhone(t, phone, "ends a session amid the flood", func() bool { return phone.Sessions() > n })
		if err, took := phone.LastSession().Err, time.Since(begun); err != nil || took > hostileLongest {
			t.Errorf("a session of a phone by the book took %s and ended with %v", took, err)
		}
	}
	flood.Wait()
	if n := accepted.Load(); n == 0 || n > perMinute+5 || later.Load() == 0 {
		t.Errorf("%d Informs of one device were taken in 3 s and %d sent away, want %d taken", n, later.Load(), perMinute)
	}
}
