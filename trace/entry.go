package trace

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Direction says who sent a message.
type Direction string

// The directions.
const (
	FromDevice Direction = "fromDevice"
	ToDevice   Direction = "toDevice"
)

// Entry is one HTTP message of a session, secrets masked.
type Entry struct {
	// ID orders the entries of a device: the order of IDs (bytewise) is that in
	// which the messages came and went. At most 64 of 0-9, a-z and hyphen.
	ID      string
	Device  device.ID
	Session string
	At      time.Time
	// Direction says who sent it.
	Direction Direction
	// Method is the CWMP message, such as "Inform" or "GetParameterValuesResponse";
	// empty for a body without one.
	Method string
	// Start is the HTTP request line or status line.
	Start string
	// Headers are those of the message in order, "Name: value".
	Headers []string
	Body    string
	// Cut is how many bytes of the body are left out at its end.
	Cut int
}

// Bounds of traces.
const (
	// MaxEntryBody is how many bytes of a body are kept.
	MaxEntryBody = 512 << 10
	// MaxDeviceBytes is how much is kept of one device; the oldest goes first.
	MaxDeviceBytes = 16 << 20
	// MaxBytes is how much is kept in all; the oldest goes first.
	MaxBytes = 512 << 20
)

// Size is what an entry counts for, in bytes.
func (e *Entry) Size() int {
	size := len(e.Body) + len(e.Start) + 200
	for _, h := range e.Headers {
		size += len(h)
	}
	return size
}

// Store keeps entries. Every method is one atomic operation.
type Store interface {
	// AppendTrace stores entries, replacing those of the same ID.
	AppendTrace(ctx context.Context, entries []Entry) error
	// Trace returns the entries of a device after the given ID, in order, at most
	// limit and, but for the first, at most bytes (Entry.Size) in all.
	Trace(ctx context.Context, id device.ID, after string, limit, bytes int) ([]Entry, error)
	// DeleteTrace removes the entries of a device and returns how many; with limit
	// above 0 the oldest so many.
	DeleteTrace(ctx context.Context, id device.ID, limit int) (int, error)
	// TraceUsage returns how many bytes (Entry.Size) are kept: of a device, or of
	// all for the empty ID.
	TraceUsage(ctx context.Context, id device.ID) (int64, error)
	// PruneTraces removes up to limit entries, the oldest first, that are older than
	// the given time, and returns how many and their bytes.
	PruneTraces(ctx context.Context, before time.Time, limit int) (entries int, bytes int64, err error)
}
