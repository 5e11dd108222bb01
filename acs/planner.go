package acs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Planner brings devices to the settings that were declared for them. It is asked once
// the tasks of a session are silent, and again after another task changed parameters.
type Planner interface {
	// Begin returns the course that the session takes, nil if there is nothing to do. It
	// decides that by what the session knows, without the store.
	Begin(ctx context.Context, v Visit) (Course, error)
	// Resume returns a course by its progress, after a session came from another node.
	Resume(ctx context.Context, v Visit, progress json.RawMessage) (Course, error)
}

// Course is the way of one device to its settings, by one RPC after another. Its JSON is
// its progress, and holds no secret.
type Course interface {
	json.Marshaler
	// Next returns the next request and whether it is a read, or nil at the end.
	Next(ctx context.Context, v Visit) (request cwmp.Message, isRead bool, err error)
	// Answer takes the response, or the *cwmp.Fault, to the last request. It returns an
	// error only if the server failed.
	Answer(ctx context.Context, v Visit, m cwmp.Message) error
	// Lost says that the last request was not sent, or will not be answered: the course
	// is not asked again.
	Lost(ctx context.Context, v Visit, f tasks.Fault) error
}

// Visit is what a planner is told of a session.
type Visit struct {
	// Device is the record as the session knows it.
	Device *device.Device
	// Events are those of the Inform.
	Events []device.Event
	// Proven says that the device has proven to be this very device: it may be told
	// secrets.
	Proven bool
	// Changed says that a task of the session may have changed parameters.
	Changed bool
	// Host is Session.Host.
	Host string
	// Values is how many names one GetParameterValues may carry, Parameters how many
	// parameters one SetParameterValues may, 0 for any number.
	Values, Parameters int
	Now                time.Time
}
