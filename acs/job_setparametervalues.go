package acs

import (
	"context"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// setParameterValuesJob sets values (TR-069 A.3.2.1) in one request, which the
// device applies as a whole or not at all.
type setParameterValuesJob struct {
	Setter setter
}

func (j *setParameterValuesJob) next(ctx context.Context, w *work) (action, error) {
	args := w.args.(*tasks.SetParameterValuesArgs)
	return j.Setter.next(ctx, w, args.Parameters, args.ParameterKey, args.OnlyIfDifferent)
}

func (j *setParameterValuesJob) answer(ctx context.Context, w *work, m cwmp.Message) error {
	return j.Setter.answer(ctx, w, w.args.(*tasks.SetParameterValuesArgs).Parameters, m)
}

func (j *setParameterValuesJob) fault(ctx context.Context, w *work, f tasks.Fault) error {
	return j.Setter.fault(ctx, w, f)
}

func (j *setParameterValuesJob) resume(tasks.Flight) { j.Setter.resume() }

// setter sets parameters for the jobs that do. Before the request it reads what
// it needs to know: the types that neither the task nor the store names, the
// values if only differences are to be sent, and, after a lost answer, whether
// the values are there already.
type setter struct {
	// Stage is where it is.
	Stage setterStage
	// Types are those that the device reports.
	Types map[string]string
	// Same are the paths whose values the device reported to be so already.
	Same   []string
	Looked bool
	// Resumed says that an earlier attempt's answer was lost.
	Resumed bool
	// Sent counts the parameters of requests that were answered, for models that
	// take but a few at a time.
	// Sending are those of the request under way, and Total those of all.
	Sent    int
	Sending int
	Total   int
	Status  int
	Failure *tasks.Fault
}

type setterStage string

const (
	setterBegin setterStage = ""
	setterLook  setterStage = "look"
	setterSend  setterStage = "send"
	setterDone  setterStage = "done"
)

func (s *setter) resume() {
	s.Stage, s.Looked, s.Same, s.Resumed, s.Sent = setterBegin, false, nil, true, 0
}

func (s *setter) next(ctx context.Context, w *work, settings []tasks.ParameterSetting, parameterKey string, onlyIfDifferent bool) (action, error) {
	if s.Stage == setterBegin {
		if err := s.begin(ctx, w, settings); err != nil {
			return action{}, err
		}
	}
	if s.Stage == setterLook {
		if look := s.toLookAt(settings, onlyIfDifferent); len(look) > 0 {
			return read(&cwmp.GetParameterValues{ParameterNames: look}), nil
		}
		s.Stage = setterSend
	}
	switch {
	case s.Failure != nil:
		return failed(*s.Failure), nil
	case s.Stage == setterDone:
		return succeeded(tasks.SetParameterValuesResult{Status: s.Status}), nil
	}
	toSend := s.toSend(w.behaviour, settings, onlyIfDifferent)
	s.Total = len(toSend)
	toSend = toSend[min(s.Sent, len(toSend)):]
	if limit := w.limits.settings(); limit > 0 && len(toSend) > limit {
		toSend = toSend[:limit]
	}
	s.Sending = len(toSend)
	if len(toSend) == 0 {
		return succeeded(tasks.SetParameterValuesResult{Unchanged: !s.Resumed, Confirmed: s.Resumed}), nil
	}
	if parameterKey == "" {
		parameterKey = w.device.ParameterKey // The request sets it; an empty one would wipe what another task left there.
	}
	return idempotent(&cwmp.SetParameterValues{ParameterList: toSend, ParameterKey: parameterKey}), nil
}

func (s *setter) begin(ctx context.Context, w *work, settings []tasks.ParameterSetting) error {
	var unknown []string
	for _, p := range settings {
		if p.Type == "" {
			unknown = append(unknown, p.Path)
		}
	}
	s.Types = map[string]string{}
	if len(unknown) > 0 {
		known, err := w.tree.types(ctx, w.device.ID, unknown)
		if err != nil {
			return err
		}
		s.Types = known
	}
	s.Stage = setterLook
	return nil
}

// toLookAt returns the paths to read before anything is set.
func (s *setter) toLookAt(settings []tasks.ParameterSetting, onlyIfDifferent bool) []string {
	if s.Looked {
		return nil
	}
	s.Looked = true
	var paths []string
	for _, p := range settings {
		if onlyIfDifferent || s.Resumed || (p.Type == "" && s.Types[p.Path] == "") {
			paths = append(paths, p.Path)
		}
	}
	return paths
}

// toSend returns the parameters of the request, or of several where the model takes
// but a few at a time.
func (s *setter) toSend(behaviour *quirks.Behaviour, settings []tasks.ParameterSetting, onlyIfDifferent bool) []cwmp.ParameterValueStruct {
	all := make([]cwmp.ParameterValueStruct, 0, len(settings))
	different := 0
	for _, p := range settings {
		xsdType := s.typeOf(behaviour, p)
		all = append(all, cwmp.ParameterValueStruct{Name: p.Path, Value: toWire(behaviour, string(p.Value), xsdType), Type: xsdType})
		if !slices.Contains(s.Same, p.Path) {
			different++
		}
	}
	if different == 0 && (s.Resumed || onlyIfDifferent) {
		return nil
	}
	if !onlyIfDifferent {
		return all
	}
	return slices.DeleteFunc(all, func(v cwmp.ParameterValueStruct) bool { return slices.Contains(s.Same, v.Name) })
}

func (s *setter) typeOf(behaviour *quirks.Behaviour, p tasks.ParameterSetting) string {
	if known, ok := behaviour.Type(p.Path); ok {
		return known
	}
	if p.Type != "" {
		return cwmp.NormalType(p.Type)
	}
	if known := s.Types[p.Path]; known != "" {
		return known
	}
	return cwmp.TypeString
}

func (s *setter) answer(ctx context.Context, w *work, settings []tasks.ParameterSetting, m cwmp.Message) error {
	switch answer := m.(type) {
	case *cwmp.GetParameterValuesResponse:
		s.looked(settings, answer.ParameterList)
		s.Stage = setterSend
		return w.noteValues(ctx, answer.ParameterList)
	case *cwmp.SetParameterValuesResponse:
		s.Status = max(s.Status, answer.Status)
		s.Sent += s.Sending
		if s.Sent < s.Total {
			return nil
		}
		s.Stage = setterDone
		return w.noteSet(ctx, settings, func(p tasks.ParameterSetting) string { return s.typeOf(w.behaviour, p) })
	}
	return nil
}

func (s *setter) looked(settings []tasks.ParameterSetting, list []cwmp.ParameterValueStruct) {
	reported := make(map[string]cwmp.ParameterValueStruct, len(list))
	for _, v := range list {
		reported[v.Name] = v
		s.Types[v.Name] = v.Type
	}
	for _, p := range settings {
		v, ok := reported[p.Path]
		// A secret reads back empty whatever it is (TR-069, hidden parameters), so
		// that it is the same is never known.
		if ok && !secret.NameIsSecret(p.Path) && cwmp.SameValue(string(p.Value), v.Value, v.Type) {
			s.Same = append(s.Same, p.Path)
		}
	}
}

func (s *setter) fault(ctx context.Context, w *work, f tasks.Fault) error {
	switch {
	case s.Stage == setterLook:
		// What cannot be read may still be set; if not, the device says why.
		s.Stage = setterSend
		return nil
	case f.Code == resourcesExceeded && s.Sending > 1:
		// Nothing of it is set (TR-069 A.3.2.1); half of it may be.
		return w.limits.tooManySettings(ctx, s.Sending)
	}
	if s.Sent > 0 {
		f.String = fmt.Sprintf("%s (%d of %d parameters were set before, as the model takes but a few at a time)", f.String, s.Sent, s.Total)
	}
	s.Failure = &f
	return nil
}

// resourcesExceeded is the fault of a request that is too large (TR-069 A.5.1).
const resourcesExceeded = 9004

// noteSet stores what the device accepted.
func (w *work) noteSet(ctx context.Context, settings []tasks.ParameterSetting, typeOf func(tasks.ParameterSetting) string) error {
	observations := make([]device.Observation, 0, len(settings))
	for _, p := range settings {
		xsdType := typeOf(p)
		sent := cwmp.ParameterValueStruct{Name: p.Path, Value: cwmp.WireValue(string(p.Value), xsdType), Type: xsdType}
		value, err := w.tree.value(w.device.ID, sent.Name, sent.Value, sent.Type)
		if err != nil {
			return err
		}
		observations = append(observations, device.Observation{Path: p.Path, Value: value})
		w.set = append(w.set, sent)
	}
	return w.tree.observe(ctx, w.device.ID, w.now, observations)
}

// toWire returns a value as this device wants it.
func toWire(behaviour *quirks.Behaviour, text, xsdType string) string {
	value := cwmp.WireValue(text, xsdType)
	if !behaviour.BooleanWords || xsdType != cwmp.TypeBoolean {
		return value
	}
	switch value {
	case "1":
		return "true"
	case "0":
		return "false"
	default:
		return value
	}
}
