package provisioners

import (
	"errors"
	"maps"
	"slices"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// opener gives the plaintext of secrets.
type opener struct {
	// open opens what is sealed.
	open func(sealed secret.Sealed, owner string) (secret.Text, error)
	// generated are the secrets that were made for the device, by path.
	generated map[string]Entry
	// generatedKey is the level that they belong to.
	generatedKey LevelKey
}

// ungeneratedText stands for a secret that is yet to be made.
const ungeneratedText = "(generated)"

// settle returns what is in force, in the order of paths, and the paths of secrets
// that are yet to be made.
func (l *ladder) settle(o *opener) (e Effective, missing []string) {
	e.Settings = make([]EffectiveSetting, 0, len(l.said))
	var failures []error
	e.Unused = slices.Clone(l.unused)
	for _, s := range slices.SortedFunc(maps.Values(l.said), func(a, b *said) int { return ComparePaths(a.path, b.path) }) {
		setting, err := s.settle(o)
		if err != nil {
			failures = append(failures, err)
		}
		if setting.Ungenerated {
			missing = append(missing, s.path)
		}
		if unused, ok := l.withhold(&setting, s.setting.Type == ListType); ok {
			e.Unused = append(e.Unused, unused)
			if setting.Value == "" {
				continue
			}
		}
		e.Settings = append(e.Settings, setting)
	}
	slices.SortStableFunc(e.Unused, func(a, b Unused) int { return ComparePaths(a.Path, b.Path) })
	e.Err = errors.Join(failures...)
	return e, missing
}

// withhold takes from a setting what the pack cannot give of its value; ok is false if
// that is nothing. The value of a level below does not stand in: it was overridden.
func (l *ladder) withhold(s *EffectiveSetting, isList bool) (unused Unused, ok bool) {
	if l.served == nil || s.IsSecret {
		return Unused{}, false
	}
	given, refused := l.served.divide(s.Path, s.Value, isList)
	if refused == "" {
		return Unused{}, false
	}
	s.Value = given
	return Unused{Path: s.Path, Level: s.Origin, Reason: "the pack " + l.served.Pack + " cannot give the value " + refused + " to this model"}, true
}

func (s *said) settle(o *opener) (EffectiveSetting, error) {
	at, locked := s.winner()
	c := &s.candidates[at]
	e := EffectiveSetting{Path: s.path, IsSecret: s.setting.Secret, Origin: c.key}
	if locked {
		e.LockedBy = &c.key
	}
	for i := range s.candidates {
		if i == at {
			continue
		}
		other := &s.candidates[i]
		overridden := Overridden{Level: other.key, Refused: locked && i > at}
		if !s.setting.Secret {
			overridden.Value = other.entry.Value
		}
		e.Overrode = append(e.Overrode, overridden)
	}
	if !s.setting.Secret {
		e.Value = c.entry.Value
		return e, nil
	}
	var err error
	e.Secret, e.Ungenerated, err = o.secret(s.path, c)
	return e, err
}

// secret returns the plaintext of a secret, or what stands for one that is yet to be
// made.
func (o *opener) secret(path string, c *candidate) (text secret.Text, ungenerated bool, err error) {
	switch {
	case c.entry.Sealed != "":
		text, err = o.open(c.entry.Sealed, c.owner)
		return text, false, err
	case !c.entry.Generate:
		// A pack's default is no secret to others.
		return secret.NewText(c.entry.Value), false, nil
	}
	made, ok := o.generated[path]
	if !ok {
		return secret.NewText(ungeneratedText), true, nil
	}
	text, err = o.open(made.Sealed, o.generatedKey.Owner(path))
	return text, false, err
}
