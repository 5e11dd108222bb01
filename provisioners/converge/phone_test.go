package converge

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// parameter is one of a phone.
type parameter struct {
	value, xsdType string
	readOnly       bool
}

// phone is a CWMP device in memory, with the faults that real ones have.
type phone struct {
	values map[string]parameter
	// tables have instances, with whether more can be made.
	tables map[string]bool
	// inside returns what a new instance has, below it.
	inside map[string]map[string]parameter
	// counts are RPCs by their method.
	counts map[string]int
	// asked are all requests, latest last.
	asked []cwmp.Message
	key   string
	// secrets are what was set and is never told.
	secrets map[string]string

	// set and answer stand in for what the phone does otherwise: set returns the value that
	// is kept, answer an answer or nil to do as always.
	set    func(path, value string) string
	answer func(m cwmp.Message) cwmp.Message
	// status is that of SetParameterValuesResponse; with 1 values wait in later.
	status int
	later  map[string]string
	// noKey never takes a ParameterKey, levels lists names level by level alone.
	noKey, levels bool
	// active are the paths with active notification, unnotified refuses it.
	active     map[string]bool
	unnotified func(path string) bool
}

const (
	text     = "xsd:string"
	number   = "xsd:unsignedInt"
	boolean  = "xsd:boolean"
	voice    = "Device.Services.VoiceService.1."
	profiles = voice + "VoiceProfile."
)

// newPhone returns a phone with a profile for each account, of which it has one.
func newPhone() *phone {
	p := &phone{
		values: map[string]parameter{
			"Device.Time.NTPServer1":     {"", text, false},
			"Device.Time.NTPServer2":     {"", text, false},
			"Device.Time.LocalTimeZone":  {"UTC", text, false},
			"Device.DeviceInfo.Uptime":   {"1", number, true},
			voice + "Capabilities.Lines": {"8", number, true},
		},
		tables: map[string]bool{"Device.Services.VoiceService.": false, profiles: true},
		counts: map[string]int{}, secrets: map[string]string{}, later: map[string]string{}, active: map[string]bool{},
	}
	p.inside = map[string]map[string]parameter{profiles: {
		"SIP.RegistrarServer": {"", text, false}, "SIP.RegistrarServerPort": {"5060", number, false},
		"Enable": {"Disabled", text, false}, "Line.1.SIP.AuthUserName": {"", text, false}, "Line.1.SIP.AuthPassword": {"", text, false},
		"Line.1.CallingFeatures.CallerIDName": {"", text, false}, "Line.1.SIP.URI": {"", text, false},
	}}
	p.add(profiles)
	return p
}

// add makes an instance.
func (p *phone) add(table string) int {
	n := 1
	for p.hasInstance(table, n) {
		n++
	}
	for below, parameter := range p.inside[table] {
		p.values[table+strconv.Itoa(n)+"."+below] = parameter
	}
	p.tables[table+strconv.Itoa(n)+".Line."] = false
	return n
}

func (p *phone) hasInstance(table string, n int) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(p.values)), func(path string) bool {
		return strings.HasPrefix(path, table+strconv.Itoa(n)+".")
	})
}

// has is the value of a path, as somebody sees it on the phone.
func (p *phone) has(path string) string {
	if secret, ok := p.secrets[path]; ok {
		return secret
	}
	return p.values[path].value
}

// change changes a value on the phone itself.
func (p *phone) change(path, value string) {
	kept := p.values[path]
	kept.value = value
	p.values[path] = kept
}

// reset loses what was ever set, and the instances that were made.
func (p *phone) reset() {
	fresh := newPhone()
	p.values, p.tables, p.secrets, p.key, p.active = fresh.values, fresh.tables, map[string]string{}, "", map[string]bool{}
}

// rpcs is how many requests the phone had in all.
func (p *phone) rpcs() (n int) {
	for _, count := range p.counts {
		n += count
	}
	return n
}

// do answers a request.
func (p *phone) do(m cwmp.Message) cwmp.Message {
	p.counts[m.Method()]++
	p.asked = append(p.asked, m)
	if p.answer != nil {
		if answer := p.answer(m); answer != nil {
			return answer
		}
	}
	switch m := m.(type) {
	case *cwmp.GetParameterNames:
		return p.names(m)
	case *cwmp.GetParameterValues:
		return p.tell(m)
	case *cwmp.SetParameterValues:
		return p.take(m)
	case *cwmp.SetParameterAttributes:
		return p.notify(m)
	case *cwmp.AddObject:
		if !p.tables[m.ObjectName] {
			return cwmp.NewFault(9004, "")
		}
		p.noteKey(m.ParameterKey)
		return &cwmp.AddObjectResponse{InstanceNumber: p.add(m.ObjectName)}
	}
	return cwmp.NewFault(9000, "")
}

func (p *phone) names(m *cwmp.GetParameterNames) cwmp.Message {
	if p.levels && !m.NextLevel {
		return cwmp.NewFault(9002, "")
	}
	found := map[string]bool{}
	note := func(path string, writable bool) {
		if !strings.HasPrefix(path, m.ParameterPath) || path == m.ParameterPath && m.NextLevel {
			return
		}
		below := strings.TrimPrefix(path, m.ParameterPath)
		if at := strings.IndexByte(below, '.'); m.NextLevel && at >= 0 && at < len(below)-1 {
			path, writable = m.ParameterPath+below[:at+1], false
		}
		found[path] = found[path] || writable
	}
	for path, parameter := range p.values {
		for at := range path {
			if path[at] == '.' {
				note(path[:at+1], p.tables[path[:at+1]])
			}
		}
		note(path, !parameter.readOnly)
	}
	for table, addable := range p.tables {
		note(table, addable)
	}
	if len(found) == 0 {
		return cwmp.NewFault(9005, "")
	}
	r := &cwmp.GetParameterNamesResponse{}
	for _, path := range slices.Sorted(maps.Keys(found)) {
		r.ParameterList = append(r.ParameterList, cwmp.ParameterInfoStruct{Name: path, Writable: found[path]})
	}
	return r
}

func (p *phone) tell(m *cwmp.GetParameterValues) cwmp.Message {
	r := &cwmp.GetParameterValuesResponse{}
	for _, path := range m.ParameterNames {
		parameter, ok := p.values[path]
		if !ok {
			return cwmp.NewFault(9005, "")
		}
		r.ParameterList = append(r.ParameterList, cwmp.ParameterValueStruct{Name: path, Value: parameter.value, Type: parameter.xsdType})
	}
	return r
}

func (p *phone) take(m *cwmp.SetParameterValues) cwmp.Message {
	for _, v := range m.ParameterList {
		if parameter, ok := p.values[v.Name]; !ok || parameter.readOnly {
			f := cwmp.NewFault(9003, "")
			f.ParameterFaults = []cwmp.SetParameterValuesFault{{ParameterName: v.Name, Code: 9008}}
			return f
		}
	}
	for _, v := range m.ParameterList {
		value := v.Value
		if p.set != nil {
			value = p.set(v.Name, value)
		}
		switch {
		case strings.HasSuffix(v.Name, "Password"):
			p.secrets[v.Name] = value
		case p.status == 1:
			p.later[v.Name] = value
		default:
			p.change(v.Name, value)
		}
	}
	p.noteKey(m.ParameterKey)
	return &cwmp.SetParameterValuesResponse{Status: p.status}
}

// boots takes over what waits.
func (p *phone) boots() {
	for path, value := range p.later {
		p.change(path, value)
	}
	clear(p.later)
}

func (p *phone) notify(m *cwmp.SetParameterAttributes) cwmp.Message {
	for _, a := range m.ParameterList {
		if p.unnotified != nil && p.unnotified(a.Name) {
			return cwmp.NewFault(9009, "")
		}
	}
	for _, a := range m.ParameterList {
		p.active[a.Name] = a.Notification == 2
	}
	return &cwmp.SetParameterAttributesResponse{}
}

func (p *phone) noteKey(key string) {
	if !p.noKey {
		p.key = key
	}
}

// refusing answers a SetParameterValues that has one of the paths with a fault; named says
// that it tells which.
func refusing(code int, named bool, paths ...string) func(cwmp.Message) cwmp.Message {
	return func(m cwmp.Message) cwmp.Message {
		set, ok := m.(*cwmp.SetParameterValues)
		if !ok {
			return nil
		}
		f := cwmp.NewFault(9003, "")
		for _, v := range set.ParameterList {
			if slices.Contains(paths, v.Name) {
				f.ParameterFaults = append(f.ParameterFaults, cwmp.SetParameterValuesFault{ParameterName: v.Name, Code: code, String: "not this"})
			}
		}
		switch {
		case len(f.ParameterFaults) == 0:
			return nil
		case named:
			return f
		}
		return cwmp.NewFault(code, "not this")
	}
}

// parameterOf is one that a mapping might make.
func parameterOf(path, value string) mapping.Parameter {
	return mapping.Parameter{Path: path, Type: text, Value: value}
}
