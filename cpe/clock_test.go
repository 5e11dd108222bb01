package cpe

import (
	"sync"
	"testing"
	"time"
)

// manualClock starts at the epoch and stands still until a test lets time pass.
type manualClock struct {
	mu      sync.Mutex
	passed  time.Duration
	waiters []waiter
}

type waiter struct {
	at      time.Duration
	channel chan time.Time
}

func (c *manualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Unix(0, 0).Add(c.passed)
}

func (c *manualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := waiter{c.passed + d, make(chan time.Time, 1)}
	c.waiters = append(c.waiters, w)
	c.fire()
	return w.channel
}

func (c *manualClock) fire() {
	var left []waiter
	for _, w := range c.waiters {
		if w.at <= c.passed {
			w.channel <- time.Unix(0, 0).Add(c.passed)
			continue
		}
		left = append(left, w)
	}
	c.waiters = left
}

// passUntil lets time pass step by step until a condition of the device holds.
func (c *manualClock) passUntil(t *testing.T, d *Device, condition func() bool, step time.Duration) {
	t.Helper()
	done := make(chan error, 1)
	ctx := testContext(t)
	go func() { done <- d.WaitFor(ctx, condition) }()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Fatalf("after %s: %v", c.Now().Sub(time.Unix(0, 0)), err)
			}
			return
		case <-ticker.C:
			c.mu.Lock()
			c.passed += step
			c.fire()
			c.mu.Unlock()
		}
	}
}
