package connreq

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// flight is the calling of one device on behalf of everyone who wishes it at the time. It ends early when nobody
// waits for it any more.
type flight struct {
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}

	// Guarded by the waker's mutex.
	waiting  int
	deadline time.Time // the latest of those who wait; meaningless if endless
	endless  bool

	// Written before done is closed, read after.
	result Result
	err    error
}

// join takes part in the flight for a device and starts it if there is none.
func (w *Waker) join(ctx context.Context, device string) (*flight, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, ErrClosed
	}
	f := w.flights[device]
	if f == nil {
		if len(w.flights) >= w.options.MaxFlights {
			return nil, fmt.Errorf("%w: %d devices are being called", ErrOverloaded, len(w.flights))
		}
		f = &flight{done: make(chan struct{})}
		f.ctx, f.cancel = context.WithCancel(w.ctx)
		w.flights[device] = f
		w.calls.Go(func() { w.fly(device, f) })
	}
	f.waiting++
	deadline, bounded := ctx.Deadline()
	if !bounded {
		f.endless = true
	} else if deadline.After(f.deadline) {
		f.deadline = deadline
	}
	return f, nil
}

// leave ends a flight that its last passenger gave up. A new wish then starts a new one.
func (w *Waker) leave(device string, f *flight) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
		w.forget(device, f)
	}
}

func (w *Waker) forget(device string, f *flight) {
	if w.flights[device] == f {
		delete(w.flights, device)
	}
}

func (w *Waker) fly(device string, f *flight) {
	began := w.options.Clock()
	result, err := w.attempt(device, f)
	if err != nil && w.ctx.Err() != nil {
		err = ErrClosed
	}
	if result.Outcome != Deferred {
		result.Outcome = outcomeOf(err)
	}
	result.Method = MethodHTTP
	result.Duration = w.options.Clock().Sub(began)

	w.mu.Lock()
	w.forget(device, f)
	w.mu.Unlock()
	f.result, f.err = result, err
	f.cancel()
	close(f.done)
}

// attempt calls the device until it is reached, refuses for good, turns out to be in a session, or time is over.
func (w *Waker) attempt(device string, f *flight) (Result, error) {
	if err := w.keepInterval(device, f); err != nil {
		return Result{}, err
	}
	for attempt := 1; ; attempt++ {
		result, err := w.callOnce(f.ctx, device)
		if err == nil || !retryable(err) || attempt >= w.options.Attempts {
			return result, err
		}
		delay := vary(w.options.Backoff[min(attempt, len(w.options.Backoff))-1])
		if !w.hasTime(f, delay) || !sleep(f.ctx, delay) {
			return result, err
		}
	}
}

// callOnce calls the device unless it is in a session. The wish is remembered before the session is looked for:
// a session that ends in between finds it.
func (w *Waker) callOnce(ctx context.Context, device string) (Result, error) {
	wish, err := w.memory.remember(device, w.options.Clock())
	if err != nil {
		return Result{}, err
	}
	busy, err := w.options.Sessions.InSession(ctx, device)
	if err == nil && busy {
		w.memory.settle(device, wish)
		return Result{Outcome: Deferred}, nil
	}
	w.memory.forget(device, wish)
	if err != nil {
		return Result{}, fmt.Errorf("look for a session: %w", err)
	}
	target, err := w.options.Targets.Target(ctx, device)
	if err != nil {
		return Result{}, fmt.Errorf("find out how to call it: %w", err)
	}
	result, err := w.options.Caller.Request(ctx, target)
	w.mu.Lock()
	w.recent.note(device, w.options.Clock())
	w.mu.Unlock()
	return result, err
}

// keepInterval waits until the device may be called again.
func (w *Waker) keepInterval(device string, f *flight) error {
	w.mu.Lock()
	delay := w.recent.remaining(device, w.options.Clock())
	w.mu.Unlock()
	if delay <= 0 {
		return nil
	}
	if !w.hasTime(f, delay) {
		return fmt.Errorf("%w: it was called less than %s ago", ErrBusy, w.options.MinInterval)
	}
	if !sleep(f.ctx, delay) {
		return f.ctx.Err()
	}
	return nil
}

// hasTime reports whether anyone who waits has that much time.
func (w *Waker) hasTime(f *flight, delay time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return f.endless || f.deadline.After(w.options.Clock().Add(delay))
}

func retryable(err error) bool {
	return errors.Is(err, ErrUnreachable) || errors.Is(err, ErrBusy)
}

// sleep reports whether the time has passed before the context ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
