package cpe

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// The values of the notification attribute (TR-069 A.3.2.4).
const (
	notificationOff    = 0
	notificationActive = 2
)

// attributes are those of one parameter.
type attributes struct {
	notification int
	accessList   []string
}

// source computes the values of live parameters.
type source interface {
	live(t *tree, name, path string) string
}

// tree is the data model of one device: the model, shared, and what differs from
// it. It is not safe for concurrent use.
type tree struct {
	model  *Model
	source source
	// values are those that were set, by path.
	values map[string]string
	// attributes are those that differ from the parameter's own.
	attributes map[string]attributes
	// added is the entries of instances that a new device has not, sorted.
	added []entry
	// removed is the paths of the instances of a new device that were
	// deleted, sorted.
	removed []string
	// highest is the highest instance number ever given in a table, for
	// tables that were added to: numbers are not used again.
	highest map[string]int
}

func newTree(model *Model, source source) tree { return tree{model: model, source: source} }

// find returns the entry with exactly that path.
func (t *tree) find(path string) (*entry, bool) {
	if e := lookup(t.model.entries, path); e != nil && !t.isRemoved(path) {
		return e, true
	}
	e := lookup(t.added, path)
	return e, e != nil
}

func lookup(entries []entry, path string) *entry {
	i := lowerBound(entries, path)
	if i == len(entries) || entries[i].path != path {
		return nil
	}
	return &entries[i]
}

// parameter is find for parameters only.
func (t *tree) parameter(path string) (*entry, bool) {
	e, ok := t.find(path)
	if !ok || e.leaf == nil {
		return nil, false
	}
	return e, true
}

func lowerBound(entries []entry, path string) int {
	return sort.Search(len(entries), func(i int) bool { return entries[i].path >= path })
}

func (t *tree) isRemoved(path string) bool {
	for _, prefix := range t.removed {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// each calls visit for every entry whose path starts with prefix, in order.
func (t *tree) each(prefix string, visit func(*entry)) {
	base, added := t.model.entries, t.added
	i, j := lowerBound(base, prefix), lowerBound(added, prefix)
	for {
		inBase := i < len(base) && strings.HasPrefix(base[i].path, prefix)
		inAdded := j < len(added) && strings.HasPrefix(added[j].path, prefix)
		switch {
		case inBase && (!inAdded || base[i].path < added[j].path):
			if len(t.removed) == 0 || !t.isRemoved(base[i].path) {
				visit(&base[i])
			}
			i++
		case inAdded:
			visit(&added[j])
			j++
		default:
			return
		}
	}
}

// value returns what a parameter holds, hidden or not.
func (t *tree) value(e *entry) string {
	if v, ok := t.values[e.path]; ok {
		return v
	}
	if e.leaf.live != "" {
		return t.source.live(t, e.leaf.live, e.path)
	}
	return e.initial
}

// read returns what a parameter shows by CWMP.
func (t *tree) read(e *entry) cwmp.ParameterValueStruct {
	p := cwmp.ParameterValueStruct{Name: e.path, Type: e.leaf.kind}
	if !e.leaf.hidden {
		p.Value = t.value(e)
	}
	return p
}

func (t *tree) set(e *entry, value string) {
	if t.values == nil {
		t.values = make(map[string]string)
	}
	t.values[e.path] = value
}

func (t *tree) attributesOf(e *entry) attributes {
	if a, ok := t.attributes[e.path]; ok {
		return a
	}
	if e.leaf.forced {
		return attributes{notification: notificationActive}
	}
	return attributes{}
}

func (t *tree) setAttributes(e *entry, a attributes) {
	if t.attributes == nil {
		t.attributes = make(map[string]attributes)
	}
	t.attributes[e.path] = a
}

// instances returns the instance numbers in a table, by its path.
func (t *tree) instances(path string) []int {
	var numbers []int
	t.each(path, func(e *entry) {
		rest := e.path[len(path):]
		if segment, below, ok := strings.Cut(rest, "."); ok && below == "" {
			if n, err := strconv.Atoi(segment); err == nil {
				numbers = append(numbers, n)
			}
		}
	})
	return numbers
}

// add makes an instance in a table and returns its number, or a fault code.
func (t *tree) add(path string) (number, code int) {
	e, ok := t.find(path)
	if !ok || e.leaf != nil {
		return 0, cwmp.FaultInvalidParameterName
	}
	table := t.model.tables[pattern(path)]
	if table == nil || !table.addable {
		return 0, cwmp.FaultInvalidParameterName
	}
	numbers := t.instances(path)
	if len(numbers) >= table.most {
		return 0, cwmp.FaultResourcesExceeded
	}
	number = max(t.highest[path], slices.Max(append(numbers, table.first))) + 1
	t.insert(path, number, table)
	return number, 0
}

// insert adds the entries of an instance.
func (t *tree) insert(path string, number int, table *table) {
	if t.highest == nil {
		t.highest = make(map[string]int)
	}
	t.highest[path] = max(number, t.highest[path])
	t.added = append(t.added, instantiate(path+strconv.Itoa(number)+".", table.instance)...)
	slices.SortFunc(t.added, func(a, b entry) int { return strings.Compare(a.path, b.path) })
}

// remove deletes an instance with all below it, or returns a fault code.
func (t *tree) remove(path string) (code int) {
	e, ok := t.find(path)
	number := strings.TrimSuffix(path, ".")
	number = number[strings.LastIndexByte(number, '.')+1:]
	if !ok || e.leaf != nil || !isNumber(number) || !e.writable {
		return cwmp.FaultInvalidParameterName
	}
	if lookup(t.model.entries, path) != nil {
		t.removed = append(t.removed, path)
		slices.Sort(t.removed)
	}
	t.discard(path)
	return 0
}

// discard drops all entries below a path that a new device has not, and what was set
// there.
func (t *tree) discard(path string) {
	t.added = slices.DeleteFunc(t.added, func(e entry) bool { return strings.HasPrefix(e.path, path) })
	deletePrefix(t.values, path)
	deletePrefix(t.attributes, path)
}

// row makes an instance in a table that is the device's own to fill, and returns its
// path.
func (t *tree) row(path string) string {
	number := max(t.highest[path], slices.Max(append(t.instances(path), 0))) + 1
	t.insert(path, number, t.model.tables[pattern(path)])
	return path + strconv.Itoa(number) + "."
}

func deletePrefix[V any](m map[string]V, prefix string) {
	for path := range m {
		if strings.HasPrefix(path, prefix) {
			delete(m, path)
		}
	}
}

// forgetVolatile drops what does not survive a reboot.
func (t *tree) forgetVolatile() {
	for path := range t.values {
		if e, ok := t.find(path); ok && e.leaf.volatile {
			delete(t.values, path)
		}
	}
}
