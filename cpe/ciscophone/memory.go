package ciscophone

import (
	"maps"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// memory is what profile and data model have in common. It is not safe for concurrent
// use.
type memory struct {
	profile *filephone.CiscoPhone
	device  *cpe.Device
	twins   []twin
	// seen are the values of the parameters of twins as they were last, by path.
	seen map[string]string
}

func newMemory(profile *filephone.CiscoPhone, device *cpe.Device, twins []twin) *memory {
	m := &memory{profile: profile, device: device, twins: twins}
	m.look()
	return m
}

// look takes the parameters for what they are: nothing that the profile has to hear of.
func (m *memory) look() {
	m.seen = make(map[string]string, len(m.twins))
	for _, t := range m.twins {
		if value, ok := m.device.Parameter(cpe.RootDevice + t.path); ok {
			m.seen[t.path] = value
		}
	}
}

// pull has the profile say what parameters say that changed.
func (m *memory) pull() elements {
	before := m.profile.Elements()
	e := elements(maps.Clone(before))
	values := make(map[string]string)
	for _, t := range m.twins {
		if value, ok := m.device.Parameter(cpe.RootDevice + t.path); ok && value != m.seen[t.path] {
			values[t.path] = value
			t.take(e, value)
		}
	}
	if len(values) == 0 {
		return before
	}
	maps.Copy(m.seen, values)
	m.profile.Change(e)
	return e
}

// push has the parameters say what elements say that differ from those before, and
// returns whether any element does. A value that the parameter does not take is left
// out.
func (m *memory) push(before elements) (changed bool) {
	after := elements(m.profile.Elements())
	was, is := m.said(before), m.said(after)
	for _, t := range m.twins {
		value, said := is[t.path]
		if !said || was[t.path] == value && has(was, t.path) {
			continue
		}
		was[t.path] = value
		if t.spell != nil {
			value = t.spell(after, value)
		}
		m.set(t.path, value)
	}
	return !maps.Equal(before, after)
}

// set changes a parameter of which the profile knows, unless it does not take the value.
func (m *memory) set(path, value string) {
	_ = m.device.SetLocal(cpe.RootDevice+path, value)
	m.seen[path], _ = m.device.Parameter(cpe.RootDevice + path)
}

// said is what elements say of every parameter. Of several lines that share one the
// first that has a value counts.
func (m *memory) said(e elements) map[string]string {
	all := make(map[string]string)
	for _, t := range m.twins {
		if value, ok := t.value(e); ok && (value != "" && all[t.path] == "" || !has(all, t.path)) {
			all[t.path] = value
		}
	}
	return all
}

func has(values map[string]string, path string) bool {
	_, ok := values[path]
	return ok
}
