package connreq

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// house is everything around a waker: it counts calls, and answers them after their time with the errors given.
type house struct {
	mu        sync.Mutex
	calls     []time.Duration // since the beginning
	began     time.Time
	takes     time.Duration
	errors    []error // for the first calls; nil after
	inSession map[string]bool
	looked    func() // called while a session is looked for
	broken    error
}

func (h *house) Request(ctx context.Context, target Target) (Result, error) {
	h.mu.Lock()
	h.calls = append(h.calls, time.Since(h.began))
	number := len(h.calls)
	h.mu.Unlock()
	if !sleep(ctx, h.takes) {
		return Result{Outcome: Cancelled}, ctx.Err()
	}
	if number <= len(h.errors) && h.errors[number-1] != nil {
		return Result{}, h.errors[number-1]
	}
	return Result{Outcome: Accepted, StatusCode: number}, nil
}

func (h *house) Target(_ context.Context, device string) (Target, error) {
	return Target{Device: device}, h.broken
}

func (h *house) InSession(_ context.Context, device string) (bool, error) {
	h.mu.Lock()
	in, looked := h.inSession[device], h.looked
	h.mu.Unlock()
	if looked != nil {
		looked()
	}
	return in, nil
}

func (h *house) session(device string, open bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inSession[device] = open
}

func (h *house) called() []time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]time.Duration(nil), h.calls...)
}

// wakes runs a test around a running waker, in fake time.
func wakes(t *testing.T, change func(*WakerOptions), test func(t *testing.T, w *Waker, h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &house{began: time.Now(), takes: 100 * time.Millisecond, inSession: map[string]bool{}}
		options := WakerOptions{Caller: h, Targets: h, Sessions: h}
		if change != nil {
			change(&options)
		}
		waker, err := NewWaker(options)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { waker.Run(ctx); close(ended) }()
		test(t, waker, h)
		cancel()
		<-ended
		if len(waker.flights) != 0 {
			t.Errorf("%d flights are left", len(waker.flights))
		}
	})
}

func TestWishesForOneDeviceShareACall(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		var wait sync.WaitGroup
		for i := range 50 {
			wait.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				result, err := w.Wake(t.Context(), "a")
				if err != nil || result.StatusCode != 1 || result.Duration != h.takes {
					t.Errorf("%+v, %v", result, err)
				}
			})
		}
		wait.Wait()
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

func TestWishesForDifferentDevicesDoNot(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				if _, err := w.Wake(t.Context(), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := len(h.called()); n != 20 {
			t.Errorf("%d calls, want 20", n)
		}
	})
}

func TestACallOutlivesTheFirstOfThoseWhoWishedIt(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		first, giveUp := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer giveUp()
		var wait sync.WaitGroup
		wait.Go(func() {
			result, err := w.Wake(first, "a")
			if !errors.Is(err, context.DeadlineExceeded) || result.Outcome != Cancelled {
				t.Errorf("the first: %+v, %v", result, err)
			}
		})
		wait.Go(func() {
			time.Sleep(10 * time.Millisecond)
			if result, err := w.Wake(t.Context(), "a"); err != nil || result.Outcome != Accepted {
				t.Errorf("the second: %+v, %v", result, err)
			}
		})
		wait.Wait()
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

func TestACallEndsWhenNobodyWaitsForIt(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		h.takes = time.Hour
		for _, wait := range []time.Duration{time.Second, 5 * time.Second} {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			_, err := w.Wake(ctx, "a")
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
		synctest.Wait()
		if n := len(h.called()); n != 2 || len(w.flights) != 0 {
			t.Errorf("%d calls, %d flights; want 2 calls and no flight", n, len(w.flights))
		}
	})
}

func TestOnlyADeviceThatMayComeBackIsCalledAgain(t *testing.T) {
	for name, test := range map[string]struct {
		errors []error
		limit  time.Duration
		calls  int
		want   error
	}{
		"reached at once":                     {nil, time.Minute, 1, nil},
		"unreachable once":                    {[]error{ErrUnreachable}, time.Minute, 2, nil},
		"busy, then unreachable":              {[]error{ErrBusy, ErrUnreachable}, time.Minute, 3, nil},
		"never reached":                       {[]error{ErrBusy, ErrBusy, ErrUnreachable, nil}, time.Minute, 3, ErrUnreachable},
		"no time for a second attempt":        {[]error{ErrBusy}, 500 * time.Millisecond, 1, ErrBusy},
		"no time for a third attempt":         {[]error{ErrBusy, ErrUnreachable}, 3 * time.Second, 2, ErrUnreachable},
		"wrong credentials":                   {[]error{ErrCredentials}, time.Minute, 1, ErrCredentials},
		"not allowed":                         {[]error{ErrNotAllowed}, time.Minute, 1, ErrNotAllowed},
		"a broken URL":                        {[]error{ErrURL}, time.Minute, 1, ErrURL},
		"an answer that is none":              {[]error{ErrProtocol}, time.Minute, 1, ErrProtocol},
		"unreachable, then wrong credentials": {[]error{ErrUnreachable, ErrCredentials}, time.Minute, 2, ErrCredentials},
	} {
		wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
			h.errors = test.errors
			ctx, cancel := context.WithTimeout(t.Context(), test.limit)
			defer cancel()
			result, err := w.Wake(ctx, "a")
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) || result.Outcome != outcomeOf(test.want) {
				t.Errorf("%s: %+v, %v", name, result, err)
			}
			calls := h.called()
			if len(calls) != test.calls {
				t.Errorf("%s: %d calls, want %d", name, len(calls), test.calls)
			}
			for i, base := range []time.Duration{time.Second, 3 * time.Second} {
				if i+1 >= len(calls) {
					break
				}
				if delay := calls[i+1] - calls[i] - h.takes; delay < base*4/5 || delay > base*6/5 {
					t.Errorf("%s: %s before attempt %d, want about %s", name, delay, i+2, base)
				}
			}
		})
	}
}

func TestADeviceIsNotCalledTooOften(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		for range 3 {
			if _, err := w.Wake(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
		}
		calls := h.called()
		for i := range calls[1:] {
			if gap := calls[i+1] - calls[i] - h.takes; gap != 2*time.Second {
				t.Errorf("called again after %s, want 2s", gap)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		if result, err := w.Wake(ctx, "a"); !errors.Is(err, ErrBusy) || result.Outcome != Busy || time.Since(before) != 0 {
			t.Errorf("without time to wait: %+v, %v after %s", result, err, time.Since(before))
		}
		if _, err := w.Wake(ctx, "b"); err != nil {
			t.Errorf("another device: %v", err)
		}
	})
}

func TestAWishDuringASessionIsPerformedAfterIt(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		h.session("a", true)
		for range 3 {
			if result, err := w.Wake(t.Context(), "a"); err != nil || result.Outcome != Deferred {
				t.Fatalf("%+v, %v", result, err)
			}
		}
		w.SessionEnded("b")
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 0 {
			t.Fatalf("%d calls during the session", n)
		}
		h.session("a", false)
		w.SessionEnded("a")
		w.SessionEnded("a")
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls after the session, want 1", n)
		}
		w.SessionEnded("a")
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls after a session without a wish, want none more", n)
		}
	})
}

func TestAWishIsNotLostIfTheSessionEndsWhileItIsLookedFor(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		h.session("a", true)
		h.looked = func() {
			h.looked = nil
			h.session("a", false)
			w.SessionEnded("a")
		}
		if result, err := w.Wake(t.Context(), "a"); err != nil || result.Outcome != Deferred {
			t.Fatalf("%+v, %v", result, err)
		}
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

func TestAWishIsRememberedIfASessionOpensBetweenAttempts(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		h.errors = []error{ErrBusy}
		go func() {
			time.Sleep(500 * time.Millisecond)
			h.session("a", true)
		}()
		if result, err := w.Wake(t.Context(), "a"); err != nil || result.Outcome != Deferred {
			t.Fatalf("%+v, %v", result, err)
		}
		h.session("a", false)
		w.SessionEnded("a")
		time.Sleep(time.Minute)
		if n := len(h.called()); n != 2 {
			t.Errorf("%d calls, want 2", n)
		}
	})
}

func TestNoWishIsLeftBehindByADeviceThatIsNotInASession(t *testing.T) {
	wakes(t, nil, func(t *testing.T, w *Waker, h *house) {
		if _, err := w.Wake(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		h.broken = errors.New("the store is away")
		result, err := w.Wake(t.Context(), "b")
		if !errors.Is(err, h.broken) || result.Outcome != Failed {
			t.Errorf("%+v, %v", result, err)
		}
		if n := w.memory.size(); n != 0 {
			t.Errorf("%v wishes are left", n)
		}
	})
}

func TestRememberedWishesArePerformedByABoundedNumberOfWorkers(t *testing.T) {
	wakes(t, func(o *WakerOptions) { o.Workers = 3 }, func(t *testing.T, w *Waker, h *house) {
		for i := range 12 {
			device := fmt.Sprint(i)
			h.session(device, true)
			if _, err := w.Wake(t.Context(), device); err != nil {
				t.Fatal(err)
			}
			h.session(device, false)
			w.SessionEnded(device)
		}
		time.Sleep(time.Minute)
		calls := h.called()
		if len(calls) != 12 {
			t.Fatalf("%d calls, want 12", len(calls))
		}
		for i, at := range calls {
			if want := time.Duration(i/3) * h.takes; at != want {
				t.Errorf("call %d began after %s, want %s", i, at, want)
			}
		}
	})
}

func TestRememberedWishesAreBounded(t *testing.T) {
	wakes(t, func(o *WakerOptions) { o.MaxRemembered = 2 }, func(t *testing.T, w *Waker, h *house) {
		for _, device := range []string{"a", "b", "c"} {
			h.session(device, true)
		}
		for device, want := range map[string]error{"a": nil, "b": nil} {
			if _, err := w.Wake(t.Context(), device); !errors.Is(err, want) {
				t.Errorf("%s: %v", device, err)
			}
		}
		if result, err := w.Wake(t.Context(), "c"); !errors.Is(err, ErrOverloaded) || result.Outcome != Failed {
			t.Errorf("one too many: %+v, %v", result, err)
		}
		if _, err := w.Wake(t.Context(), "a"); err != nil {
			t.Errorf("one that is remembered already: %v", err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := w.Wake(t.Context(), "c"); err != nil {
			t.Errorf("after the others were given up: %v", err)
		}
	})
}

func TestCallsUnderWayAreBounded(t *testing.T) {
	wakes(t, func(o *WakerOptions) { o.MaxFlights = 1 }, func(t *testing.T, w *Waker, h *house) {
		var wait sync.WaitGroup
		wait.Go(func() { _, _ = w.Wake(t.Context(), "a") })
		synctest.Wait()
		if _, err := w.Wake(t.Context(), "b"); !errors.Is(err, ErrOverloaded) {
			t.Errorf("got %v, want ErrOverloaded", err)
		}
		wait.Wait()
		if _, err := w.Wake(t.Context(), "b"); err != nil {
			t.Errorf("after the first: %v", err)
		}
	})
}

func TestTheEndOfRunEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{began: time.Now(), takes: time.Hour, inSession: map[string]bool{}}
		waker, err := NewWaker(WakerOptions{Caller: h, Targets: h, Sessions: h})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { waker.Run(ctx) })
		wait.Go(func() {
			if result, err := waker.Wake(t.Context(), "a"); !errors.Is(err, ErrClosed) || result.Outcome != Cancelled {
				t.Errorf("the call under way: %+v, %v", result, err)
			}
		})
		synctest.Wait()
		cancel()
		wait.Wait()
		if _, err := waker.Wake(t.Context(), "b"); !errors.Is(err, ErrClosed) {
			t.Errorf("a new wish: %v", err)
		}
		waker.SessionEnded("a")
		if time.Since(h.began) != 0 {
			t.Errorf("it took %s to end", time.Since(h.began))
		}
	})
}

func TestRecentCallsAreForgottenInTime(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := newRecent(2*time.Second, 100)
	for i := range 100_000 {
		now = now.Add(time.Millisecond)
		device := fmt.Sprint(i)
		r.note(device, now)
		if got := r.remaining(device, now); got != 2*time.Second {
			t.Fatalf("call %d is not known: %s", i, got)
		}
		if held := len(r.current) + len(r.previous); held > 200 {
			t.Fatalf("%d calls are held", held)
		}
	}
}

func TestWishesAreCounted(t *testing.T) {
	registry := prometheus.NewRegistry()
	wakes(t, func(o *WakerOptions) { o.Registerer = registry }, func(t *testing.T, w *Waker, h *house) {
		h.session("a", true)
		for _, device := range []string{"a", "a", "b"} {
			if _, err := w.Wake(t.Context(), device); err != nil {
				t.Fatal(err)
			}
		}
		want := `
# HELP dialtone_wakes_remembered Wishes to wake a device that wait for the end of its session.
# TYPE dialtone_wakes_remembered gauge
dialtone_wakes_remembered 1
# HELP dialtone_wakes_total Wishes to wake a device, by outcome; those that shared one connection request count each.
# TYPE dialtone_wakes_total counter
dialtone_wakes_total{outcome="accepted"} 1
dialtone_wakes_total{outcome="deferred"} 2
`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	})
}

func TestOptionsOfAWakerAreChecked(t *testing.T) {
	h := &house{}
	for name, options := range map[string]WakerOptions{
		"no caller":           {Targets: h, Sessions: h},
		"no targets":          {Caller: h, Sessions: h},
		"no sessions":         {Caller: h, Targets: h},
		"a negative number":   {Caller: h, Targets: h, Sessions: h, Workers: -1},
		"a negative attempts": {Caller: h, Targets: h, Sessions: h, Attempts: -1},
	} {
		if _, err := NewWaker(options); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
