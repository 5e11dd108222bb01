package mapping

import (
	"maps"
	"slices"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// resolved returns the outcome.
func (r *resolution) resolved() Resolved {
	out := Resolved{Unknown: r.unknown, Missing: r.missing}
	owned := map[string]bool{}
	at := map[string]int{}
	var carried [][]string
	for _, c := range slices.Concat(r.candidates, r.rawOnes) {
		if c.dropped {
			continue
		}
		i, merged := at[c.path]
		if !merged {
			i = len(out.Parameters)
			at[c.path] = i
			out.Parameters = append(out.Parameters, c.parameter())
			carried = append(carried, nil)
		} else if c.isSecret {
			out.Parameters[i].conceal()
		}
		carried[i] = append(carried[i], c.settings...)
		for _, path := range c.settings {
			if _, refused := r.refused[path]; !refused && !r.waiting[path] {
				owned[path] = true
			}
		}
		r.attribute(&out.Parameters[i], c, carried[i])
	}
	for i := range r.in.Effective.Settings {
		if s := &r.in.Effective.Settings[i]; isDeclared(s) && r.mapping.reserves(s.Path) {
			owned[s.Path] = true
		}
	}
	out.Owned = slices.SortedFunc(maps.Keys(owned), provisioners.ComparePaths)
	out.Unmapped = r.unmapped()
	return out
}

// parameter returns the parameter of a candidate.
func (c *candidate) parameter() Parameter {
	p := Parameter{Path: c.path, Type: "xsd:" + c.kind, Value: c.value}
	if c.isSecret {
		p.conceal()
	}
	return p
}

// conceal makes the value a secret.
func (p *Parameter) conceal() {
	if !p.IsSecret {
		p.IsSecret, p.Secret, p.Value = true, secret.NewText(p.Value), ""
	}
}

// attribute says which setting a parameter carries, if it is one, or the same one of
// several accounts.
func (r *resolution) attribute(p *Parameter, c *candidate, carried []string) {
	p.Setting, p.Also, p.Adopt = "", nil, nil
	carried = slices.Compact(slices.Clone(carried))
	if len(carried) == 0 || slices.ContainsFunc(carried, func(path string) bool { return Generic(path) != Generic(carried[0]) }) {
		return
	}
	p.Setting, p.Also = carried[0], carried[1:]
	if !p.IsSecret {
		p.Adopt = r.mapping.reverse(c.entry, carried[0])
	}
}

// unmapped returns the declared settings of the mapping that are refused, in order.
func (r *resolution) unmapped() (all []provisioners.Unmapped) {
	for _, path := range slices.SortedFunc(maps.Keys(r.refused), provisioners.ComparePaths) {
		mine := r.mapping.carries(path) || rawPath(path, r.in.Pack) != ""
		if mine && r.values.declared(path) && !r.waiting[path] {
			all = append(all, provisioners.Unmapped{Setting: path, Reason: r.refused[path]})
		}
	}
	return all
}
