package tasks

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// Store keeps tasks. Every method is one atomic operation on one task.
type Store interface {
	// Insert stores a new task. With a UniqueKey it returns a *DuplicateError
	// if an open task of the device has the same.
	Insert(ctx context.Context, t Task) error
	// Get returns the task, or ErrNotFound.
	Get(ctx context.Context, id ID) (Task, error)
	// List returns a page of the tasks that match, the newest first.
	List(ctx context.Context, l List) (Page, error)
	// Claim takes the next task of the device that is queued, not blocked and
	// due at c.At, by Task.Start: the greatest Priority first, then the oldest.
	// If none is due it returns ErrNone, and in Claimed.DueAt when the next one
	// will be. If the record of the device has a session of a generation greater
	// than that of c.Lease it returns device.ErrSessionLost and leaves the task
	// queued.
	Claim(ctx context.Context, c Claim) (Claimed, error)
	// Save replaces the task if t.Revision is still the stored one, and returns
	// it with the next Revision. It returns ErrConflict, or ErrNotFound.
	Save(ctx context.Context, t Task) (Task, error)
	// Open returns the open tasks of a device in order of ID, at most
	// MaxOpenTasks.
	Open(ctx context.Context, id device.ID) ([]Task, error)
	// Due returns up to limit tasks whose CheckAt is set and not after at, the
	// earliest first: what the reaper looks after.
	Due(ctx context.Context, at time.Time, limit int) ([]Task, error)
	// Delete removes a task, whatever its state. It returns ErrNotFound.
	Delete(ctx context.Context, id ID) error
}

// MaxOpenTasks bounds the open tasks of one device.
const MaxOpenTasks = 200

// Claim asks for the next task of a device.
type Claim struct {
	Device device.ID
	Lease  Lease
	At     time.Time
}

// Claimed is the outcome of a claim.
type Claimed struct {
	// Task is the task taken, in state Running.
	Task Task
	// DueAt is set with ErrNone: when the next queued task that is not blocked
	// becomes due, zero if there is none.
	DueAt time.Time
}

// List asks for a page of tasks.
type List struct {
	// Scope limits the list to tasks of devices in a group subtree.
	Scope device.Scope
	// Device limits the list to one device, if set.
	Device device.ID
	// Filter may be nil for all; its fields are those of Schema.
	Filter query.Expr
	// PageSize is between 1 and 1000.
	PageSize int
	// PageToken continues after the page that returned it.
	PageToken string
	// Count asks for Page.Total.
	Count bool
}

// Page is one page of tasks.
type Page struct {
	Tasks []Task
	// NextPageToken is empty on the last page.
	NextPageToken string
	// Total is how many tasks match in all, if asked for.
	Total int
}
