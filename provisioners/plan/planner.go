package plan

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// pageSize is how many devices are looked at at once.
const pageSize = 500

// Options are what a Planner needs; all of them.
type Options struct {
	Devices  Devices
	Resolver Resolver
	// Packs returns the vendor packs in force.
	Packs func() *pack.Registry
	// Renderer makes the files that are compared.
	Renderer *Renderer
	// Now is the clock.
	Now func() time.Time
}

// Planner says what a change would do. It changes nothing, and is safe for
// concurrent use.
type Planner struct{ o Options }

// NewPlanner returns a Planner. It returns an error if an option is missing.
func NewPlanner(o Options) (*Planner, error) {
	if o.Devices == nil || o.Resolver == nil || o.Packs == nil || o.Renderer == nil || o.Now == nil {
		return nil, errors.New("plan: a planner needs all of its options")
	}
	return &Planner{o: o}, nil
}

// Question is a change that is not made.
type Question struct {
	// Levels and Lines stand in the place of the stored ones of the same key.
	Levels []provisioners.Level
	Lines  []provisioners.Line
	// NoLines are lines that would be deleted.
	NoLines []provisioners.LineKey
	// Packs are other vendor packs than those in force; nil for these.
	Packs *pack.Registry
	// Alter returns a device as it would be, such as in another group; nil if they
	// stay.
	Alter func(device.Device) device.Device

	// Scope limits the answer to a subtree of the groups, Device to one device.
	Scope  device.Scope
	Device device.ID
	// Level and Paths are the level that the change is made at, and the settings that
	// it declares there: what Answer.Unreached is about. No Paths ask for nothing.
	Level provisioners.LevelKey
	Paths []string
	// Names bounds the lists of the answer, at most MaxNames.
	Names int
}

func (q *Question) change() provisioners.Change {
	c := provisioners.Change{ReadOnly: true, Levels: q.Levels, Lines: q.Lines, NoLines: q.NoLines}
	if q.Packs != nil {
		c.Packs = q.Packs
	}
	return c
}

// altered returns devices as they would be.
func (q *Question) altered(devices []device.Device) []device.Device {
	if q.Alter == nil {
		return devices
	}
	altered := make([]device.Device, len(devices))
	for i, d := range devices {
		altered[i] = q.Alter(d)
	}
	return altered
}

// Ask goes through the devices of the question, a page at a time, and says which of
// them would have something else. It returns device.ErrNotFound for one device that
// is not there or not in the scope.
func (p *Planner) Ask(ctx context.Context, q Question) (Answer, error) {
	before := p.o.Packs()
	w := walk{p: p, q: &q, before: before, after: before}
	if q.Packs != nil {
		w.after = q.Packs
	}
	w.reach = reach{level: q.Level, paths: q.Paths, limit: q.limit()}
	if q.Device != "" {
		d, err := p.device(ctx, q.Device, q.Scope)
		if err == nil {
			err = w.page(ctx, []device.Device{d})
		}
		return w.done(), err
	}
	token := ""
	for {
		page, err := p.o.Devices.List(ctx, device.List{Scope: q.Scope, PageSize: pageSize, PageToken: token, Now: p.o.Now()})
		if err != nil {
			return Answer{}, fmt.Errorf("list devices: %w", err)
		}
		if err := w.page(ctx, page.Devices); err != nil {
			return Answer{}, err
		}
		if token = page.NextPageToken; token == "" {
			return w.done(), nil
		}
	}
}

func (q *Question) limit() int { return max(0, min(q.Names, MaxNames)) }

func (p *Planner) device(ctx context.Context, id device.ID, s device.Scope) (device.Device, error) {
	d, err := p.o.Devices.Get(ctx, id)
	if err != nil {
		return d, fmt.Errorf("read device %s: %w", id, err)
	}
	if !within(s, d.Group) {
		return d, fmt.Errorf("device %s: %w", id, device.ErrNotFound)
	}
	return d, nil
}

// walk gathers the answer to one question.
type walk struct {
	p             *Planner
	q             *Question
	before, after *pack.Registry

	answer         Answer
	reach          reach
	models, groups counter
}

func (w *walk) page(ctx context.Context, devices []device.Device) error {
	if len(devices) == 0 {
		return nil
	}
	is, err := resolve(ctx, w.p.o.Resolver, devices, provisioners.Change{ReadOnly: true})
	if err != nil {
		return err
	}
	altered := w.q.altered(devices)
	would, err := resolve(ctx, w.p.o.Resolver, altered, w.q.change())
	if err != nil {
		return err
	}
	for i, d := range devices {
		if err := w.device(ctx, pair{d: d, altered: altered[i], is: is[i], would: would[i]}); err != nil {
			return err
		}
	}
	return nil
}

// pair is a device before and after the change.
type pair struct {
	d, altered device.Device
	is, would  provisioners.Effective
}

func (w *walk) device(ctx context.Context, x pair) error {
	w.answer.Devices++
	_, servedBefore := w.before.For(x.d)
	_, servedAfter := w.after.For(x.altered)
	switch {
	case x.would.Err != nil:
		w.fail(x.d, problemText(x.would.Err))
		return nil
	case !servedBefore && !servedAfter:
		w.answer.Unserved++
		return nil
	}
	w.reach.note(nameOf(x.d), &x.would)
	if x.is.Err == nil && servedBefore == servedAfter && x.is.Fingerprint == x.would.Fingerprint {
		return nil
	}
	w.answer.Changed++
	w.models.add(x.d.Model)
	w.groups.add(x.d.Group)
	if len(w.answer.Names) < w.q.limit() {
		w.answer.Names = append(w.answer.Names, nameOf(x.d))
	} else {
		w.answer.Truncated = true
	}
	if w.q.Packs == nil {
		return nil
	}
	return w.compare(ctx, x)
}

// compare counts what a change of a pack does to the files: its revision alone
// makes every device of the pack a changed one.
func (w *walk) compare(ctx context.Context, x pair) error {
	differences, err := w.p.differences(ctx, x, w.before, w.after)
	if err != nil {
		return err
	}
	if len(differences) == 0 {
		w.answer.Alike++
	}
	for _, d := range differences {
		if d.Problem != "" {
			w.fail(x.d, d.Name+": "+d.Problem)
			break
		}
	}
	return nil
}

func (w *walk) fail(d device.Device, problem string) {
	w.answer.Failing++
	if len(w.answer.Failures) < w.q.limit() {
		w.answer.Failures = append(w.answer.Failures, Failure{Device: nameOf(d), Problem: problem})
	}
}

func (w *walk) done() Answer {
	w.answer.ByModel, w.answer.ByGroup, w.answer.Unreached = w.models.list(), w.groups.list(), w.reach.found
	return w.answer
}
