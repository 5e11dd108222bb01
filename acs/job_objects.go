package acs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// addObjectJob adds an instance (TR-069 A.3.2.6) and sets parameters on it.
// AddObject is not idempotent: the job lists the instances first, and after a
// lost answer it is the new one in that list that shows what happened.
type addObjectJob struct {
	// Listed says that Before was read; Before are the instance numbers then.
	Listed, ListKnown bool
	Before            []int
	// Look says that the answer to AddObject was lost.
	Look      bool
	Confirmed bool
	Instance  int
	Status    int
	Setter    setter
	Unknown   string
	Failure   *tasks.Fault
}

func (j *addObjectJob) next(ctx context.Context, w *work) (action, error) {
	args := w.args.(*tasks.AddObjectArgs)
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Unknown != "":
		return failedFor(tasks.Fault{Reason: tasks.OutcomeUnknown, String: j.Unknown}), nil
	case j.Instance == 0 && (!j.Listed || j.Look):
		return read(&cwmp.GetParameterNames{ParameterPath: args.ObjectName, NextLevel: true, Words: w.behaviour.NextLevelWords}), nil
	case j.Instance == 0:
		return unsafe(&cwmp.AddObject{ObjectName: args.ObjectName, ParameterKey: w.device.ParameterKey}), nil
	case len(args.Parameters) > 0:
		set, err := j.Setter.next(ctx, w, j.settings(args), "", false)
		if err != nil || set.request != nil {
			return set, err
		}
		if set.end.fault != nil {
			f := *set.end.fault
			f.String = fmt.Sprintf("instance %d was added, but its parameters were refused: %s", j.Instance, f.String)
			return failedFor(f), nil
		}
	}
	return succeeded(tasks.AddObjectResult{InstanceNumber: j.Instance, Status: max(j.Status, j.Setter.Status), Confirmed: j.Confirmed}), nil
}

// settings returns the parameters of the new instance with their full paths.
func (j *addObjectJob) settings(args *tasks.AddObjectArgs) []tasks.ParameterSetting {
	settings := slices.Clone(args.Parameters)
	for i := range settings {
		settings[i].Path = args.ObjectName + strconv.Itoa(j.Instance) + "." + settings[i].Path
	}
	return settings
}

func (j *addObjectJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	args := w.args.(*tasks.AddObjectArgs)
	switch answer := m.(type) {
	case *cwmp.GetParameterNamesResponse:
		j.listed(instances(args.ObjectName, answer.ParameterList))
		return w.tree.observe(ctx, w.device.ID, w.now, names(answer.ParameterList))
	case *cwmp.AddObjectResponse:
		j.Instance, j.Status = answer.InstanceNumber, answer.Status
		if j.Instance < 1 {
			j.Unknown = "the device answered AddObject without an instance number"
			return nil
		}
		writable := true
		return w.tree.observe(ctx, w.device.ID, w.now, []device.Observation{{Path: args.ObjectName + strconv.Itoa(j.Instance) + ".", Writable: &writable}})
	default:
		return j.Setter.answer(ctx, w, j.settings(args), m)
	}
}

func (j *addObjectJob) listed(now []int) {
	if !j.Look {
		j.Listed, j.ListKnown, j.Before = true, true, now
		return
	}
	j.Look = false
	added := slices.DeleteFunc(now, func(n int) bool { return slices.Contains(j.Before, n) })
	switch {
	case !j.ListKnown:
		j.Unknown = "the answer to AddObject was lost, and the instances before it are not known"
	case len(added) == 1:
		j.Instance, j.Confirmed = added[0], true
	case len(added) == 0:
		j.Unknown = "the answer to AddObject was lost, and no new instance is there; a retry sends it again"
	default:
		j.Unknown = fmt.Sprintf("the answer to AddObject was lost, and %d new instances are there", len(added))
	}
}

func (j *addObjectJob) fault(ctx context.Context, w *work, f tasks.Fault) error {
	switch {
	case j.Instance != 0:
		return j.Setter.fault(ctx, w, f)
	case j.Look:
		j.Unknown = "the answer to AddObject was lost, and the instances cannot be listed: " + f.Error()
	case !j.Listed:
		j.Listed = true // A device that cannot list an object without instances may still add one.
	default:
		j.Failure = &f
	}
	return nil
}

func (j *addObjectJob) resume(tasks.Flight) {
	if j.Instance != 0 {
		j.Setter.resume()
		return
	}
	j.Look = true
}

// instances returns the instance numbers of an object among names.
func instances(object string, list []cwmp.ParameterInfoStruct) []int {
	numbers := []int{}
	for _, p := range list {
		rest, ok := strings.CutPrefix(p.Name, object)
		if !ok {
			continue
		}
		segment, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(segment); err == nil && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// deleteObjectJob deletes an instance (TR-069 A.3.2.7). After a lost answer it
// looks whether the instance is still there.
type deleteObjectJob struct {
	Look    bool
	Gone    bool
	Done    bool
	Status  int
	Failure *tasks.Fault
}

func (j *deleteObjectJob) next(ctx context.Context, w *work) (action, error) {
	args := w.args.(*tasks.DeleteObjectArgs)
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done || j.Gone:
		if err := w.forget(ctx, args.ObjectName); err != nil {
			return action{}, err
		}
		return succeeded(tasks.DeleteObjectResult{Status: j.Status, Confirmed: j.Gone}), nil
	case j.Look:
		return read(&cwmp.GetParameterNames{ParameterPath: args.ObjectName, NextLevel: true, Words: w.behaviour.NextLevelWords}), nil
	default:
		return idempotent(&cwmp.DeleteObject{ObjectName: args.ObjectName, ParameterKey: w.device.ParameterKey}), nil
	}
}

func (j *deleteObjectJob) answer(_ context.Context, _ *work, m cwmp.Message) error {
	if _, ok := m.(*cwmp.GetParameterNamesResponse); ok {
		j.Look = false
		return nil
	}
	j.Done, j.Status = true, m.(*cwmp.DeleteObjectResponse).Status
	return nil
}

func (j *deleteObjectJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	if j.Look {
		j.Look = false
		j.Gone = f.Code == cwmp.FaultInvalidParameterName
		return nil
	}
	j.Failure = &f
	return nil
}

func (j *deleteObjectJob) resume(tasks.Flight) { j.Look = true }
