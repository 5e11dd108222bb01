package mapping

import (
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// rawPath returns the path below the root of a setting that names a parameter itself:
// vendor.PACK.Device.X.Y; empty for any other.
func rawPath(setting, pack string) string {
	rest, ok := strings.CutPrefix(setting, "vendor."+pack+".")
	if !ok {
		return ""
	}
	return provisioners.ParameterOfVendorKey(rest)
}

// raw makes the candidates of the settings that name parameters themselves.
func (r *resolution) raw() {
	for i := range r.in.Effective.Settings {
		s := &r.in.Effective.Settings[i]
		path := rawPath(s.Path, r.in.Pack)
		if path == "" || !isDeclared(s) {
			continue
		}
		r.applied[s.Path] = true
		switch names := r.in.Names; {
		case strings.HasSuffix(path, "."):
			r.refuse(s.Path, reasonNoPath)
		case !names.Has(path) && !names.Unseen(path):
			r.refuse(s.Path, reasonLacking)
		case names.Has(path) && !names.Writable(path):
			r.refuse(s.Path, reasonReadOnly)
		default:
			c := &candidate{kind: "string", path: r.in.Root + path, value: s.Value, settings: []string{s.Path}, raw: true}
			if s.IsSecret {
				c.value, c.isSecret = s.Secret.Reveal(), true
			}
			r.addCandidate(c)
		}
	}
}
