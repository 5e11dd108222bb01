package pack

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// ignoredValues returns what of the setting's values models with golden files ignore, as
// PATH=VALUE (MODELS): no file shows them, and the manifest does not say so.
func (l *listener) ignoredValues(ctx context.Context, s *provisioners.Setting) ([]string, error) {
	ignored, err := l.ignoringModels(ctx, s)
	if err != nil || len(ignored) > 0 {
		return ignored, err
	}
	for _, value := range namedValues(s) {
		var models []string
		for _, m := range l.pack.Models {
			if !m.Golden {
				continue
			}
			shown, err := l.showsValue(ctx, s, m, value)
			if err != nil {
				return nil, err
			}
			if !shown {
				models = append(models, m.Name)
			}
		}
		if len(models) > 0 {
			ignored = append(ignored, s.Path+"="+value+" ("+strings.Join(models, ", ")+")")
		}
	}
	return ignored, nil
}

// ignoringModels returns the setting, as PATH (MODELS), if models with golden files show
// nothing of it.
func (l *listener) ignoringModels(ctx context.Context, s *provisioners.Setting) ([]string, error) {
	var models []string
	for _, m := range l.pack.Models {
		paths := examplePaths(s, m)
		if !m.Golden || len(paths) == 0 {
			continue
		}
		served := l.pack.Served(m)
		if slices.ContainsFunc(served.Unsupported, func(path string) bool { return beginsWith(s.Path, path) }) {
			continue
		}
		shown, err := l.shows(ctx, s, m)
		if err != nil {
			return nil, err
		}
		if !shown {
			models = append(models, m.Name)
		}
	}
	if len(models) == 0 {
		return nil, nil
	}
	return []string{s.Path + " (" + strings.Join(models, ", ") + ")"}, nil
}

// namedValues are the values that a template has to name one by one; of languages and
// countries those that are asked for most.
func namedValues(s *provisioners.Setting) []string {
	switch s.Type {
	case provisioners.ChoiceType, provisioners.ListType:
		// A key without function is as one that is not there.
		return slices.DeleteFunc(slices.Clone(s.Choices), func(choice string) bool { return choice == "none" })
	case provisioners.LanguageType:
		return []string{"en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "cs", "ru", "tr", "zh-Hans", "ja"}
	case provisioners.CountryType:
		return []string{"US", "GB", "DE", "FR", "IT", "ES", "AU", "JP", "BR", "IN"}
	default:
		return nil
	}
}

// showsValue reports whether a file shows a value, or the resolver tells that it is
// withheld. Other files than without the setting show it.
func (l *listener) showsValue(ctx context.Context, s *provisioners.Setting, m *Model, value string) (bool, error) {
	paths := examplePaths(s, m)
	if len(paths) == 0 {
		return true, nil
	}
	settingPath := paths[0]
	if l.pack.tells(m, settingPath, value) {
		return true, nil
	}
	// Most are shown by a phone with a little, which is rendered sooner.
	for i, declared := range slices.Backward(l.situations(m)) {
		with, before := value, ""
		if s.Type == provisioners.ListType {
			// By itself it could only show that others are switched off.
			before = l.pack.firstGiven(s, m, settingPath, value)
			with = before + "," + value
		}
		var others []string
		if !l.pack.isDefault(s, m, value) {
			others = append(others, before)
		}
		others = append(others, l.pack.alternatives(s, m, settingPath, value)...)
		has, err := l.having(ctx, m, i, declared, settingPath, with)
		if err != nil {
			return false, err
		}
		same := false
		for _, other := range others {
			is, err := l.having(ctx, m, i, declared, settingPath, other)
			if err != nil {
				return false, err
			}
			same = same || is == has
		}
		if !same {
			return true, nil
		}
	}
	return false, nil
}

// isDefault reports whether the pack says that a phone has the value if nothing else is
// declared: its files need not show it.
func (p *Pack) isDefault(s *provisioners.Setting, m *Model, value string) bool {
	return slices.ContainsFunc(p.Served(m).Defaults, func(e provisioners.Entry) bool { return e.Path == starred(s.Path) && e.Value == value })
}

// alternatives are the values whose files another choice's must differ from. Functions of
// keys may be the same to a phone: they must differ from none.
func (p *Pack) alternatives(s *provisioners.Setting, m *Model, settingPath, value string) []string {
	if s.Type != provisioners.ChoiceType {
		return nil
	}
	if slices.Contains(s.Choices, "none") {
		return []string{"none"}
	}
	return slices.DeleteFunc(slices.Clone(s.Choices), func(other string) bool { return other == value || p.tells(m, settingPath, other) })
}

// having returns the sum of a model's files in a situation in which a setting has a value,
// or for the empty one is not declared.
func (l *listener) having(ctx context.Context, m *Model, situation int, declared map[string]string, settingPath, value string) (sum, error) {
	key := fmt.Sprint(m.Name, " ", situation, " ", settingPath, "=", value)
	if known, ok := l.had[key]; ok {
		return known, nil
	}
	changed := maps.Clone(declared)
	changed[settingPath] = value
	if value == "" {
		delete(changed, settingPath)
	}
	digest, err := l.digest(ctx, m, changed)
	l.had[key] = digest
	return digest, err
}

// firstGiven returns the first element of a list that the model can be given, apart from
// one.
func (p *Pack) firstGiven(s *provisioners.Setting, m *Model, settingPath, apart string) string {
	for _, choice := range s.Choices {
		if choice != apart && !p.tells(m, settingPath, choice) {
			return choice
		}
	}
	return ""
}

// tells reports whether the resolver says that the model cannot be given the value.
func (p *Pack) tells(m *Model, settingPath, value string) bool {
	entries := []provisioners.Entry{{Path: settingPath, Value: value}}
	effective := p.catalogue.Example(entries, p.exampleDevice(m), p.Served(m))
	return slices.ContainsFunc(effective.Unused, func(u provisioners.Unused) bool { return u.Path == settingPath })
}
