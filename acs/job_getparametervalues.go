package acs

import (
	"context"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// getParameterValuesJob reads values (TR-069 A.3.2.2) in batches that the
// device bears, and reports the names that it could not read.
type getParameterValuesJob struct {
	Begun   bool
	Batches batches
	Values  []tasks.ParameterValue
	Failure *tasks.Fault
}

func (j *getParameterValuesJob) next(_ context.Context, w *work) (action, error) {
	if !j.Begun {
		j.Begun = true
		j.Batches = newBatches(w.args.(*tasks.GetParameterValuesArgs).Paths, w.limits.names())
	}
	if j.Failure != nil {
		return failed(*j.Failure), nil
	}
	if !j.Batches.done() {
		return read(&cwmp.GetParameterValues{ParameterNames: j.Batches.current()}), nil
	}
	if len(j.Values) == 0 && j.Batches.First != nil {
		f := *j.Batches.First
		f.Parameters = j.Batches.Faults
		return failed(f), nil
	}
	if j.Values == nil {
		j.Values = []tasks.ParameterValue{}
	}
	return succeeded(tasks.GetParameterValuesResult{Values: j.Values, Faults: j.Batches.Faults}), nil
}

func (j *getParameterValuesJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	list := m.(*cwmp.GetParameterValuesResponse).ParameterList
	if err := w.noteValues(ctx, list); err != nil {
		return err
	}
	for _, p := range list {
		j.Values = append(j.Values, resultValue(p))
	}
	j.Batches.answered()
	return nil
}

func (j *getParameterValuesJob) fault(ctx context.Context, w *work, f tasks.Fault) (err error) {
	j.Failure, err = j.Batches.valuesRefused(ctx, w, f)
	return err
}

func (j *getParameterValuesJob) resume(tasks.Flight) {}

// noteValues stores what the device reported.
func (w *work) noteValues(ctx context.Context, list []cwmp.ParameterValueStruct) error {
	observations, err := w.tree.values(w.device.ID, list)
	if err != nil {
		return err
	}
	return w.tree.observe(ctx, w.device.ID, w.now, observations)
}
