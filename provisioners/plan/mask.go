package plan

import (
	"slices"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// What stands in files in the place of secrets. Both are plain ASCII, so that no
// format escapes them.
const (
	Mask = "********"
	// ChangedMask is that of a secret after a change to it.
	ChangedMask = "********-changed"
)

// Masked returns what a device should have with every secret that is set masked.
func Masked(e provisioners.Effective) provisioners.Effective {
	e.Settings = slices.Clone(e.Settings)
	for i := range e.Settings {
		if s := &e.Settings[i]; s.IsSecret && !s.Secret.IsZero() {
			s.Secret = secret.NewText(Mask)
		}
	}
	return e
}

// mask masks the secrets before and after a change, so that those that change still
// differ.
func mask(before, after provisioners.Effective) (was, becomes provisioners.Effective) {
	known := make(map[string]string)
	for _, s := range before.Settings {
		if s.IsSecret {
			known[s.Path] = s.Secret.Reveal()
		}
	}
	becomes = Masked(after)
	for i, s := range after.Settings {
		if s.IsSecret && !s.Secret.IsZero() && known[s.Path] != "" && s.Secret.Reveal() != known[s.Path] {
			becomes.Settings[i].Secret = secret.NewText(ChangedMask)
		}
	}
	return Masked(before), becomes
}
