package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dialtone-acs/dialtone/acs/connreq"
	"github.com/dialtone-acs/dialtone/device"
)

// calledDevices notes who is called, and when.
type calledDevices struct {
	mu    sync.Mutex
	ids   []device.ID
	at    []time.Time
	now   int
	most  int
	takes time.Duration
}

func (c *calledDevices) wake(ctx context.Context, id string) (connreq.Result, error) {
	c.mu.Lock()
	c.ids, c.at = append(c.ids, device.ID(id)), append(c.at, time.Now())
	c.now++
	c.most = max(c.most, c.now)
	c.mu.Unlock()
	select {
	case <-time.After(c.takes):
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now--
	return connreq.Result{}, nil
}

func (c *calledDevices) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ids)
}

// wakesOf returns wakes that call nobody but notes.
func wakesOf(c *calledDevices, perSecond int) *settingsWakes {
	w := newSettingsWakes(nil, perSecond, time.Now, slog.New(slog.DiscardHandler))
	w.wake = c.wake
	return w
}

// pendingDevice is one that is online and does not hold its settings.
func pendingDevice(n int) device.Device {
	now := time.Now()
	return device.Device{
		ID: device.ID(fmt.Sprintf("device%06d", n)), LastInform: now, OnlineUntil: now.Add(24 * time.Hour),
		ConnectionRequest: device.ConnectionRequest{URL: "http://192.0.2.1:7547/"},
		Provisioning:      device.Provisioning{Pack: "acme", Wanted: "new", Held: "old"},
	}
}

// runs runs wakes until the test ends.
func (w *settingsWakes) runs() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

func TestDevicesWhoseSettingsChangedAreCalledAtAPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		called := &calledDevices{}
		w := wakesOf(called, 50)
		defer w.runs()()
		for n := range 1000 {
			w.changed(pendingDevice(n))
		}
		time.Sleep(10 * time.Second)
		if got := called.count(); got < 500 || got > 551 {
			t.Errorf("%d were called in 10 seconds at 50 in a second", got)
		}
		time.Sleep(15 * time.Second)
		if got := called.count(); got != 1000 {
			t.Errorf("%d were called in the end", got)
		}
	})
}

func TestADeviceThatWaitsIsCalledOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		called := &calledDevices{}
		w := wakesOf(called, 10)
		for range 5 {
			w.changed(pendingDevice(1))
		}
		defer w.runs()()
		time.Sleep(time.Minute)
		if got := called.count(); got != 1 {
			t.Errorf("it was called %d times", got)
		}
		w.changed(pendingDevice(1))
		time.Sleep(time.Minute)
		if got := called.count(); got != 2 {
			t.Errorf("after another change it was called %d times", got)
		}
	})
}

func TestOnlyADeviceThatNeedsItAndCanBeReachedIsCalled(t *testing.T) {
	for name, change := range map[string]func(*device.Device){
		"it has no URL":        func(d *device.Device) { d.ConnectionRequest.URL = "" },
		"it is in quarantine":  func(d *device.Device) { d.Quarantined = true },
		"it holds them":        func(d *device.Device) { d.Provisioning.Held = "new" },
		"it drifted":           func(d *device.Device) { d.Provisioning.Held, d.Provisioning.Drifted = "new", 1 },
		"it refuses them":      func(d *device.Device) { d.Provisioning.Tried, d.Provisioning.Stuck = "new", "no" },
		"they cannot be made":  func(d *device.Device) { d.Provisioning.Problem = "no" },
		"no pack serves it":    func(d *device.Device) { d.Provisioning = device.Provisioning{} },
		"it is offline":        func(d *device.Device) { d.OnlineUntil = time.Now().Add(-time.Second) },
		"it was never seen":    func(d *device.Device) { d.LastInform = time.Time{} },
		"(this one is called)": func(*device.Device) {},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				called := &calledDevices{}
				w := wakesOf(called, 10)
				defer w.runs()()
				d := pendingDevice(1)
				change(&d)
				w.changed(d)
				time.Sleep(time.Minute)
				want := 0
				if name == "(this one is called)" {
					want = 1
				}
				if got := called.count(); got != want {
					t.Errorf("it was called %d times, want %d", got, want)
				}
			})
		})
	}
}

func TestCallsAreMadeBesideEachOtherAndBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		called := &calledDevices{takes: 10 * time.Second}
		w := wakesOf(called, 1000)
		stop := w.runs()
		for n := range 200 {
			w.changed(pendingDevice(n))
		}
		time.Sleep(5 * time.Second)
		called.mu.Lock()
		most := called.most
		called.mu.Unlock()
		if most != settingsWakers {
			t.Errorf("%d at once, want %d", most, settingsWakers)
		}
		stop()
		if called.count() == 200 || called.now != 0 {
			t.Errorf("%d were called, %d calls go on after the end", called.count(), called.now)
		}
	})
}

func TestDevicesBeyondTheBoundAreNotCalled(t *testing.T) {
	w := wakesOf(&calledDevices{}, 1)
	for n := range maxSettingsWakes + 10 {
		w.changed(pendingDevice(n))
	}
	if len(w.queued) != maxSettingsWakes || len(w.order) != maxSettingsWakes {
		t.Errorf("%d wait", len(w.queued))
	}
}
