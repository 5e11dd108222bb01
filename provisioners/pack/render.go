package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// Render makes a file for a phone. It adds to what the phone brings what the pack knows
// of its model. The error is an *Error if the template is to blame, or a setting that the
// file cannot carry (ValueError); it holds no setting's value. What comes out is of the
// file's format: anything else is an error.
func (p *Pack) Render(ctx context.Context, f *File, phone provisioners.Phone) ([]byte, error) {
	content, err := p.render(ctx, f, phone)
	if err != nil {
		return nil, err
	}
	if err := f.Format.wellFormed(content); err != nil {
		return nil, &Error{File: f.Template, Message: f.Name + ": " + err.Error(), cause: err}
	}
	return content, nil
}

// render is Render without the check of what comes out.
func (p *Pack) render(ctx context.Context, f *File, phone provisioners.Phone) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	data, err := p.data(f, phone)
	if err != nil {
		return nil, err
	}
	r := f.program.idle.Get().(*runner)
	defer f.program.idle.Put(r)
	r.guard.begin(ctx, p, data)
	defer r.guard.end()
	if err := r.template.Execute(r.guard, data); err != nil {
		return nil, renderError(f, err)
	}
	return f.finish(r.guard.output.Bytes())
}

func renderError(f *File, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("render %s: %w", f.Name, context.Canceled)
	}
	return templateError(f.Template, err)
}

// data returns what the template sees: the phone, completed.
func (p *Pack) data(f *File, phone provisioners.Phone) (map[string]any, error) {
	data := maps.Clone(map[string]any(phone))
	told, _ := data["model"].(map[string]any)
	name, _ := told["name"].(string)
	model, ok := p.Model(name)
	if !ok {
		return nil, &Error{Message: fmt.Sprintf("the pack %s has no model %q", p.Name, name)}
	}
	data["model"] = model.data(told)
	if !f.Directory {
		data["directory"] = []any{}
	}
	return data, nil
}

// data returns what templates see of a model.
func (m *Model) data(told map[string]any) map[string]any {
	variables := make(map[string]any, len(m.Variables))
	for name, value := range m.Variables {
		variables[name] = value
	}
	data := map[string]any{}
	maps.Copy(data, told)
	maps.Copy(data, map[string]any{"name": m.Name, "title": m.Title, "code": m.Variables["code"], "var": variables,
		"lines": fmt.Sprint(m.Lines), "keys": fmt.Sprint(m.Keys)})
	return data
}

// finish gives the output the line ends of the file, and checks the length of its lines.
func (f *File) finish(output []byte) ([]byte, error) {
	if f.maxLine > 0 {
		for i, line := range bytes.Split(output, []byte("\n")) {
			if len(line) > f.maxLine {
				return nil, &Error{File: f.Template, Message: fmt.Sprintf("line %d of %s has %d bytes, and may have %d", i+1, f.Name, len(line), f.maxLine)}
			}
		}
	}
	if f.carriage {
		return bytes.ReplaceAll(output, []byte("\n"), []byte("\r\n")), nil
	}
	return bytes.Clone(output), nil
}
