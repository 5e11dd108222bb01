package acs

import (
	"context"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// departure is what the jobs share that make the device go away: once accepted,
// only an event of a later session shows that it happened (evidence.go).
type departure struct {
	Accepted bool
	Failure  *tasks.Fault
}

func (d *departure) next(request cwmp.Message, reason string) (action, error) {
	switch {
	case d.Failure != nil:
		return failed(*d.Failure), nil
	case d.Accepted:
		return action{end: &end{await: true, quiet: true, reason: reason}}, nil
	default:
		return unsafe(request), nil
	}
}

func (d *departure) answer(context.Context, *work, cwmp.Message) error {
	d.Accepted = true
	return nil
}

func (d *departure) fault(_ context.Context, _ *work, f tasks.Fault) error {
	d.Failure = &f
	return nil
}

func (d *departure) resume(tasks.Flight) {}

// rebootJob reboots the device (TR-069 A.3.2.9).
type rebootJob struct{ departure }

func (j *rebootJob) next(_ context.Context, w *work) (action, error) {
	return j.departure.next(&cwmp.Reboot{CommandKey: w.task.CommandKey}, "the device accepted the reboot")
}

// factoryResetJob resets the device to factory settings (TR-069 A.3.2.10).
type factoryResetJob struct{ departure }

func (j *factoryResetJob) next(context.Context, *work) (action, error) {
	return j.departure.next(&cwmp.FactoryReset{}, "the device accepted the factory reset")
}
