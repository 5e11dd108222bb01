package acs

import (
	"context"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// acceptance is what the jobs share whose RPC is answered with nothing, and whose
// outcome the device shows later (evidence.go).
type acceptance struct {
	Accepted bool
	Failure  *tasks.Fault
}

// next returns how the job ends, or send where its request is to be sent first.
func (a *acceptance) next(reason string) (act action, send bool) {
	switch {
	case a.Failure != nil:
		return failed(*a.Failure), false
	case a.Accepted:
		return awaits(reason), false
	default:
		return action{}, true
	}
}

func (a *acceptance) answer(context.Context, *work, cwmp.Message) error {
	a.Accepted = true
	return nil
}

func (a *acceptance) fault(_ context.Context, _ *work, f tasks.Fault) error {
	a.Failure = &f
	return nil
}

func (a *acceptance) resume(tasks.Flight) {}
