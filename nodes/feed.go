package nodes

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// KindOverflow is the Kind of a message that says that some were missed.
	KindOverflow = "overflow"
	// kindSending is the Kind of a message that says that its node sends to the
	// one whose ID is its Data. Feeds tell each other, handlers never see it.
	kindSending = "sending"
)

const (
	// feedBuffer is how many messages wait to be stored.
	feedBuffer = 4096
	// feedTime bounds one call of the store.
	feedTime = 5 * time.Second
)

// Feed tells the nodes at which somebody follows events what happens here, and
// hands on what they tell. While nobody listens it asks nothing of the store. It
// is safe for concurrent use.
//
// What happens at another node between the moment that this one begins to listen
// and the moment that the other notices, a beat later, is not told. So each node
// says when it has begun to send, and when all have, the handler gets one
// KindOverflow: read anew what you need. The same is told for what was lost on
// the way, and of nodes that come and go.
type Feed struct {
	registry *Registry
	handle   func(ctx context.Context, messages []Message)

	queue chan outgoing
	// lost says that others must be told that they miss something; wake has the
	// sender look at it.
	lost atomic.Bool
	wake chan struct{}
	// listening says that somebody here follows events.
	listening atomic.Bool
	turned    chan struct{}
}

// outgoing is a message before it has its number.
type outgoing struct {
	kind string
	data []byte
}

// NewFeed returns the feed of a node; Run starts it. A registry has one feed,
// which is made before the registry runs. The handler gets what other nodes tell
// in batches, in order for each node; it holds up what comes after, and its
// context ends with Run.
func NewFeed(registry *Registry, handle func(ctx context.Context, messages []Message)) (*Feed, error) {
	if registry == nil || handle == nil {
		return nil, errors.New("nodes: a feed needs a registry and a handler")
	}
	f := &Feed{
		registry: registry, handle: handle, queue: make(chan outgoing, feedBuffer),
		wake: make(chan struct{}, 1), turned: make(chan struct{}, 1),
	}
	registry.listens = func(n Node) { f.offer(outgoing{kind: kindSending, data: []byte(n.ID)}) }
	return f, nil
}

// Wanted reports whether somebody follows events at another node, so that what
// is sent is not for nothing.
func (f *Feed) Wanted() bool { return f.registry.view.Load().listening() }

// Send tells the other nodes something, if somebody there follows events. It
// does not wait: what finds no room, or is larger than MaxMessage, is lost, and
// the others are told that they missed some. The data must not be changed
// afterwards.
func (f *Feed) Send(kind string, data []byte) {
	if f.Wanted() {
		f.offer(outgoing{kind: kind, data: data})
	}
}

// Listen says whether somebody here follows events. It does not wait.
func (f *Feed) Listen(on bool) {
	f.listening.Store(on)
	f.registry.SetListening(on)
	nudge(f.turned)
}

// Run sends and receives until the context ends.
func (f *Feed) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { newSender(f).run(ctx) })
	running.Go(func() { newReceiver(f).run(ctx) })
	running.Wait()
}

func (f *Feed) offer(o outgoing) {
	if len(o.data) <= MaxMessage {
		select {
		case f.queue <- o:
			return
		default:
		}
	}
	f.registry.metrics.messages.WithLabelValues(messageDropped).Inc()
	f.lose()
}

// lose has the others told that they miss something.
func (f *Feed) lose() {
	f.lost.Store(true)
	nudge(f.wake)
}

// nudge wakes who waits for c, now or the next time.
func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
