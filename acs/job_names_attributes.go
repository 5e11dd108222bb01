package acs

import (
	"context"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// getParameterNamesJob lists names (TR-069 A.3.2.3).
type getParameterNamesJob struct {
	Names   []tasks.ParameterName
	Failure *tasks.Fault
	Done    bool
}

func (j *getParameterNamesJob) next(_ context.Context, w *work) (action, error) {
	args := w.args.(*tasks.GetParameterNamesArgs)
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return succeeded(tasks.GetParameterNamesResult{Names: j.Names}), nil
	default:
		return read(&cwmp.GetParameterNames{ParameterPath: args.Path, NextLevel: args.NextLevel, Words: w.behaviour.NextLevelWords}), nil
	}
}

func (j *getParameterNamesJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	list := m.(*cwmp.GetParameterNamesResponse).ParameterList
	j.Names, j.Done = make([]tasks.ParameterName, 0, len(list)), true
	for _, p := range list {
		j.Names = append(j.Names, tasks.ParameterName{Path: p.Name, Writable: p.Writable})
	}
	return w.tree.observe(ctx, w.device.ID, w.now, names(list))
}

func (j *getParameterNamesJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *getParameterNamesJob) resume(tasks.Flight) {}

// getParameterAttributesJob reads attributes (TR-069 A.3.2.5) in batches that
// the device bears.
type getParameterAttributesJob struct {
	Begun      bool
	Batches    batches
	Attributes []tasks.ParameterAttributes
	Failure    *tasks.Fault
}

func (j *getParameterAttributesJob) next(_ context.Context, w *work) (action, error) {
	if !j.Begun {
		j.Begun = true
		j.Batches = newBatches(w.args.(*tasks.GetParameterAttributesArgs).Paths, w.limits.names())
	}
	if j.Failure != nil {
		return failed(*j.Failure), nil
	}
	if !j.Batches.done() {
		return read(&cwmp.GetParameterAttributes{ParameterNames: j.Batches.current()}), nil
	}
	if len(j.Attributes) == 0 && j.Batches.First != nil {
		f := *j.Batches.First
		f.Parameters = j.Batches.Faults
		return failed(f), nil
	}
	if j.Attributes == nil {
		j.Attributes = []tasks.ParameterAttributes{}
	}
	return succeeded(tasks.GetParameterAttributesResult{Attributes: j.Attributes, Faults: j.Batches.Faults}), nil
}

func (j *getParameterAttributesJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	list := m.(*cwmp.GetParameterAttributesResponse).ParameterList
	for _, p := range list {
		j.Attributes = append(j.Attributes, tasks.ParameterAttributes{Path: p.Name, Notification: p.Notification, AccessList: nonNil(p.AccessList)})
	}
	j.Batches.answered()
	return w.tree.observe(ctx, w.device.ID, w.now, attributes(list))
}

func (j *getParameterAttributesJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	if !j.Batches.refused(f) {
		j.Failure = &f
	}
	return nil
}

func (j *getParameterAttributesJob) resume(tasks.Flight) {}

// attributes turns a list of attributes into observations.
func attributes(list []cwmp.ParameterAttributeStruct) []device.Observation {
	observations := make([]device.Observation, 0, len(list))
	for i := range list {
		p := &list[i]
		if device.CheckPath(p.Name) != nil || device.IsObject(p.Name) {
			continue
		}
		observations = append(observations, device.Observation{Path: p.Name, Notification: &p.Notification, AccessList: nonNil(p.AccessList)})
	}
	return observations
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// setParameterAttributesJob sets attributes (TR-069 A.3.2.4), in as many requests
// as the model needs. After a lost answer it reads them back first.
type setParameterAttributesJob struct {
	Look    bool
	Applied bool
	// Sent counts the parameters of requests that were answered, and Sending
	// those of the request under way.
	Sent    int
	Sending int
	Failure *tasks.Fault
}

func (j *setParameterAttributesJob) next(_ context.Context, w *work) (action, error) {
	settings := w.args.(*tasks.SetParameterAttributesArgs).Parameters
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Applied:
		return action{end: &end{result: struct{}{}, reason: "read back: it had been applied"}}, nil
	case j.Sent == len(settings):
		return succeeded(struct{}{}), nil
	case j.Look:
		request := &cwmp.GetParameterAttributes{}
		for _, s := range settings {
			request.ParameterNames = append(request.ParameterNames, s.Path)
		}
		return read(request), nil
	}
	toSend := settings[j.Sent:]
	if limit := w.limits.settings(); limit > 0 && len(toSend) > limit {
		toSend = toSend[:limit]
	}
	j.Sending = len(toSend)
	request := &cwmp.SetParameterAttributes{}
	for _, s := range toSend {
		p := cwmp.SetParameterAttributesStruct{Name: s.Path}
		if s.Notification != nil {
			p.NotificationChange, p.Notification = true, *s.Notification
		}
		if s.AccessList != nil {
			p.AccessListChange, p.AccessList = true, *s.AccessList
		}
		request.ParameterList = append(request.ParameterList, p)
	}
	return idempotent(request), nil
}

func (j *setParameterAttributesJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	settings := w.args.(*tasks.SetParameterAttributesArgs).Parameters
	if read, ok := m.(*cwmp.GetParameterAttributesResponse); ok {
		j.Look = false
		j.Applied = attributesApplied(settings, read.ParameterList)
		return w.tree.observe(ctx, w.device.ID, w.now, attributes(read.ParameterList))
	}
	accepted := settings[j.Sent : j.Sent+j.Sending]
	j.Sent += j.Sending
	var observations []device.Observation
	for _, s := range accepted {
		if device.IsObject(s.Path) {
			continue // Which leaves it touched is known when they are read.
		}
		o := device.Observation{Path: s.Path, Notification: s.Notification}
		if s.AccessList != nil {
			o.AccessList = nonNil(*s.AccessList)
		}
		observations = append(observations, o)
	}
	return w.tree.observe(ctx, w.device.ID, w.now, observations)
}

// attributesApplied reports whether every leaf reported is as it was to be set,
// and something was reported for each setting.
func attributesApplied(settings []tasks.AttributeSetting, list []cwmp.ParameterAttributeStruct) bool {
	for _, s := range settings {
		seen := false
		for _, p := range list {
			if p.Name != s.Path && !(device.IsObject(s.Path) && strings.HasPrefix(p.Name, s.Path)) {
				continue
			}
			seen = true
			if s.Notification != nil && p.Notification != *s.Notification || s.AccessList != nil && !slices.Equal(p.AccessList, *s.AccessList) {
				return false
			}
		}
		if !seen {
			return false
		}
	}
	return true
}

func (j *setParameterAttributesJob) fault(ctx context.Context, w *work, f tasks.Fault) error {
	switch {
	case j.Look:
		j.Look = false // What cannot be read back is sent again: it is idempotent.
		return nil
	case f.Code == resourcesExceeded && j.Sending > 1:
		return w.limits.tooManySettings(ctx, j.Sending)
	}
	j.Failure = &f
	return nil
}

func (j *setParameterAttributesJob) resume(tasks.Flight) { j.Look, j.Sent = true, 0 }
