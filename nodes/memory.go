package nodes

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxMemory bounds the records, the leases and the messages of a node that a
// Memory keeps, each for itself.
const maxMemory = 10_000

// Memory is a Store in the memory of one process, for data that this process has
// for itself. It is safe for concurrent use.
type Memory struct {
	usable func() error

	mu       sync.Mutex
	nodes    map[string]Node
	leases   map[string]Lease
	messages map[string][]Message
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store. Every call asks usable first, unless it is
// nil, and returns its error.
func NewMemory(usable func() error) *Memory {
	return &Memory{usable: usable, nodes: make(map[string]Node), leases: make(map[string]Lease), messages: make(map[string][]Message)}
}

// do runs a call while nobody else is in the store.
func (m *Memory) do(ctx context.Context, run func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.usable != nil {
		if err := m.usable(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return run()
}

// Beat returns ErrLimit for one record more than are kept.
func (m *Memory) Beat(ctx context.Context, n Node) error {
	n.StartedAt, n.SeenAt = milliseconds(n.StartedAt), milliseconds(n.SeenAt)
	return m.do(ctx, func() error {
		if _, known := m.nodes[n.ID]; !known && len(m.nodes) >= maxMemory {
			return ErrLimit
		}
		m.nodes[n.ID] = n
		return nil
	})
}

// Nodes returns every record in order of ID.
func (m *Memory) Nodes(ctx context.Context) (all []Node, err error) {
	err = m.do(ctx, func() error {
		for _, id := range slices.Sorted(maps.Keys(m.nodes)) {
			all = append(all, m.nodes[id])
		}
		return nil
	})
	return all, err
}

// RemoveNode removes the record and the messages of a node.
func (m *Memory) RemoveNode(ctx context.Context, id string) error {
	return m.do(ctx, func() error {
		delete(m.messages, id)
		delete(m.nodes, id)
		return nil
	})
}

// Lease returns a lease, or ErrNotFound if it was never taken.
func (m *Memory) Lease(ctx context.Context, name string) (l Lease, err error) {
	err = m.do(ctx, func() error {
		taken := false
		if l, taken = m.leases[name]; !taken {
			return ErrNotFound
		}
		return nil
	})
	return l, err
}

// SaveLease returns ErrConflict, and ErrLimit for one lease more than are kept.
func (m *Memory) SaveLease(ctx context.Context, l Lease) (Lease, error) {
	err := m.do(ctx, func() error {
		stored, known := m.leases[l.Name]
		switch {
		case stored.Revision != l.Revision:
			return ErrConflict
		case !known && len(m.leases) >= maxMemory:
			return ErrLimit
		}
		l.Revision++
		m.leases[l.Name] = l
		return nil
	})
	if err != nil {
		return Lease{}, err
	}
	return l, nil
}

// Publish returns ErrLimit, and stores nothing, if the node would have more
// messages than are kept. A message that is there already stays as it is.
func (m *Memory) Publish(ctx context.Context, messages []Message) error {
	return m.do(ctx, func() error {
		if len(messages) == 0 {
			return nil
		}
		node := messages[0].Node
		kept := m.messages[node]
		if len(kept)+len(messages) > maxMemory {
			return ErrLimit
		}
		for _, message := range messages {
			place, known := find(kept, message.Sequence)
			if known {
				continue
			}
			message.At, message.Data = milliseconds(message.At), bytes.Clone(message.Data)
			kept = slices.Insert(kept, place, message)
		}
		m.messages[node] = kept
		return nil
	})
}

// find returns where the message of a sequence is, or would be.
func find(messages []Message, sequence int64) (place int, known bool) {
	return slices.BinarySearchFunc(messages, sequence, func(m Message, sequence int64) int {
		switch {
		case m.Sequence < sequence:
			return -1
		case m.Sequence > sequence:
			return 1
		default:
			return 0
		}
	})
}

// Messages returns up to limit messages of a node, in order.
func (m *Memory) Messages(ctx context.Context, node string, after int64, limit int) (all []Message, err error) {
	err = m.do(ctx, func() error {
		kept := m.messages[node]
		place, known := find(kept, after)
		if known {
			place++
		}
		kept = kept[place:]
		for _, message := range kept[:min(max(limit, 0), len(kept))] {
			message.Data = bytes.Clone(message.Data)
			all = append(all, message)
		}
		return nil
	})
	return all, err
}

// DeleteMessages removes the messages of a node up to a Sequence.
func (m *Memory) DeleteMessages(ctx context.Context, node string, upTo int64) error {
	return m.do(ctx, func() error {
		m.messages[node] = slices.DeleteFunc(m.messages[node], func(message Message) bool { return message.Sequence <= upTo })
		if len(m.messages[node]) == 0 {
			delete(m.messages, node)
		}
		return nil
	})
}

// milliseconds returns the time as every store keeps it: UTC, in milliseconds.
func milliseconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
