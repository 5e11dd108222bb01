package ciscophone

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// mostPhones bounds a fleet.
const mostPhones = 100_000

// FleetConfig says which phones live, and for how long.
type FleetConfig struct {
	// Phone is what all have in common. Its MAC is the first one's, and the next phones
	// have those that follow; if it is empty, they are from 000001 on.
	Phone Config
	// Count is how many phones there are, 1 to 100,000.
	Count int
	// Ramp is the time over which they are switched on, evenly.
	Ramp time.Duration
	// Duration is how long the fleet runs, Ramp included; 0 until its context ends.
	Duration time.Duration
	// ConnectionRequestListen is the address of one listener for all; empty is off.
	ConnectionRequestListen string
	// Changes are elements of the profile, by name, that somebody changes at every
	// phone ChangeAfter after the fleet began to run.
	Changes     map[string]string
	ChangeAfter time.Duration
}

// Fleet is many phones in one process.
type Fleet struct {
	config   FleetConfig
	phones   []*Phone
	listener *cpe.ConnectionRequestListener

	mu       sync.Mutex
	began    time.Time
	ended    time.Time
	started  int
	done     uint64
	failures uint64
	seen     map[*cpe.Device]struct{}
}

// NewFleet makes the phones of a fleet. Errors name the field of the configuration that
// is wrong. Close the fleet, also if it never runs.
func NewFleet(config FleetConfig) (*Fleet, error) {
	switch {
	case config.Count < 1 || config.Count > mostPhones:
		return nil, fmt.Errorf("ciscophone: Count: want 1 to %d", mostPhones)
	case config.Ramp < 0 || config.Duration < 0 || config.ChangeAfter < 0:
		return nil, errors.New("ciscophone: Ramp, Duration and ChangeAfter: must not be negative")
	}
	f := &Fleet{config: config, seen: make(map[*cpe.Device]struct{})}
	if config.ConnectionRequestListen != "" {
		listener, err := cpe.ListenConnectionRequests(config.ConnectionRequestListen)
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

// build makes the phones, with addresses one after the other and one data model.
func (f *Fleet) build() error {
	c := f.config.Phone
	if c.MAC == "" {
		c.MAC = filephone.Cisco.OUI() + "000001"
	}
	first, err := New(c)
	if err != nil {
		return err
	}
	number, err := strconv.ParseUint(first.MAC(), 16, 64)
	if err != nil {
		return fmt.Errorf("ciscophone: MAC: %w", err)
	}
	if c.CWMP.Model, err = cpe.NewVoiceModel(cpe.RootDevice, c.Voice, lines); err != nil {
		return err
	}
	c.CWMP.ConnectionRequests = f.listener
	observer := c.CWMP.OnSession
	c.CWMP.OnSession = func(d *cpe.Device, r cpe.SessionResult) {
		f.record(d, r)
		if observer != nil {
			observer(d, r)
		}
	}
	f.phones = make([]*Phone, f.config.Count)
	for i := range f.phones {
		c.MAC = fmt.Sprintf("%012x", (number+uint64(i))&(1<<48-1))
		if f.phones[i], err = New(c); err != nil {
			return err
		}
	}
	return nil
}

func (f *Fleet) record(d *cpe.Device, r cpe.SessionResult) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case r.Err == nil:
		f.done++
		f.seen[d] = struct{}{}
	case r.Reason() != cpe.ReasonStopped:
		f.failures++
	}
}

// Phones returns the phones, in order of their addresses.
func (f *Fleet) Phones() []*Phone { return f.phones }

// Close closes the fleet's connection-request listener.
func (f *Fleet) Close() error {
	if f.listener == nil {
		return nil
	}
	return f.listener.Close()
}

// Run lets the fleet run until its Duration is over or ctx ends, and reports. The error
// is nil or that of a phone that could not start; of what failed Report.Err makes an
// error. Run a fleet once.
func (f *Fleet) Run(ctx context.Context) (Report, error) {
	if f.config.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.config.Duration)
		defer cancel()
	}
	f.mu.Lock()
	f.began = time.Now()
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

// switchOn starts the phones over the time of the ramp.
func (f *Fleet) switchOn(ctx context.Context, running *sync.WaitGroup, failures chan<- error) {
	for i, p := range f.phones {
		due := f.began.Add(time.Duration(float64(f.config.Ramp) * float64(i) / float64(len(f.phones))))
		if !sleep(ctx, time.Until(due)) {
			return
		}
		f.mu.Lock()
		f.started++
		f.mu.Unlock()
		running.Go(func() {
			if err := p.Run(ctx); err != nil {
				select {
				case failures <- err:
				default:
				}
			}
		})
	}
}

// change changes every phone once it is time.
func (f *Fleet) change(ctx context.Context) {
	if len(f.config.Changes) == 0 || !sleep(ctx, f.config.ChangeAfter) {
		return
	}
	for _, p := range f.phones {
		for element, value := range f.config.Changes {
			p.Change(element, value)
		}
	}
}

// sleep waits; false if ctx ended before.
func sleep(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
