package pack

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Registry is a set of packs. It does not change and is safe for concurrent use.
type Registry struct{ packs []*Pack }

// NewRegistry returns a registry of packs. Of those with the same name the last counts:
// one that an operator uploaded stands in the place of the shipped one.
func NewRegistry(packs ...*Pack) *Registry {
	byName := map[string]*Pack{}
	for _, p := range packs {
		byName[p.Name] = p
	}
	r := &Registry{}
	for _, p := range byName {
		r.packs = append(r.packs, p)
	}
	slices.SortFunc(r.packs, func(a, b *Pack) int { return strings.Compare(a.Name, b.Name) })
	return r
}

// Packs returns all packs in the order of their names.
func (r *Registry) Packs() []*Pack { return slices.Clone(r.packs) }

// Pack returns the pack of that name.
func (r *Registry) Pack(name string) (*Pack, bool) {
	for _, p := range r.packs {
		if p.Name == name {
			return p, true
		}
	}
	return nil, false
}

// Files returns the files of a model in the order in which it asks for them, nil if there
// is no such pack or model.
func (r *Registry) Files(pack, model string) []*File {
	p, m, ok := r.model(pack, model)
	if !ok {
		return nil
	}
	return p.FilesOf(m)
}

// File returns the file that a phone of the model means with a path.
func (r *Registry) File(pack, model, path string) (*File, bool) {
	segments, ok := segmentsOf(path)
	p, m, known := r.model(pack, model)
	if !ok || !known {
		return nil, false
	}
	for _, f := range p.FilesOf(m) {
		if _, ok := f.pattern.match(segments, []*Model{m}); ok {
			return f, true
		}
	}
	return nil, false
}

// Static returns the static file that a phone of the model means with a path.
func (r *Registry) Static(pack, model, path string) (*Static, bool) {
	segments, ok := segmentsOf(path)
	p, m, known := r.model(pack, model)
	if !ok || !known {
		return nil, false
	}
	for _, s := range p.Static {
		if _, ok := s.pattern.match(segments, []*Model{m}); ok {
			return s, true
		}
	}
	return nil, false
}

func (r *Registry) model(pack, model string) (*Pack, *Model, bool) {
	p, ok := r.Pack(pack)
	if !ok {
		return nil, nil, false
	}
	m, ok := p.Model(model)
	return p, m, ok
}

var _ provisioners.Packs = (*Registry)(nil)

// For returns the pack and the model that serve a device; ok is false if none does. The
// model's name decides; of several packs that have it, the one whose vendor or OUI is the
// device's. A pack of another maker serves a device only if the device names none. A pack
// with fallback: true serves what speaks CWMP and no other pack serves.
func (r *Registry) For(d device.Device) (provisioners.Served, bool) {
	p, m, ok := r.ModelOf(d)
	if !ok {
		return provisioners.Served{}, false
	}
	return p.Served(m), true
}

// ModelOf returns the pack and the model that For answers with.
func (r *Registry) ModelOf(d device.Device) (*Pack, *Model, bool) {
	var best *Pack
	var model *Model
	rank := 0
	for _, p := range r.packs {
		m := p.modelNamed(d.Model, d.ProductClass)
		if m == nil || p.Fallback {
			continue
		}
		if n := p.rank(d); n > rank {
			best, model, rank = p, m, n
		}
	}
	if best == nil {
		return r.fallback(d)
	}
	return best, model, true
}

// rank says how well the maker fits: 0 for a device of another maker.
func (p *Pack) rank(d device.Device) int {
	rank := 1
	if p.hasOUI(d.MAC) || p.hasOUI(d.OUI) {
		rank += 2
	}
	switch {
	case d.Manufacturer == "":
	case p.isVendor(d.Manufacturer):
		rank += 4
	case rank == 1:
		return 0
	}
	return rank
}

// hasOUI reports whether a MAC address, or an OUI, is one of the vendor's. It is asked for
// each pack at each request, and makes no copy of the address.
func (p *Pack) hasOUI(mac string) bool {
	var digits [6]byte
	n := 0
	for i := 0; i < len(mac) && n < len(digits); i++ {
		c := mac[i]
		if c == ':' || c == '-' {
			continue
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		digits[n] = c
		n++
	}
	return n == len(digits) && slices.ContainsFunc(p.OUIs, func(oui string) bool { return oui == string(digits[:]) })
}

// isVendor reports whether a manufacturer's name holds the vendor's.
func (p *Pack) isVendor(manufacturer string) bool {
	plain := plainName(manufacturer, "")
	return slices.ContainsFunc(append([]string{p.Vendor}, p.VendorAliases...), func(name string) bool {
		return strings.Contains(plain, plainName(name, ""))
	})
}

// modelNamed returns the model that one of the names means, the earlier first; nil for
// none.
func (p *Pack) modelNamed(names ...string) *Model {
	for _, name := range names {
		for _, vendor := range p.prefixes() {
			if m, ok := p.byName[plainName(name, vendor)]; ok {
				return m
			}
		}
	}
	return nil
}

// prefixes are what may stand before the name of a model.
func (p *Pack) prefixes() []string { return append([]string{"", p.Vendor}, p.VendorAliases...) }

// indexNames fills byName. The full names of all models come before those without the
// vendor's.
func (p *Pack) indexNames() {
	p.byName = map[string]*Model{}
	for _, vendor := range p.prefixes() {
		for _, m := range p.Models {
			for _, name := range append([]string{m.Name}, m.Aliases...) {
				plain := plainName(name, vendor)
				if _, taken := p.byName[plain]; !taken && plain != "" {
					p.byName[plain] = m
				}
			}
		}
	}
}

// plainName returns a name without case, punctuation and the vendor's own name before it:
// phones and people write "SIP-T46S", "Yealink SIP T46S" and "sip_t46s".
func plainName(name, vendor string) string {
	plain := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c > 127, c == '+':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		default:
			return -1
		}
	}, name)
	if vendor == "" {
		return plain
	}
	return strings.TrimPrefix(plain, plainName(vendor, ""))
}
