package mongo

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
)

// taskDocument is a task in the collection tasks. A field without omitempty is
// always there. JSON is kept as bytes, so that it comes back as it was.
type taskDocument struct {
	ID       tasks.ID      `bson:"_id"`
	Device   device.ID     `bson:"device"`
	Kind     tasks.Kind    `bson:"kind"`
	Args     []byte        `bson:"args,omitempty"`
	State    tasks.State   `bson:"state"`
	Result   []byte        `bson:"result,omitempty"`
	Fault    *taskFault    `bson:"fault,omitempty"`
	Attempts []taskAttempt `bson:"attempts,omitempty"`
	Timeline []taskStep    `bson:"timeline,omitempty"`

	Priority  int        `bson:"priority"`
	NotBefore time.Time  `bson:"notBefore,omitempty"`
	Expires   time.Time  `bson:"expires,omitempty"`
	After     []tasks.ID `bson:"after,omitempty"`
	Blocked   bool       `bson:"blocked"`
	UniqueKey string     `bson:"uniqueKey,omitempty"`
	CreatedBy string     `bson:"createdBy,omitempty"`
	RetryOf   tasks.ID   `bson:"retryOf,omitempty"`
	RetriedBy tasks.ID   `bson:"retriedBy,omitempty"`

	CreatedAt  time.Time `bson:"createdAt,omitempty"`
	UpdatedAt  time.Time `bson:"updatedAt,omitempty"`
	FinishedAt time.Time `bson:"finishedAt,omitempty"`

	CommandKey string `bson:"commandKey,omitempty"`
	// AttemptKey says that a claim wrote the task last. It does not know which
	// task it takes: a read derives the CommandKey that Task.Start gives the last
	// attempt, and the time of that, which is UpdatedAt. Whoever saves the task
	// writes both.
	AttemptKey bool        `bson:"attemptKey,omitempty"`
	Deadline   time.Time   `bson:"deadline,omitempty"`
	Flight     *taskFlight `bson:"flight,omitempty"`
	Lease      *taskLease  `bson:"lease,omitempty"`
	CheckAt    time.Time   `bson:"checkAt,omitempty"`
	Revision   int64       `bson:"revision"`

	// Open is false once the state is final.
	Open bool `bson:"open"`
	// Slot lets a device have one open task of a unique key: "device|key" while
	// the task is open and has one, else its own id. It is unique.
	Slot string `bson:"slot"`
	// Folded are copies of text as filters compare it.
	Folded foldedTask `bson:"folded"`
	// Group is that of the device, so that a list of a scope needs no look at
	// the devices. Only what inserts a task and what moves a device write it.
	Group string `bson:"group,omitempty"`
}

// foldedTask holds the text of fields of tasks.Schema by query.Fold.
type foldedTask struct {
	Device      string `bson:"device,omitempty"`
	Kind        string `bson:"kind,omitempty"`
	State       string `bson:"state,omitempty"`
	CreatedBy   string `bson:"createdBy,omitempty"`
	UniqueKey   string `bson:"uniqueKey,omitempty"`
	FaultReason string `bson:"faultReason,omitempty"`
	RetryOf     string `bson:"retryOf,omitempty"`
	RetriedBy   string `bson:"retriedBy,omitempty"`
}

type taskFault struct {
	Code       int                  `bson:"code"`
	Reason     tasks.Reason         `bson:"reason,omitempty"`
	String     string               `bson:"string,omitempty"`
	Parameters []taskParameterFault `bson:"parameters,omitempty"`
}

type taskParameterFault struct {
	Path   string `bson:"path"`
	Code   int    `bson:"code"`
	String string `bson:"string,omitempty"`
}

type taskAttempt struct {
	Session   string     `bson:"session"`
	StartedAt time.Time  `bson:"startedAt,omitempty"`
	EndedAt   time.Time  `bson:"endedAt,omitempty"`
	Fault     *taskFault `bson:"fault,omitempty"`
}

type taskStep struct {
	State  tasks.State `bson:"state"`
	At     time.Time   `bson:"at,omitempty"`
	Reason string      `bson:"reason,omitempty"`
}

type taskFlight struct {
	Method   string      `bson:"method"`
	Class    tasks.Class `bson:"class"`
	At       time.Time   `bson:"at,omitempty"`
	Progress []byte      `bson:"progress,omitempty"`
	Answered bool        `bson:"answered,omitempty"`
}

type taskLease struct {
	Session    string    `bson:"session"`
	Generation int64     `bson:"generation"`
	Until      time.Time `bson:"until,omitempty"`
}

// documentOfTask returns the document of a task, without its group.
func documentOfTask(t *tasks.Task) taskDocument {
	return taskDocument{
		ID: t.ID, Device: t.Device, Kind: t.Kind, Args: t.Args, State: t.State, Result: t.Result, Fault: documentOfFault(t.Fault),
		Attempts: documentsOfAttempts(t.Attempts), Timeline: documentsOfTimeline(t.Timeline),
		Priority: t.Priority, NotBefore: whole(t.NotBefore), Expires: whole(t.Expires), After: t.After, Blocked: t.Blocked, UniqueKey: t.UniqueKey,
		CreatedBy: t.CreatedBy, RetryOf: t.RetryOf, RetriedBy: t.RetriedBy, CreatedAt: whole(t.CreatedAt), UpdatedAt: whole(t.UpdatedAt), FinishedAt: whole(t.FinishedAt),
		CommandKey: t.CommandKey, Deadline: whole(t.Deadline), Flight: documentOfFlight(t.Flight), Lease: documentOfLease(t.Lease),
		CheckAt: whole(t.CheckAt), Revision: t.Revision, Open: !t.State.Final(), Slot: slot(t), Folded: foldTask(t),
	}
}

// slot is what lets a device have one open task of a unique key.
func slot(t *tasks.Task) string {
	if t.UniqueKey == "" || t.State.Final() {
		return string(t.ID)
	}
	return string(t.Device) + "|" + t.UniqueKey
}

func foldTask(t *tasks.Task) foldedTask {
	f := foldedTask{
		Device: query.Fold(string(t.Device)), Kind: query.Fold(string(t.Kind)), State: query.Fold(string(t.State)),
		CreatedBy: query.Fold(t.CreatedBy), UniqueKey: query.Fold(t.UniqueKey),
		RetryOf: query.Fold(string(t.RetryOf)), RetriedBy: query.Fold(string(t.RetriedBy)),
	}
	if t.Fault != nil {
		f.FaultReason = query.Fold(string(t.Fault.Reason))
	}
	return f
}

func documentOfFault(f *tasks.Fault) *taskFault {
	if f == nil {
		return nil
	}
	d := &taskFault{Code: f.Code, Reason: f.Reason, String: f.String}
	for _, p := range f.Parameters {
		d.Parameters = append(d.Parameters, taskParameterFault(p))
	}
	return d
}

func documentsOfAttempts(attempts []tasks.Attempt) (all []taskAttempt) {
	for _, a := range attempts {
		all = append(all, taskAttempt{Session: a.Session, StartedAt: whole(a.StartedAt), EndedAt: whole(a.EndedAt), Fault: documentOfFault(a.Fault)})
	}
	return all
}

func documentsOfTimeline(timeline []tasks.Transition) (all []taskStep) {
	for _, s := range timeline {
		all = append(all, taskStep{State: s.State, At: whole(s.At), Reason: s.Reason})
	}
	return all
}

func documentOfFlight(f *tasks.Flight) *taskFlight {
	if f == nil {
		return nil
	}
	return &taskFlight{Method: f.Method, Class: f.Class, At: whole(f.At), Progress: f.Progress, Answered: f.Answered}
}

func documentOfLease(l tasks.Lease) *taskLease {
	if l == (tasks.Lease{}) {
		return nil
	}
	return &taskLease{Session: l.Session, Generation: l.Generation, Until: whole(l.Until)}
}

// task returns the task of a document.
func (d *taskDocument) task() tasks.Task {
	t := tasks.Task{
		ID: d.ID, Device: d.Device, Kind: d.Kind, Args: d.Args, State: d.State, Result: d.Result, Fault: d.Fault.fault(),
		Priority: d.Priority, NotBefore: d.NotBefore, Expires: d.Expires, After: d.After, Blocked: d.Blocked, UniqueKey: d.UniqueKey,
		CreatedBy: d.CreatedBy, RetryOf: d.RetryOf, RetriedBy: d.RetriedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, FinishedAt: d.FinishedAt,
		CommandKey: d.CommandKey, Deadline: d.Deadline, CheckAt: d.CheckAt, Revision: d.Revision,
	}
	for _, a := range d.Attempts {
		t.Attempts = append(t.Attempts, tasks.Attempt{Session: a.Session, StartedAt: a.StartedAt, EndedAt: a.EndedAt, Fault: a.Fault.fault()})
	}
	// A claim adds a step and drops none.
	for _, s := range d.Timeline[max(0, len(d.Timeline)-tasks.MaxTimeline):] {
		t.Timeline = append(t.Timeline, tasks.Transition{State: s.State, At: s.At, Reason: s.Reason})
	}
	if n := len(t.Attempts); d.AttemptKey && n > 0 {
		t.CommandKey = fmt.Sprintf("%s-%d", d.ID, n)
		t.Attempts[n-1].StartedAt, t.Timeline[len(t.Timeline)-1].At = d.UpdatedAt, d.UpdatedAt
	}
	if f := d.Flight; f != nil {
		t.Flight = &tasks.Flight{Method: f.Method, Class: f.Class, At: f.At, Progress: json.RawMessage(f.Progress), Answered: f.Answered}
	}
	if l := d.Lease; l != nil {
		t.Lease = tasks.Lease{Session: l.Session, Generation: l.Generation, Until: l.Until}
	}
	return t
}

func (f *taskFault) fault() *tasks.Fault {
	if f == nil {
		return nil
	}
	fault := &tasks.Fault{Code: f.Code, Reason: f.Reason, String: f.String}
	for _, p := range f.Parameters {
		fault.Parameters = append(fault.Parameters, tasks.ParameterFault(p))
	}
	return fault
}
