package cpe

import (
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// What odd devices bear.
const (
	oddFewNames = 16
	oddNames    = 32
	oddListing  = 100
	rdkNames    = 256
)

// answerOddities are about how RPCs are answered. Most are refusals of what other
// devices take.
var answerOddities = []Oddity{
	{Name: "values-applied-later", Manner: "answers SetParameterValues with Status 1 and applies the values after the session", config: quirk(func(q *Quirks) { q.ApplyLater = true })},
	{Name: "status-one", Manner: "answers SetParameterValues with Status 1 although all is applied", envelope: answering(func(m *cwmp.SetParameterValuesResponse) { m.Status = 1 })},
	{Name: "no-status", Manner: "leaves Status out of its answers", text: without("Status")},
	{Name: "worded-status", Manner: "writes a word where Status is a number", text: changed(func(text string) string { return cutElement(text, "Status", "<Status>ok</Status>") })},
	{Name: "ignores-sets", Manner: "takes SetParameterValues and sets nothing", answer: ignoreSets},
	{Name: "few-parameters", Manner: "answers 9004 to requests for more than 16 parameters", config: quirk(func(q *Quirks) { q.MaxParameters = 16 })},
	{Name: "names-16", Manner: "answers 9004 to GetParameterValues of more than 16 names", answer: refuseNames(oddFewNames+1, cwmp.FaultResourcesExceeded)},
	{Name: "names-9002", Manner: "answers 9002 to GetParameterValues of 32 names", answer: refuseNames(oddNames, cwmp.FaultInternalError)},
	{Name: "names-9003", Manner: "answers 9003 to GetParameterValues of 32 names", answer: refuseNames(oddNames, cwmp.FaultInvalidArguments)},
	{Name: "names-256", Manner: "answers 9004 to GetParameterValues of more than 256 names", answer: refuseNames(rdkNames+1, cwmp.FaultResourcesExceeded)},
	{Name: "sets-9004", Manner: "answers 9004 to SetParameterValues of two values", answer: refuseSets(2, cwmp.FaultResourcesExceeded)},
	{Name: "no-root-names", Manner: "refuses GetParameterNames of the root", answer: refuseRoot},
	{Name: "no-whole-tree", Manner: "answers 9004 to GetParameterNames of more than 100 names", answer: refuseListing},
	{Name: "digit-booleans", Manner: "takes 0 and 1 alone for booleans", answer: refuseValues(cwmp.TypeBoolean, func(v string) bool { return v == "0" || v == "1" })},
	{Name: "whole-seconds", Manner: "refuses a dateTime with a fraction of a second", answer: refuseValues(cwmp.TypeDateTime, func(v string) bool { return !strings.Contains(v, ".") })},
	{Name: "any-type", Manner: "takes values of any type", config: quirk(func(q *Quirks) { q.AnyType = true })},
	{Name: "no-transfer-complete", Manner: "never reports the end of a transfer", config: quirk(func(q *Quirks) { q.NoTransferComplete = true })},
	{Name: "no-diagnostics-event", Manner: "never says that a diagnostic is done", config: quirk(func(q *Quirks) { q.NoDiagnosticsEvent = true })},
	{Name: "keeps-events", Manner: "sends the events of a failed session again although they were answered", config: quirk(func(q *Quirks) { q.KeepEvents = true })},
}

// answering is the envelope of an oddity that changes answers of one kind.
func answering[M cwmp.Message](change func(M)) func(cwmp.Message, *cwmp.Envelope) {
	return func(request cwmp.Message, envelope *cwmp.Envelope) {
		if m, ok := envelope.Message.(M); ok && request != nil {
			change(m)
		}
	}
}

func ignoreSets(_ *Device, request cwmp.Message) cwmp.Message {
	if _, ok := request.(*cwmp.SetParameterValues); !ok {
		return nil
	}
	return &cwmp.SetParameterValuesResponse{}
}

func refuseNames(tooMany, code int) func(*Device, cwmp.Message) cwmp.Message {
	return func(_ *Device, request cwmp.Message) cwmp.Message {
		if m, ok := request.(*cwmp.GetParameterValues); ok && len(m.ParameterNames) >= tooMany {
			return cwmp.NewFault(code, "")
		}
		return nil
	}
}

func refuseSets(tooMany, code int) func(*Device, cwmp.Message) cwmp.Message {
	return func(_ *Device, request cwmp.Message) cwmp.Message {
		if m, ok := request.(*cwmp.SetParameterValues); ok && len(m.ParameterList) >= tooMany {
			return cwmp.NewFault(code, "")
		}
		return nil
	}
}

func refuseRoot(d *Device, request cwmp.Message) cwmp.Message {
	m, ok := request.(*cwmp.GetParameterNames)
	if ok && (m.ParameterPath == "" || m.ParameterPath == d.config.Root) {
		return cwmp.NewFault(cwmp.FaultInvalidParameterName, "")
	}
	return nil
}

func refuseListing(d *Device, request cwmp.Message) cwmp.Message {
	m, ok := request.(*cwmp.GetParameterNames)
	if !ok {
		return nil
	}
	if names, ok := d.getParameterNames(m).(*cwmp.GetParameterNamesResponse); ok && len(names.ParameterList) > oddListing {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return nil
}

// refuseValues refuses to set values of a type that are not as the device reads them.
func refuseValues(kind string, readable func(value string) bool) func(*Device, cwmp.Message) cwmp.Message {
	return func(_ *Device, request cwmp.Message) cwmp.Message {
		m, ok := request.(*cwmp.SetParameterValues)
		if !ok {
			return nil
		}
		fault := cwmp.NewFault(cwmp.FaultInvalidArguments, "")
		for _, p := range m.ParameterList {
			if p.Type == kind && !readable(p.Value) {
				fault.ParameterFaults = append(fault.ParameterFaults, cwmp.SetParameterValuesFault{
					ParameterName: p.Name, Code: cwmp.FaultInvalidParameterValue, String: cwmp.FaultText(cwmp.FaultInvalidParameterValue),
				})
			}
		}
		if len(fault.ParameterFaults) == 0 {
			return nil
		}
		return fault
	}
}
