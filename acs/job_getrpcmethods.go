package acs

import (
	"context"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// getRPCMethodsJob asks which RPCs the device knows (TR-069 A.3.1.1).
type getRPCMethodsJob struct {
	Done    bool
	Methods []string
	Failure *tasks.Fault
}

func (j *getRPCMethodsJob) next(context.Context, *work) (action, error) {
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return succeeded(tasks.GetRPCMethodsResult{Methods: nonNil(j.Methods)}), nil
	default:
		return read(&cwmp.GetRPCMethods{}), nil
	}
}

func (j *getRPCMethodsJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	j.Done, j.Methods = true, m.(*cwmp.GetRPCMethodsResponse).MethodList
	return w.limits.learnMethods(ctx, j.Methods, w.now)
}

func (j *getRPCMethodsJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *getRPCMethodsJob) resume(tasks.Flight) {}
