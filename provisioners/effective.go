package provisioners

import (
	"slices"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Effective is what a device should have: its settings after inheritance.
type Effective struct {
	// Settings are in the order of paths: indexes by number, the rest bytewise.
	Settings []EffectiveSetting
	// Unused are entries that have no effect on this device and why, such as an
	// account beyond those of the model.
	Unused []Unused
	// Fingerprint identifies what the device should have: the same for the same
	// settings, whichever levels they come from. It tells nothing of secrets.
	Fingerprint string
	// Err says why the settings are incomplete, such as a secret that cannot be opened
	// (secret.ErrKey); nil if they are not. There is no Fingerprint then.
	Err error

	catalogue *Catalogue
}

// EffectiveSetting is one setting as it is in force.
type EffectiveSetting struct {
	Path string
	// Value is the canonical text; empty for a secret, whose value is in Secret.
	Value    string
	IsSecret bool
	Secret   secret.Text
	// Ungenerated says that the secret is yet to be made (Entry.Generate): nothing is
	// made for what is only planned. Secret is then a text that stands for it.
	Ungenerated bool
	// Origin is the level that it comes from.
	Origin LevelKey
	// LockedBy is the level that locked it, nil if none did.
	LockedBy *LevelKey
	// Overrode are the values of other levels that it stands in the place of, the
	// nearest last; those with Refused are of levels below the lock.
	Overrode []Overridden
}

// Overridden is a value that has no effect because another level's has.
type Overridden struct {
	Level LevelKey
	// Value is empty for a secret.
	Value string
	// Refused says that the level is below one that locked the setting.
	Refused bool
}

// Unused is an entry that has no effect.
type Unused struct {
	Path   string
	Level  LevelKey
	Reason string
}

// Setting returns the setting of a path; ok is false if nothing says anything of it.
func (e *Effective) Setting(path string) (setting EffectiveSetting, ok bool) {
	i, found := slices.BinarySearchFunc(e.Settings, path, func(s EffectiveSetting, path string) int { return ComparePaths(s.Path, path) })
	if !found {
		return EffectiveSetting{}, false
	}
	return e.Settings[i], true
}

// Secrets returns the plaintext of every secret, for secret.Conceal.
func (e *Effective) Secrets() []string {
	var all []string
	for i := range e.Settings {
		if s := &e.Settings[i]; s.IsSecret && !s.Secret.IsZero() {
			all = append(all, s.Secret.Reveal())
		}
	}
	return all
}
