package mapping

import (
	"maps"
	"slices"
	"strings"
)

// findPlaces fills objects with the places that the device has.
func (r *resolution) findPlaces() {
	for _, p := range r.mapping.places {
		for i := range p.paths {
			if path, ok := r.below(&p.paths[i]); ok && r.in.Names.Has(path) {
				r.objects[p.name] = path
				break
			}
		}
	}
}

// below returns the path of a location below the root; ok is false if the device, or its
// layout, has not the place that it begins with.
func (r *resolution) below(l *location) (path string, ok bool) {
	if l.base == "" {
		return l.rest, true
	}
	base, ok := r.objects[l.base]
	return base + l.rest, ok
}

// chooseLayout adds the objects of the first layout that fits. It is undecided if that
// depends on instances that are not known.
func (r *resolution) chooseLayout() {
	for _, l := range r.mapping.layouts {
		fits, known := r.fits(l)
		if !known {
			r.undecided = true
			return
		}
		if !fits {
			continue
		}
		objects := map[string]string{}
		for name, object := range l.objects {
			objects[name], _ = r.below(&object)
		}
		for name, path := range objects {
			r.objects[name] = path
		}
		r.layout = l
		return
	}
}

// findRoom notes the accounts that a table has no instance for, and takes none. Nothing is
// set for them: what they share with others, such as a profile, is the others'.
func (r *resolution) findRoom() {
	if r.layout == nil || len(r.values.numbers) == 0 {
		return
	}
	room := maxInstances
	for _, name := range slices.Sorted(maps.Keys(r.layout.objects)) {
		below, _, found := strings.Cut(r.objects[name], account)
		if !found {
			continue
		}
		table, p := r.locate(below, 0)
		if numbers, known := r.instances(table); p == (problem{}) && known && !r.addable(table) {
			room = min(room, len(numbers))
		}
	}
	for _, number := range r.values.numbers {
		if number > room {
			r.noRoom[number] = roomFor(room)
		}
	}
}

// fits reports whether the device has what a layout needs; known is false if that depends
// on the instances of a table.
func (r *resolution) fits(l *layout) (fits, known bool) {
	for _, object := range l.objects {
		if _, ok := r.below(&object); !ok {
			return false, true
		}
	}
	missing := func(with location) bool {
		path, ok := r.below(&with)
		return !ok || !r.in.Names.Has(path)
	}
	if slices.ContainsFunc(l.with, missing) {
		return false, true
	}
	if l.many == nil {
		return true, true
	}
	if missing(*l.many) {
		return false, true
	}
	path, _ := r.below(l.many)
	return r.takesMany(path)
}

// takesMany reports whether a table takes or has more than one instance.
func (r *resolution) takesMany(path string) (many, known bool) {
	table, p := r.locate(path, 0)
	if p.waits {
		return false, false
	}
	if p.reason != "" {
		return false, true
	}
	numbers, listed := r.instances(table)
	switch {
	case len(numbers) > 1 || r.addable(table):
		return true, true
	case !listed:
		r.ask(table)
		return false, false
	default:
		return false, true
	}
}
