package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// ErrTooMany is returned for settings and instances that make more than
// provisioners.MaxConfirmed parameters.
var ErrTooMany = errors.New("the mapping makes too many parameters")

// Wants reports whether any setting that is declared for a device is carried by the
// mapping, so that its names are worth asking. It needs no Names.
func (m *Mapping) Wants(in Input) bool {
	if in.Effective == nil {
		return false
	}
	return slices.ContainsFunc(in.Effective.Settings, func(s provisioners.EffectiveSetting) bool {
		return isDeclared(&s) && (m.carries(s.Path) || m.reserves(s.Path) || rawPath(s.Path, in.Pack) != "")
	})
}

// Resolve returns what a device is to have: the same for the same input, on the same day,
// whose rules time zones have. Without Names that is nothing. It returns the error of
// Effective.Err, one for an input that cannot be, and ErrTooMany.
func (m *Mapping) Resolve(in Input) (Resolved, error) {
	switch {
	case in.Effective == nil:
		return Resolved{}, errors.New("map settings: there are none")
	case in.Effective.Err != nil:
		return Resolved{}, fmt.Errorf("map settings: %w", in.Effective.Err)
	case in.Names == nil:
		return Resolved{}, nil
	case in.Root != "Device." && in.Root != "InternetGatewayDevice.":
		return Resolved{}, fmt.Errorf("map settings: %.60q is no root object", in.Root)
	}
	r := newResolution(m, &in)
	r.findPlaces()
	r.chooseLayout()
	r.findRoom()
	r.raw()
	for _, e := range m.entries {
		r.apply(e)
		if len(r.candidates) > provisioners.MaxConfirmed {
			return Resolved{}, fmt.Errorf("map settings: %w: %d", ErrTooMany, provisioners.MaxConfirmed)
		}
	}
	r.noteSkipped()
	r.separate()
	r.settle()
	return r.resolved(), nil
}

// carries reports whether an entry is for the setting of a concrete path.
func (m *Mapping) carries(path string) bool { return m.carried[path] || m.carried[patternOf(path)] }

// reserves reports whether the setting of a concrete path is reserved.
func (m *Mapping) reserves(path string) bool {
	return slices.Contains(m.reserved, path) || slices.Contains(m.reserved, patternOf(path))
}

// patternOf returns the path of an account's setting with an N, any other as it is.
func patternOf(path string) string {
	rest, ok := strings.CutPrefix(path, "account.")
	if !ok {
		return path
	}
	number, leaf, ok := strings.Cut(rest, ".")
	if !ok || !isNumber(number) {
		return path
	}
	return accountPrefix + leaf
}

// resolution is the work at one Resolve.
type resolution struct {
	mapping *Mapping
	in      *Input
	values  *values
	// objects are the places that the device has, and the objects of its layout, below the
	// root, with {n}.
	objects map[string]string
	layout  *layout
	// undecided says that the layout depends on instances that are not known.
	undecided bool
	// noRoom has the accounts for which there is no instance and never will be, and that in
	// words.
	noRoom  map[int]string
	tables  map[string][]int
	located map[objectOfAccount]located
	unknown []string
	missing []string
	// candidates are in the order in which they are set; those of the devices' own paths,
	// which come last, are in rawOnes.
	candidates, rawOnes []*candidate
	// applied are settings of which an entry was for this device, waiting those that need
	// instances first, refused those that cannot be carried, and why.
	applied, waiting map[string]bool
	refused          map[string]string
	withdrawn        map[string]bool
	// partial are settings of a text of which another setting has no value, and that in
	// words; carriers counts the parameters of a setting.
	partial  map[string]string
	carriers map[string]int
}

// candidate is a parameter that may be set.
type candidate struct {
	entry *entry
	// path is full.
	path     string
	kind     string
	value    string
	isSecret bool
	// settings are the concrete paths of those that it carries.
	settings []string
	// raw says that an operator named the parameter itself.
	raw bool
	// absent says that it is for an instance without an account.
	absent  bool
	dropped bool
}

func newResolution(m *Mapping, in *Input) *resolution {
	return &resolution{
		mapping: m, in: in, values: newValues(in), objects: map[string]string{}, tables: map[string][]int{}, located: map[objectOfAccount]located{},
		applied: map[string]bool{}, waiting: map[string]bool{}, refused: map[string]string{}, withdrawn: map[string]bool{},
		partial: map[string]string{}, noRoom: map[int]string{}, carriers: map[string]int{},
	}
}

// refuse notes why a setting cannot be carried; the first reason counts.
func (r *resolution) refuse(path, reason string) {
	if _, known := r.refused[path]; !known {
		r.refused[path] = reason
	}
}

// noteSkipped refuses declared settings of which no entry is for this device.
func (r *resolution) noteSkipped() {
	for i := range r.in.Effective.Settings {
		s := &r.in.Effective.Settings[i]
		if isDeclared(s) && r.mapping.carries(s.Path) && !r.applied[s.Path] && !r.waiting[s.Path] {
			r.refuse(s.Path, reasonLacking)
		}
	}
}
