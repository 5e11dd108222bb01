package tasks

import (
	"context"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// BulkDevices lists and changes devices, as device.Store does.
type BulkDevices interface {
	List(ctx context.Context, l device.List) (device.Page, error)
	Edit(ctx context.Context, id device.ID, e device.Edit) (device.Device, error)
}

// BulkQueue is what a BulkRunner needs of the Queue.
type BulkQueue interface {
	Enqueue(ctx context.Context, n New) (Task, error)
	List(ctx context.Context, l List) (Page, error)
}

// BulkOptions are what a BulkRunner is made of; all but Wake, Edited, Groups
// and IndexedParameters are required.
type BulkOptions struct {
	Store   BulkStore
	Devices BulkDevices
	Queue   BulkQueue
	Keeper  Keeper
	Now     func() time.Time
	Logger  *slog.Logger
	// PerSecond paces how many devices get their task, or are changed, in a second.
	PerSecond float64
	// Wake calls a device whose bulk task asks for it. It must not block.
	Wake func(device.ID)
	// Edited is told of each device that a bulk changed, as it is then. It must not
	// block.
	Edited func(device.Device)
	// Groups keeps the group into which a bulk moves devices from being deleted
	// meanwhile: it is made again after each page. Nil to leave that alone.
	Groups device.GroupMaker
	// Retention is how long a finished bulk task is kept.
	Retention time.Duration
	// IndexedParameters are the names of the indexed parameters that filters may
	// name; empty for none.
	IndexedParameters []string
}
