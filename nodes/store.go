package nodes

import (
	"context"
	"time"
)

// Node is one running server.
type Node struct {
	// ID is made anew at each start: 26 characters of lower-case base32.
	ID string
	// Name is the host's name, for people.
	Name string
	// Version is that of the program.
	Version string
	// StartedAt and SeenAt are by the node's own clock, for people.
	StartedAt time.Time
	SeenAt    time.Time
	// Beat grows each time that the node tells that it is alive.
	Beat int64
	// Listening says that somebody follows events at this node, so that the
	// others tell it theirs.
	Listening bool
}

// Lease is the right to do work that must be done once.
type Lease struct {
	// Name says which work.
	Name string
	// Holder is the ID of the node that holds it, empty if it was given back.
	Holder string
	// Revision grows with every SaveLease: a lease whose revision stands still
	// for longer than its time is free.
	Revision int64
}

// Message is one thing that a node tells the others.
type Message struct {
	// Node is the ID of the node that tells it.
	Node string
	// Sequence numbers the messages of a node from 1, without holes.
	Sequence int64
	// At is by the node's own clock.
	At time.Time
	// Kind says what Data is; the packages that send and receive agree on it.
	Kind string
	// Data is at most MaxMessage bytes.
	Data []byte
}

// MaxMessage bounds Message.Data.
const MaxMessage = 16 << 10

// Store keeps nodes, leases and messages. Every method is one atomic operation;
// Publish may store a part of the messages if it fails.
type Store interface {
	// Beat stores the node's record, replacing an older one of the same ID.
	Beat(ctx context.Context, n Node) error
	// Nodes returns every record in order of ID.
	Nodes(ctx context.Context) ([]Node, error)
	// RemoveNode removes the record and the messages of a node. Removing what
	// is not there is no error.
	RemoveNode(ctx context.Context, id string) error
	// Lease returns a lease, or ErrNotFound if it was never taken.
	Lease(ctx context.Context, name string) (Lease, error)
	// SaveLease stores a lease if l.Revision is still the stored one (0: none is
	// stored) and returns it with the next. It returns ErrConflict.
	SaveLease(ctx context.Context, l Lease) (Lease, error)
	// Publish stores messages of one node, in order of Sequence.
	Publish(ctx context.Context, messages []Message) error
	// Messages returns up to limit messages of a node with a Sequence greater
	// than after, in order.
	Messages(ctx context.Context, node string, after int64, limit int) ([]Message, error)
	// DeleteMessages removes the messages of a node up to a Sequence.
	DeleteMessages(ctx context.Context, node string, upTo int64) error
}
