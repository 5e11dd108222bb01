package main

import (
	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// taskObservers tells the readers of events and the history of every task that is
// new or changed.
type taskObservers struct {
	hub     *api.Hub
	history *history.Recorder
}

// TaskChanged implements tasks.Observer.
func (o taskObservers) TaskChanged(t tasks.Task) {
	o.hub.TaskChanged(t)
	// A task is announced once more when something is noted on it later, such as
	// its retry.
	if !t.State.Final() || !t.UpdatedAt.Equal(t.FinishedAt) {
		return
	}
	ended := history.Task{Kind: string(t.Kind), State: string(t.State)}
	if t.Fault != nil {
		ended.FaultCode, ended.FaultReason = t.Fault.Code, string(t.Fault.Reason)
	}
	o.history.TaskEnded(ended)
}

// sessionOf returns the session as history keeps it.
func sessionOf(s acs.Summary) history.Session {
	kept := history.Session{
		ID: s.ID, Device: s.Device.ID, StartedAt: s.StartedAt, EndedAt: s.StartedAt.Add(s.Duration), Outcome: string(s.Outcome),
		RPCs: s.RPCs, RetryCount: s.Device.RetryCount, Address: s.Device.Address,
	}
	for _, c := range s.Calls {
		kept.Calls = append(kept.Calls, history.Call{Method: c.Method, Detail: c.Detail})
	}
	for _, e := range s.Events {
		kept.Events = append(kept.Events, e.Code)
	}
	return kept
}
