package nodes

import (
	"context"
	"fmt"
	"time"
)

const (
	// sendBatch is how many messages are stored at once, sendDelay how long the
	// first of them waits for others.
	sendBatch = 200
	sendDelay = 100 * time.Millisecond
	// sendRetry is the pause after messages could not be stored.
	sendRetry = time.Second
	// keepMessages is how long messages are kept at least, cleanInterval how often
	// older ones are removed.
	keepMessages  = time.Minute
	cleanInterval = 30 * time.Second
)

// sender numbers messages, stores them and removes old ones. One goroutine uses
// it.
type sender struct {
	*Feed
	// sequence is the number of the last message.
	sequence int64
	// marks say which was the last message at some moments.
	marks []mark
	// due are the messages to remove, up to that number; removed are those that
	// are.
	due, removed int64

	sending, cleaning condition
}

type mark struct {
	at       time.Time
	sequence int64
}

func newSender(f *Feed) *sender {
	logger := f.registry.Logger
	return &sender{
		Feed:    f,
		sending: condition{logger: logger, what: "cannot tell other nodes what happens"}, cleaning: condition{logger: logger, what: "cannot remove old messages to other nodes"},
	}
}

func (s *sender) run(ctx context.Context) {
	clean := time.NewTicker(cleanInterval)
	defer clean.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-clean.C:
			s.clean(ctx)
		case <-s.wake:
			s.send(ctx, nil)
		case first := <-s.queue:
			s.send(ctx, s.collect(ctx, first))
		}
	}
}

// collect returns the first message with those that come within sendDelay.
func (s *sender) collect(ctx context.Context, first outgoing) []outgoing {
	batch := []outgoing{first}
	timer := time.NewTimer(sendDelay)
	defer timer.Stop()
	for len(batch) < sendBatch {
		select {
		case o := <-s.queue:
			batch = append(batch, o)
		case <-timer.C:
			return batch
		case <-ctx.Done():
			return batch
		}
	}
	return batch
}

// send stores a batch. Numbers that were not stored, or not all, are not used
// again: from the hole others see that they missed some.
func (s *sender) send(ctx context.Context, batch []outgoing) {
	if s.lost.Swap(false) {
		batch = append(batch, outgoing{kind: KindOverflow})
	}
	if len(batch) == 0 || !s.Wanted() {
		return
	}
	now := s.registry.Now()
	messages := make([]Message, 0, len(batch))
	for _, o := range batch {
		s.sequence++
		messages = append(messages, Message{Node: s.registry.id, Sequence: s.sequence, At: now, Kind: o.kind, Data: o.data})
	}
	err := s.publish(ctx, messages)
	s.sending.note(ctx, err)
	counter := s.registry.metrics.messages
	if err == nil {
		counter.WithLabelValues(messageSent).Add(float64(len(messages)))
		return
	}
	counter.WithLabelValues(messageFailed).Add(float64(len(messages)))
	select {
	case <-ctx.Done():
	case <-time.After(sendRetry):
	}
	s.lose()
}

func (s *sender) publish(ctx context.Context, messages []Message) error {
	ctx, cancel := context.WithTimeout(ctx, feedTime)
	defer cancel()
	if err := s.registry.Store.Publish(ctx, messages); err != nil {
		return fmt.Errorf("publish %d messages: %w", len(messages), err)
	}
	return nil
}

// clean removes what was stored more than keepMessages ago. It asks nothing of
// the store if there is nothing.
func (s *sender) clean(ctx context.Context) {
	now := time.Now()
	for len(s.marks) > 0 && now.Sub(s.marks[0].at) >= keepMessages {
		s.due = s.marks[0].sequence
		s.marks = s.marks[1:]
	}
	marked := s.due
	if len(s.marks) > 0 {
		marked = s.marks[len(s.marks)-1].sequence
	}
	if s.sequence > marked {
		s.marks = append(s.marks, mark{at: now, sequence: s.sequence})
	}
	if s.due == s.removed {
		return
	}
	bounded, cancel := context.WithTimeout(ctx, feedTime)
	defer cancel()
	err := s.registry.Store.DeleteMessages(bounded, s.registry.id, s.due)
	s.cleaning.note(ctx, err)
	if err == nil {
		s.removed = s.due
	}
}
