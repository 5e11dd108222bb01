package sqlite

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// openTaskColumns are the columns of a task without its result, which an open
// task does not have.
const openTaskColumns = `t.id, t.device, t.kind, t.state, t.blocked, t.priority, t.not_before, t.expires, t.created_at,
	t.updated_at, t.finished_at, t.check_at, t.deadline, t.revision, t.unique_key, t.created_by, t.retry_of, t.command_key,
	t.lease_session, t.lease_generation, t.lease_until, t.history, t.args, t.retried_by`

const taskColumns = openTaskColumns + ", t.result"

// taskHistory is the part of a task that no query looks into.
type taskHistory struct {
	After    []tasks.ID   `json:"after,omitempty"`
	Fault    *tasks.Fault `json:"fault,omitempty"`
	Attempts []attempt    `json:"attempts,omitempty"`
	Timeline []transition `json:"timeline,omitempty"`
	Flight   *flight      `json:"flight,omitempty"`
}

type attempt struct {
	Session string       `json:"session"`
	Started int64        `json:"started"`
	Ended   int64        `json:"ended,omitempty"`
	Fault   *tasks.Fault `json:"fault,omitempty"`
}

type transition struct {
	State  tasks.State `json:"state"`
	At     int64       `json:"at"`
	Reason string      `json:"reason,omitempty"`
}

type flight struct {
	Method   string          `json:"method"`
	Class    tasks.Class     `json:"class"`
	At       int64           `json:"at"`
	Progress json.RawMessage `json:"progress,omitempty"`
	Answered bool            `json:"answered,omitempty"`
}

func historyOf(t *tasks.Task) taskHistory {
	h := taskHistory{After: t.After, Fault: t.Fault}
	for _, a := range t.Attempts {
		h.Attempts = append(h.Attempts, attempt{Session: a.Session, Started: milliseconds(a.StartedAt), Ended: milliseconds(a.EndedAt), Fault: a.Fault})
	}
	for _, s := range t.Timeline {
		h.Timeline = append(h.Timeline, transition{State: s.State, At: milliseconds(s.At), Reason: s.Reason})
	}
	if f := t.Flight; f != nil {
		h.Flight = &flight{Method: f.Method, Class: f.Class, At: milliseconds(f.At), Progress: f.Progress, Answered: f.Answered}
	}
	return h
}

func (h *taskHistory) into(t *tasks.Task) {
	t.After, t.Fault = h.After, h.Fault
	for _, a := range h.Attempts {
		t.Attempts = append(t.Attempts, tasks.Attempt{Session: a.Session, StartedAt: fromMilliseconds(a.Started), EndedAt: fromMilliseconds(a.Ended), Fault: a.Fault})
	}
	for _, s := range h.Timeline {
		t.Timeline = append(t.Timeline, tasks.Transition{State: s.State, At: fromMilliseconds(s.At), Reason: s.Reason})
	}
	if f := h.Flight; f != nil {
		t.Flight = &tasks.Flight{Method: f.Method, Class: f.Class, At: fromMilliseconds(f.At), Progress: f.Progress, Answered: f.Answered}
	}
}

// scanTask reads openTaskColumns, or taskColumns.
func scanTask(r *row) (tasks.Task, error) {
	t := tasks.Task{ID: tasks.ID(r.text()), Device: device.ID(r.text()), Kind: tasks.Kind(r.text()), State: tasks.State(r.text())}
	t.Blocked, t.Priority = r.bool(), r.int()
	for _, at := range []*time.Time{&t.NotBefore, &t.Expires, &t.CreatedAt, &t.UpdatedAt, &t.FinishedAt, &t.CheckAt, &t.Deadline} {
		*at = r.time()
	}
	t.Revision, t.UniqueKey, t.CreatedBy, t.RetryOf, t.CommandKey = r.int64(), r.text(), r.text(), tasks.ID(r.text()), r.text()
	t.Lease = tasks.Lease{Session: r.text(), Generation: r.int64(), Until: r.time()}
	var h taskHistory
	if err := r.json(&h); err != nil {
		return t, fmt.Errorf("task %s: history: %w", t.ID, err)
	}
	h.into(&t)
	t.Args, t.RetriedBy = r.blob(), tasks.ID(r.text())
	if r.next < len(r.values) {
		t.Result = r.blob()
	}
	return t, nil
}

const insertTask = `INSERT INTO tasks (device, kind, state, open, blocked, priority, not_before, expires, created_at, updated_at,
	finished_at, check_at, deadline, revision, slot, unique_key, created_by, retry_of, command_key, lease_session, lease_generation,
	lease_until, fault_code, fault_reason, history, args, result, retried_by, cause_code, id)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateTask = `UPDATE tasks SET device = ?, kind = ?, state = ?, open = ?, blocked = ?, priority = ?, not_before = ?, expires = ?,
	created_at = ?, updated_at = ?, finished_at = ?, check_at = ?, deadline = ?, revision = ?, slot = ?, unique_key = ?,
	created_by = ?, retry_of = ?, command_key = ?, lease_session = ?, lease_generation = ?, lease_until = ?, fault_code = ?,
	fault_reason = ?, history = ?, args = ?, result = ?, retried_by = ?, cause_code = ? WHERE id = ?`

// taskValues returns the values for insertTask and updateTask.
func taskValues(t *tasks.Task) ([]any, error) {
	h, err := encode(historyOf(t))
	if err != nil {
		return nil, fmt.Errorf("task %s: %w", t.ID, err)
	}
	var faultCode any
	var faultReason string
	var causeCode int64
	if t.Fault != nil {
		causeCode, faultReason = int64(t.Fault.Code), string(t.Fault.Reason)
		faultCode = causeCode
	}
	return []any{
		string(t.Device), string(t.Kind), string(t.State), !t.State.Final(), t.Blocked, t.Priority, milliseconds(t.NotBefore),
		milliseconds(t.Expires), milliseconds(t.CreatedAt), milliseconds(t.UpdatedAt), milliseconds(t.FinishedAt), milliseconds(t.CheckAt),
		milliseconds(t.Deadline), t.Revision, slot(t), t.UniqueKey, t.CreatedBy, string(t.RetryOf), t.CommandKey, t.Lease.Session,
		t.Lease.Generation, milliseconds(t.Lease.Until), faultCode, faultReason, h, []byte(t.Args), []byte(t.Result), string(t.RetriedBy), causeCode, string(t.ID),
	}, nil
}

// slot is what lets a device have one open task of a unique key.
func slot(t *tasks.Task) string {
	if t.UniqueKey == "" || t.State.Final() {
		return string(t.ID)
	}
	return string(t.Device) + "|" + t.UniqueKey
}

// wholeTask returns the task with its times as they are stored.
func wholeTask(t tasks.Task) tasks.Task {
	for _, at := range []*time.Time{&t.NotBefore, &t.Expires, &t.CreatedAt, &t.UpdatedAt, &t.FinishedAt, &t.CheckAt, &t.Deadline, &t.Lease.Until} {
		*at = whole(*at)
	}
	h := historyOf(&t)
	t.Attempts, t.Timeline, t.Flight = nil, nil, nil
	h.into(&t)
	return t
}
