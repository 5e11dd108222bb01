package cpe

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

// phoneModel is the text that NewVoiceModel reads, with that of the telephony; its head
// explains it.
//
//go:embed phone.model
var phoneModel string

// Model is a data model with the values of a new device. It never changes, and any
// number of devices share it.
type Model struct {
	root string
	// entries is every object and parameter of a new device, sorted by path,
	// so that what lies below an object lies together.
	entries []entry
	// tables is the multi-instance objects, by path with * for the instances.
	tables map[string]*table
	// inform is the parameters of every Inform, in order.
	inform []string
	voice  Voice
}

// entry is one object or parameter. The path of an object ends with a dot.
type entry struct {
	path string
	// leaf is nil for an object.
	leaf *leaf
	// initial is the value of a new device.
	initial string
	// writable of an object allows AddObject on it, or DeleteObject of it.
	writable bool
}

// leaf is what is the same for a parameter in every instance.
type leaf struct {
	constraint
	name     string
	initial  string
	writable bool
	// hidden reads back empty by CWMP.
	hidden bool
	// volatile is forgotten in a reboot.
	volatile bool
	// quiet refuses notification.
	quiet bool
	// forced has active notification, and keeps it.
	forced bool
	// live names what computes the value; empty for stored values.
	live string
}

// table is a multi-instance object.
type table struct {
	// first is how many instances a new device has.
	first int
	// addable says that the ACS may add instances, up to most, and delete
	// any.
	addable bool
	most    int
	// instance is what an instance holds.
	instance []templateEntry
}

// templateEntry is one object or parameter at a path relative to an instance.
type templateEntry struct {
	path     string
	leaf     *leaf
	writable bool
}

// NewPhoneModel returns the data model of a Cisco 8800-series multiplatform phone
// with that many lines, 1 to 16, under RootDevice (TR-106, TR-104) or RootGateway
// (TR-098, TR-104). No public dump of the real one exists: names and types are the
// standards', the choice of them and the values are plausible only.
func NewPhoneModel(root string, lines int) (*Model, error) {
	return NewVoiceModel(root, VoiceLines, lines)
}

// expand builds the tables and the entries of a new device from the schema.
func (m *Model) expand(schema *schemaObject) {
	m.tables = make(map[string]*table)
	m.register(schema, m.root)
	m.entries = instantiate(m.root, schema.template("", false))
}

func (m *Model) register(o *schemaObject, pattern string) {
	for _, child := range o.children {
		m.register(child, pattern+child.name+".")
	}
	if o.table == nil {
		return
	}
	o.table.instance = o.instance.template("", o.table.addable)
	m.tables[pattern] = o.table
	m.register(o.instance, pattern+"*.")
}

func (o *schemaObject) addable() bool { return o.table != nil && o.table.addable }

// template lists an object and all that a new one holds, the first instances of
// its tables included.
func (o *schemaObject) template(prefix string, writable bool) []templateEntry {
	list := []templateEntry{{path: prefix, writable: writable}}
	for _, l := range o.leaves {
		list = append(list, templateEntry{path: prefix + l.name, leaf: l, writable: l.writable})
	}
	for _, child := range o.children {
		list = append(list, child.template(prefix+child.name+".", child.addable())...)
	}
	if o.table == nil {
		return list
	}
	for number := 1; number <= o.table.first; number++ {
		list = append(list, o.instance.template(prefix+strconv.Itoa(number)+".", o.table.addable)...)
	}
	return list
}

// instantiate returns the entries of a template below a prefix, sorted by path. In
// an initial value {n} becomes the innermost instance number of the path.
func instantiate(prefix string, template []templateEntry) []entry {
	entries := make([]entry, 0, len(template))
	for _, t := range template {
		e := entry{path: prefix + t.path, leaf: t.leaf, writable: t.writable}
		if t.leaf != nil {
			e.initial = t.leaf.initial
			if strings.Contains(e.initial, "{n}") {
				e.initial = strings.ReplaceAll(e.initial, "{n}", innermostNumber(e.path))
			}
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	return entries
}

// innermostNumber returns the last instance number in a path.
func innermostNumber(path string) string {
	segments := strings.Split(path, ".")
	for _, s := range slices.Backward(segments) {
		if isNumber(s) {
			return s
		}
	}
	return ""
}

// pattern writes * for the instance numbers of a path.
func pattern(path string) string {
	segments := strings.Split(path, ".")
	for i, s := range segments {
		if isNumber(s) {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, ".")
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
