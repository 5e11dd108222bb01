package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// carry brings sessions from one node to another through the store. A session
// is either in the memory of one node or in the store, where the node that takes
// it is the only one that has it.
//
// As long as every request of a session comes to the node that opened it, the
// store is never asked. A node to which a session comes that it does not have
// says that it wants it, and the node that has it puts it into the store. Both
// then know that sessions roam, and for a time put each session into the store
// before they answer, so that no one has to be asked for it.
type carry struct {
	// store is nil for a server that is alone for good.
	store   device.CarriedSessionStore
	node    string
	others  func() int
	timeout time.Duration
	now     func() time.Time
	logger  *slog.Logger
	metrics *metrics
	// roamsUntil is when sessions no longer count as roaming, in milliseconds
	// since 1970.
	roamsUntil atomic.Int64
	// wantFor is how long a request waits for its session.
	wantFor time.Duration
	// wanting holds a place for each request that waits for its session.
	wanting chan struct{}
}

const (
	// wantFor is how long a request waits for its session, unless a test says
	// otherwise: longer than it takes a node to notice another that has just
	// started, before which it does not look for wishes.
	wantFor = 6 * time.Second
	// wishFor is how long a wish lasts, and clockAllowance is added to how long a
	// session in the store is waited for: clocks of nodes differ.
	wishFor        = time.Minute
	clockAllowance = 10 * time.Second
	// maxWanting bounds the requests that wait for their session.
	maxWanting = 512
	// roamFor is how long sessions count as roaming after the last one that came
	// from another node or went to one.
	roamFor = 10 * time.Minute
	// wantedInterval is how often a node looks which of its sessions others
	// want.
	wantedInterval = 200 * time.Millisecond
	// wantedBatch bounds the sessions of one look.
	wantedBatch = 500
)

func newCarry(o Options, m *metrics) *carry {
	c := &carry{store: o.Carried, node: o.Node, others: o.OtherNodes, timeout: o.SessionTimeout, now: o.Now, logger: o.Logger, metrics: m, wantFor: wantFor, wanting: make(chan struct{}, maxWanting)}
	if c.others == nil {
		c.others = func() int { return 0 }
	}
	return c
}

func (c *carry) roams() bool {
	return c.store != nil && c.now().UnixMilli() < c.roamsUntil.Load()
}

func (c *carry) roamed() { c.roamsUntil.Store(c.now().Add(roamFor).UnixMilli()) }

// carried is a session as it is put into the store.
type carried struct {
	// Format is carriedFormat of the program that put it, Node the node.
	Format  int
	Node    string
	Session *Session
}

// carriedFormat is raised when a session of before can no longer be read; a
// device whose session cannot be read begins another.
const carriedFormat = 1

// put stores a session for any node to take.
func (c *carry) put(ctx context.Context, s *Session) error {
	state, err := json.Marshal(carried{Format: carriedFormat, Node: c.node, Session: s})
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if len(state) > device.MaxCarried {
		return fmt.Errorf("session has %d bytes, more than the %d that are carried", len(state), device.MaxCarried)
	}
	err = c.store.PutSession(ctx, device.CarriedSession{ID: s.ID, Device: s.Device.ID, State: state, Until: c.until(s)})
	if err != nil {
		return fmt.Errorf("put session: %w", err)
	}
	c.metrics.carried.WithLabelValues("put").Inc()
	return nil
}

// withdraw removes a session that could not be put: the store may have taken it
// although its answer was lost, and this node goes on having it. What the store
// still keeps if this fails too is replaced when the session is put next, and is
// fenced by the revisions of tasks until then.
func (c *carry) withdraw(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTimeout)
	defer cancel()
	if _, err := c.store.TakeSession(ctx, id); err != nil && !errors.Is(err, device.ErrNotFound) {
		c.log(ctx, "cannot withdraw session from the store", id, err)
	}
}

// until returns when a session in the store is given up.
func (c *carry) until(s *Session) time.Time {
	return s.LastActivity.Add(max(c.timeout, s.Timeout) + clockAllowance)
}

// take returns a session of the store, which no other node has then. It returns
// errNoSession if it is not there.
func (c *carry) take(ctx context.Context, id string) (*Session, error) {
	found, err := c.store.TakeSession(ctx, id)
	if errors.Is(err, device.ErrNotFound) {
		return nil, errNoSession
	}
	if err != nil {
		return nil, fmt.Errorf("take session: %w", err)
	}
	c.metrics.carried.WithLabelValues("taken").Inc()
	s, err := decodeCarried(found.State)
	if err != nil {
		return nil, err
	}
	if s.Node != c.node {
		c.roamed()
	}
	return s.Session, nil
}

func decodeCarried(state []byte) (carried, error) {
	var s carried
	if err := json.Unmarshal(state, &s); err != nil {
		return s, fmt.Errorf("decode session: %w", err)
	}
	if s.Format != carriedFormat || s.Session == nil {
		return s, fmt.Errorf("%w: it has format %d, this program reads %d", errNoSession, s.Format, carriedFormat)
	}
	return s, nil
}

// fetch returns a session that this node does not have: from the store, or from
// the node that has it, which is asked for it. It returns errNoSession if nobody
// gives it away in time.
func (c *carry) fetch(ctx context.Context, id string) (*Session, error) {
	s, err := c.take(ctx, id)
	if !errors.Is(err, errNoSession) || c.others() == 0 {
		return s, err
	}
	select {
	case c.wanting <- struct{}{}:
		defer func() { <-c.wanting }()
	default:
		return nil, errNoSession
	}
	if err := c.store.WantSession(ctx, id, c.now().Add(wishFor)); err != nil {
		return nil, fmt.Errorf("want session: %w", err)
	}
	return c.await(ctx, id)
}

// await takes a session as soon as it is there.
func (c *carry) await(ctx context.Context, id string) (*Session, error) {
	ctx, cancel := context.WithTimeout(ctx, c.wantFor)
	defer cancel()
	const longest = 200 * time.Millisecond
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, longest) {
		select {
		case <-ctx.Done():
			c.metrics.carried.WithLabelValues("missed").Inc()
			return nil, errNoSession
		case <-time.After(pause):
		}
		s, err := c.take(ctx, id)
		if !errors.Is(err, errNoSession) {
			return s, err
		}
	}
}

// log says that a session could not be carried; the device begins another.
func (c *carry) log(ctx context.Context, message, id string, err error) {
	c.logger.WarnContext(ctx, message, logkeys.Session, sessionName(id), logkeys.Error, err)
}
