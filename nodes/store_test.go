package nodes_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/dialtone-acs/dialtone/nodes"
)

var errAway = errors.New("the store is away")

// shared is a store that several nodes of a test have in common.
type shared struct {
	mu       sync.Mutex
	nodes    map[string]nodes.Node
	leases   map[string]nodes.Lease
	messages map[string][]nodes.Message
}

func newShared() *shared {
	return &shared{nodes: map[string]nodes.Node{}, leases: map[string]nodes.Lease{}, messages: map[string][]nodes.Message{}}
}

func (s *shared) Beat(_ context.Context, n nodes.Node) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes[n.ID] = n
	return nil
}

func (s *shared) Nodes(context.Context) ([]nodes.Node, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.nodes), func(a, b nodes.Node) int { return cmp.Compare(a.ID, b.ID) }), nil
}

func (s *shared) RemoveNode(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.nodes, id)
	delete(s.messages, id)
	return nil
}

func (s *shared) Lease(_ context.Context, name string) (nodes.Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.leases[name]
	if !ok {
		return l, nodes.ErrNotFound
	}
	return l, nil
}

func (s *shared) SaveLease(_ context.Context, l nodes.Lease) (nodes.Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leases[l.Name].Revision != l.Revision {
		return nodes.Lease{}, nodes.ErrConflict
	}
	l.Revision++
	s.leases[l.Name] = l
	return l, nil
}

func (s *shared) Publish(_ context.Context, messages []nodes.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range messages {
		s.messages[m.Node] = append(s.messages[m.Node], m)
	}
	return nil
}

func (s *shared) Messages(_ context.Context, node string, after int64, limit int) ([]nodes.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.messages[node]
	at, _ := slices.BinarySearchFunc(all, after+1, func(m nodes.Message, n int64) int { return cmp.Compare(m.Sequence, n) })
	return slices.Clone(all[at:min(at+limit, len(all))]), nil
}

func (s *shared) DeleteMessages(_ context.Context, node string, upTo int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages[node] = slices.DeleteFunc(s.messages[node], func(m nodes.Message) bool { return m.Sequence <= upTo })
	return nil
}

// stored returns how many messages of a node are stored.
func (s *shared) stored(node string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.messages[node])
}

// line is how one node reaches the store. It counts calls, and breaks them as
// the test wants.
type line struct {
	*shared
	mu    sync.Mutex
	calls map[string]int
	// before breaks a call, by its name, so that it is not done; after only loses
	// its answer.
	before, after func(call string) error
}

func (l *line) do(call string, work func() error) error {
	l.mu.Lock()
	l.calls[call]++
	before, after := l.before, l.after
	l.mu.Unlock()
	if before != nil {
		if err := before(call); err != nil {
			return err
		}
	}
	if err := work(); err != nil {
		return err
	}
	if after != nil {
		return after(call)
	}
	return nil
}

// breaks sets what breaks: nil for nothing.
func (l *line) breaks(before, after func(call string) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before, l.after = before, after
}

// cut breaks every call.
func (l *line) cut() { l.breaks(func(string) error { return errAway }, nil) }

func (l *line) count(call string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls[call]
}

// only breaks the calls of that name.
func only(name string) func(string) error {
	return func(call string) error {
		if call == name {
			return errAway
		}
		return nil
	}
}

func (l *line) Beat(ctx context.Context, n nodes.Node) error {
	return l.do("Beat", func() error { return l.shared.Beat(ctx, n) })
}

func (l *line) Nodes(ctx context.Context) (all []nodes.Node, err error) {
	err = l.do("Nodes", func() (err error) { all, err = l.shared.Nodes(ctx); return err })
	return all, err
}

func (l *line) RemoveNode(ctx context.Context, id string) error {
	return l.do("RemoveNode", func() error { return l.shared.RemoveNode(ctx, id) })
}

func (l *line) Lease(ctx context.Context, name string) (lease nodes.Lease, err error) {
	err = l.do("Lease", func() (err error) { lease, err = l.shared.Lease(ctx, name); return err })
	return lease, err
}

func (l *line) SaveLease(ctx context.Context, lease nodes.Lease) (saved nodes.Lease, err error) {
	err = l.do("SaveLease", func() (err error) { saved, err = l.shared.SaveLease(ctx, lease); return err })
	return saved, err
}

func (l *line) Publish(ctx context.Context, messages []nodes.Message) error {
	return l.do("Publish", func() error { return l.shared.Publish(ctx, messages) })
}

func (l *line) Messages(ctx context.Context, node string, after int64, limit int) (all []nodes.Message, err error) {
	err = l.do("Messages", func() (err error) { all, err = l.shared.Messages(ctx, node, after, limit); return err })
	return all, err
}

func (l *line) DeleteMessages(ctx context.Context, node string, upTo int64) error {
	return l.do("DeleteMessages", func() error { return l.shared.DeleteMessages(ctx, node, upTo) })
}
