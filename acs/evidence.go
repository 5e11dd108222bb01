package acs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// evidence ends tasks by what the device shows to have happened.
type evidence struct {
	queue Queue
	files FileServer
	// behaviour is that of Options.
	behaviour func(*device.Device) *quirks.Behaviour
	logger    *slog.Logger
}

// inform looks through the device's open tasks after an Inform: those that an
// older session left in the middle are recovered, those that wait for an event
// of the Inform succeed, and diagnostics that the device says are complete are
// gone on with in this session.
//
// After 0 BOOTSTRAP other tasks go on waiting as well. What a device forgot with its
// settings it will not report, and they end at their deadline; but a device also
// sends the event where nothing but its URL was changed, and carries on then.
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
		if t.Continued() && has(events, cwmp.EventDiagnosticsComplete) {
			if _, err := e.queue.Continue(ctx, t, "the device reports "+cwmp.EventDiagnosticsComplete); err != nil && !movedOn(err) {
				return fmt.Errorf("go on with task: %w", err)
			}
			continue
		}
		if e.installed(s, t, events) {
			result := tasks.DownloadResult{Evidence: "SoftwareVersion"}
			if _, err := e.queue.Succeed(ctx, t, result, "the device shows firmware "+clip(s.Device.SoftwareVersion)); err != nil && !movedOn(err) {
				return fmt.Errorf("end download: %w", err)
			}
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

// installed reports whether a download ended that the device does not report: one
// that does so in this session says more.
func (e *evidence) installed(s *Session, t tasks.Task, events []cwmp.EventStruct) bool {
	if !e.behaviour(&s.Device).NoTransferComplete || !installed(t, s.Device.SoftwareVersion) {
		return false
	}
	return !slices.ContainsFunc(events, func(event cwmp.EventStruct) bool { return event.Is(cwmp.EventTransferComplete) })
}

// movedOn reports whether somebody else has moved the task on, whose word
// counts.
func movedOn(err error) bool {
	return errors.Is(err, tasks.ErrConflict) || errors.Is(err, tasks.ErrNotFound)
}

// occurred returns the event that shows that what the waiting task asked for
// has happened, or "". A 1 BOOT without M Reboot counts for a reboot that the
// device accepted, as many devices send no more, and so does 3 SCHEDULED without
// any M ScheduleInform; where the answer was lost only the event with the
// CommandKey does, as the device may be sending an older one again.
func occurred(t tasks.Task, events []cwmp.EventStruct) string {
	for _, event := range events {
		switch {
		case t.Kind == tasks.Reboot && event.Is(cwmp.EventMReboot) && event.CommandKey == t.CommandKey:
			return cwmp.EventMReboot
		case t.Kind == tasks.ScheduleInform && event.Is(cwmp.EventMScheduleInform) && event.CommandKey == t.CommandKey:
			return cwmp.EventMScheduleInform
		case t.Kind == tasks.FactoryReset && event.Is(cwmp.EventBootstrap):
			return cwmp.EventBootstrap
		}
	}
	accepted := t.Flight != nil && t.Flight.Answered
	switch {
	case t.Kind == tasks.Reboot && accepted && has(events, cwmp.EventBoot):
		return cwmp.EventBoot
	case t.Kind == tasks.ScheduleInform && accepted && has(events, cwmp.EventScheduled) && !has(events, cwmp.EventMScheduleInform):
		return cwmp.EventScheduled
	default:
		return ""
	}
}

func has(events []cwmp.EventStruct, code string) bool {
	return slices.ContainsFunc(events, func(e cwmp.EventStruct) bool { return e.Is(code) })
}
