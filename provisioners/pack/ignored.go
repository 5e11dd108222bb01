package pack

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// Ignored returns the settings of which no file of any model shows anything, and which the
// manifest does not call unsupported: who declared one would wait for an effect in vain. Of
// a pack without files they are those that its mapping does not carry.
// Paths are the catalogue's patterns. So are, as PATH=VALUE (MODELS), values of choices, lists,
// languages and countries that a model with golden files does not show. It returns the
// first error of a rendering.
func (p *Pack) Ignored(ctx context.Context) ([]string, error) {
	l := newListener(p)
	var ignored []string
	for _, group := range p.catalogue.Groups() {
		for i := range group.Settings {
			s := &group.Settings[i]
			if s.Deprecated || reachesByOtherWays(s.Path) || p.saysUnsupported(s.Path) {
				continue
			}
			if len(p.Files) == 0 && p.Mapping != nil && slices.Contains(p.Mapping.Settings(), s.Path) {
				continue
			}
			shown, err := l.anyShows(ctx, s)
			if err != nil {
				return nil, err
			}
			if !shown {
				ignored = append(ignored, s.Path)
				continue
			}
			values, err := l.ignoredValues(ctx, s)
			if err != nil {
				return nil, err
			}
			ignored = append(ignored, values...)
		}
	}
	return ignored, nil
}

// reachesByOtherWays reports whether a setting is for the server, which makes other
// settings, or the addresses of links, of it.
func reachesByOtherWays(pattern string) bool {
	return slices.Contains([]string{"owner", "account.N.line", "provisioning.url", "cwmp.drift"}, pattern) ||
		strings.HasPrefix(pattern, "firmware.") || strings.HasPrefix(pattern, "cwmp.ca.")
}

func (p *Pack) saysUnsupported(pattern string) bool {
	return slices.ContainsFunc(p.Unsupported, func(path string) bool { return beginsWith(pattern, path) })
}

type sum = [sha256.Size]byte

// listener finds out which settings change anything.
type listener struct {
	pack *Pack
	// had are the sums of the files of a model in a situation, or in one in which a
	// setting has another value.
	had map[string]sum
	// shown says whether a model shows anything of a setting.
	shown map[string]bool
	// declared are the situations of a model.
	declared map[*Model][]map[string]string
	// owned returns the settings that a session sets on phones of a model; nil for none.
	owned func(m *Model) []string
}

func newListener(p *Pack) *listener {
	return &listener{pack: p, had: map[string]sum{}, shown: map[string]bool{}, declared: map[*Model][]map[string]string{}}
}

// phone makes a phone of a model that has some settings.
func (l *listener) phone(m *Model, settings map[string]string) provisioners.Phone {
	phone := l.pack.examplePhone(m, settings, false)
	if l.owned != nil {
		phone.SetOwned(l.owned(m))
	}
	return phone
}

// situations are settings among which one more may show: one may count only beside
// others, or only without another that takes its place.
func (l *listener) situations(m *Model) []map[string]string {
	if l.declared[m] == nil {
		few := map[string]string{"account.1.user": "200", "account.1.registrar": "sip.example.com"}
		if m.Keys > 0 {
			few["key.1.type"], few["key.1.value"] = "blf", "201"
		}
		l.declared[m] = []map[string]string{l.pack.exampleSettings(m, 0, exampleTexts{}), few}
	}
	return l.declared[m]
}

// anyShows reports whether any file of any model is another one if the setting has
// another value, or none. Models with golden files are asked first and more closely: most
// of what is shown at all they show.
func (l *listener) anyShows(ctx context.Context, s *provisioners.Setting) (bool, error) {
	models := slices.Clone(l.pack.Models)
	slices.SortStableFunc(models, func(a, b *Model) int { return closeness(b) - closeness(a) })
	for _, m := range models {
		shown, err := l.shows(ctx, s, m)
		if err != nil || shown {
			return shown, err
		}
	}
	return false, nil
}

// closeness is how many values of a setting are tried with a model.
func closeness(m *Model) int {
	if m.Golden {
		return 3
	}
	return 1
}

// shows reports whether a file of a model is another one if the setting has another value,
// or none.
func (l *listener) shows(ctx context.Context, s *provisioners.Setting, m *Model) (bool, error) {
	key := m.Name + " " + s.Path
	if shown, known := l.shown[key]; known {
		return shown, nil
	}
	// Most is shown by a phone with a little, which is rendered sooner.
	for i := range slices.Backward(l.situations(m)) {
		shown, err := l.showsIn(ctx, s, m, i)
		if err != nil || shown {
			l.shown[key] = shown
			return shown, err
		}
	}
	l.shown[key] = false
	return false, nil
}

func (l *listener) showsIn(ctx context.Context, s *provisioners.Setting, m *Model, situation int) (bool, error) {
	declared, paths := l.situations(m)[situation], examplePaths(s, m)
	if situation > 0 {
		// Another index would only show that there is another account.
		paths = paths[:min(1, len(paths))]
	}
	as, err := l.having(ctx, m, situation, declared, "", "")
	if err != nil {
		return false, err
	}
	for variant := range closeness(m) {
		// In the situation with everything, none is the other value; in the one with a
		// little, it is what there is.
		other, err := l.digest(ctx, m, l.changed(declared, s, paths, variant+situation-1))
		if err != nil || other != as {
			return err == nil, err
		}
	}
	return false, nil
}

// changed returns settings of which one has other values, or for a negative variant none.
func (l *listener) changed(declared map[string]string, s *provisioners.Setting, paths []string, variant int) map[string]string {
	changed := maps.Clone(declared)
	for n, settingPath := range paths {
		delete(changed, settingPath)
		if variant < 0 {
			continue
		}
		text := ""
		if s.Type == provisioners.TextType {
			text = "Another text"
		}
		if value, ok := l.pack.exampleValue(s, settingPath, variant+n, text); ok {
			changed[settingPath] = value
		}
	}
	return changed
}

// digest identifies all files of a phone.
func (l *listener) digest(ctx context.Context, m *Model, settings map[string]string) (sum, error) {
	phone := l.phone(m, settings)
	all := sha256.New()
	for _, f := range l.pack.FilesOf(m) {
		content, err := l.pack.Render(ctx, f, phone)
		if err != nil {
			return sum{}, err
		}
		all.Write(content)
	}
	return sum(all.Sum(nil)), nil
}
