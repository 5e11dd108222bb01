package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/tasks"
)

// transferComplete ends the task that a TransferComplete speaks of (TR-069
// A.3.3.2), and says in words what it told. One that nobody awaits is answered all
// the same: a device repeats it until it is.
func (e *evidence) transferComplete(ctx context.Context, s *Session, m *cwmp.TransferComplete) (string, error) {
	t, err := e.awaiting(ctx, s.Device.ID, m.CommandKey, tasks.Download, tasks.Upload, tasks.ScheduleDownload)
	if err != nil {
		return "", err
	}
	if t == nil {
		e.logger.InfoContext(ctx, "transfer complete that no task awaits", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Fault, m.Fault.FaultCode)
		return fmt.Sprintf("no task awaits CommandKey %q%s", m.CommandKey, outcomeText(m.Fault)), nil
	}
	if m.Fault.FaultCode != 0 {
		_, err = e.queue.Fail(ctx, *t, tasks.Fault{Code: m.Fault.FaultCode, String: m.Fault.FaultString})
	} else {
		err = e.transferred(ctx, *t, m)
	}
	if err != nil && !movedOn(err) {
		return "", fmt.Errorf("end %s: %w", t.Kind, err)
	}
	s.letGo(t.ID)
	return fmt.Sprintf("%s of task %s%s", t.Kind, t.ID, outcomeText(m.Fault)), nil
}

// transferred ends the task of a transfer that succeeded.
func (e *evidence) transferred(ctx context.Context, t tasks.Task, m *cwmp.TransferComplete) error {
	const reason = "the transfer is complete"
	if t.Kind != tasks.Upload {
		_, err := e.queue.Succeed(ctx, t, downloadResult(m.StartTime, m.CompleteTime, "TransferComplete"), reason)
		return err
	}
	var j uploadJob
	if t.Flight != nil && t.Flight.Progress != nil {
		if err := json.Unmarshal(t.Flight.Progress, &j); err != nil {
			return fmt.Errorf("decode progress: %w", err)
		}
	}
	result, fault, err := uploadResult(ctx, e.files, j.File, m.StartTime, m.CompleteTime, "TransferComplete")
	if err != nil {
		return err
	}
	if fault != nil {
		_, err = e.queue.FailFor(ctx, t, *fault)
		return err
	}
	_, err = e.queue.Succeed(ctx, t, result, reason)
	return err
}

// stateChangeComplete ends the task that a DUStateChangeComplete speaks of (TR-069
// A.4.2.3), and says in words what it told. One that nobody awaits is answered all
// the same.
func (e *evidence) stateChangeComplete(ctx context.Context, s *Session, m *cwmp.DUStateChangeComplete) (string, error) {
	t, err := e.changing(ctx, s.Device.ID, m.CommandKey)
	if err != nil {
		return "", err
	}
	if t == nil {
		return fmt.Sprintf("no task awaits CommandKey %q; %d results", m.CommandKey, len(m.Results)), nil
	}
	result, fault := stateChanges(m.Results)
	if fault != nil {
		// What succeeded must not be done again.
		_, err = e.queue.FailFor(ctx, *t, *fault)
	} else {
		_, err = e.queue.Succeed(ctx, *t, result, "the operations are complete")
	}
	if err != nil && !movedOn(err) {
		return "", fmt.Errorf("end %s: %w", t.Kind, err)
	}
	s.letGo(t.ID)
	return fmt.Sprintf("%s of task %s, %d results", t.Kind, t.ID, len(m.Results)), nil
}

// changing returns the changeDUState that a CommandKey names; the one that waits,
// if there is one only, for a device that sends none, as TR-069 allows.
func (e *evidence) changing(ctx context.Context, id device.ID, key string) (*tasks.Task, error) {
	if key != "" {
		return e.awaiting(ctx, id, key, tasks.ChangeDUState)
	}
	open, err := e.queue.Open(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("list open tasks: %w", err)
	}
	open = slices.DeleteFunc(open, func(t tasks.Task) bool { return t.Kind != tasks.ChangeDUState || t.State != tasks.Waiting })
	if len(open) != 1 {
		return nil, nil
	}
	return &open[0], nil
}

// stateChanges returns the result of a changeDUState, or its fault if an operation
// failed: the fault of the first that did, with what came of each.
func stateChanges(results []cwmp.OpResultStruct) (tasks.ChangeDUStateResult, *tasks.Fault) {
	all := tasks.ChangeDUStateResult{Operations: []tasks.ModuleResult{}}
	var fault *tasks.Fault
	var each []string
	for _, r := range results[:min(len(results), tasks.MaxOperations)] {
		text := clip(r.UUID) + " " + clip(r.CurrentState)
		if r.Fault.FaultCode != 0 {
			text += fmt.Sprintf(" (%d %s)", r.Fault.FaultCode, clipTo(r.Fault.FaultString, MaxCallDetail))
			if fault == nil {
				fault = &tasks.Fault{Code: r.Fault.FaultCode}
			}
		}
		each = append(each, text)
		all.Operations = append(all.Operations, tasks.ModuleResult{
			UUID: r.UUID, Module: r.DeploymentUnitRef, Version: r.Version, State: r.CurrentState, Resolved: r.Resolved,
			ExecutionUnits: pathList(r.ExecutionUnitRefList), StartTime: timeText(r.StartTime), CompleteTime: timeText(r.CompleteTime),
		})
	}
	if fault != nil {
		fault.String = strings.Join(each, "; ")
	}
	return all, fault
}

// pathList takes a list with commas apart.
func pathList(text string) []string {
	var all []string
	for path := range strings.SplitSeq(text, ",") {
		if path = strings.TrimSpace(path); path != "" {
			all = append(all, path)
		}
	}
	return all
}

// awaiting returns the open task, of one of the kinds, whose present attempt has
// the CommandKey, or nil.
func (e *evidence) awaiting(ctx context.Context, id device.ID, key string, kinds ...tasks.Kind) (*tasks.Task, error) {
	taskID, _, ok := tasks.CommandKeyTask(key)
	if !ok {
		return nil, nil
	}
	t, err := e.queue.Get(ctx, taskID)
	if errors.Is(err, tasks.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get task of CommandKey: %w", err)
	}
	if t.Device != id || !slices.Contains(kinds, t.Kind) || t.CommandKey != key || (t.State != tasks.Waiting && t.State != tasks.Running) {
		return nil, nil
	}
	return &t, nil
}

// letGo has the session forget the task that it works on, as it has ended.
func (s *Session) letGo(id tasks.ID) {
	if s.Job != nil && s.Job.Task.ID == id {
		s.Job = nil
	}
}
