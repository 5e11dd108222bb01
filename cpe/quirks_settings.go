package cpe

import (
	"maps"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// SettingQuirks are deviations in how a device keeps what an ACS sets. The zero value
// is a device by the book. A parameter is named by the end of its path, with * for any
// instance number: "SIP.RegistrarServer", "Line.*.Enable", or by the whole path.
type SettingQuirks struct {
	// UpperCase are parameters whose values the device writes in upper case, and
	// reads back so.
	UpperCase []string
	// RefuseValues are parameters that the device refuses with fault 9007, in a fault
	// 9003 that names them; the values beside them are not set either.
	RefuseValues []string
	// RefuseBare are parameters that the device refuses with fault 9003 alone,
	// without saying which they are.
	RefuseBare []string
	// ForgetSettings is what a device loses at every boot.
	ForgetSettings ForgetSettings
	// RebootAfterSets is after how many SetParameterValues that it executed the device
	// reboots in place of answering the last of them; 0 is never. It counts anew from
	// there.
	RebootAfterSets int
	// RebootTimes is how often it does that; 0 is always.
	RebootTimes int
}

// ForgetSettings is what a device loses at every boot of what the ACS set, attributes
// and added objects included. It always keeps how it reaches the ACS and how the ACS
// reaches it: the URL, the credentials of both, and that they have met.
type ForgetSettings int

// The ways of forgetting.
const (
	// ForgetNothing loses nothing.
	ForgetNothing ForgetSettings = iota
	// ForgetAll loses the settings and the ParameterKey.
	ForgetAll
	// ForgetAllButKey loses the settings and keeps the ParameterKey, so that nothing
	// shows the loss.
	ForgetAllButKey
)

// isNamed reports whether names have a path.
func isNamed(names []string, path string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		for _, p := range []string{path, pattern(path)} {
			if p == name || strings.HasSuffix(p, "."+name) {
				return true
			}
		}
		return false
	})
}

// kept is the value that the device makes of one that it was given.
func (q *SettingQuirks) kept(path, value string) string {
	if isNamed(q.UpperCase, path) {
		return strings.ToUpper(value)
	}
	return value
}

// refusesBare reports whether there is a parameter that it refuses without saying so.
func (q *SettingQuirks) refusesBare(list []cwmp.ParameterValueStruct) bool {
	return slices.ContainsFunc(list, func(p cwmp.ParameterValueStruct) bool { return isNamed(q.RefuseBare, p.Name) })
}

// unforgotten are the parameters, below the root, that no boot loses.
func unforgotten() []string {
	return []string{
		"ManagementServer.URL", "ManagementServer.Username", "ManagementServer.Password",
		"ManagementServer.ConnectionRequestUsername", "ManagementServer.ConnectionRequestPassword",
	}
}

// forgetSettings is a boot of a device that loses its settings. The caller holds mu.
func (d *Device) forgetSettings() {
	manner := d.config.Quirks.ForgetSettings
	if manner == ForgetNothing {
		return
	}
	keep := unforgotten()
	if manner == ForgetAllButKey {
		keep = append(keep, parameterKey)
	}
	values := maps.Clone(d.tree.values)
	maps.DeleteFunc(values, func(path, _ string) bool {
		return !slices.Contains(keep, strings.TrimPrefix(path, d.config.Root))
	})
	d.tree = newTree(d.config.Model, d)
	d.tree.values = values
	d.notify, d.deferred = nil, nil
}

// fails reports whether the device reboots in place of giving this answer.
func (d *Device) fails(answer cwmp.Message) bool {
	q := &d.config.Quirks.SettingQuirks
	if _, set := answer.(*cwmp.SetParameterValuesResponse); !set || q.RebootAfterSets <= 0 {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if q.RebootTimes > 0 && d.odd.failures >= q.RebootTimes {
		return false
	}
	if d.odd.sets++; d.odd.sets < q.RebootAfterSets {
		return false
	}
	d.odd.sets = 0
	d.odd.failures++
	d.restart()
	return true
}
