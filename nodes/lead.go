package nodes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

const (
	// LeaseTime is how long the revision of a lease stands still before the lease
	// is free. All nodes on a store have the same.
	LeaseTime = 10 * time.Second
	// holdTime is how long a node works on after it last renewed its lease: less
	// than LeaseTime, so that the work has ended when another node begins it.
	holdTime = LeaseTime * 2 / 3
)

// errLost is why work ends whose lease another node has.
var errLost = errors.New("another node has it")

// errStale is why work ends whose lease could not be renewed in time.
var errStale = errors.New("it could not be renewed in time")

// Lead returns a worker that runs work on one of all nodes that lead the same
// name, until its context ends. The context of work ends when the lease is lost,
// or could not be renewed for a safe part of LeaseTime; the lease is given back
// when the worker stops, so that another node goes on within its beat. Work that
// returns early is begun anew, here or elsewhere.
//
// The lease makes work run once and not once a node. It is no fence: a node that
// was halted may do a little before it notices, so the work must be safe beside
// itself.
func (r *Registry) Lead(name string, work func(context.Context)) func(context.Context) {
	l := &leader{Registry: r, name: name, work: work, acquiring: condition{logger: r.Logger, what: "cannot take lease " + name}}
	l.renewing = condition{logger: r.Logger, what: "cannot renew lease " + name}
	r.metrics.leader.WithLabelValues(name).Set(0)
	return l.run
}

// leader takes, renews and gives back one lease. One goroutine uses it.
type leader struct {
	*Registry
	name string
	work func(context.Context)
	// revision is what others left, and since when it stands still.
	revision int64
	since    time.Time

	acquiring, renewing condition
}

func (l *leader) run(ctx context.Context) {
	ticker := time.NewTicker(l.Beat)
	defer ticker.Stop()
	for ctx.Err() == nil {
		began := time.Now()
		lease, taken, err := l.acquire(ctx)
		l.acquiring.note(ctx, err)
		if taken {
			l.hold(ctx, lease, began)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// acquire takes the lease if it is free.
func (l *leader) acquire(ctx context.Context) (_ Lease, taken bool, _ error) {
	ctx, cancel := context.WithTimeout(ctx, l.Beat)
	defer cancel()
	lease, err := l.Store.Lease(ctx, l.name)
	if errors.Is(err, ErrNotFound) {
		lease, err = Lease{Name: l.name}, nil
	}
	if err != nil {
		return Lease{}, false, fmt.Errorf("read lease %s: %w", l.name, err)
	}
	if !l.free(lease, time.Now()) {
		return Lease{}, false, nil
	}
	lease.Holder = l.id
	lease, err = l.Store.SaveLease(ctx, lease)
	if errors.Is(err, ErrConflict) {
		return Lease{}, false, nil // Somebody else was first.
	}
	if err != nil {
		return Lease{}, false, fmt.Errorf("take lease %s: %w", l.name, err)
	}
	return lease, true, nil
}

// free reports whether nobody holds the lease. A lease of this node is one that
// was taken although the store's answer was lost.
func (l *leader) free(lease Lease, now time.Time) bool {
	if lease.Holder == "" || lease.Holder == l.id {
		return true
	}
	if l.since.IsZero() || lease.Revision != l.revision {
		l.revision, l.since = lease.Revision, now
		return false
	}
	return now.Sub(l.since) >= LeaseTime
}

// hold works while the lease is held; it was renewed at the latest at the moment
// given.
func (l *leader) hold(ctx context.Context, lease Lease, renewed time.Time) {
	held := l.metrics.leader.WithLabelValues(l.name)
	held.Set(1)
	l.Logger.InfoContext(ctx, "lease taken", logkeys.Lease, l.name)
	working, end := context.WithCancelCause(ctx)
	stale := time.AfterFunc(holdTime-time.Since(renewed), func() { end(errStale) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.work(working)
	}()
	lease = l.keep(working, end, stale, ended, lease)
	stale.Stop()
	end(nil)
	<-ended
	held.Set(0)
	if cause := context.Cause(working); errors.Is(cause, errLost) || errors.Is(cause, errStale) {
		l.Logger.WarnContext(ctx, "lease lost", logkeys.Lease, l.name, logkeys.Reason, cause.Error())
		return
	}
	l.giveBack(context.WithoutCancel(ctx), lease)
}

// keep renews the lease every beat until the work's context ends or the work
// does, and returns the lease as it was last stored.
func (l *leader) keep(ctx context.Context, end context.CancelCauseFunc, stale *time.Timer, ended <-chan struct{}, lease Lease) Lease {
	ticker := time.NewTicker(l.Beat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return lease
		case <-ended:
			return lease
		case <-ticker.C:
		}
		began := time.Now()
		renewed, err := l.save(ctx, lease, l.Beat)
		if errors.Is(err, ErrConflict) {
			end(errLost)
			return lease
		}
		l.renewing.note(ctx, err)
		if err == nil {
			lease = renewed
			stale.Reset(holdTime - time.Since(began))
		}
	}
}

// save stores the lease with its next revision. It returns ErrConflict if another
// node has it.
func (l *leader) save(ctx context.Context, lease Lease, within time.Duration) (Lease, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	saved, err := l.Store.SaveLease(ctx, lease)
	if !errors.Is(err, ErrConflict) {
		return saved, err
	}
	// What was saved before may have been stored although its answer was lost.
	stored, err := l.Store.Lease(ctx, l.name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Lease{}, fmt.Errorf("read lease %s: %w", l.name, err)
	}
	if err != nil || stored.Holder != l.id {
		return Lease{}, ErrConflict
	}
	stored.Holder = lease.Holder
	return l.Store.SaveLease(ctx, stored)
}

func (l *leader) giveBack(ctx context.Context, lease Lease) {
	lease.Holder = ""
	if _, err := l.save(ctx, lease, leaveTime); err != nil {
		l.Logger.WarnContext(ctx, "cannot give back a lease: it ends by itself", logkeys.Lease, l.name, logkeys.Error, err)
		return
	}
	l.Logger.InfoContext(ctx, "lease given back", logkeys.Lease, l.name)
}
