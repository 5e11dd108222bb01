package converge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

// prepare reads what the course works with, once.
func (c *Course) prepare(ctx context.Context, v Visit) error {
	if c.prepared || c.Stage == stageOver {
		return nil
	}
	o := &c.planner.o
	p, m, ok := o.Packs().ModelOf(*v.Device)
	if !ok || p.Mapping == nil {
		return c.leave(ctx, v, ok)
	}
	c.pack, c.served = p, p.Served(m)
	all, err := o.Resolver.EffectiveOf(ctx, []device.Device{*v.Device}, provisioners.Change{})
	if err != nil {
		return fmt.Errorf("settings of the device: %w", err)
	}
	c.effective = all[0]
	if c.effective.Err != nil {
		c.Stage = stageOver // The marks of the device say what is wrong.
		return nil
	}
	if err := c.mark(ctx, v); err != nil {
		return err
	}
	if c.Record.Device == "" {
		if err := c.readRecord(ctx, v); err != nil {
			return err
		}
	}
	c.input = mapping.Input{Root: v.Device.Root, Pack: p.Name, Effective: &c.effective, Phone: c.effective.Phone(*v.Device, c.served)}
	if c.model, err = c.planner.models.of(ctx, v.Device.ModelKey(), v.Device.Root); err != nil {
		return err
	}
	c.prepared = true
	c.recollect()
	if c.Stage == stageNames && c.Walk == nil {
		c.Walk = c.toAsk(v.Device.Root)
	}
	if c.Stage != stageNames {
		return c.resolve()
	}
	return nil
}

// leave gives up a device that a pack without a mapping serves now: its files carry all of
// its settings.
func (c *Course) leave(ctx context.Context, v Visit, served bool) error {
	c.Stage = stageOver
	p := &v.Device.Provisioning
	if !served || !p.Managed {
		return nil
	}
	err := c.planner.o.Provisioning.NoteConverged(ctx, v.Device.ID, device.Converged{
		Generation: v.Device.Session.Generation, At: v.Now, Pack: p.Pack, Wanted: p.Wanted, Held: p.Held == p.Wanted, ParameterKey: v.Device.ParameterKey,
	})
	if errors.Is(err, device.ErrSessionLost) || errors.Is(err, device.ErrNotFound) {
		return nil
	}
	return err
}

// recollect puts what the course was told, and nobody stored, into the data model.
func (c *Course) recollect() {
	if len(c.Told) > 0 {
		c.model.put(c.Told)
	}
	for _, path := range c.Walked {
		c.model.noteAsked(path)
	}
}

// mark has the record say what the device should have, if it says something else: the
// settings are of this moment.
func (c *Course) mark(ctx context.Context, v Visit) error {
	p := &v.Device.Provisioning
	if p.Pack == c.pack.Name && p.Wanted == c.effective.Fingerprint {
		return nil
	}
	m := device.Mark{Pack: c.pack.Name, Wanted: c.effective.Fingerprint, At: v.Now}
	if p.Pack == c.pack.Name {
		m.Problem = p.Problem
	}
	if _, err := c.planner.o.Provisioning.Mark(ctx, v.Device.ID, m); err != nil {
		return fmt.Errorf("mark the device: %w", err)
	}
	*v.Device, _ = v.Device.ApplyMark(m)
	return nil
}

// readRecord reads what is known of the way so far, and forgets what is no longer true.
func (c *Course) readRecord(ctx context.Context, v Visit) error {
	r, err := c.planner.o.Convergences.Convergence(ctx, v.Device.ID)
	if err != nil && !errors.Is(err, provisioners.ErrNotFound) {
		return fmt.Errorf("read the convergence of the device: %w", err)
	}
	r.Device = v.Device.ID
	if r.Wanted != c.effective.Fingerprint {
		r.Wanted, r.Attempts, r.NextTry = c.effective.Fingerprint, 0, time.Time{}
	}
	if c.Cause.Bootstrap {
		r.Instances, r.Adding, r.Confirmed, r.Notified, r.Differences = nil, nil, nil, "", nil
	}
	model := c.planner.hashes.of(v.Device.Manufacturer, v.Device.ProductClass, v.Device.SoftwareVersion, v.Device.Root, c.pack.Revision())
	if r.Model != model {
		// Another firmware may have other parameters, and take what this one refused.
		r.Model, r.Instances, r.Notified, r.Attempts = model, nil, "", 0
		r.Differences = slices.DeleteFunc(r.Differences, func(d provisioners.Difference) bool { return d.Kind != provisioners.Drifted })
		c.Cause.Verify = true
	}
	c.Record = r
	return nil
}

// wants reports whether the mapping has anything to say of the device: a setting is
// declared that it carries, or was, so that lines which nobody declares any more are
// switched off.
func (c *Course) wants() bool {
	return len(c.Record.Confirmed)+len(c.Record.Instances) > 0 || c.pack.Mapping.Wants(c.input)
}

// reveal returns the value of a parameter as it is sent.
func reveal(p *mapping.Parameter) string {
	if p.IsSecret {
		return p.Secret.Reveal()
	}
	return p.Value
}

// isSecret reports whether the value of a parameter is never read back.
func isSecret(p *mapping.Parameter) bool { return p.IsSecret || secret.NameIsSecret(p.Path) }
