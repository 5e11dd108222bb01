package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check renders every file for every model, with phones of which everything and of which
// nothing is declared, and checks what comes out: its syntax, that it holds no secrets
// unless the manifest says so, and that texts that were made to break the format add
// nothing to it; then the roads of settings (Roads). The error is Errors if the pack is to blame.
func (p *Pack) Check(ctx context.Context) error {
	c := &checker{pack: p, broken: map[*File]bool{}}
	c.unusedTemplates()
	for _, m := range p.Models {
		examples := p.Examples(m)
		for _, f := range p.FilesOf(m) {
			if err := c.file(ctx, f, m, examples); err != nil {
				return err
			}
		}
	}
	if err := c.err(); err != nil {
		return err
	}
	return p.Roads(ctx)
}

// checker checks a pack.
type checker struct {
	problems
	pack *Pack
	// broken are the files that are not rendered again: each time would take all of
	// what is allowed.
	broken map[*File]bool
}

// unusedTemplates finds templates that no file names: their name was misspelled.
func (c *checker) unusedTemplates() {
	for _, name := range c.pack.content.names() {
		used := slices.ContainsFunc(c.pack.Files, func(f *File) bool { return f.Template == name })
		if strings.HasSuffix(name, ".tmpl") && !isPartial(name) && !used {
			c.addf(name, 0, "no file of the manifest has this template")
		}
	}
}

// file renders one file for one model with all examples. It returns an error if the
// context ended.
func (c *checker) file(ctx context.Context, f *File, m *Model, examples []Example) error {
	structures := map[string]structure{}
	for _, example := range examples {
		if c.broken[f] {
			return nil
		}
		content, err := c.pack.render(ctx, f, example.Phone)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, refused := errors.AsType[*ValueError](err); refused && (example.Name == "refused" || example.Name == "names") {
			continue
		}
		if err != nil {
			c.refused(f, m, example, err)
			continue
		}
		s, err := f.Format.Structure(content)
		if err != nil {
			c.addf(f.Template, 0, "%s for the model %s (%s): %v", f.Name, m.Name, example.Name, err)
			continue
		}
		structures[example.Name] = s
		if !f.Secrets && bytes.Contains(content, []byte(secretMark)) {
			c.addf(f.Template, 0, "%s holds a secret, and the manifest does not say secrets: true", f.Name)
		}
		if f.Generic && c.pack.holdsIdentity(content) {
			c.addf(f.Template, 0, "%s holds the phone's MAC or serial number, and the manifest says generic: true", f.Name)
		}
	}
	for _, name := range []string{"hostile", "refused"} {
		if structures[name] == nil || slices.Equal(structures[name], structures["harmless"]) {
			continue
		}
		c.addf(f.Template, 0, "%s for the model %s: a text with quotes, line feeds and markup changes the structure of the file", f.Name, m.Name)
	}
	return nil
}

// refused notes that a file could not be rendered.
func (c *checker) refused(f *File, m *Model, example Example, err error) {
	made, ok := errors.AsType[*Error](err)
	if !ok {
		made = &Error{File: f.Template, Message: err.Error()}
	}
	c.broken[f] = errors.Is(err, ErrTime) || errors.Is(err, ErrWork) || errors.Is(err, ErrOutput)
	c.add(&Error{File: made.File, Line: made.Line, Message: fmt.Sprintf("%s (the model %s, %s)", made.Message, m.Name, example.Name), cause: err})
}
