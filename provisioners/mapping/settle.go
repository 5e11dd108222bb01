package mapping

import "slices"

// separate leaves each path one value: that of the operator's own parameter, else of the
// first entry and the lowest account. Other values are refused.
func (r *resolution) separate() {
	first := map[string]*candidate{}
	for _, c := range r.inPrecedence() {
		other := first[c.path]
		switch {
		case other == nil:
			first[c.path] = c
		case other.value != c.value:
			c.dropped = true
			reason := reasonTaken
			if other.entry == c.entry {
				reason = reasonShared
			}
			for _, path := range c.settings {
				if r.values.of(path) != "" {
					r.refuse(path, reason)
				}
			}
		}
		if !c.dropped {
			r.count(c, 1)
		}
	}
	for path, reason := range r.partial {
		if !r.isCarried(path) {
			r.refuse(path, reason)
		}
	}
}

// count counts a candidate at the settings that it carries.
func (r *resolution) count(c *candidate, n int) {
	for _, path := range c.settings {
		r.carriers[path] += n
	}
}

// inPrecedence returns all candidates, those first that count before others.
func (r *resolution) inPrecedence() []*candidate {
	return slices.Concat(r.rawOnes, r.candidates)
}

// settle withdraws what must go by another road because something else does, until nothing
// changes. Of a mapping that splits, a setting that is refused is withdrawn: all of it is
// carried by one road.
func (r *resolution) settle() {
	groups := r.groups()
	for changed := true; changed; {
		changed = false
		if r.mapping.split {
			for path := range r.refused {
				r.withdrawn[path] = true
			}
		}
		for _, group := range groups {
			changed = r.settleGroup(group) || changed
		}
		changed = r.dropWithdrawn() || changed
	}
}

// groups returns the settings that go together, of each account that exists.
func (r *resolution) groups() (all [][]string) {
	for _, patterns := range r.mapping.together {
		numbers := []int{0}
		if slices.ContainsFunc(patterns, isOfAccount) {
			numbers = r.values.numbers
		}
		for _, number := range numbers {
			var group []string
			for _, pattern := range patterns {
				if path := concrete(pattern, number); r.values.of(path) != "" || r.isCarried(path) {
					group = append(group, path)
				}
			}
			all = append(all, group)
		}
	}
	return all
}

// settleGroup withdraws all of a group if one of it cannot be carried.
func (r *resolution) settleGroup(group []string) (changed bool) {
	at := slices.IndexFunc(group, func(path string) bool {
		_, refused := r.refused[path]
		return refused || r.values.declared(path) && !r.waiting[path] && !r.isCarried(path)
	})
	if at < 0 {
		return false
	}
	for _, path := range group {
		if r.withdrawn[path] && r.refused[path] != "" {
			continue
		}
		r.withdrawn[path] = true
		changed = true
		if path == group[at] {
			r.refuse(path, reasonLacking)
		} else {
			r.refuse(path, reasonOfOther(group[at]))
		}
	}
	return changed
}

// dropWithdrawn drops candidates of withdrawn settings. Their other settings are refused
// if nothing else carries them, or if all of a setting goes by one road.
func (r *resolution) dropWithdrawn() (changed bool) {
	for _, c := range r.inPrecedence() {
		at := slices.IndexFunc(c.settings, func(path string) bool { return r.withdrawn[path] })
		if c.dropped || at < 0 {
			continue
		}
		c.dropped, changed = true, true
		r.count(c, -1)
		for _, path := range c.settings {
			if r.mapping.split || !r.isCarried(path) {
				r.refuse(path, reasonOfOther(c.settings[at]))
			}
		}
	}
	return changed
}

// isCarried reports whether a parameter carries a setting.
func (r *resolution) isCarried(path string) bool { return r.carriers[path] > 0 }
