package quirks

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Set is all profiles that are in force. It is safe for concurrent use.
type Set struct {
	profiles []Profile

	mu    sync.Mutex
	known map[Subject]*Resolved
}

// maxKnown bounds how many models' behaviour is remembered.
const maxKnown = 4096

// Resolved is how the server behaves toward a device, and why.
type Resolved struct {
	Behaviour Behaviour
	// Applied are the profiles that match, the ones that win last.
	Applied []Applied
}

// Applied is a profile that matches a device.
type Applied struct {
	Profile Profile
	// Fields are the fields of Behaviour that it decides: it says them, and no
	// profile after it does.
	Fields []string
}

// NewSet returns the set of the built-in profiles and those of operators. One of an
// operator with the ID of a built-in one stands in its place.
func NewSet(builtIn, own []Profile) *Set {
	s := &Set{known: make(map[Subject]*Resolved)}
	for _, p := range builtIn {
		if !slices.ContainsFunc(own, func(o Profile) bool { return o.ID == p.ID }) {
			s.profiles = append(s.profiles, p)
		}
	}
	s.profiles = append(s.profiles, own...)
	slices.SortStableFunc(s.profiles, func(a, b Profile) int {
		if c := cmp.Compare(a.Priority, b.Priority); c != 0 {
			return c
		}
		if a.BuiltIn != b.BuiltIn {
			if a.BuiltIn {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return s
}

// Profiles returns all profiles, those that win last.
func (s *Set) Profiles() []Profile { return s.profiles }

// For returns how the server behaves toward a device. The answer is shared: nobody
// changes it.
func (s *Set) For(subject Subject) *Resolved {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.known[subject]; ok {
		return r
	}
	if len(s.known) >= maxKnown {
		clear(s.known)
	}
	r := s.resolve(subject)
	s.known[subject] = r
	return r
}

func (s *Set) resolve(subject Subject) *Resolved {
	r := &Resolved{}
	decided := map[string]int{}
	for _, p := range s.profiles {
		if p.Disabled || !p.Devices.matches(subject) {
			continue
		}
		r.Applied = append(r.Applied, Applied{Profile: p})
		for _, name := range p.said {
			copyField(&r.Behaviour, &p.Behaviour, name)
			decided[name] = len(r.Applied) - 1
		}
	}
	for name, i := range decided {
		r.Applied[i].Fields = append(r.Applied[i].Fields, name)
	}
	for i := range r.Applied {
		slices.Sort(r.Applied[i].Fields)
	}
	return r
}

// copyField copies the field with that JSON name.
func copyField(to, from *Behaviour, name string) {
	target, source := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range target.NumField() {
		if tag, _, _ := strings.Cut(target.Type().Field(i).Tag.Get("json"), ","); tag == name {
			target.Field(i).Set(source.Field(i))
		}
	}
}
