package tasks

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// State is where a task is in its life.
type State string

// The states of a task.
const (
	Queued    State = "queued"
	Running   State = "running"
	Waiting   State = "waiting"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Expired   State = "expired"
	Cancelled State = "cancelled"
)

// States lists every state.
func States() []State {
	return []State{Queued, Running, Waiting, Succeeded, Failed, Expired, Cancelled}
}

// Final reports whether the state is never left.
func (s State) Final() bool {
	switch s {
	case Succeeded, Failed, Expired, Cancelled:
		return true
	default:
		return false
	}
}

// Task is one unit of work for one device. All times are UTC in milliseconds;
// the zero time means none.
type Task struct {
	ID     ID
	Device device.ID
	Kind   Kind
	// Args are the kind's arguments as JSON (see Kind.Parse), secrets sealed.
	Args  json.RawMessage
	State State
	// Result is the kind's result as JSON, secrets left out.
	Result json.RawMessage
	// Fault says why the task failed, expired or was cancelled.
	Fault    *Fault
	Attempts []Attempt
	Timeline []Transition

	// Priority orders the tasks of a device: the greater first, then the older.
	Priority  int
	NotBefore time.Time
	// Expires ends the task if it is still queued then.
	Expires time.Time
	// After names tasks of the same device that must succeed first; Blocked
	// says that one of them has not ended.
	After   []ID
	Blocked bool
	// UniqueKey, if not empty, allows one open task of that key a device.
	UniqueKey string
	// CreatedBy is who asked: a user, a token, or a part of Dialtone.
	CreatedBy string
	// RetryOf is the task that an operator's retry repeats.
	RetryOf ID
	// RetriedBy is the last task that an operator's retry made of this one.
	RetriedBy ID

	CreatedAt  time.Time
	UpdatedAt  time.Time
	FinishedAt time.Time

	// CommandKey is what the device repeats in its evidence (TransferComplete,
	// M Reboot) for this attempt; at most 32 characters.
	CommandKey string
	// Deadline is when a waiting task fails for want of evidence.
	Deadline time.Time
	// Flight is the RPC that was about to be sent, or was sent, and whose
	// outcome is not known; nil if there is none.
	Flight *Flight
	Lease  Lease
	// CheckAt is when the reaper is to look after the task: the end of the
	// lease of a running one, the deadline of a waiting one, the expiry of a
	// queued one, the end of retention of a final one. Zero means never.
	CheckAt time.Time

	// Revision grows with every Save.
	Revision int64
}

// Attempt is one run of a task by a session.
type Attempt struct {
	Session   string    `json:"session"`
	StartedAt time.Time `json:"startedAt"`
	// EndedAt is zero while the attempt runs.
	EndedAt time.Time `json:"endedAt,omitzero"`
	Fault   *Fault    `json:"fault,omitempty"`
}

// Transition is one step of a task's life.
type Transition struct {
	State State     `json:"state"`
	At    time.Time `json:"at"`
	// Reason says why in words, for people.
	Reason string `json:"reason,omitempty"`
}

// Lease says which session has a running task.
type Lease struct {
	Session string
	// Generation is that of the device's session lock.
	Generation int64
	Until      time.Time
}

// Class says what may be done when it is not known whether an RPC was carried
// out.
type Class string

const (
	// Read changes nothing: it is simply sent again.
	Read Class = "read"
	// Idempotent is read back first, and sent again if it was not applied.
	Idempotent Class = "idempotent"
	// Unsafe is never sent again without an operator: only evidence from the
	// device decides.
	Unsafe Class = "unsafe"
)

// Flight is the intent to send an RPC that is not a read, stored before its
// bytes leave.
type Flight struct {
	Method string    `json:"method"`
	Class  Class     `json:"class"`
	At     time.Time `json:"at"`
	// Progress is the job's own state at that moment, with its evidence.
	Progress json.RawMessage `json:"progress,omitempty"`
	// Answered says that the device accepted the RPC.
	Answered bool `json:"answered,omitempty"`
	// Tells says that the device reports when it is done, so that it is asked seldom.
	Tells bool `json:"tells,omitempty"`
}

// Bounds of what a task carries.
const (
	// MaxAttempts is how many attempts are kept and made.
	MaxAttempts = 8
	// MaxTimeline is how many transitions are kept, the newest.
	MaxTimeline = 64
	// MaxArgs is how many bytes the arguments may have.
	MaxArgs = 256 << 10
	// MaxResult is how many bytes a result may have.
	MaxResult = 4 << 20
)

// CommandKeyTask returns the task and the attempt that a CommandKey of
// Task.CommandKey names; ok is false for a CommandKey of somebody else.
func CommandKeyTask(key string) (id ID, attempt int, ok bool) {
	name, number, found := strings.Cut(key, "-")
	if !found {
		return "", 0, false
	}
	id, err := ParseID(name)
	if err != nil {
		return "", 0, false
	}
	attempt, err = strconv.Atoi(number)
	return id, attempt, err == nil
}
