package cpe

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Run switches the device on and lets it live until ctx ends: the first session is
// with "0 BOOTSTRAP" for a new device, always with "1 BOOT". It returns when all
// that belongs to the device has stopped, with nil, ErrRunning, or the error of
// opening its connection-request listener. It may run again afterwards, with what
// survives a power cut. An error of Hooks.Boot is returned too.
func (d *Device) Run(ctx context.Context) error {
	d.mu.Lock()
	if d.running {
		d.mu.Unlock()
		return ErrRunning
	}
	d.running = true
	d.mu.Unlock()
	defer d.switchedOff()
	stop, err := d.listen()
	if err != nil {
		return err
	}
	defer stop()
	for ctx.Err() == nil {
		if err := d.startUp(ctx); err != nil {
			return err
		}
		d.bootAndLive(ctx)
		if !d.goAway(ctx) {
			return nil
		}
	}
	return nil
}

// Start lets the device run in the background until stop is called, which returns
// when it has stopped, with Run's error.
func (d *Device) Start() (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	return sync.OnceValue(func() error {
		cancel()
		return <-done
	})
}

func (d *Device) switchedOff() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running = false
	d.outbox = slices.DeleteFunc(d.outbox, func(o *outgoing) bool {
		if o.answer != nil {
			close(o.answer)
		}
		return o.answer != nil
	})
	d.announce()
}

// bootAndLive is the time between two boots; it returns when the device has to
// reboot, or ctx has ended.
func (d *Device) bootAndLive(ctx context.Context) {
	d.boot()
	lifetime, end := context.WithCancel(ctx)
	var transfers sync.WaitGroup
	defer transfers.Wait()
	defer end()
	for ctx.Err() == nil {
		if d.rebootPending() {
			return
		}
		d.startTransfers(lifetime, &transfers)
		d.startExtras(lifetime, &transfers)
		wait, ok := d.untilDue()
		if ok && wait <= 0 {
			d.oneSession(ctx)
			continue
		}
		var due <-chan time.Time
		if ok {
			due = d.config.Clock.After(wait)
		}
		select {
		case <-ctx.Done():
		case <-due:
		case <-d.wake:
		}
	}
}

// oneSession has one session, within the bounds of the fleet and of the grace that a
// session has when the device is stopped.
func (d *Device) oneSession(ctx context.Context) {
	if d.config.gate != nil {
		select {
		case d.config.gate <- struct{}{}:
			defer func() { <-d.config.gate }()
		case <-ctx.Done():
			return
		}
	}
	if d.config.Grace <= 0 {
		d.runSession(ctx)
		return
	}
	sessionContext, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-d.config.Clock.After(d.config.Grace):
			cancel()
		case <-sessionContext.Done():
		}
	})
	defer stop()
	d.runSession(sessionContext)
}

// boot is what happens when the phone's firmware starts.
func (d *Device) boot() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.config.Clock.Now()
	d.down = false
	d.bootTime = now
	d.retryCount, d.retryAt = 0, time.Time{}
	d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventBoot})
	d.periodicAt = time.Time{}
	d.schedulePeriodic(now)
	d.announce()
}

func (d *Device) rebootPending() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.reboot != nil
}

// goAway is what happens when the phone's firmware stops; false if ctx ended before
// the device was back.
func (d *Device) goAway(ctx context.Context) bool {
	d.mu.Lock()
	reboot := d.reboot
	d.reboot = nil
	d.interruptExtras()
	d.tree.forgetVolatile()
	d.forgetEvents()
	if reboot == nil {
		// Switched off.
		d.interruptTransfers()
		d.mu.Unlock()
		return false
	}
	d.down = true
	if reboot.factory {
		d.forgetAll()
	} else {
		d.interruptTransfers()
		for _, key := range reboot.commandKeys {
			d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventMReboot, CommandKey: key})
		}
		d.install()
	}
	d.announce()
	d.mu.Unlock()
	d.logger.Debug("device reboots", logkeys.SerialNumber, d.id.SerialNumber)
	select {
	case <-d.config.Clock.After(d.config.RebootDuration):
		return true
	case <-ctx.Done():
		return false
	}
}

// forgetAll is the factory reset: the firmware stays. The caller holds mu.
func (d *Device) forgetAll() {
	d.install()
	d.tree = newTree(d.config.Model, d)
	d.events, d.notify, d.transfers, d.deferred = nil, nil, nil, nil
	d.outbox = slices.DeleteFunc(d.outbox, func(o *outgoing) bool { return o.answer == nil })
	if d.extras != nil {
		d.extras = &extras{uploaded: d.extras.uploaded}
	}
	d.bootstrap = true
}

// untilDue is how long until the next session; false if none is due ever. The
// caller does not hold mu.
func (d *Device) untilDue() (wait time.Duration, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.config.Clock.Now()
	d.informScheduled(now)
	switch {
	case d.retryCount > 0:
		return d.retryAt.Sub(now), true
	case d.wanted, d.bootstrap, d.reportable():
		return 0, true
	}
	next := d.nextScheduled()
	if next.IsZero() || !d.periodicAt.IsZero() && d.periodicAt.Before(next) {
		next = d.periodicAt
	}
	return next.Sub(now), !next.IsZero()
}

// reportable reports whether there is an event that opens a session. The caller
// holds mu.
func (d *Device) reportable() bool {
	return len(d.events) > 0 ||
		slices.ContainsFunc(d.outbox, func(o *outgoing) bool { return len(o.events) > 0 }) ||
		slices.ContainsFunc(d.transfers, func(t *transfer) bool { return t.state == transferDone })
}

// schedulePeriodic sets the time of the next periodic Inform. The caller holds mu.
func (d *Device) schedulePeriodic(now time.Time) {
	first := d.periodicAt.IsZero()
	interval := d.periodicInterval()
	d.periodicAt = time.Time{}
	if d.get("ManagementServer.PeriodicInformEnable") != "1" {
		return
	}
	if phase := cwmp.ParseDateTime(d.get("ManagementServer.PeriodicInformTime")); phase.Known() {
		offset := now.Sub(phase.Time) % interval
		if offset < 0 {
			offset += interval
		}
		d.periodicAt = now.Add(interval - offset)
		return
	}
	if jitter := d.config.Jitter; jitter > 0 {
		factor := 1 + jitter*(2*d.random.Float64()-1)
		if first {
			factor = 1 - jitter*d.random.Float64()
		}
		interval = time.Duration(float64(interval) * factor)
	}
	d.periodicAt = now.Add(max(interval, time.Millisecond))
}

// periodicInterval is what the ACS set, else what the device came with.
func (d *Device) periodicInterval() time.Duration {
	value, set := d.tree.values[d.config.Root+"ManagementServer.PeriodicInformInterval"]
	if seconds, err := strconv.ParseInt(value, 10, 64); set && !d.config.HoldInterval && err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return d.config.Interval
}

// endSession draws the conclusions of a session.
func (d *Device) endSession(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inSession = false
	now := d.config.Clock.Now()
	if s.result.Err == nil {
		if d.config.Quirks.KeepEvents {
			d.eventsKnown(s)
		}
		d.retryCount, d.retryAt = 0, time.Time{}
	} else {
		d.sessionFailed(s, now)
	}
	d.apply(d.deferred)
	d.deferred = nil
	d.last = s.result
	d.announce()
}

// sessionFailed plans the retry. A connection request is never repeated (TR-069
// 3.7.1.5); if there was nothing else, the ACS will ask again itself.
func (d *Device) sessionFailed(s *session, now time.Time) {
	d.logger.Debug("session failed", logkeys.SerialNumber, d.id.SerialNumber, logkeys.Error, s.result.Err)
	isRequest := func(e cwmp.EventStruct) bool { return e.EventCode == cwmp.EventConnectionRequest }
	sent := slices.ContainsFunc(s.result.Events, isRequest)
	// One that came during the session is not the one that failed.
	arrived := slices.ContainsFunc(d.events, isRequest) && (!sent || s.informed && !d.config.Quirks.KeepEvents)
	onlyRequest := len(s.result.Events) == 1 && isRequest(s.result.Events[0])
	if !arrived {
		d.events = slices.DeleteFunc(d.events, isRequest)
	}
	if onlyRequest && !s.informed && d.retryCount == 0 {
		return
	}
	d.retryCount++
	if arrived {
		d.retryAt = now
		return
	}
	wait := d.retryWait(d.retryCount)
	var failure *SessionError
	if errors.As(s.result.Err, &failure) {
		wait = max(wait, failure.RetryAfter)
	}
	d.retryAt = now.Add(wait)
}

// maxRetryStep is the step of the retry table that does not grow any more.
const maxRetryStep = 10

// retryWait is the wait before retry number n: a random time of 5 to 10 seconds
// that doubles up to the tenth retry (TR-069 3.2.1.1).
func (d *Device) retryWait(n int) time.Duration {
	base := 5 * time.Second << (min(n, maxRetryStep) - 1)
	wait := base + time.Duration(d.random.Int64N(int64(base)))
	return time.Duration(float64(wait) * d.config.RetryScale)
}

func (d *Device) acsURL() *url.URL {
	u, err := url.Parse(d.get("ManagementServer.URL"))
	if err != nil || u.Host == "" {
		u, _ = url.Parse(d.config.ACSURL)
	}
	return u
}

func newRandom(id Identity) *rand.Rand {
	sum := sha256.Sum256([]byte(id.OUI + id.ProductClass + id.SerialNumber))
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
}
