package admission

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

var (
	// ErrCrowded is returned by Enter when as many wait as may.
	ErrCrowded = errors.New("too many requests wait")
	// ErrWaited is returned by Enter for who waited as long as may be waited.
	ErrWaited = errors.New("request waited for too long")
)

// Class says who goes first.
type Class int

const (
	// New begins something: it goes last.
	New Class = iota
	// Begun goes on with something: it goes before all that is new, as work was
	// spent on it already.
	Begun
)

// GateOptions are what a Gate is made of.
type GateOptions struct {
	// Working bounds what is worked on at once, Waiting what waits for it.
	Working, Waiting int
	// Patience is how long what is new waits, BegunPatience how long what has
	// begun does.
	Patience, BegunPatience time.Duration
}

// Gate lets in no more than can be worked on at once. The others wait, in the
// order in which they came, but what has begun before what is new; when too many
// wait, or one waits for too long, it is turned away.
type Gate struct {
	options GateOptions

	mu      sync.Mutex
	working int
	waiting [2]*list.List // By Class; each element is a *waiter.
}

// waiter waits. Its fields are guarded by Gate.mu until ready is closed.
type waiter struct {
	ready chan struct{}
	// place is nil once it waits no longer; refused says that it was put out.
	place   *list.Element
	refused bool
}

// NewGate returns a Gate.
func NewGate(o GateOptions) *Gate {
	return &Gate{options: o, waiting: [2]*list.List{list.New(), list.New()}}
}

// Enter returns once the caller may work; Leave must be called then. It returns
// ErrCrowded, ErrWaited, or the context's error if that ends before.
func (g *Gate) Enter(ctx context.Context, class Class) error {
	w, err := g.queue(class)
	if w == nil {
		return err
	}
	patience := g.options.Patience
	if class == Begun {
		patience = g.options.BegunPatience
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-w.ready:
	case <-timer.C:
		err = ErrWaited
	case <-ctx.Done():
		err = ctx.Err()
	}
	return g.outcome(w, class, err)
}

// queue lets the caller in, with a nil waiter, or gives it a place to wait at.
func (g *Gate) queue(class Class) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.working < g.options.Working {
		g.working++
		return nil, nil
	}
	if g.crowded() && (class == New || !g.putOut()) {
		return nil, ErrCrowded
	}
	w := &waiter{ready: make(chan struct{})}
	w.place = g.waiting[class].PushBack(w)
	return w, nil
}

// outcome says how the wait of one ended that gave up for the reason given, nil if
// it did not. It may have been let in or put out at that very moment.
func (g *Gate) outcome(w *waiter, class Class, gaveUp error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case w.refused:
		return ErrCrowded
	case w.place != nil:
		g.waiting[class].Remove(w.place)
		w.place = nil
		return gaveUp
	case gaveUp != nil && !errors.Is(gaveUp, ErrWaited):
		g.leave() // It was let in, and is gone.
		return gaveUp
	default:
		return nil
	}
}

// putOut turns away what is new and came last, for something that has begun; it
// reports whether there was any.
func (g *Gate) putOut() bool {
	last := g.waiting[New].Back()
	if last == nil {
		return false
	}
	w := g.waiting[New].Remove(last).(*waiter)
	w.place, w.refused = nil, true
	close(w.ready)
	return true
}

// Leave says that the work is done.
func (g *Gate) Leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leave()
}

// leave hands the place over to who is next.
func (g *Gate) leave() {
	for _, class := range []Class{Begun, New} {
		if first := g.waiting[class].Front(); first != nil {
			w := g.waiting[class].Remove(first).(*waiter)
			w.place = nil
			close(w.ready)
			return
		}
	}
	g.working--
}

func (g *Gate) crowded() bool {
	return g.waiting[New].Len()+g.waiting[Begun].Len() >= g.options.Waiting
}

// Crowded reports whether what is new would be turned away now.
func (g *Gate) Crowded() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.working >= g.options.Working && g.crowded()
}

// Counts returns how many work and how many wait.
func (g *Gate) Counts() (working, waiting int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.working, g.waiting[New].Len() + g.waiting[Begun].Len()
}
