package mapping

import (
	"slices"
	"strings"
)

// apply makes the candidates of an entry.
func (r *resolution) apply(e *entry) {
	if e.perAccount && r.undecided {
		for _, number := range r.values.numbers {
			r.mark(r.waiting, e, number)
		}
		return
	}
	path, reason, ok := r.choose(e)
	if !ok {
		return
	}
	numbers := []int{0}
	if e.perAccount {
		numbers = r.values.numbers
	}
	for _, number := range numbers {
		r.mark(r.applied, e, number)
		switch full := r.noRoom[number]; {
		case full != "" && e.perAccount:
			r.refuseAll(e, number, full)
		case reason == "":
			r.carry(e, path, number)
		case !e.optional:
			r.refuseAll(e, number, reason)
		}
	}
	if reason == "" && e.absent != nil {
		r.carryAbsent(e, path)
	}
}

// mark notes the settings of an entry for an account.
func (r *resolution) mark(set map[string]bool, e *entry, number int) {
	for _, pattern := range e.settings {
		set[concrete(pattern, number)] = true
	}
}

// refuseAll refuses what of the settings of an entry has a value.
func (r *resolution) refuseAll(e *entry, number int, reason string) {
	for _, pattern := range e.settings {
		if path := concrete(pattern, number); r.values.of(path) != "" {
			r.refuse(path, reason)
		}
	}
}

// choose returns the path of an entry below the root, with {n}: the first that the device
// has and that can be changed. The reason says why none can be set. Ok is false if the
// entry is not for a device of this layout.
func (r *resolution) choose(e *entry) (path, reason string, ok bool) {
	reason = reasonLacking
	unseen := ""
	for i := range e.paths {
		candidate, has := r.below(&e.paths[i])
		if !has {
			continue
		}
		ok = true
		switch names := r.in.Names; {
		case names.Writable(candidate):
			return candidate, "", true
		case names.Has(candidate):
			reason = reasonReadOnly
		case unseen == "" && names.Unseen(candidate):
			unseen = candidate
		}
	}
	if unseen != "" {
		return unseen, "", true
	}
	return "", reason, ok
}

// carry makes the candidate of an entry for an account, or for the device.
func (r *resolution) carry(e *entry, path string, number int) {
	c := &candidate{entry: e, kind: e.kind}
	for _, pattern := range e.settings {
		c.settings = append(c.settings, concrete(pattern, number))
	}
	value, set, p := r.valueOf(e, number)
	if !set && p == (problem{}) {
		return
	}
	if p == (problem{}) {
		c.value = value
		c.path, p = r.locate(path, number)
	}
	switch {
	case p.waits:
		r.mark(r.waiting, e, number)
	case p.reason != "":
		r.refuseAll(e, number, p.reason)
	default:
		r.addCandidate(c)
	}
}

func (r *resolution) addCandidate(c *candidate) {
	c.isSecret = c.isSecret || c.entry != nil && c.entry.secret
	if c.raw {
		r.rawOnes = append(r.rawOnes, c)
		return
	}
	r.candidates = append(r.candidates, c)
}

// valueOf returns what the parameter of an entry is to be; set is false if nothing is
// declared.
func (r *resolution) valueOf(e *entry, number int) (value string, set bool, p problem) {
	switch {
	case len(e.settings) == 0:
		value, p = r.constant(e, number)
		return value, true, p
	case e.text != nil:
		if value, set = r.filled(e, number); !set && r.notePartial(e, number) {
			return "", false, problem{}
		}
	default:
		value = r.settingOf(e, e.settings[0], number)
		if value == "" {
			value = e.fallback
		}
		if set = value != ""; set {
			value, p.reason = e.wire(value, r.mapping.zones)
		}
	}
	if !set && e.empty != nil {
		value, _ = lexical(e.kind, *e.empty)
		return value, true, problem{}
	}
	return value, set, p
}

// settingOf returns the value of a setting of an entry. One that only people read has spaces
// for line ends, as in files: it gets into headers of SIP.
func (r *resolution) settingOf(e *entry, pattern string, number int) string {
	value := r.values.of(concrete(pattern, number))
	if !slices.Contains(e.display, pattern) {
		return value
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' {
			return ' '
		}
		return c
	}, value)
}

// filled returns the text of an entry with its values; set is false if one is missing.
func (r *resolution) filled(e *entry, number int) (value string, set bool) {
	var text strings.Builder
	for _, part := range e.text {
		text.WriteString(part.text)
		if part.setting == "" {
			continue
		}
		one := r.settingOf(e, part.setting, number)
		if one == "" {
			return "", false
		}
		text.WriteString(one)
	}
	return text.String(), true
}

// notePartial notes the settings of a text that have a value where another has none, and
// reports whether there are any.
func (r *resolution) notePartial(e *entry, number int) bool {
	missing := ""
	var valued []string
	for _, pattern := range e.settings {
		if path := concrete(pattern, number); r.values.of(path) != "" {
			valued = append(valued, path)
		} else {
			missing = path
		}
	}
	for _, path := range valued {
		if !e.optional {
			r.partial[path] = reasonAlone(missing)
		}
	}
	return len(valued) > 0
}

// constant returns the value of an entry without a setting. A place in it stands for its
// full path without the final dot (TR-106 3.2.3, path references).
func (r *resolution) constant(e *entry, number int) (value string, p problem) {
	value = placeholder.ReplaceAllStringFunc(*e.value, func(name string) string {
		path, ok := r.objects[strings.Trim(name, "{}")]
		if !ok {
			p.reason = reasonLacking
			return ""
		}
		full, wrong := r.locate(path, number)
		if wrong != (problem{}) {
			p = wrong
		}
		return strings.TrimSuffix(full, ".")
	})
	if p != (problem{}) {
		return "", p
	}
	value, _ = lexical(e.kind, value)
	return value, problem{}
}
