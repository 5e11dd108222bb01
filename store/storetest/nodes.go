package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/store"
)

func fullNode(id string) nodes.Node {
	return nodes.Node{ID: id, Name: "Hörst-" + id, Version: "1.2.3", StartedAt: now(), SeenAt: now().Add(time.Minute), Beat: 1 << 40, Listening: true}
}

func beat(t *testing.T, s store.Store, n nodes.Node) nodes.Node {
	t.Helper()
	must(t, s.Nodes().Beat(t.Context(), n))
	n.StartedAt, n.SeenAt = stored(n.StartedAt), stored(n.SeenAt)
	return n
}

// publish stores messages of a node, numbered from first to last.
func publish(t *testing.T, s store.Store, node string, first, last int64) []nodes.Message {
	t.Helper()
	var all []nodes.Message
	for sequence := first; sequence <= last; sequence++ {
		all = append(all, nodes.Message{Node: node, Sequence: sequence, At: now(), Kind: "taskChanged", Data: fmt.Appendf(nil, "%s %d\x00\xff", node, sequence)})
	}
	must(t, s.Nodes().Publish(t.Context(), all))
	for i := range all {
		all[i].At = stored(all[i].At)
	}
	return all
}

func messages(t *testing.T, s store.Store, node string, after int64, limit int) []nodes.Message {
	t.Helper()
	return got[[]nodes.Message](t)(s.Nodes().Messages(t.Context(), node, after, limit))
}

func nodeTests() []test {
	return slices.Concat(recordTests(), leaseTests(), messageTests())
}

func recordTests() []test {
	return []test{
		{"nodes come in order of id, as their last beat left them", func(t *testing.T, s store.Store) {
			same(t, "nodes", got[[]nodes.Node](t)(s.Nodes().Nodes(t.Context())), []nodes.Node(nil))
			checkFull(t, fullNode("b"))
			b := beat(t, s, fullNode("b"))
			beat(t, s, fullNode("a"))
			a := beat(t, s, nodes.Node{ID: "a", Beat: 7})
			same(t, "nodes", got[[]nodes.Node](t)(s.Nodes().Nodes(t.Context())), []nodes.Node{a, b})
		}},
		{"a removed node is gone with its messages, and no other", func(t *testing.T, s store.Store) {
			beat(t, s, fullNode("a"))
			b := beat(t, s, fullNode("b"))
			publish(t, s, "a", 1, 3)
			publish(t, s, "ab", 1, 1)
			publish(t, s, "b", 1, 1)
			must(t, s.Nodes().RemoveNode(t.Context(), "a"))
			must(t, s.Nodes().RemoveNode(t.Context(), "a"))
			same(t, "nodes", got[[]nodes.Node](t)(s.Nodes().Nodes(t.Context())), []nodes.Node{b})
			same(t, "messages", len(messages(t, s, "a", 0, 10)), 0)
			same(t, "messages of ab", len(messages(t, s, "ab", 0, 10)), 1)
			same(t, "messages of b", len(messages(t, s, "b", 0, 10)), 1)
		}},
	}
}

func leaseTests() []test {
	return []test{
		{"a lease that was never taken is not found", func(t *testing.T, s store.Store) {
			_, err := s.Nodes().Lease(t.Context(), "reaper")
			fails(t, err, nodes.ErrNotFound)
			_, err = s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "reaper", Holder: "a", Revision: 3})
			fails(t, err, nodes.ErrConflict)
			_, err = s.Nodes().Lease(t.Context(), "reaper")
			fails(t, err, nodes.ErrNotFound)
		}},
		{"a lease is saved once for each revision", func(t *testing.T, s store.Store) {
			taken := got[nodes.Lease](t)(s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "reaper", Holder: "a"}))
			same(t, "lease", taken, nodes.Lease{Name: "reaper", Holder: "a", Revision: 1})
			_, err := s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "reaper", Holder: "b"})
			fails(t, err, nodes.ErrConflict)
			renewed := got[nodes.Lease](t)(s.Nodes().SaveLease(t.Context(), taken))
			same(t, "revision", renewed.Revision, int64(2))
			taken.Holder = "b"
			_, err = s.Nodes().SaveLease(t.Context(), taken)
			fails(t, err, nodes.ErrConflict)
			same(t, "lease", got[nodes.Lease](t)(s.Nodes().Lease(t.Context(), "reaper")), renewed)
		}},
		{"a lease that was given back has no holder and keeps its revision", func(t *testing.T, s store.Store) {
			taken := got[nodes.Lease](t)(s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "reaper", Holder: "a"}))
			taken.Holder = ""
			got[nodes.Lease](t)(s.Nodes().SaveLease(t.Context(), taken))
			same(t, "lease", got[nodes.Lease](t)(s.Nodes().Lease(t.Context(), "reaper")), nodes.Lease{Name: "reaper", Revision: 2})
			_, err := s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "reaper", Holder: "b"})
			fails(t, err, nodes.ErrConflict)
		}},
		{"leases of different names are apart", func(t *testing.T, s store.Store) {
			got[nodes.Lease](t)(s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "reaper", Holder: "a"}))
			got[nodes.Lease](t)(s.Nodes().SaveLease(t.Context(), nodes.Lease{Name: "Reaper", Holder: "b"}))
			same(t, "holder", got[nodes.Lease](t)(s.Nodes().Lease(t.Context(), "reaper")).Holder, "a")
		}},
	}
}

func messageTests() []test {
	return []test{
		{"messages come back in order of their sequence, after any of them, up to a limit", func(t *testing.T, s store.Store) {
			all := publish(t, s, "a", 1, 12)
			checkFull(t, all[0])
			publish(t, s, "ab", 1, 3)
			same(t, "messages", messages(t, s, "a", 0, 100), all)
			same(t, "messages after the ninth", messages(t, s, "a", 9, 2), all[9:11])
			same(t, "messages after the last", messages(t, s, "a", 12, 100), []nodes.Message(nil))
			same(t, "messages of nobody", messages(t, s, "b", 0, 100), []nodes.Message(nil))
		}},
		{"great sequences and the largest data come back", func(t *testing.T, s store.Store) {
			m := nodes.Message{Node: "a", Sequence: 1<<62 + 1, Kind: "k", Data: []byte(strings.Repeat("x", nodes.MaxMessage))}
			must(t, s.Nodes().Publish(t.Context(), []nodes.Message{m}))
			publish(t, s, "a", 9, 10)
			same(t, "messages", messages(t, s, "a", 10, 10), []nodes.Message{m})
		}},
		{"publishing nothing does nothing", func(t *testing.T, s store.Store) {
			must(t, s.Nodes().Publish(t.Context(), nil))
		}},
		{"publishing again what is there stores the rest", func(t *testing.T, s store.Store) {
			first := publish(t, s, "a", 1, 3)
			again := []nodes.Message{{Node: "a", Sequence: 2, Kind: "other"}, {Node: "a", Sequence: 3}, {Node: "a", Sequence: 4, Kind: "new"}}
			must(t, s.Nodes().Publish(t.Context(), again))
			same(t, "messages", messages(t, s, "a", 0, 10), append(first, again[2]))
		}},
		{"messages are deleted up to a sequence, of one node", func(t *testing.T, s store.Store) {
			all := publish(t, s, "a", 1, 12)
			publish(t, s, "b", 1, 2)
			must(t, s.Nodes().DeleteMessages(t.Context(), "a", 0))
			same(t, "messages", len(messages(t, s, "a", 0, 100)), 12)
			must(t, s.Nodes().DeleteMessages(t.Context(), "a", 9))
			must(t, s.Nodes().DeleteMessages(t.Context(), "a", 9))
			same(t, "messages", messages(t, s, "a", 0, 100), all[9:])
			same(t, "messages of b", len(messages(t, s, "b", 0, 100)), 2)
		}},
	}
}
