package pack

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// Restriction is a setting that only some models cannot be given, or that cannot be given
// with some values.
type Restriction struct {
	// Path is the setting's; with values one of the catalogue, else its beginning may do.
	Path string
	// Values are those that cannot be given, or Only those that can; both are empty for
	// a setting that cannot be given at all.
	Values, Only []string
	// Models limits it, as names in which * stands for any text; empty for all.
	Models []string
}

// holds reports whether the restriction is one of the model.
func (r *Restriction) holds(m *Model) bool {
	return len(r.Models) == 0 || slices.ContainsFunc(r.Models, func(pattern string) bool { return matchesModel(pattern, m.Name) })
}

// unsupported reads what cannot be given, once the models are known.
func (b *builder) unsupported() {
	for i, u := range b.manifest.Unsupported {
		if !b.known(u.Path) {
			b.wrong(at("unsupported", i), "there is no setting %q", u.Path)
			continue
		}
		for j, pattern := range u.Models {
			if !slices.ContainsFunc(b.pack.Models, func(m *Model) bool { return matchesModel(pattern, m.Name) }) {
				b.wrong(at("unsupported", i, "models", j), "%q fits no model", pattern)
			}
		}
		b.unsupportedValues(i, u)
		if len(u.Models)+len(u.Values)+len(u.Only) == 0 {
			b.pack.Unsupported = append(b.pack.Unsupported, u.Path)
		} else {
			b.pack.Restrictions = append(b.pack.Restrictions, Restriction(u))
		}
	}
	for _, m := range b.pack.Models {
		b.pack.limit(m)
	}
}

// unsupportedValues checks that the setting has the values.
func (b *builder) unsupportedValues(i int, u manifestUnsupported) {
	if len(u.Values) == 0 && len(u.Only) == 0 {
		return
	}
	if len(u.Values) > 0 && len(u.Only) > 0 {
		b.wrong(at("unsupported", i), "values are those that cannot be given, only those that can: one of them")
	}
	setting, ok := b.catalogue.Find(starred(u.Path))
	if !ok || setting.Secret {
		b.wrong(at("unsupported", i, "path"), "there is no setting %q whose values could be named", u.Path)
		return
	}
	for key, values := range map[string][]string{"values": u.Values, "only": u.Only} {
		for j, value := range values {
			if text, err := b.catalogue.Parse(starred(u.Path), value); err != nil || text != value {
				b.wrong(at("unsupported", i, key, j), "%q is no value of %s", value, u.Path)
			}
		}
	}
}

// starred returns a path with * for the letters that stand for indexes.
func starred(settingPath string) string {
	segments := strings.Split(settingPath, ".")
	for i, segment := range segments {
		if len(segment) == 1 && segment >= "A" && segment <= "Z" {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, ".")
}

// limit notes at a model what it cannot be given.
func (p *Pack) limit(m *Model) {
	m.unsupported = slices.Clone(p.Unsupported)
	for _, r := range p.Restrictions {
		switch {
		case !r.holds(m):
		case len(r.Values)+len(r.Only) == 0:
			m.unsupported = append(m.unsupported, r.Path)
		default:
			m.limits = append(m.limits, provisioners.ValueLimit{Path: r.Path, Refused: r.Values, Taken: r.Only})
		}
	}
}
