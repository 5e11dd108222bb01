package acs

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Phase is where a session is (TR-069 3.7.2).
type Phase string

const (
	// PhaseNew: no Inform yet.
	PhaseNew Phase = "new"
	// PhaseDevice: the Inform is answered, and the device may send requests of
	// its own.
	PhaseDevice Phase = "device"
	// PhaseServer: the device sent its first empty POST, and the ACS sends
	// requests.
	PhaseServer Phase = "server"
	// PhaseEnded: the last answer was 204.
	PhaseEnded Phase = "ended"
)

// Session is the state of one CWMP session.
type Session struct {
	// ID is the session's cookie and its name in the store: 128 random bits in
	// hex.
	ID    string
	Phase Phase
	// Account is who authenticated; empty without authentication.
	Account Account
	// Namespace is the CWMP namespace in which all is said: that of the Inform, or
	// that of the version that was negotiated.
	Namespace string
	// Version is the version of CWMP; VersionNegotiated says that the device asked
	// to negotiate it, and that the InformResponse names it.
	Version           string
	VersionNegotiated bool
	// Timeout is how long the device may keep silent, if it asked for longer than
	// the server grants every device; else 0.
	Timeout time.Duration
	// Address is where the device's requests come from.
	Address string
	// Host is the name or address by which the device reached this server,
	// without a port.
	Host string
	// Device is the record as the Inform left it, with the lock's generation.
	Device device.Device

	// Events are those of the Inform, routine ones included, at most
	// device.MaxEvents.
	Events       []device.Event
	StartedAt    time.Time
	LastActivity time.Time
	// CookieReturned says that the device returned the session's cookie once.
	CookieReturned bool
	// Moved says that a later request came from another address than the Inform.
	Moved bool

	// Calls are the requests that the device made beside Inform and GetRPCMethods,
	// at most MaxCalls.
	Calls []Call

	// InformID and InformDigest recognise an Inform that is sent again because
	// its answer was lost.
	InformID     string
	InformDigest uint64

	// Outstanding is the request that the device has not answered; nil if none.
	Outstanding *Outstanding
	// Job is the task under way; nil if none.
	Job *Job
	// Proven says that the device has proven to be this very device.
	Proven bool
	// Changes counts the answers to tasks that may have changed parameters, or that refuse
	// a file. Settled is what it was when the settings of the device were last seen to, plus
	// 1; 0 before.
	Changes, Settled int
	// Course is the way to the settings of the device that is under way; nil if none.
	Course *CourseState

	// Emptied says that a claim came back empty; DueAt is when the next task is
	// due.
	Emptied bool
	DueAt   time.Time
	// Quiet says that no further task is begun in this session: the device is
	// about to go away, or a guard ended the work.
	Quiet bool

	// Requests counts those of the device after its Inform.
	Requests int
	// RPCs counts the requests sent; Repeats how often the last one was sent in
	// a row.
	RPCs          int
	RequestDigest uint64
	Repeats       int
}

// Outstanding is a request that was sent and not answered.
type Outstanding struct {
	ID     string
	Method string
	Source string
	// Read says that it may be sent again.
	Read bool
	// Body is the request without its ID, kept for reads only.
	Body   []byte
	Resent bool
}

// Job is a task under way in a session.
type Job struct {
	Task tasks.Task
	// Progress is the job's state as JSON; MarshalJSON fills it from live.
	Progress json.RawMessage
	// AskingMethods says that the device is asked which RPCs it knows before the
	// job goes on; Capable that it is taken to know the one that the job sends.
	AskingMethods, Capable bool

	live job
}

// MarshalJSON encodes the task and the state of its job.
func (j *Job) MarshalJSON() ([]byte, error) {
	progress := j.Progress
	if j.live != nil {
		encoded, err := json.Marshal(j.live)
		if err != nil {
			return nil, fmt.Errorf("encode progress of %s: %w", j.Task.Kind, err)
		}
		progress = encoded
	}
	return json.Marshal(struct {
		Task          tasks.Task
		Progress      json.RawMessage `json:",omitempty"`
		AskingMethods bool            `json:",omitempty"`
		Capable       bool            `json:",omitempty"`
	}{j.Task, progress, j.AskingMethods, j.Capable})
}

// newSession returns a session that awaits its Inform.
func newSession(id string, account Account, address, host string, now time.Time) *Session {
	return &Session{ID: id, Phase: PhaseNew, Account: account, Address: address, Host: host, StartedAt: now, LastActivity: now}
}

// reply puts an answer to a request of the device into an envelope: in its
// namespace, with its ID (TR-069 3.5).
func (s *Session) reply(to *cwmp.Envelope, m cwmp.Message) *cwmp.Envelope {
	return &cwmp.Envelope{ID: to.ID, HasID: to.HasID, Namespace: s.Namespace, Message: m}
}

// lease is the lease that the session has on a task that it claims. It outlives
// the longest session, so that only a dead one loses it.
func (s *Session) lease(longest time.Duration) tasks.Lease {
	return tasks.Lease{Session: s.ID, Generation: s.Device.Session.Generation, Until: s.StartedAt.Add(longest + leaseSlack)}
}

// leaseSlack is added to the longest session for the lease of a task: for the
// clocks of nodes that differ, as another one may look whether it has ended.
const leaseSlack = time.Minute
