package plan

import (
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// reach looks for the settings of a level that a device does not take.
type reach struct {
	level provisioners.LevelKey
	paths []string
	limit int
	found Unreached
}

// note looks at what a device would have.
func (r *reach) note(d Name, e *provisioners.Effective) {
	if len(r.paths) == 0 {
		return
	}
	for i := range e.Settings {
		s := &e.Settings[i]
		if s.Origin == r.level || !r.declares(s.Path) {
			continue
		}
		r.lost(d, s)
	}
	for _, u := range e.Unused {
		if u.Level == r.level && r.declares(u.Path) {
			r.found.Unused++
			r.place(Place{Device: d, Path: u.Path, Why: Unused, By: u.Level, Reason: u.Reason})
		}
	}
}

// lost notes a setting that another level decides, if the changed level would have.
func (r *reach) lost(d Name, s *provisioners.EffectiveSetting) {
	for _, o := range s.Overrode {
		if o.Level != r.level {
			continue
		}
		p := Place{Device: d, Path: s.Path, Why: Overridden, By: s.Origin}
		if o.Refused {
			p.Why = Refused
			if s.LockedBy != nil {
				p.By = *s.LockedBy
			}
			r.found.Refused++
		} else {
			r.found.Overridden++
		}
		r.place(p)
		return
	}
}

func (r *reach) place(p Place) {
	if len(r.found.Places) >= r.limit {
		r.found.Truncated = true
		return
	}
	r.found.Places = append(r.found.Places, p)
}

// declares reports whether the change declares the setting.
func (r *reach) declares(path string) bool {
	for _, declared := range r.paths {
		if covers(declared, path) {
			return true
		}
	}
	return false
}

// covers reports whether a path, in which * stands for any index, names a setting.
func covers(pattern, path string) bool {
	if pattern == path {
		return true
	}
	for {
		p, patternRest, patternMore := strings.Cut(pattern, ".")
		q, pathRest, pathMore := strings.Cut(path, ".")
		if p != q && p != "*" || patternMore != pathMore {
			return false
		}
		if !patternMore {
			return true
		}
		pattern, path = patternRest, pathRest
	}
}
