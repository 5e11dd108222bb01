package pack

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (b *builder) models() {
	if n := len(b.manifest.Models); n == 0 || n > maxModels {
		b.wrong(at("models"), "a pack has 1 to %d models", maxModels)
		return
	}
	names := map[string]string{}
	variables := slices.Sorted(maps.Keys(b.manifest.Models[0].Variables))
	for i, m := range b.manifest.Models {
		b.model(i, m)
		if other := slices.Sorted(maps.Keys(m.Variables)); !slices.Equal(other, variables) {
			b.wrong(at("models", i), "every model has the same variables: %v here, %v at the first", other, variables)
		}
		for _, name := range append([]string{m.Name}, m.Aliases...) {
			plain := plainName(name, "")
			if taken, ok := names[plain]; ok && taken != m.Name {
				b.wrong(at("models", i), "%q names the model %s as well", name, taken)
			}
			names[plain] = m.Name
		}
	}
}

func (b *builder) model(i int, m manifestModel) {
	if plainName(m.Name, "") == "" || len(m.Name) > 64 || strings.ContainsAny(m.Name, "/\\*\x00\n") {
		b.wrong(at("models", i, "name"), "a model has a name without slashes and *, at most 64 bytes")
	}
	for what, bound := range map[string]struct{ n, min, max int }{
		"lines": {m.Lines, 1, maxLines}, "keys": {m.Keys, 0, maxKeys},
	} {
		if bound.n < bound.min || bound.n > bound.max {
			b.wrong(at("models", i, what), "%s must be %d to %d", what, bound.min, bound.max)
		}
	}
	e := m.Expansions
	if e.Modules < 0 || e.Modules > maxModules || e.Keys < 0 || e.Keys > maxKeys || (e.Modules == 0) != (e.Keys == 0) {
		b.wrong(at("models", i, "expansions"), "expansions have 1 to %d modules of 1 to %d keys, or none", maxModules, maxKeys)
	}
	for name := range m.Variables {
		if !variableName.MatchString(name) {
			b.wrong(at("models", i, "variables", name), "a variable's name is of letters and digits")
		}
	}
	model := &Model{
		Name: m.Name, Title: m.Title, Aliases: m.Aliases, Lines: m.Lines, Keys: m.Keys,
		ExpansionModules: e.Modules, ExpansionKeys: e.Keys, ExpansionModels: e.Models,
		Variables: m.Variables, Golden: m.Golden,
		Defaults: b.defaults(m.Defaults, at("models", i, "defaults")),
	}
	if model.Title == "" {
		model.Title = m.Name
	}
	b.pack.Models = append(b.pack.Models, model)
}

// known reports whether the catalogue has a setting of that path, or any below it; a
// letter or * stands for any index.
func (b *builder) known(settingPath string) bool {
	if _, ok := b.catalogue.Find(settingPath); ok {
		return true
	}
	for _, group := range b.catalogue.Groups() {
		for _, s := range group.Settings {
			if beginsWith(s.Path, settingPath) {
				return true
			}
		}
	}
	return false
}

// beginsWith reports whether the pattern of a setting is, or begins with, a path.
func beginsWith(pattern, settingPath string) bool {
	have, want := strings.Split(pattern, "."), strings.Split(settingPath, ".")
	if len(want) > len(have) {
		return false
	}
	for i, segment := range want {
		isIndex := len(have[i]) == 1 && have[i] >= "A" && have[i] <= "Z"
		if segment != have[i] && !(isIndex && segment == "*") {
			return false
		}
	}
	return true
}

// static reads the files that are given as they are.
func (b *builder) static() {
	if len(b.manifest.Static) > maxPackFiles {
		b.wrong(at("static"), "at most %d files", maxPackFiles)
		return
	}
	for i, s := range b.manifest.Static {
		content, err := b.content.open(s.Source)
		if err != nil {
			b.wrong(at("static", i, "source"), "%v", err)
		}
		pattern, err := compileName(s.Name, b.pack)
		if err != nil {
			b.wrong(at("static", i, "name"), "%v", err)
		}
		contentType := s.ContentType
		if contentType == "" {
			contentType = "application/octet-stream"
		}
		if err := checkContentType(contentType); err != nil {
			b.wrong(at("static", i, "contentType"), "%v", err)
		}
		b.pack.Static = append(b.pack.Static, &Static{Name: s.Name, ContentType: contentType, Content: content, pattern: pattern})
	}
}

func checkContentType(text string) error {
	major, minor, ok := strings.Cut(text, "/")
	if !ok || major == "" || minor == "" || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
		return fmt.Errorf("%q is no content type", text)
	}
	return nil
}
