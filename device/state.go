package device

import (
	"context"
	"time"
)

// State says how a device stands with the server.
type State string

// The states of a device.
const (
	// StateOnline informs in time.
	StateOnline State = "online"
	// StateLate should have informed less than LateFor ago.
	StateLate State = "late"
	// StateOffline should have informed longer ago.
	StateOffline State = "offline"
	// StateNever has never informed, nor asked for a file.
	StateNever State = "never"
)

// LateFor is how long a device that does not inform in time counts as late
// before it counts as offline.
const LateFor = time.Hour

// States returns every state.
func States() []State { return []State{StateOnline, StateLate, StateOffline, StateNever} }

// State returns how the device stands, seen at now. A device that informed and
// says nothing of its interval counts from OnlineUntil like others.
func (d *Device) State(now time.Time) State {
	switch {
	case !d.seen():
		return StateNever
	case d.Online(now):
		return StateOnline
	case d.OnlineUntil.Add(LateFor).After(now):
		return StateLate
	default:
		return StateOffline
	}
}

// Summary says what a fleet is made of.
type Summary struct {
	Total int
	// States counts the devices in each state; states without devices are left
	// out.
	States map[State]int
	// Models are the firmware versions of each model, those with the most devices
	// first, at most MaxSummary; Others counts the devices of the rest.
	Models []ModelCount
	Others int
	// Tags are the tags in use, those with the most devices first, at most
	// MaxSummary.
	Tags []TagCount
}

// MaxSummary bounds the lists of a Summary.
const MaxSummary = 200

// ModelCount counts the devices of one model and firmware; both are empty where
// unknown.
type ModelCount struct {
	Model           string
	SoftwareVersion string
	Count           int
}

// TagCount counts the devices with a tag.
type TagCount struct {
	Tag   string
	Count int
}

// SummaryStore counts devices.
type SummaryStore interface {
	// Summary counts the devices in a scope, seen at now. It reads an index over
	// every device: callers keep the answer for a while.
	Summary(ctx context.Context, s Scope, now time.Time) (Summary, error)
}
