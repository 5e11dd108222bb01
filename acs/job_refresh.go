package acs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/quirks"
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
		return read(&cwmp.GetParameterNames{ParameterPath: j.Levels[0], NextLevel: !w.behaviour.Whole(j.Levels[0]), Words: w.behaviour.NextLevelWords}), nil
	case !j.Listed:
		return read(&cwmp.GetParameterNames{ParameterPath: j.Path, Words: w.behaviour.NextLevelWords}), nil
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
	switch branches := w.behaviour.RootBranches; {
	case j.Path == w.device.Root && len(branches) > 0:
		// Nothing is asked of the root itself; what is listed of it are the branches.
		j.ByLevel = true
		j.Names = append(j.Names, cwmp.ParameterInfoStruct{Name: j.Path})
		for _, branch := range branches {
			j.Names = append(j.Names, cwmp.ParameterInfoStruct{Name: j.Path + branch})
			j.Levels = append(j.Levels, j.Path+branch)
		}
	case w.limits.byLevel() && (j.Path == "" || device.IsObject(j.Path)):
		j.ByLevel, j.Levels = true, []string{j.Path}
	}
}

func (j *refreshJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	switch answer := m.(type) {
	case *cwmp.GetParameterNamesResponse:
		j.listed(answer.ParameterList, w.behaviour)
		if len(j.Names) > device.MaxParameters {
			j.Failure = &tasks.Fault{Reason: tasks.TooLarge, String: fmt.Sprintf("the branch has more than the %d parameters that are kept of a device", device.MaxParameters)}
			return nil
		}
		if j.Listed {
			j.Batches = newBatches(leaves(j.Names, w.behaviour), w.limits.names())
		}
	case *cwmp.GetParameterValuesResponse:
		j.Batches.answered()
		j.Values += len(answer.ParameterList)
		return w.noteValues(ctx, answer.ParameterList)
	}
	return nil
}

func (j *refreshJob) listed(list []cwmp.ParameterInfoStruct, behaviour *quirks.Behaviour) {
	if !j.ByLevel {
		j.Names, j.Listed = list, true
		return
	}
	level := j.Levels[0]
	j.Levels = j.Levels[1:]
	seen := make(map[string]bool, len(list))
	for _, p := range list {
		// Some devices list the object itself, what is elsewhere, or all levels: to
		// follow that might never end.
		if seen[p.Name] || !isBelow(p.Name, level, behaviour.Whole(level)) {
			continue
		}
		seen[p.Name] = true
		j.Names = append(j.Names, p)
		if device.IsObject(p.Name) && !behaviour.Whole(level) {
			j.Levels = append(j.Levels, p.Name)
		}
	}
	j.Listed = len(j.Levels) == 0
}

func (j *refreshJob) fault(ctx context.Context, w *work, f tasks.Fault) (err error) {
	switch {
	case j.Listed:
		j.Failure, err = j.Batches.valuesRefused(ctx, w, f)
	case j.ByLevel && f.Code == invalidName && j.Levels[0] != j.Path:
		j.without(w, j.Levels[0]) // It is listed, or expected of the model, and not there.
	case tooLarge(f.Code) && !j.ByLevel && (j.Path == "" || device.IsObject(j.Path)):
		j.ByLevel, j.Levels = true, []string{j.Path}
		err = w.limits.levelByLevel(ctx)
	default:
		j.Failure = &f
	}
	return err
}

// isBelow reports whether a name is a valid one below an object; directly, unless deep.
func isBelow(name, object string, deep bool) bool {
	rest, below := strings.CutPrefix(name, object)
	if !below || rest == "" || device.CheckPath(name) != nil {
		return false
	}
	dot := strings.IndexByte(rest, '.')
	return deep || dot < 0 || dot == len(rest)-1
}

// invalidName is the fault of a path that the device does not have (TR-069 A.5.1).
const invalidName = 9005

// without leaves out the branch that comes next.
func (j *refreshJob) without(w *work, branch string) {
	j.Names = slices.DeleteFunc(j.Names, func(p cwmp.ParameterInfoStruct) bool { return p.Name == branch })
	j.Levels = j.Levels[1:]
	if j.Listed = len(j.Levels) == 0; j.Listed {
		j.Batches = newBatches(leaves(j.Names, w.behaviour), w.limits.names())
	}
}

func (j *refreshJob) resume(tasks.Flight) {}

func leaves(list []cwmp.ParameterInfoStruct, behaviour *quirks.Behaviour) []string {
	paths := make([]string, 0, len(list))
	for _, p := range list {
		if !device.IsObject(p.Name) && device.CheckPath(p.Name) == nil && !behaviour.Ignores(p.Name) {
			paths = append(paths, p.Name)
		}
	}
	return paths
}
