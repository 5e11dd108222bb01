package cpe

import (
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// leaves returns the parameters that a full or partial path names; false if there is
// no such path.
func (d *Device) leaves(path string) ([]*entry, bool) {
	if path != "" && !strings.HasSuffix(path, ".") {
		e, ok := d.tree.parameter(path)
		return []*entry{e}, ok
	}
	if path != "" {
		if _, ok := d.tree.find(path); !ok {
			return nil, false
		}
	}
	var list []*entry
	d.tree.each(path, func(e *entry) {
		if e.leaf != nil {
			list = append(list, e)
		}
	})
	return list, true
}

// tooMany reports whether a number of parameters is above what the device bears.
func (d *Device) tooMany(n int) bool {
	limit := d.config.Quirks.MaxParameters
	return limit > 0 && n > limit
}

func (d *Device) getParameterValues(m *cwmp.GetParameterValues) cwmp.Message {
	if d.tooMany(len(m.ParameterNames)) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	response := &cwmp.GetParameterValuesResponse{}
	for _, name := range m.ParameterNames {
		list, ok := d.leaves(name)
		if !ok {
			return cwmp.NewFault(cwmp.FaultInvalidParameterName, "Invalid parameter name: "+name)
		}
		for _, e := range list {
			response.ParameterList = append(response.ParameterList, d.tree.read(e))
		}
	}
	if d.tooMany(len(response.ParameterList)) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return response
}

// setParameterValues sets all values or none (TR-069 A.3.2.1).
func (d *Device) setParameterValues(m *cwmp.SetParameterValues) cwmp.Message {
	if d.tooMany(len(m.ParameterList)) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	if fault := keyFault("ParameterKey", m.ParameterKey); fault != nil {
		return fault
	}
	if d.config.Quirks.refusesBare(m.ParameterList) {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "")
	}
	values, faults := d.checkValues(m.ParameterList)
	if len(faults) > 0 {
		fault := cwmp.NewFault(cwmp.FaultInvalidArguments, "")
		fault.ParameterFaults = faults
		return fault
	}
	d.setParameterKey(m.ParameterKey)
	if d.config.Quirks.ApplyLater {
		d.deferred = append(d.deferred, values...)
		return &cwmp.SetParameterValuesResponse{Status: 1}
	}
	d.apply(values)
	return &cwmp.SetParameterValuesResponse{}
}

// checkValues returns the values in canonical form, and what is wrong with those
// that cannot be set.
func (d *Device) checkValues(list []cwmp.ParameterValueStruct) (values []cwmp.ParameterValueStruct, faults []cwmp.SetParameterValuesFault) {
	seen := make(map[string]bool, len(list))
	for _, p := range list {
		value, code := d.checkValue(p)
		if seen[p.Name] {
			code = cwmp.FaultInvalidArguments
		}
		seen[p.Name] = true
		if code != 0 {
			faults = append(faults, cwmp.SetParameterValuesFault{
				ParameterName: p.Name, Code: code, String: cwmp.FaultText(code),
			})
			continue
		}
		p.Value = value
		values = append(values, p)
	}
	return values, faults
}

func (d *Device) checkValue(p cwmp.ParameterValueStruct) (value string, code int) {
	e, ok := d.tree.parameter(p.Name)
	switch {
	case !ok:
		return "", cwmp.FaultInvalidParameterName
	case !e.writable:
		return "", cwmp.FaultNonWritableParameter
	case p.Type != e.leaf.kind && !d.config.Quirks.AnyType:
		return "", cwmp.FaultInvalidParameterType
	case isNamed(d.config.Quirks.RefuseValues, p.Name):
		return "", cwmp.FaultInvalidParameterValue
	case p.NoValue, e.leaf.name == diagnosticsState && p.Value != diagnosticRequested && p.Value != diagnosticCanceled:
		return "", cwmp.FaultInvalidParameterValue
	}
	return e.leaf.check(p.Value)
}

// apply sets values that were checked, and does what follows from them.
func (d *Device) apply(values []cwmp.ParameterValueStruct) {
	for _, p := range values {
		e, ok := d.tree.parameter(p.Name)
		if !ok {
			continue
		}
		value := d.config.Quirks.kept(p.Name, p.Value)
		changed := d.tree.value(e) != value
		d.tree.set(e, value)
		if changed {
			d.valueApplied(p.Name, value)
		}
	}
	d.diagnosticsSet(values)
}

// valueApplied does what a phone does when a parameter has changed.
func (d *Device) valueApplied(path, value string) {
	relative := strings.TrimPrefix(path, d.config.Root)
	switch relative {
	case "ManagementServer.URL":
		// A new ACS has never met this device (TR-069 3.7.1.5).
		d.bootstrap = true
	case "ManagementServer.PeriodicInformInterval", "ManagementServer.PeriodicInformEnable",
		"ManagementServer.PeriodicInformTime":
		d.schedulePeriodic(d.config.Clock.Now())
	}
	if line, ok := strings.CutSuffix(path, ".Enable"); ok && isNamed(registering(), line) {
		d.setLineStatus(line, value)
	}
}

// registering are the objects whose Status follows their Enable.
func registering() []string {
	return []string{"Line.*", "Client.*", "Extension.*", "SIP.Network.*"}
}

// setLineStatus lets a line register, or go down, as its Enable says.
func (d *Device) setLineStatus(line, enable string) {
	status := map[string]string{"Enabled": "Up", "1": "Up", "Quiescent": "Quiescent"}[enable]
	if status == "" {
		status = "Disabled"
	}
	if e, ok := d.tree.parameter(line + ".Status"); ok {
		d.setLocal(e, status)
	}
}

// parameterKey is below the root.
const parameterKey = "ManagementServer.ParameterKey"

func (d *Device) setParameterKey(key string) {
	if e, ok := d.tree.parameter(d.config.Root + parameterKey); ok {
		d.tree.set(e, key)
	}
}

// getParameterNames lists what is below a path (TR-069 A.3.2.3).
func (d *Device) getParameterNames(m *cwmp.GetParameterNames) cwmp.Message {
	path := m.ParameterPath
	isObject := path == "" || strings.HasSuffix(path, ".")
	if path != "" {
		if _, ok := d.tree.find(path); !ok {
			return cwmp.NewFault(cwmp.FaultInvalidParameterName, "")
		}
	}
	if !isObject && m.NextLevel {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "NextLevel needs a partial path")
	}
	response := &cwmp.GetParameterNamesResponse{}
	d.tree.each(path, func(e *entry) {
		if !isObject && e.path != path || m.NextLevel && !isNextLevel(path, e.path) {
			return
		}
		response.ParameterList = append(response.ParameterList,
			cwmp.ParameterInfoStruct{Name: e.path, Writable: e.writable})
	})
	if d.tooMany(len(response.ParameterList)) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return response
}

// isNextLevel reports whether path is directly below the object parent.
func isNextLevel(parent, path string) bool {
	rest := strings.TrimSuffix(path[len(parent):], ".")
	return rest != "" && !strings.Contains(rest, ".")
}
