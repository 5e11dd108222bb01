package connreq

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// rechecks sets how often remembered wishes are looked at.
func rechecks(o *WakerOptions) { o.Recheck = 2 * time.Second }

// defers wishes a call to each device during its session.
func defers(t *testing.T, w *Waker, h *house, devices ...string) {
	t.Helper()
	for _, id := range devices {
		h.session(id, true)
		if result, err := w.Wake(t.Context(), id); err != nil || result.Outcome != Deferred {
			t.Fatalf("%+v, %v", result, err)
		}
	}
}

func TestAWishIsPerformedAfterASessionWhoseEndIsNotTold(t *testing.T) {
	wakes(t, rechecks, func(t *testing.T, w *Waker, h *house) {
		defers(t, w, h, "a")
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 0 {
			t.Fatalf("%d calls during the session", n)
		}
		h.session("a", false)
		time.Sleep(3 * time.Second)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls after the session, want 1", n)
		}
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 1 || w.memory.size() != 0 {
			t.Errorf("%d calls later, want no more; %v wishes are left", n, w.memory.size())
		}
	})
}

func TestASessionWhoseEndIsToldIsNotWaitedForTwice(t *testing.T) {
	wakes(t, rechecks, func(t *testing.T, w *Waker, h *house) {
		defers(t, w, h, "a")
		h.session("a", false)
		w.SessionEnded("a")
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

func TestWishesAreLeftAloneWithoutRecheck(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		defers(t, w, h, "a")
		h.session("a", false)
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 0 {
			t.Errorf("%d calls, want none", n)
		}
	})
}

func TestARoundLooksAtABoundedNumberOfWishesInTurn(t *testing.T) {
	wakes(t, rechecks, func(t *testing.T, w *Waker, h *house) {
		var devices []string
		for i := range 3*maxRecheck - 10 {
			devices = append(devices, fmt.Sprint(i))
		}
		defers(t, w, h, devices...)
		var looks atomic.Int64
		h.mu.Lock()
		h.looked = func() { looks.Add(1) }
		h.mu.Unlock()
		last := devices[len(devices)-1]
		h.session(last, false)
		for round := 1; round <= 3; round++ {
			time.Sleep(2 * time.Second)
			synctest.Wait()
			// One more is that of the call.
			if n, want := int(looks.Load()), round*maxRecheck; n < want || n > want+1 {
				t.Errorf("%d looks after %d rounds, want about %d", n, round, want)
			}
		}
		time.Sleep(time.Second)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls after every wish had its turn, want 1", n)
		}
	})
}

// moody is Sessions whose answers the test chooses.
type moody struct {
	*house
	err atomic.Pointer[error]
}

func (m *moody) InSession(ctx context.Context, device string) (bool, error) {
	if err := m.err.Load(); err != nil {
		return false, *err
	}
	return m.house.InSession(ctx, device)
}

func TestAWishOutlastsAStoreThatIsAwayButNotItsDevice(t *testing.T) {
	var m *moody
	wakes(t, func(o *WakerOptions) {
		rechecks(o)
		m = &moody{house: o.Sessions.(*house)}
		o.Sessions = m
	}, func(t *testing.T, w *Waker, h *house) {
		defers(t, w, h, "a", "b")
		away, gone := errors.New("the store is away"), fmt.Errorf("get: %w", device.ErrNotFound)
		m.err.Store(&away)
		h.session("a", false)
		time.Sleep(time.Minute)
		if n := w.memory.size(); n != 2 {
			t.Fatalf("%v wishes are left, want 2", n)
		}
		m.err.Store(nil)
		time.Sleep(5 * time.Second)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls after the store was back, want 1", n)
		}
		m.err.Store(&gone)
		time.Sleep(5 * time.Second)
		if n := w.memory.size(); n != 0 {
			t.Errorf("%v wishes are left of a device that is gone", n)
		}
	})
}

func TestAWishWhoseDeviceIsBeingCalledIsNotLookedAt(t *testing.T) {
	wakes(t, rechecks, func(t *testing.T, w *Waker, h *house) {
		// The look for the session takes long, and there is none.
		var looks atomic.Int64
		h.mu.Lock()
		h.looked = func() {
			looks.Add(1)
			time.Sleep(10 * time.Second)
		}
		h.mu.Unlock()
		if result, err := w.Wake(t.Context(), "a"); err != nil || result.Outcome != Accepted {
			t.Fatalf("%+v, %v", result, err)
		}
		time.Sleep(time.Minute)
		if calls := len(h.called()); calls != 1 || looks.Load() != 1 {
			t.Errorf("%d calls, %d looks; want one of each", calls, looks.Load())
		}
	})
}
