package acs

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// refreshJob reads a branch of the tree: its names, at once or level by level as
// the device bears, then the values of its leaves in batches.
type refreshJob struct {
	Begun bool
	// Path is the branch: the task's, or the device's root for the empty one.
	Path string
	// Levels are the objects still to be listed, where the whole branch at once
	// was too much.
	Levels  []string
	ByLevel bool
	Listed  bool
	Names   []cwmp.ParameterInfoStruct
	Batches batches
	Values  int
	Failure *tasks.Fault
}

func (j *refreshJob) next(ctx context.Context, w *work) (action, error) {
	if !j.Begun {
		j.begin(w)
	}
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case !j.Listed && j.ByLevel:
		return read(&cwmp.GetParameterNames{ParameterPath: j.Levels[0], NextLevel: true}), nil
	case !j.Listed:
		return read(&cwmp.GetParameterNames{ParameterPath: j.Path}), nil
	case !j.Batches.done():
		return read(&cwmp.GetParameterValues{ParameterNames: j.Batches.current()}), nil
	}
	if err := w.replace(ctx, j.Path, j.Names); err != nil {
		return action{}, err
	}
	faults := j.Batches.Faults
	if len(faults) > tasks.MaxRefreshFaults {
		faults = faults[:tasks.MaxRefreshFaults]
	}
	return succeeded(tasks.RefreshResult{Names: len(j.Names), Values: j.Values, Faults: faults}), nil
}

func (j *refreshJob) begin(w *work) {
	j.Begun = true
	j.Path = w.args.(*tasks.RefreshArgs).Path
	if j.Path == "" {
		j.Path = w.device.Root // Many devices refuse the empty path, all know their root.
	}
	if w.limits.limits.LevelByLevel && (j.Path == "" || device.IsObject(j.Path)) {
		j.ByLevel, j.Levels = true, []string{j.Path}
	}
}

func (j *refreshJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	switch answer := m.(type) {
	case *cwmp.GetParameterNamesResponse:
		j.listed(answer.ParameterList)
		if len(j.Names) > device.MaxParameters {
			j.Failure = &tasks.Fault{Reason: tasks.TooLarge, String: fmt.Sprintf("the branch has more than the %d parameters that are kept of a device", device.MaxParameters)}
			return nil
		}
		if j.Listed {
			j.Batches = newBatches(leaves(j.Names), w.limits.names())
		}
	case *cwmp.GetParameterValuesResponse:
		j.Batches.answered()
		j.Values += len(answer.ParameterList)
		return w.noteValues(ctx, answer.ParameterList)
	}
	return nil
}

func (j *refreshJob) listed(list []cwmp.ParameterInfoStruct) {
	if !j.ByLevel {
		j.Names, j.Listed = list, true
		return
	}
	level := j.Levels[0]
	j.Levels = j.Levels[1:]
	for _, p := range list {
		if p.Name == level {
			continue // Some devices list the object itself.
		}
		j.Names = append(j.Names, p)
		if device.IsObject(p.Name) {
			j.Levels = append(j.Levels, p.Name)
		}
	}
	j.Listed = len(j.Levels) == 0
}

func (j *refreshJob) fault(ctx context.Context, w *work, f tasks.Fault) (err error) {
	switch {
	case j.Listed:
		j.Failure, err = j.Batches.valuesRefused(ctx, w, f)
	case tooLarge(f.Code) && !j.ByLevel && (j.Path == "" || device.IsObject(j.Path)):
		j.ByLevel, j.Levels = true, []string{j.Path}
		err = w.limits.levelByLevel(ctx)
	default:
		j.Failure = &f
	}
	return err
}

func (j *refreshJob) resume(tasks.Flight) {}

func leaves(list []cwmp.ParameterInfoStruct) []string {
	paths := make([]string, 0, len(list))
	for _, p := range list {
		if !device.IsObject(p.Name) && device.CheckPath(p.Name) == nil {
			paths = append(paths, p.Name)
		}
	}
	return paths
}
