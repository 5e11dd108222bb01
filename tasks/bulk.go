package tasks

import (
	"context"
	"encoding/json"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Bulk is the same task for every device that matches a filter. It is stored
// before the first task is enqueued and remembers how far it came, so that a
// restart goes on where it stopped; the unique key that it gives each task
// keeps a device from getting two.
type Bulk struct {
	ID ID
	// Filter selects the devices, in the filter language, within Scope.
	Filter string
	Scope  device.Scope
	Kind   Kind
	// Args are the arguments with their secrets sealed for BulkOwner.
	Args      json.RawMessage
	Priority  int
	Expires   time.Time
	CreatedBy string
	CreatedAt time.Time
	// ConnectionRequest calls each device once its task is stored.
	ConnectionRequest bool
	// Edit, if not nil, is what is changed in the record of each device instead of
	// giving it a task; Kind is empty then, and Queued counts the devices that were
	// changed: after a crash, those of one page that match no longer are missing
	// from it.
	Edit *BulkEdit

	// PageToken is where the next page of devices begins.
	PageToken string
	// Queued and Refused count devices; LastError says why the last one was
	// refused, or why the whole failed.
	Queued, Refused int
	LastError       string
	// FinishedAt is zero while devices remain.
	FinishedAt time.Time
	// Failed says that it ended before every device was done, because of LastError.
	Failed bool
	// Stopped says that an operator ended it early.
	Stopped bool
	// Revision grows with every SaveBulk.
	Revision int64
}

// BulkEdit is what a bulk changes in the record of each device.
type BulkEdit struct {
	AddTags    []string `json:"addTags,omitempty"`
	RemoveTags []string `json:"removeTags,omitempty"`
	// Group is nil to leave each in its group.
	Group *string `json:"group,omitempty"`
}

// BulkStore keeps bulk tasks. Every method is one atomic operation.
type BulkStore interface {
	// InsertBulk stores a new one.
	InsertBulk(ctx context.Context, b Bulk) error
	// Bulk returns one, or ErrNotFound.
	Bulk(ctx context.Context, id ID) (Bulk, error)
	// OpenBulks returns those that are not finished, the oldest first, at most
	// limit.
	OpenBulks(ctx context.Context, limit int) ([]Bulk, error)
	// SaveBulk replaces one if b.Revision is still the stored one and returns it
	// with the next. It returns ErrConflict, or ErrNotFound.
	SaveBulk(ctx context.Context, b Bulk) (Bulk, error)
	// DeleteBulks removes those that finished before the given time, at most
	// limit, and returns how many.
	DeleteBulks(ctx context.Context, before time.Time, limit int) (int, error)
}
