package pack

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// Roads checks that each setting goes to the phones by one road, for a pack whose mapping
// divides them (mapping.Mapping.Split): files show what the mapping carries where no
// session sets it, and nothing of it where one does; all else they show always. Settings
// that the manifest calls unsupported go by none. It looks at the models with golden files,
// else at the first maxLooked of all. The error is Errors, or that of the context.
func (p *Pack) Roads(ctx context.Context) error {
	r := &roads{pack: p}
	err := r.all(ctx)
	if made, ok := errors.AsType[*Error](err); ok {
		r.add(made)
		err = nil
	}
	if err != nil {
		return err
	}
	return r.err()
}

// maxLooked is how many models are looked at: each takes a few hundred renderings.
const maxLooked = 8

// roads finds out by which road settings go.
type roads struct {
	problems
	pack *Pack
	// whole listens to the files of a phone that is given all by them, managed to those of
	// one that is given parameters too.
	whole, managed *listener
}

func (r *roads) all(ctx context.Context) error {
	p := r.pack
	if p.Mapping == nil {
		return nil
	}
	for _, pattern := range p.Mapping.Settings() {
		if p.saysUnsupported(pattern) {
			r.addf(mappingName, 0, "a parameter carries %s, which the manifest calls unsupported: nobody can declare it", pattern)
		}
	}
	if !p.Mapping.Split() {
		return nil
	}
	r.whole, r.managed = newListener(p), newListener(p)
	r.managed.owned = func(m *Model) []string { return p.owned(m, nil) }
	for _, m := range p.looked() {
		if err := r.model(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// looked are the models that are looked at.
func (p *Pack) looked() []*Model {
	golden := slices.DeleteFunc(slices.Clone(p.Models), func(m *Model) bool { return !m.Golden })
	if len(golden) == 0 {
		golden = p.Models
	}
	return golden[:min(len(golden), maxLooked)]
}

// carries reports whether parameters can carry a setting.
func (p *Pack) carries(pattern string) bool {
	return p.Mapping != nil && slices.Contains(p.Mapping.Settings(), pattern)
}

// owned returns the paths of all that parameters could carry to a model, but for some
// patterns.
func (p *Pack) owned(m *Model, but []string) []string {
	var paths []string
	for _, group := range p.catalogue.Groups() {
		for i := range group.Settings {
			if s := &group.Settings[i]; p.carries(s.Path) && !slices.Contains(but, s.Path) {
				paths = append(paths, examplePaths(s, m)...)
			}
		}
	}
	return paths
}

// model looks at all settings of a model.
func (r *roads) model(ctx context.Context, m *Model) error {
	for _, group := range r.pack.catalogue.Groups() {
		for i := range group.Settings {
			s := &group.Settings[i]
			if s.Deprecated || reachesByOtherWays(s.Path) || r.pack.cannotGive(m, s) || len(examplePaths(s, m)) == 0 {
				continue
			}
			if err := r.setting(ctx, m, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// cannotGive reports whether the manifest says that a model cannot be given a setting.
func (p *Pack) cannotGive(m *Model, s *provisioners.Setting) bool {
	return slices.ContainsFunc(m.unsupported, func(path string) bool { return beginsWith(s.Path, path) }) || p.saysUnsupported(s.Path)
}

// setting looks at one setting.
func (r *roads) setting(ctx context.Context, m *Model, s *provisioners.Setting) error {
	listener, way := r.beside(s), "goes by no road: no parameter carries it, and no file shows it"
	if r.pack.carries(s.Path) {
		listener, way = r.whole, "goes by parameters only: no file shows it to a phone that does not speak CWMP"
		if err := r.withheld(ctx, m, s); err != nil {
			return err
		}
	}
	shown, err := listener.shows(ctx, s, m)
	if err == nil && !shown {
		r.addf(r.pack.confirming(m).Template, 0, "%s %s", s.Path, way)
	}
	return err
}

// beside returns who listens to phones that are given parameters, but for those that go by
// file together with a setting that no parameter carries.
func (r *roads) beside(s *provisioners.Setting) *listener {
	for _, group := range r.pack.Mapping.Together() {
		if slices.Contains(group, s.Path) {
			l := newListener(r.pack)
			l.owned = func(m *Model) []string { return r.pack.owned(m, group) }
			return l
		}
	}
	return r.managed
}

// withheld checks that no file shows a setting that parameters carry. It looks at a phone
// with everything, where no other setting is made of this one.
func (r *roads) withheld(ctx context.Context, m *Model, s *provisioners.Setting) error {
	declared := r.managed.situations(m)[0]
	for variant := 1; variant <= 2; variant++ {
		changed := r.managed.changed(declared, s, examplePaths(s, m), variant)
		for _, f := range r.pack.FilesOf(m) {
			as, err := r.managed.file(ctx, m, f, declared)
			if err != nil {
				return err
			}
			is, err := r.managed.file(ctx, m, f, changed)
			if err != nil {
				return err
			}
			if is != as {
				r.addf(f.Template, 0, "%s goes by both roads: a parameter carries it, and %s shows it too: ask byFile", s.Path, f.Name)
			}
		}
	}
	return nil
}

// confirming returns the file after which a model holds its settings.
func (p *Pack) confirming(m *Model) *File {
	files := p.FilesOf(m)
	return files[slices.IndexFunc(files, func(f *File) bool { return f.Confirms })]
}

// file returns the sum of one file of a phone.
func (l *listener) file(ctx context.Context, m *Model, f *File, settings map[string]string) (sum, error) {
	content, err := l.pack.Render(ctx, f, l.phone(m, settings))
	return sha256.Sum256(content), err
}
