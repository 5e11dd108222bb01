package nodes

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// receiveInterval is how often messages are read while somebody listens.
	receiveInterval = 250 * time.Millisecond
	// receiveBatch is how many are read of one node at a time.
	receiveBatch = 500
)

// receiver reads what other nodes tell. One goroutine uses it.
type receiver struct {
	*Feed
	// sources are the nodes that are read, by ID.
	sources map[string]*source
	// missed says that the handler is to be told that messages were missed.
	missed  bool
	reading condition
}

// source is one node that is read.
type source struct {
	// last is the number of the message that was read last; 0 if there was none,
	// so that it is not known which comes next.
	last int64
	// settles is when the node is taken to send although it did not say so: it
	// may have noticed before it was read. Zero once it is known to send.
	settles time.Time
}

func newReceiver(f *Feed) *receiver {
	return &receiver{
		Feed: f, sources: make(map[string]*source),
		reading: condition{logger: f.registry.Logger, what: "cannot read what other nodes tell"},
	}
}

func (r *receiver) run(ctx context.Context) {
	ticker := time.NewTicker(receiveInterval)
	defer ticker.Stop()
	for {
		if r.listening.Load() {
			r.receive(ctx)
		} else {
			clear(r.sources)
			r.missed = false
		}
		select {
		case <-ctx.Done():
			return
		case <-r.turned:
		case <-ticker.C:
		}
	}
}

// receive reads every other node once, and hands on what it told.
func (r *receiver) receive(ctx context.Context) {
	var batch []Message
	var failed []error
	present := make(map[string]bool)
	for _, n := range r.registry.Others() {
		present[n.ID] = true
		messages, err := r.read(ctx, n.ID)
		failed = append(failed, err)
		batch = append(batch, messages...)
	}
	r.reading.note(ctx, errors.Join(failed...))
	for id := range r.sources {
		if !present[id] {
			// Its last messages may have gone with it.
			delete(r.sources, id)
			r.missed = true
		}
	}
	r.settle(time.Now())
	// All nodes must be known to send before the handler reads anew: what is told
	// earlier would have to be told again.
	if r.missed && r.settled() {
		r.missed = false
		batch = append(batch, Message{Node: r.registry.id, At: r.registry.Now(), Kind: KindOverflow})
	}
	if len(batch) > 0 {
		r.handle(ctx, batch)
	}
}

// read returns what a node told since it was read last.
func (r *receiver) read(ctx context.Context, id string) ([]Message, error) {
	ctx, cancel := context.WithTimeout(ctx, feedTime)
	defer cancel()
	s, known := r.sources[id]
	if !known {
		last, err := r.end(ctx, id)
		if err != nil {
			return nil, err
		}
		r.sources[id] = &source{last: last, settles: time.Now().Add(2*r.registry.Beat + time.Second)}
		return nil, nil
	}
	messages, err := r.registry.Store.Messages(ctx, id, s.last, receiveBatch)
	if err != nil {
		return nil, fmt.Errorf("read messages of node %s: %w", id, err)
	}
	return r.accept(s, messages), nil
}

// accept returns the messages for the handler, and notes those for the feed.
func (r *receiver) accept(s *source, messages []Message) []Message {
	counter := r.registry.metrics.messages
	var accepted []Message
	for _, m := range messages {
		if s.last > 0 && m.Sequence != s.last+1 {
			counter.WithLabelValues(messageMissed).Add(float64(m.Sequence - s.last - 1))
			r.missed = true
		}
		s.last = m.Sequence
		switch {
		case m.Kind == KindOverflow:
			r.missed = true
		case m.Kind != kindSending:
			accepted = append(accepted, m)
		case string(m.Data) == r.registry.id:
			s.settles = time.Time{}
			r.missed = true
		}
	}
	counter.WithLabelValues(messageReceived).Add(float64(len(messages)))
	return accepted
}

// settle takes nodes to send that had time to notice that this one listens.
func (r *receiver) settle(now time.Time) {
	for _, s := range r.sources {
		if !s.settles.IsZero() && now.After(s.settles) {
			s.settles = time.Time{}
			r.missed = true
		}
	}
}

func (r *receiver) settled() bool {
	for _, s := range r.sources {
		if !s.settles.IsZero() {
			return false
		}
	}
	return true
}

// end returns the number of the last message of a node, 0 if there is none. It
// is searched for in ever longer steps, then in shorter ones, one message at a
// time: a node may have told thousands.
func (r *receiver) end(ctx context.Context, id string) (int64, error) {
	last, step, found := int64(0), int64(1), true
	for {
		messages, err := r.registry.Store.Messages(ctx, id, last+step-1, 1)
		if err != nil {
			return 0, fmt.Errorf("read messages of node %s: %w", id, err)
		}
		switch {
		case len(messages) > 0:
			last = messages[0].Sequence
			if found {
				step *= 2
			}
		case step == 1:
			return last, nil
		default:
			found = false
			step = max(1, step/2)
		}
	}
}
