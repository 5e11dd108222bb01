package pack

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// mappingName is the file that says which settings CWMP carries.
const mappingName = "cwmp.yaml"

// mapping reads the pack's mapping, if it has one, once its files are known.
func (b *builder) mapping() {
	data, ok := b.content[mappingName]
	if !ok {
		return
	}
	m, err := mapping.Parse(data, b.catalogue)
	if err != nil {
		b.mappingProblems(err)
		return
	}
	b.pack.Mapping = m
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		b.addf(mappingName, 0, "%v", err)
		return
	}
	if m.Split() && len(b.manifest.Files) == 0 {
		b.addf(mappingName, lineOf(&root, "split"), "a pack without files has nothing to split")
	}
	name, _, has := m.Profile()
	if has && !slices.ContainsFunc(b.manifest.Files, func(f manifestFile) bool { return f.Name == name }) {
		b.addf(mappingName, lineOf(&root, "profile", "file"), "the pack has no file %q", name)
	}
}

func (b *builder) mappingProblems(err error) {
	all, ok := errors.AsType[mapping.Problems](err)
	if !ok {
		b.addf(mappingName, 0, "%v", err)
	}
	for _, one := range all {
		b.addf(mappingName, one.Line, "%s", one.Message)
	}
}
