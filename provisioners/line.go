package provisioners

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// LineKey names a line: numbers are unique within a group.
type LineKey struct {
	// Group is the path of the group whose line it is.
	Group string
	// Number is the directory number.
	Number string
}

// String returns group and number, joined by a colon.
func (k LineKey) String() string { return k.Group + ":" + k.Number }

// Owner returns for whom the line's password is sealed.
func (k LineKey) Owner() string { return "line/" + k.String() + "/password" }

// Line is one line of a customer: what an account that is bound to it takes from it.
// Empty fields give nothing.
type Line struct {
	LineKey
	User        string
	AuthUser    string
	Password    secret.Sealed
	DisplayName string
	Label       string
	Voicemail   string
	// Listed says that company directories show it.
	Listed bool
	// Revision grows with every change; 0 for a line that is not stored yet.
	Revision  int64
	UpdatedAt time.Time
	UpdatedBy string
}

// LineStore keeps lines. Every method is one atomic operation on one line.
type LineStore interface {
	// Lines returns those of the named lines that are stored, each once, in any order.
	// The error wraps device.ErrInvalid for more than MaxLevelKeys keys.
	Lines(ctx context.Context, keys []LineKey) ([]Line, error)
	// ListLines returns a page of lines in the order of group and number (bytewise). The
	// error wraps device.ErrInvalid for a limit out of bounds.
	ListLines(ctx context.Context, l LineList) ([]Line, error)
	// PutLine stores a line in place of the one of its Revision, 0 for one that is not
	// stored, and returns it with the next Revision. It returns ErrConflict.
	PutLine(ctx context.Context, l Line) (Line, error)
	// DeleteLine removes a line of that revision, 0 for any. It returns ErrConflict, or
	// ErrNotFound.
	DeleteLine(ctx context.Context, key LineKey, revision int64) error
}

// LineList asks for lines.
type LineList struct {
	// Scope limits the list to a subtree of the groups, its root included.
	Scope device.Scope
	// Group, with OfGroup, limits it to the lines of exactly that group.
	Group   string
	OfGroup bool
	// Search limits it to lines whose number, user or display name holds the text,
	// whatever its case (ASCII letters).
	Search string
	// After continues after this key; the zero key begins.
	After LineKey
	// Limit bounds the answer: 1 to 1000.
	Limit int
}
