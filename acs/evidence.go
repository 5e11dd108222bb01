package acs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/tasks"
)

// evidence ends tasks by what the device shows to have happened.
type evidence struct {
	queue  Queue
	logger *slog.Logger
}

// inform looks through the device's open tasks after an Inform: those that an
// older session left in the middle are recovered, those that wait for an event
// of the Inform succeed.
func (e *evidence) inform(ctx context.Context, s *Session, events []cwmp.EventStruct) error {
	open, err := e.queue.Open(ctx, s.Device.ID)
	if err != nil {
		return fmt.Errorf("list open tasks: %w", err)
	}
	for _, t := range open {
		if t.State == tasks.Running && t.Lease.Generation < s.Device.Session.Generation {
			if t, err = e.queue.Recover(ctx, t); err != nil && !movedOn(err) {
				return fmt.Errorf("recover task: %w", err)
			}
		}
		if t.State != tasks.Waiting {
			continue
		}
		shown := occurred(t, events)
		if shown == "" {
			continue
		}
		if _, err := e.queue.Succeed(ctx, t, tasks.OccurredResult{Evidence: shown}, "shown by "+shown); err != nil && !movedOn(err) {
			return fmt.Errorf("end task: %w", err)
		}
	}
	return nil
}

// movedOn reports whether somebody else has moved the task on, whose word
// counts.
func movedOn(err error) bool {
	return errors.Is(err, tasks.ErrConflict) || errors.Is(err, tasks.ErrNotFound)
}

// occurred returns the event that shows that what the waiting task asked for
// has happened, or "". A 1 BOOT without M Reboot counts for a reboot that the
// device accepted, as many devices send no more; where the answer was lost only
// M Reboot does, as the device may be sending an older boot again.
func occurred(t tasks.Task, events []cwmp.EventStruct) string {
	for _, event := range events {
		switch {
		case t.Kind == tasks.Reboot && event.Is(cwmp.EventMReboot) && event.CommandKey == t.CommandKey:
			return cwmp.EventMReboot
		case t.Kind == tasks.FactoryReset && event.Is(cwmp.EventBootstrap):
			return cwmp.EventBootstrap
		}
	}
	accepted := t.Flight != nil && t.Flight.Answered
	for _, event := range events {
		if t.Kind == tasks.Reboot && accepted && event.Is(cwmp.EventBoot) {
			return cwmp.EventBoot
		}
	}
	return ""
}

// transferComplete ends the download that a TransferComplete speaks of (TR-069
// A.3.3.2). One that nobody awaits is answered all the same: a device repeats it
// until it is.
func (e *evidence) transferComplete(ctx context.Context, s *Session, m *cwmp.TransferComplete) error {
	t, err := e.transfer(ctx, s.Device.ID, m.CommandKey)
	if err != nil {
		return err
	}
	if t == nil {
		e.logger.InfoContext(ctx, "transfer complete that no task awaits", logkeys.Session, s.ID, logkeys.Device, s.Device.ID, logkeys.Fault, m.Fault.FaultCode)
		return nil
	}
	if m.Fault.FaultCode != 0 {
		_, err = e.queue.Fail(ctx, *t, tasks.Fault{Code: m.Fault.FaultCode, String: m.Fault.FaultString})
	} else {
		_, err = e.queue.Succeed(ctx, *t, downloadResult(m.StartTime, m.CompleteTime, "TransferComplete"), "the transfer is complete")
	}
	if err != nil && !movedOn(err) {
		return fmt.Errorf("end download: %w", err)
	}
	if s.Job != nil && s.Job.Task.ID == t.ID {
		s.Job = nil
	}
	return nil
}

// transfer returns the open download whose present attempt has the CommandKey,
// or nil.
func (e *evidence) transfer(ctx context.Context, id device.ID, key string) (*tasks.Task, error) {
	taskID, _, ok := tasks.CommandKeyTask(key)
	if !ok {
		return nil, nil
	}
	t, err := e.queue.Get(ctx, taskID)
	if errors.Is(err, tasks.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get download: %w", err)
	}
	if t.Device != id || t.Kind != tasks.Download || t.CommandKey != key || (t.State != tasks.Waiting && t.State != tasks.Running) {
		return nil, nil
	}
	return &t, nil
}
