package acs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// diagnosticsJob has the device test something (TR-098, TR-181, TR-143): it finds
// the object, sets the inputs and last DiagnosticsState in one SetParameterValues,
// and once the device says 8 DIAGNOSTICS COMPLETE, or is asked, reads the outcome.
type diagnosticsJob struct {
	// Object is the object of the test once it was found; Candidates are those not
	// yet asked for. Inputs are the names of the parameters that it has.
	Begun      bool
	Candidates []string
	Object     string
	Inputs     []string
	// Guessed says that Inputs are what the store knew, not what the device said.
	Guessed bool
	// Look says that the answer to the request was lost; Ask that the device is
	// asked whether it is done.
	Look, Ask  bool
	Accepted   bool
	Unfinished bool
	Result     json.RawMessage `json:",omitempty"`
	Failure    *tasks.Fault
	// Final says that another attempt would not help.
	Final bool
}

const diagnosticsState = "DiagnosticsState"

func (j *diagnosticsJob) next(ctx context.Context, w *work) (action, error) {
	if !j.Begun {
		if err := j.begin(ctx, w); err != nil {
			return action{}, err
		}
	}
	switch {
	case j.Failure != nil && j.Final:
		return failedFor(*j.Failure), nil
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Result != nil:
		return succeeded(j.Result), nil
	case j.Unfinished:
		return awaits("the device is not done yet"), nil
	case j.Accepted:
		return awaits("the device began"), nil
	case j.Look || j.Ask:
		return read(&cwmp.GetParameterValues{ParameterNames: []string{j.Object}}), nil
	case j.Object == "" && len(j.Candidates) == 0:
		return failedFor(tasks.Fault{Reason: tasks.NotSupported, String: fmt.Sprintf("%s has no object for %s", w.limits.model(), w.task.Kind)}), nil
	case j.Object == "":
		return read(&cwmp.GetParameterNames{ParameterPath: j.Candidates[0], NextLevel: true}), nil
	}
	request := &cwmp.SetParameterValues{ParameterKey: w.device.ParameterKey}
	for _, p := range j.settings(w) {
		request.ParameterList = append(request.ParameterList, cwmp.ParameterValueStruct{Name: p.Path, Value: string(p.Value), Type: p.Type})
	}
	return idempotent(request), nil
}

// begin looks in the store which object the device has.
func (j *diagnosticsJob) begin(ctx context.Context, w *work) error {
	j.Begun = true
	j.Candidates = diagnosticsObjects(w.task.Kind, w.device.Root)
	for _, object := range j.Candidates {
		known, err := w.tree.store.Parameters(ctx, w.device.ID, object, "", maxInputs)
		if err != nil {
			return fmt.Errorf("look for %s: %w", object, err)
		}
		var inputs []string
		for _, p := range known {
			inputs = append(inputs, strings.TrimPrefix(p.Path, object))
		}
		if slices.Contains(inputs, diagnosticsState) {
			j.Object, j.Inputs, j.Guessed = object, inputs, true
			return nil
		}
	}
	return nil
}

// maxInputs bounds what is looked at of an object.
const maxInputs = 200

// settings are what is set: the inputs that the task names, those that the object
// has besides, so that nothing is left of the test before, and the request last.
func (j *diagnosticsJob) settings(w *work) []tasks.ParameterSetting {
	var all []tasks.ParameterSetting
	for _, in := range diagnosticsInputs(w.args) {
		if in.given || slices.Contains(j.Inputs, in.name) {
			all = append(all, tasks.ParameterSetting{Path: j.Object + in.name, Value: tasks.Text(in.value), Type: in.xsdType})
		}
	}
	return append(all, tasks.ParameterSetting{Path: j.Object + diagnosticsState, Value: "Requested", Type: cwmp.TypeString})
}

func (j *diagnosticsJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	switch m := m.(type) {
	case *cwmp.GetParameterNamesResponse:
		j.found(m.ParameterList)
		return w.tree.observe(ctx, w.device.ID, w.now, names(m.ParameterList))
	case *cwmp.SetParameterValuesResponse:
		j.Accepted = true
		return w.noteSet(ctx, j.settings(w), func(p tasks.ParameterSetting) string { return p.Type })
	case *cwmp.GetParameterValuesResponse:
		if err := j.read(w, m.ParameterList); err != nil {
			return err
		}
		return w.noteValues(ctx, m.ParameterList)
	default:
		return nil
	}
}

// found takes the object if its list of parameters is one of a test.
func (j *diagnosticsJob) found(list []cwmp.ParameterInfoStruct) {
	object := j.Candidates[0]
	j.Candidates = j.Candidates[1:]
	var inputs []string
	for _, p := range list[:min(len(list), maxInputs)] {
		if name, ok := strings.CutPrefix(p.Name, object); ok && name != "" && !device.IsObject(name) {
			inputs = append(inputs, name)
		}
	}
	if slices.Contains(inputs, diagnosticsState) {
		j.Object, j.Inputs = object, inputs
	}
}

// read takes what the object holds.
func (j *diagnosticsJob) read(w *work, list []cwmp.ParameterValueStruct) error {
	values := make(map[string]string, len(list))
	for _, p := range list {
		if name, ok := strings.CutPrefix(p.Name, j.Object); ok {
			values[name] = strings.TrimSpace(p.Value)
		}
	}
	state := values[diagnosticsState]
	if j.Look {
		// An outcome may be that of the test before: only one that has begun is
		// known to be ours.
		j.Look, j.Accepted = false, state == "Requested" && j.sameInputs(w, values)
		return nil
	}
	j.Ask = false
	switch {
	case state == "Complete" || state == "Completed":
		result, err := json.Marshal(diagnosticsResult(w.args, values))
		if err != nil {
			return fmt.Errorf("encode result of %s: %w", w.task.Kind, err)
		}
		j.Result = result
	case state == "Requested":
		j.Unfinished = true
	default:
		j.Final, j.Failure = true, &tasks.Fault{Reason: tasks.DiagnosticsFailed, String: diagnosticsFault(state)}
	}
	return nil
}

func (j *diagnosticsJob) sameInputs(w *work, values map[string]string) bool {
	for _, p := range j.settings(w) {
		if values[strings.TrimPrefix(p.Path, j.Object)] != string(p.Value) {
			return false
		}
	}
	return true
}

func (j *diagnosticsJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	switch {
	case j.Look:
		j.Look = false // What cannot be read is requested again.
	case j.Ask && (f.Code == 9001 || splittable(f.Code) && f.Code != cwmp.FaultInvalidParameterName):
		j.Ask, j.Unfinished = false, true // The test goes on all the same.
	case j.Object == "" && f.Code == cwmp.FaultInvalidParameterName:
		j.Candidates = j.Candidates[1:]
	case j.Guessed && !j.Ask && unknownParameter(f):
		j.Object, j.Inputs, j.Guessed = "", nil, false // The store was out of date.
	default:
		j.Failure, j.Final = &f, j.Ask
	}
	return nil
}

// unknownParameter reports whether the device lacks a parameter that it was to set.
func unknownParameter(f tasks.Fault) bool {
	return f.Code == cwmp.FaultInvalidParameterName ||
		slices.ContainsFunc(f.Parameters, func(p tasks.ParameterFault) bool { return p.Code == cwmp.FaultInvalidParameterName })
}

func (j *diagnosticsJob) resume(f tasks.Flight) {
	j.Accepted, j.Unfinished = false, false
	j.Ask, j.Look = f.Answered, !f.Answered
}
