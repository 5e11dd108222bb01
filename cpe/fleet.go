package cpe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// FleetConfig says which devices run and for how long.
type FleetConfig struct {
	// Device is what all devices have in common. Username and Password may
	// hold {serial}, {oui}, {productClass} and {mac}; Identity.OUI and
	// Identity.ProductClass are used, the rest of Identity differs from
	// device to device.
	Device Config
	// Devices is how many, 1 to MaxIdentities.
	Devices int
	// Seed gives the same phones to every run with the same seed.
	Seed uint64
	// Ramp is the time over which the devices are switched on, evenly.
	Ramp time.Duration
	// Duration is how long the fleet runs, Ramp included; 0 until its
	// context ends.
	Duration time.Duration
	// MaxConnections bounds the sessions at once; 0 is no bound.
	MaxConnections int
	// ConnectionRequestListen is the address of one listener for all
	// devices; empty is off.
	ConnectionRequestListen string
	// Sources are the local addresses that the devices connect from, by turns; none
	// leaves the choice to the system. Each has the ports of its own, of which one
	// address has some 28,000.
	Sources []netip.Addr
	// Changes are what somebody changes at every device, ChangeAfter after the fleet
	// began to run; a device that has no such parameter is left alone.
	Changes     []LocalChange
	ChangeAfter time.Duration
	// Adjust has the last word on the configuration of each device.
	Adjust func(index int, config *Config)
}

// Fleet is many devices in one process.
type Fleet struct {
	config   FleetConfig
	devices  []*Device
	listener *ConnectionRequestListener

	informs, sessions histogram

	mu       sync.Mutex
	started  time.Time
	ended    time.Time
	active   int
	switched int
	requests uint64
	done     uint64
	failed   map[Reason]uint64
	seen     map[*Device]struct{}
}

// Progress is how far a fleet is.
type Progress struct {
	Elapsed time.Duration
	// Active is how many devices are switched on.
	Active            int
	Devices           int
	SessionsCompleted uint64
	SessionsFailed    uint64
	// Seen is how many devices completed a session.
	Seen int
}

// NewFleet makes the devices of a fleet. Errors name the field of the configuration
// that is wrong. Close the fleet, also if it never runs.
func NewFleet(config FleetConfig) (*Fleet, error) {
	switch {
	case config.Devices < 1 || config.Devices > MaxIdentities:
		return nil, fmt.Errorf("cpe: Devices: want 1 to %d", MaxIdentities)
	case config.Ramp < 0 || config.Duration < 0 || config.ChangeAfter < 0:
		return nil, errors.New("cpe: Ramp, Duration and ChangeAfter: must not be negative")
	case config.MaxConnections < 0:
		return nil, errors.New("cpe: MaxConnections: must not be negative")
	}
	f := &Fleet{config: config, failed: make(map[Reason]uint64), seen: make(map[*Device]struct{})}
	if config.ConnectionRequestListen != "" {
		listener, err := ListenConnectionRequests(config.ConnectionRequestListen)
		if err != nil {
			return nil, err
		}
		f.listener = listener
	}
	if err := f.build(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// build makes the devices; what they have in common is checked and made once.
func (f *Fleet) build() error {
	base := f.config.Device
	base.Identity = f.identity(0)
	base.ConnectionRequests = f.listener
	if f.config.MaxConnections > 0 {
		base.gate = make(chan struct{}, f.config.MaxConnections)
	}
	common, err := base.withDefaults()
	if err != nil {
		return err
	}
	f.devices = make([]*Device, f.config.Devices)
	for i := range f.devices {
		c := common
		c.Identity = f.identity(i)
		c.Username, c.Password = c.Identity.expand(c.Username), c.Identity.expand(c.Password)
		if n := len(f.config.Sources); n > 0 {
			c.Dial = dialFrom(f.config.Sources[i%n], c.RequestTimeout)
		}
		observer := c.OnSession
		c.OnSession = func(d *Device, r SessionResult) {
			f.record(d, r)
			if observer != nil {
				observer(d, r)
			}
		}
		if f.config.Adjust != nil {
			f.config.Adjust(i, &c)
		}
		if f.devices[i], err = New(c); err != nil {
			return fmt.Errorf("device %d: %w", i, err)
		}
	}
	return nil
}

func (f *Fleet) identity(index int) Identity {
	template := f.config.Device.Identity
	id := IdentityAt(f.config.Seed, index, template.OUI, template.ProductClass)
	if template.Manufacturer != "" {
		id.Manufacturer = template.Manufacturer
	}
	if template.ModelName != "" {
		id.ModelName = template.ModelName
	}
	if template.HardwareVersion != "" {
		id.HardwareVersion = template.HardwareVersion
	}
	return id
}

// Devices returns the devices, by index.
func (f *Fleet) Devices() []*Device { return f.devices }

// Close closes the fleet's connection-request listener.
func (f *Fleet) Close() error {
	if f.listener == nil {
		return nil
	}
	return f.listener.Close()
}

// Run lets the fleet run until its Duration is over or ctx ends, lets the sessions
// that run then go on for Config.Grace, and reports. The error is nil or that of a
// device that could not start; what failed in the sessions is in the report, and
// Report.Err makes an error of it. Run a fleet once.
func (f *Fleet) Run(ctx context.Context) (Report, error) {
	if f.config.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.config.Duration)
		defer cancel()
	}
	f.mu.Lock()
	f.started = time.Now()
	f.mu.Unlock()
	failures := make(chan error, 1)
	var running sync.WaitGroup
	running.Go(func() { f.change(ctx) })
	f.switchOn(ctx, &running, failures)
	running.Wait()
	f.mu.Lock()
	f.ended = time.Now()
	f.mu.Unlock()
	select {
	case err := <-failures:
		return f.Report(), err
	default:
		return f.Report(), nil
	}
}

// switchOn starts the devices over the time of the ramp.
func (f *Fleet) switchOn(ctx context.Context, running *sync.WaitGroup, failures chan<- error) {
	start := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i, d := range f.devices {
		due := time.Duration(float64(f.config.Ramp) * float64(i) / float64(len(f.devices)))
		if wait := due - time.Since(start); wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			return
		}
		f.switchedOn()
		running.Go(func() {
			defer f.switchedOff()
			if err := d.Run(ctx); err != nil {
				select {
				case failures <- err:
				default:
				}
			}
		})
	}
}

func (f *Fleet) switchedOn() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active++
	f.switched++
}

func (f *Fleet) switchedOff() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active--
}

func (f *Fleet) record(d *Device, r SessionResult) {
	if r.InformDuration > 0 {
		f.informs.record(r.InformDuration)
	}
	if r.Err == nil {
		f.sessions.record(r.Duration)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests += uint64(r.Requests)
	if r.Err != nil {
		f.failed[r.Reason()]++
		return
	}
	f.done++
	f.seen[d] = struct{}{}
}

// Progress tells how far the fleet is.
func (f *Fleet) Progress() Progress {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := Progress{Active: f.active, Devices: len(f.devices), SessionsCompleted: f.done, Seen: len(f.seen), Elapsed: f.elapsed()}
	for _, n := range f.failed {
		p.SessionsFailed += n
	}
	return p
}

func (f *Fleet) elapsed() time.Duration {
	switch {
	case f.started.IsZero():
		return 0
	case f.ended.IsZero():
		return time.Since(f.started)
	}
	return f.ended.Sub(f.started)
}

// Report sums up what the fleet has done until now.
func (f *Fleet) Report() Report {
	r := Report{
		Devices: len(f.devices), FailedByReason: make(map[Reason]uint64),
		RPCs: make(map[string]uint64), RPCFaults: make(map[string]uint64),
		Inform: f.informs.latency(), Session: f.sessions.latency(),
	}
	for _, d := range f.devices {
		for method, n := range d.Counters() {
			r.RPCs[method] += uint64(n)
		}
		for method, n := range d.FaultCounters() {
			r.RPCFaults[method] += uint64(n)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	r.DevicesStarted = f.switched
	r.DevicesSeen, r.SessionsCompleted, r.Requests = len(f.seen), f.done, f.requests
	for reason, n := range f.failed {
		r.FailedByReason[reason] = n
		r.SessionsFailed += n
	}
	r.Seconds = f.elapsed().Seconds()
	if r.Seconds > 0 {
		r.SessionsPerSecond = float64(r.SessionsCompleted) / r.Seconds
	}
	return r
}
