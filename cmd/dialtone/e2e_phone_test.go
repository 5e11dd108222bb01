//go:build e2e

package main

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// phonePatience is how long a test waits for what a phone does.
const phonePatience = 30 * time.Second

// phoneConfig is a phone that informs seldom, is called instead, and lives fast
// where the standard would have it wait.
func (s *server) phoneConfig(serial string) cpe.Config {
	config := cpe.Config{
		ACSURL: s.CWMPURL(), Identity: cpe.Identity{SerialNumber: serial}, Interval: time.Hour, ConnectionRequestListen: "127.0.0.1:0",
		RebootDuration: 50 * time.Millisecond, RetryScale: 0.01,
	}
	if s.Certificates != nil {
		config.TLS = s.Certificates.Client()
	}
	return config
}

// startPhone makes a phone and switches it on until the test ends. Adjust may be
// nil.
func (s *server) startPhone(tb testing.TB, serial string, adjust func(*cpe.Config)) *cpe.Device {
	tb.Helper()
	phone := s.newPhone(tb, serial, adjust)
	stop := phone.Start()
	tb.Cleanup(func() {
		if err := stop(); err != nil {
			tb.Errorf("phone %s: %v", serial, err)
		}
	})
	return phone
}

// newPhone makes a phone that is off.
func (s *server) newPhone(tb testing.TB, serial string, adjust func(*cpe.Config)) *cpe.Device {
	tb.Helper()
	config := s.phoneConfig(serial)
	if adjust != nil {
		adjust(&config)
	}
	phone, err := cpe.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	return phone
}

// arrive waits for the first completed session of a phone, and returns its
// record.
func (c *client) arrive(phone *cpe.Device) deviceRecord {
	c.tb.Helper()
	waitPhone(c.tb, phone, "completes a session", func() bool {
		last := phone.LastSession()
		return last.Number > 0 && last.Err == nil
	})
	return c.Device(phone)
}

// waitPhone waits until a condition on a phone holds.
func waitPhone(tb testing.TB, phone *cpe.Device, what string, condition func() bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), phonePatience)
	defer cancel()
	if err := phone.WaitFor(ctx, condition); err != nil {
		tb.Fatalf("phone %s, until it %s: %v; last session: %+v", phone.Identity().SerialNumber, what, err, phone.LastSession())
	}
}

// startFleet runs phones until the test ends.
func startFleet(tb testing.TB, s *server, size int) []*cpe.Device {
	tb.Helper()
	fleet, err := cpe.NewFleet(cpe.FleetConfig{Device: s.phoneConfig(""), Devices: size, Seed: 1, ConnectionRequestListen: "127.0.0.1:0"})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := fleet.Run(ctx)
		done <- err
	}()
	tb.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			tb.Errorf("fleet: %v", err)
		}
		_ = fleet.Close()
	})
	return fleet.Devices()
}

// sessionLog keeps the sessions of a phone. Its note is for Config.OnSession.
type sessionLog struct {
	mutex    sync.Mutex
	sessions []cpe.SessionResult
}

func (l *sessionLog) note(_ *cpe.Device, result cpe.SessionResult) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.sessions = append(l.sessions, result)
}

// numberOf returns the number of the first session whose Inform carried an
// event, 0 for none.
func (l *sessionLog) numberOf(event string) int {
	return l.first(func(r cpe.SessionResult) bool { return r.HasEvent(event) })
}

// numberWith returns the number of the first session with an RPC, 0 for none.
func (l *sessionLog) numberWith(rpc string) int {
	return l.first(func(r cpe.SessionResult) bool { return slices.Contains(r.RPCs, rpc) })
}

func (l *sessionLog) first(matches func(cpe.SessionResult) bool) int {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, r := range l.sessions {
		if matches(r) {
			return r.Number
		}
	}
	return 0
}
