package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/acs/connreq"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

const (
	// maxSettingsWakes bounds the devices that wait to be called after a change of
	// settings; those beyond it converge when they next inform.
	maxSettingsWakes = 200_000
	// settingsWakers is how many devices are called at once.
	settingsWakers = 32
)

// settingsWakes calls devices whose settings changed, so many a second: each opens a
// session and is given them. It is safe for concurrent use.
type settingsWakes struct {
	wake    func(context.Context, string) (connreq.Result, error)
	limiter *rate.Limiter
	now     func() time.Time
	logger  *slog.Logger
	nudge   chan struct{}
	full    rate.Sometimes

	mu     sync.Mutex
	queued map[device.ID]struct{}
	order  []device.ID
}

func newSettingsWakes(waker *connreq.Waker, perSecond int, now func() time.Time, logger *slog.Logger) *settingsWakes {
	return &settingsWakes{
		wake: waker.Wake, limiter: rate.NewLimiter(rate.Limit(perSecond), perSecond), now: now, logger: logger, nudge: make(chan struct{}, 1),
		full: rate.Sometimes{First: 1, Interval: time.Minute}, queued: map[device.ID]struct{}{},
	}
}

// changed queues a device, if what it should have is not what it has, and it is known how
// to call it.
func (w *settingsWakes) changed(d device.Device) {
	if d.ConnectionRequest.URL == "" || d.Quarantined || d.Provisioning.State() != device.ProvisioningPending || !d.Online(w.now()) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, waits := w.queued[d.ID]; waits {
		return
	}
	if len(w.queued) >= maxSettingsWakes {
		w.full.Do(func() {
			w.logger.Warn("too many devices wait to be called after a change of settings: the rest converge when they next inform", logkeys.Count, len(w.queued))
		})
		return
	}
	w.queued[d.ID] = struct{}{}
	w.order = append(w.order, d.ID)
	select {
	case w.nudge <- struct{}{}:
	default:
	}
}

// Run calls devices until the context ends. Who is not called by then converges when it
// next informs.
func (w *settingsWakes) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, settingsWakers)
	for {
		id, ok := w.take(ctx)
		if !ok || w.limiter.Wait(ctx) != nil {
			return
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		running.Go(func() {
			defer func() { <-slots }()
			w.call(ctx, id)
		})
	}
}

// take returns the device that has waited longest, once there is one.
func (w *settingsWakes) take(ctx context.Context) (device.ID, bool) {
	for {
		w.mu.Lock()
		if len(w.order) > 0 {
			id := w.order[0]
			w.order = w.order[1:]
			delete(w.queued, id)
			w.mu.Unlock()
			return id, true
		}
		w.order = nil
		w.mu.Unlock()
		select {
		case <-ctx.Done():
			return "", false
		case <-w.nudge:
		}
	}
}

func (w *settingsWakes) call(ctx context.Context, id device.ID) {
	if _, err := w.wake(ctx, string(id)); err != nil && ctx.Err() == nil && !errors.Is(err, device.ErrNotFound) {
		w.logger.DebugContext(ctx, "device was not reached after a change of settings", logkeys.Device, id, logkeys.Error, err)
	}
}
