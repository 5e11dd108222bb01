package nodes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

const (
	// DefaultBeat is how often a node tells that it is alive, and looks for others.
	DefaultBeat = 2 * time.Second
	// DefaultDead is how long a beat may stand still.
	DefaultDead = 10 * time.Second
	// leaveTime bounds what a node still tells when it stops.
	leaveTime = 5 * time.Second
)

// RegistryOptions are what a Registry is made of. Beat and Dead have defaults,
// the others are required.
type RegistryOptions struct {
	Store Store
	// Name is the host's name and Version that of the program, for people.
	Name    string
	Version string
	// Now tells the time that people are shown. Nothing is decided by it.
	Now     func() time.Time
	Logger  *slog.Logger
	Metrics prometheus.Registerer
	// Beat is how often the node tells that it is alive and looks for others:
	// DefaultBeat. It also bounds each call of the store.
	Beat time.Duration
	// Dead is how long the beat of another node may stand still: DefaultDead.
	Dead time.Duration
}

func (o *RegistryOptions) check() error {
	for name, missing := range map[string]bool{
		"Store": o.Store == nil, "Now": o.Now == nil, "Logger": o.Logger == nil, "Metrics": o.Metrics == nil,
	} {
		if missing {
			return errors.New("nodes: RegistryOptions." + name + " is missing")
		}
	}
	if o.Beat <= 0 {
		o.Beat = DefaultBeat
	}
	if o.Dead <= 0 {
		o.Dead = DefaultDead
	}
	return nil
}

// Registry tells others that this node is alive, and knows which others are. A
// node is alive while its beat goes on; how long it stood still is measured by
// this node's monotonic clock, so that no two clocks are ever compared. It is
// safe for concurrent use.
type Registry struct {
	RegistryOptions
	id      string
	started time.Time
	metrics *metrics

	listening atomic.Bool
	kick      chan struct{}
	view      atomic.Pointer[view]
	ready     chan struct{}
	// listens is told of each node that begins to follow events. It is set before
	// Run, called by it, and must not block.
	listens func(Node)

	// Owned by Run.
	beat    int64
	watch   *watch
	telling condition
	looking condition
}

// NewRegistry returns the registry of a node that is new; Run starts it. It
// returns an error if an option is missing or a metric is registered already.
func NewRegistry(o RegistryOptions) (*Registry, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	id := strings.ToLower(rand.Text())
	r := &Registry{
		RegistryOptions: o, id: id, started: o.Now(), kick: make(chan struct{}, 1), ready: make(chan struct{}),
		listens: func(Node) {}, watch: newWatch(id, o.Dead),
		telling: condition{logger: o.Logger, what: "cannot tell other nodes that this one is alive"},
		looking: condition{logger: o.Logger, what: "cannot look for other nodes"},
	}
	r.view.Store(&view{})
	var err error
	if r.metrics, err = newMetrics(o.Metrics, func() float64 { return float64(1 + len(r.view.Load().others)) }); err != nil {
		return nil, err
	}
	return r, nil
}

// ID returns the ID of this node.
func (r *Registry) ID() string { return r.id }

// Others returns the nodes that are alive, without this one, in order of ID. A
// node whose record was only just found counts until it is known to stand still.
func (r *Registry) Others() []Node { return slices.Clone(r.view.Load().others) }

// Ready is closed when the node has told of itself and has looked for others.
func (r *Registry) Ready() <-chan struct{} { return r.ready }

// SetListening says whether somebody follows events at this node. It does not
// wait: the record is stored at once, and others find it within their beat.
func (r *Registry) SetListening(on bool) {
	if r.listening.Swap(on) == on {
		return
	}
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// Run tells of this node and looks for others until the context ends; then it
// removes this node's record. A store that fails does not end it. It may be
// called once. What uses the registry should have ended before it.
func (r *Registry) Run(ctx context.Context) {
	ticker := time.NewTicker(r.Beat)
	defer ticker.Stop()
	ready := r.ready
	for {
		told, looked := r.tell(ctx), r.look(ctx)
		if told && looked && ready != nil {
			close(ready)
			ready = nil
		}
		select {
		case <-ctx.Done():
			r.leave(context.WithoutCancel(ctx))
			return
		case <-ticker.C:
		case <-r.kick:
		}
	}
}

func (r *Registry) tell(ctx context.Context) bool {
	r.beat++
	bounded, cancel := context.WithTimeout(ctx, r.Beat)
	defer cancel()
	err := r.Store.Beat(bounded, Node{
		ID: r.id, Name: r.Name, Version: r.Version, StartedAt: r.started, SeenAt: r.Now(), Beat: r.beat, Listening: r.listening.Load(),
	})
	r.telling.note(ctx, err)
	return err == nil
}

func (r *Registry) look(ctx context.Context) bool {
	bounded, cancel := context.WithTimeout(ctx, r.Beat)
	defer cancel()
	records, err := r.Store.Nodes(bounded)
	r.looking.note(ctx, err)
	if err != nil {
		return false
	}
	v := r.watch.see(records, time.Now())
	r.view.Store(v)
	for _, n := range v.joined {
		r.Logger.InfoContext(ctx, "node joined", logkeys.Node, n.ID, logkeys.Name, n.Name, logkeys.Version, n.Version)
	}
	for _, n := range v.left {
		r.Logger.InfoContext(ctx, "node left", logkeys.Node, n.ID, logkeys.Name, n.Name)
	}
	for _, n := range v.listeners {
		r.listens(n)
	}
	return true
}

func (r *Registry) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	if err := r.Store.RemoveNode(ctx, r.id); err != nil {
		r.Logger.WarnContext(ctx, "cannot tell other nodes that this one stops: they will notice", slog.Any(logkeys.Error, err))
	}
}

// Clean removes the records of nodes that are dead for a minute, until the
// context ends. One node needs to do it.
func (r *Registry) Clean(ctx context.Context) {
	cleaning := condition{logger: r.Logger, what: "cannot remove the records of dead nodes"}
	ticker := time.NewTicker(r.Dead)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, id := range r.view.Load().gone {
			err := r.remove(ctx, id)
			cleaning.note(ctx, err)
		}
	}
}

func (r *Registry) remove(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	if err := r.Store.RemoveNode(ctx, id); err != nil {
		return fmt.Errorf("remove node %s: %w", id, err)
	}
	return nil
}
