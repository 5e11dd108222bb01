package plan

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const (
	// DefaultPerSecond is how many devices a pass looks at in a second.
	DefaultPerSecond = 500
	// DefaultInterval is how long no pass is made at most, whatever changed: it heals
	// what nobody told.
	DefaultInterval = time.Hour
	// passPage is how many devices are looked at at once: few, so that what was read
	// is not old when it is marked.
	passPage = 100
	// watchInterval is how often it is looked whether something changed.
	watchInterval = time.Second
	// retryDelay is how long a pass waits after it could not read or write.
	retryDelay = 5 * time.Second
	// maxQueued bounds what waits to be marked on this node; beyond it everything is.
	maxQueued = 10_000
)

// Lead returns a worker that runs work on one of all nodes at a time, as
// nodes.Registry.Lead describes.
type Lead func(name string, work func(context.Context)) func(context.Context)

// PassOptions are what a Pass needs; everything is required but what says otherwise.
type PassOptions struct {
	Devices  Devices
	Store    device.ProvisioningStore
	Resolver Resolver
	// Packs returns the vendor packs in force.
	Packs    func() *pack.Registry
	Renderer *Renderer
	// Version names the state of all that devices have in common, as this node knows
	// it: when it is another, all devices are looked at.
	Version func() string
	// PerSecond is how many devices are looked at in a second; DefaultPerSecond if 0.
	PerSecond int
	// Interval is the longest time between two passes; DefaultInterval if 0.
	Interval time.Duration
	Lead     Lead
	Now      func() time.Time
	Logger   *slog.Logger
}

// Pass keeps the marks of devices (device.Mark) true. One node looks at all devices
// after something changed that many have in common; each node marks those whose own
// settings it changed. It is safe for concurrent use.
type Pass struct {
	o       PassOptions
	limiter *rate.Limiter
	// wake has work look at what is queued.
	wake chan struct{}

	mu     sync.Mutex
	queued map[device.ID]struct{}
	scopes map[string]struct{}
}

// NewPass returns a Pass; Run starts it. It returns an error if an option is missing.
func NewPass(o PassOptions) (*Pass, error) {
	missing := o.Devices == nil || o.Store == nil || o.Resolver == nil || o.Packs == nil || o.Renderer == nil ||
		o.Version == nil || o.Lead == nil || o.Now == nil || o.Logger == nil
	if missing {
		return nil, errors.New("plan: a pass needs all of its options")
	}
	if o.PerSecond <= 0 {
		o.PerSecond = DefaultPerSecond
	}
	if o.Interval <= 0 {
		o.Interval = DefaultInterval
	}
	return &Pass{
		o: o, limiter: rate.NewLimiter(rate.Limit(o.PerSecond), max(passPage, o.PerSecond)), wake: make(chan struct{}, 1),
		queued: make(map[device.ID]struct{}), scopes: make(map[string]struct{}),
	}, nil
}

// Run works until the context ends.
func (p *Pass) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { p.o.Lead("settings", p.watch)(ctx) })
	running.Go(func() { p.work(ctx) })
	running.Wait()
}

// MarkDevice computes what a device should have and marks it, now. It returns
// device.ErrNotFound.
func (p *Pass) MarkDevice(ctx context.Context, id device.ID) error {
	d, err := p.o.Devices.Get(ctx, id)
	if err != nil {
		return fmt.Errorf("read device %s: %w", id, err)
	}
	return p.mark(ctx, []device.Device{d})
}

// Soon marks a device in the background. It does not wait; what this node had not
// marked when it ended is found by a later pass.
func (p *Pass) Soon(id device.ID) {
	p.mu.Lock()
	if len(p.queued) < maxQueued {
		p.queued[id] = struct{}{}
	} else {
		p.scopes[""] = struct{}{}
	}
	p.mu.Unlock()
	nudge(p.wake)
}

// SoonBelow marks the devices of a subtree of the groups in the background, as Soon
// does.
func (p *Pass) SoonBelow(s device.Scope) {
	p.mu.Lock()
	if len(p.scopes) >= maxQueued {
		clear(p.scopes)
		s = device.Scope{}
	}
	p.scopes[s.Group] = struct{}{}
	p.mu.Unlock()
	nudge(p.wake)
}

func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// watch looks at all devices when it begins, whenever the version is another, and
// after the interval.
func (p *Pass) watch(ctx context.Context) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	version, last := "", time.Time{}
	for {
		if now := p.o.Version(); last.IsZero() || now != version || p.o.Now().Sub(last) >= p.o.Interval {
			// What changes while the pass is under way makes another one.
			version, last = now, p.o.Now()
			p.over(ctx, device.Scope{})
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// work marks what was queued on this node.
func (p *Pass) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		ids, scopes := p.take()
		for id := range ids {
			p.one(ctx, id)
		}
		for group := range scopes {
			p.over(ctx, device.Scope{Group: group})
		}
	}
}

func (p *Pass) take() (map[device.ID]struct{}, map[string]struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids, scopes := p.queued, p.scopes
	p.queued, p.scopes = make(map[device.ID]struct{}), make(map[string]struct{})
	if _, everything := scopes[""]; everything {
		return nil, map[string]struct{}{"": {}}
	}
	return ids, scopes
}

func (p *Pass) one(ctx context.Context, id device.ID) {
	if p.limiter.Wait(ctx) != nil {
		return
	}
	if err := p.MarkDevice(ctx, id); err != nil && ctx.Err() == nil && !errors.Is(err, device.ErrNotFound) {
		p.o.Logger.WarnContext(ctx, "cannot mark a device: a later pass does", slog.String(logkeys.Device, string(id)), slog.Any(logkeys.Error, err))
	}
}
