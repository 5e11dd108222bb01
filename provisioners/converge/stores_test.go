package converge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
)

// records are device records, parameters and the task queue in memory. They count calls.
type records struct {
	device.ParameterStore // What a course does not call.

	devices map[device.ID]device.Device
	values  map[device.ID]map[string]device.Parameter
	tasks   []tasks.Task
	files   map[string]files.File
	calls   int
}

func (r *records) apply(id device.ID, change func(device.Device) (device.Device, error)) error {
	r.calls++
	d, ok := r.devices[id]
	if !ok {
		return device.ErrNotFound
	}
	after, err := change(d)
	if err == nil {
		r.devices[id] = after
	}
	return err
}

func (r *records) Mark(_ context.Context, id device.ID, m device.Mark) (changed bool, err error) {
	err = r.apply(id, func(d device.Device) (device.Device, error) { d, changed = d.ApplyMark(m); return d, nil })
	return changed, err
}

func (r *records) NoteFetched(_ context.Context, id device.ID, f device.Fetched) error {
	return r.apply(id, func(d device.Device) (device.Device, error) { return d.ApplyFetched(f), nil })
}

func (r *records) NoteConverged(_ context.Context, id device.ID, c device.Converged) error {
	return r.apply(id, func(d device.Device) (device.Device, error) { return d.ApplyConverged(c) })
}

func (r *records) Reconsider(_ context.Context, id device.ID, at time.Time) error {
	return r.apply(id, func(d device.Device) (device.Device, error) { return d.Reconsider(at), nil })
}

func (r *records) Values(_ context.Context, id device.ID, paths []string) (found []device.Parameter, err error) {
	r.calls++
	for _, path := range paths {
		if p, ok := r.values[id][path]; ok {
			found = append(found, p)
		}
	}
	return found, nil
}

func (r *records) observe(id device.ID, path, value, xsdType string) {
	if r.values[id] == nil {
		r.values[id] = map[string]device.Parameter{}
	}
	r.values[id][path] = device.Parameter{Path: path, Value: value, Type: xsdType, Known: true}
}

// queue, library and profiles are what a course has of the rest.
type taskQueue struct{ *records }

func (q taskQueue) Enqueue(_ context.Context, n tasks.New) (tasks.Task, error) {
	q.calls++
	for _, t := range q.tasks {
		if t.Device == n.Device && t.UniqueKey == n.UniqueKey && !t.State.Final() {
			return tasks.Task{}, &tasks.DuplicateError{Existing: t.ID}
		}
	}
	t := tasks.Task{ID: tasks.ID(fmt.Sprint("task", len(q.tasks)+1)), Device: n.Device, Kind: n.Kind, Args: n.Args, UniqueKey: n.UniqueKey, State: tasks.Queued}
	q.records.tasks = append(q.records.tasks, t)
	return t, nil
}

func (q taskQueue) Get(_ context.Context, id tasks.ID) (tasks.Task, error) {
	q.calls++
	for _, t := range q.tasks {
		if t.ID == id {
			return t, nil
		}
	}
	return tasks.Task{}, tasks.ErrNotFound
}

type library struct{ *records }

func (l library) Get(_ context.Context, name string) (files.File, error) {
	l.calls++
	f, ok := l.files[name]
	if !ok {
		return files.File{}, files.ErrNotFound
	}
	return f, nil
}

// profileHashes identify a file by the settings that are in it.
type profileHashes struct{}

func (profileHashes) Hash(_ context.Context, _ device.Device, e *provisioners.Effective, owned []string) (string, bool, error) {
	var in []string
	for i := range e.Settings {
		if s := &e.Settings[i]; !slices.Contains(owned, s.Path) && !forServer(s.Path) {
			in = append(in, s.Path+"="+s.Value)
		}
	}
	return strings.Join(in, ";"), true, nil
}
