package device

import (
	"context"
	"time"
)

// Group is a node in the tree of groups: a reseller, a customer, a site. The tree
// is in the paths; a group's path never changes.
type Group struct {
	// Path is the names from the root joined by slashes, such as
	// "reseller/customer/site".
	Path string
	// Title is how lists show the group; empty for the last part of its path.
	Title       string
	Description string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	// Revision grows with every change; 0 for one that is not stored yet.
	Revision int64
}

// GroupStore keeps groups. Every method is one atomic operation. Devices may name
// a group that is not there.
type GroupStore interface {
	// PutGroup stores a group: a new one with Revision 0 (ErrDuplicate if the path
	// is taken), else if Revision is still the stored one (ErrConflict).
	PutGroup(ctx context.Context, g Group) error
	// Group returns a group, or ErrNotFound.
	Group(ctx context.Context, path string) (Group, error)
	// Groups returns groups in the order of their paths, bytewise.
	Groups(ctx context.Context, l GroupList) ([]Group, error)
	// DeleteGroup removes a group, or returns ErrNotFound. What lies below it and
	// who belongs to it is the caller's to ask, before and after (KeepGroup).
	DeleteGroup(ctx context.Context, path string) error
}

// GroupList asks for groups.
type GroupList struct {
	// Scope limits the list to a subtree, its root included.
	Scope Scope
	// Parent, with Children, limits it to the groups directly below that path; the
	// empty path is the root.
	Parent   string
	Children bool
	// Search limits it to groups whose path or title holds the text, whatever its
	// case (ASCII letters).
	Search string
	// After continues after this path; empty from the beginning.
	After string
	// Limit bounds the answer.
	Limit int
}
