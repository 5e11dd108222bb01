package connreq

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Caller sends one connection request; *[Requester] is one.
type Caller interface {
	// Request calls the target once. Its errors are those of [Requester.Request].
	Request(ctx context.Context, target Target) (Result, error)
}

// Targets says how a device is called.
type Targets interface {
	// Target returns the newest target for the id of a device. Its error ends the wake.
	Target(ctx context.Context, device string) (Target, error)
}

// Sessions says whether a device is in a session.
type Sessions interface {
	// InSession reports whether a session of the device is open. For each session that it reported as open
	// [Waker.SessionEnded] must be called once it reports it as closed, however the session ended, or
	// [WakerOptions.Recheck] be set.
	InSession(ctx context.Context, device string) (bool, error)
}

// WakerOptions are what a [Waker] is made of. Zero values stand for the defaults named here; Caller, Targets and
// Sessions are needed.
type WakerOptions struct {
	Caller   Caller
	Targets  Targets
	Sessions Sessions

	// Attempts is how often a device is called for one wish if it is unreachable or busy: 3.
	Attempts int
	// Backoff is the time before the second attempt, the third, and so on; the last one repeats: 1 s, 3 s.
	// Each is varied by a fifth up or down.
	Backoff []time.Duration
	// MinInterval is the least time between two calls of one device: 2 s.
	MinInterval time.Duration
	// Workers is how many remembered wishes are performed at once: 16.
	Workers int
	// WorkerTimeout bounds the performing of a remembered wish: 30 s.
	WorkerTimeout time.Duration
	// MaxFlights bounds the devices that are being called at once, waiting between attempts included: 10000.
	MaxFlights int
	// MaxRemembered bounds the wishes that wait for the end of a session: 10000.
	MaxRemembered int
	// RememberFor is how long a wish is kept if the end of its session is never told: 1 h.
	RememberFor time.Duration

	// Recheck is how often Run asks Sessions whether remembered wishes still have to wait, for sessions whose end is
	// told to another server: 0, never.
	Recheck time.Duration

	// Clock tells the time: time.Now. Waiting is done with the runtime's timers.
	Clock func() time.Time
	// Logger is told what becomes of remembered wishes: none.
	Logger *slog.Logger
	// Registerer takes dialtone_wakes_total{outcome} and dialtone_wakes_remembered: none.
	Registerer prometheus.Registerer
}

// Waker turns wishes to wake devices into calls. Wishes for one device that come while it is being called share
// the call's answer; a device is not called more often than MinInterval allows, and not during its session: such a
// wish is remembered and performed when the session has ended. It is safe for concurrent use.
//
// [Waker.Run] owns every goroutine: the workers for remembered wishes, the one that looks at those that wait, and one
// for each device being called.
type Waker struct {
	options WakerOptions
	metrics wakerMetrics
	memory  *memory

	ctx    context.Context // ends every call when Run ends
	cancel context.CancelFunc
	calls  sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	flights map[string]*flight
	recent  *recent
}

// NewWaker checks the options and makes a Waker of them. It performs remembered wishes once [Waker.Run] runs.
func NewWaker(options WakerOptions) (*Waker, error) {
	if options.Caller == nil || options.Targets == nil || options.Sessions == nil {
		return nil, errors.New("connreq: Caller, Targets and Sessions are needed")
	}
	options = options.withDefaults()
	if min(options.Attempts, options.Workers, options.MaxFlights, options.MaxRemembered) < 1 {
		return nil, errors.New("connreq: Attempts, Workers, MaxFlights and MaxRemembered must be positive")
	}
	w := &Waker{
		options: options,
		memory:  newMemory(options.MaxRemembered, options.RememberFor),
		flights: map[string]*flight{},
		recent:  newRecent(options.MinInterval, options.MaxFlights),
	}
	metrics, err := newWakerMetrics(options.Registerer, w.memory.size)
	if err != nil {
		return nil, err
	}
	w.metrics = metrics
	w.ctx, w.cancel = context.WithCancel(context.Background())
	return w, nil
}

func (o WakerOptions) withDefaults() WakerOptions {
	o.Attempts = orDefault(o.Attempts, 3)
	o.MinInterval = orDefault(o.MinInterval, 2*time.Second)
	o.Workers = orDefault(o.Workers, 16)
	o.WorkerTimeout = orDefault(o.WorkerTimeout, 30*time.Second)
	o.MaxFlights = orDefault(o.MaxFlights, 10_000)
	o.MaxRemembered = orDefault(o.MaxRemembered, 10_000)
	o.RememberFor = orDefault(o.RememberFor, time.Hour)
	if len(o.Backoff) == 0 {
		o.Backoff = []time.Duration{time.Second, 3 * time.Second}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Run performs remembered wishes until the context ends. Then it refuses new wishes with [ErrClosed], ends the
// calls that are under way, waits for all goroutines, and returns. It may be called once.
func (w *Waker) Run(ctx context.Context) {
	var workers sync.WaitGroup
	for range w.options.Workers {
		workers.Go(func() { w.work(ctx) })
	}
	if w.options.Recheck > 0 {
		workers.Go(func() { w.recheck(ctx) })
	}
	<-ctx.Done()
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.cancel()
	workers.Wait()
	w.calls.Wait()
}

// Wake asks a device to open a session and waits for the answer, until ctx ends: attempts that ctx leaves no time
// for are not made. In a session it returns at once with [Deferred] and no error. The errors are those of
// [Requester.Request], [ErrBusy] also if the device was called only a moment ago and ctx leaves no time to wait,
// [ErrOverloaded], [ErrClosed], the context's, and those of Targets and Sessions.
func (w *Waker) Wake(ctx context.Context, device string) (Result, error) {
	result, err := w.wake(ctx, device)
	w.metrics.wakes.WithLabelValues(string(result.Outcome)).Inc()
	if err != nil {
		return result, fmt.Errorf("wake device %s: %w", device, err)
	}
	return result, nil
}

func (w *Waker) wake(ctx context.Context, device string) (Result, error) {
	f, err := w.join(ctx, device)
	if err != nil {
		return Result{Method: MethodHTTP, Outcome: outcomeOf(err)}, err
	}
	select {
	case <-f.done:
		return f.result, f.err
	case <-ctx.Done():
		w.leave(device, f)
		return Result{Method: MethodHTTP, Outcome: Cancelled}, ctx.Err()
	}
}

// Want asks for a device to be called soon, without waiting for it. It reports false, and forgets the wish, while as
// many wishes are due as are kept: the device's next Inform runs its tasks anyway.
func (w *Waker) Want(device string) bool { return w.memory.want(device) }

// SessionEnded tells that a session of the device has ended, and has a remembered wish performed. It does not wait.
func (w *Waker) SessionEnded(device string) {
	w.memory.sessionEnded(device)
}

// work performs remembered wishes one after the other.
func (w *Waker) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case device := <-w.memory.due:
			w.perform(ctx, device)
		}
	}
}

func (w *Waker) perform(ctx context.Context, device string) {
	ctx, cancel := context.WithTimeout(ctx, w.options.WorkerTimeout)
	defer cancel()
	result, err := w.Wake(ctx, device)
	if err != nil {
		w.options.Logger.LogAttrs(ctx, slog.LevelInfo, "device not woken after its session",
			slog.String(logkeys.Device, device),
			slog.String(logkeys.Outcome, string(result.Outcome)),
			slog.String(logkeys.Error, err.Error()))
	}
}

// vary changes a duration by up to a fifth, so that devices that failed together are not called together again.
func vary(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}
