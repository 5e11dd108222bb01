package plan

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Difference is how one file of a device would change.
type Difference struct {
	Name string
	// Text is in the unified format, without secrets: one that changes stands there
	// as one mask before and another after.
	Text string
	// Added and Removed count lines.
	Added, Removed int
	// Truncated says that Text is cut: it has at most 256 KiB.
	Truncated bool
	// Problem says why the file cannot be made after the change; without secrets.
	Problem string
}

// Differences returns how the files of the question's Device would change, those
// that stay left out. It returns device.ErrNotFound if the device is not there or not
// in the scope.
func (p *Planner) Differences(ctx context.Context, q Question) ([]Difference, error) {
	d, err := p.device(ctx, q.Device, q.Scope)
	if err != nil {
		return nil, err
	}
	before := p.o.Packs()
	after := before
	if q.Packs != nil {
		after = q.Packs
	}
	devices := []device.Device{d}
	altered := q.altered(devices)
	is, err := resolve(ctx, p.o.Resolver, devices, provisioners.Change{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	would, err := resolve(ctx, p.o.Resolver, altered, q.change())
	if err != nil {
		return nil, err
	}
	return p.differences(ctx, pair{d: d, altered: altered[0], is: is[0], would: would[0]}, before, after)
}

func (p *Planner) differences(ctx context.Context, x pair, before, after *pack.Registry) ([]Difference, error) {
	old, fresh := mask(x.is, x.would)
	was, err := p.o.Renderer.Files(ctx, x.d, old, before)
	if err != nil {
		return nil, err
	}
	becomes, err := p.o.Renderer.Files(ctx, x.altered, fresh, after)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for _, f := range becomes {
		d := Difference{Name: f.Name, Problem: f.Problem}
		d.Text, d.Added, d.Removed, d.Truncated = unified(string(take(was, f.Name).Content), string(f.Content))
		if d.Text != "" || d.Problem != "" {
			found = append(found, d)
		}
	}
	for _, f := range was {
		if take(becomes, f.Name).Name != "" {
			continue
		}
		d := Difference{Name: f.Name}
		d.Text, d.Added, d.Removed, d.Truncated = unified(string(f.Content), "")
		found = append(found, d)
	}
	return found, nil
}

// take returns the file of that name, the zero File if there is none.
func take(files []File, name string) File {
	for _, f := range files {
		if f.Name == name {
			return f
		}
	}
	return File{}
}
