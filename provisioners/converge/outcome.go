package converge

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// outcome is what came of a course.
type outcome struct {
	*Course
	v        Visit
	fileHeld string
	early    bool
}

// note stores the outcome: what is known of the way first, then the record, which says
// that there is nothing to do.
func (o *outcome) note(ctx context.Context, stuck string) error {
	waiting := o.waiting()
	n := device.Converged{
		Generation: o.v.Device.Session.Generation, At: o.v.Now, Pack: o.pack.Name, Wanted: o.Record.Wanted,
		Managed: o.v.Device.Provisioning.Managed || !o.early, Stuck: shorten(stuck, device.MaxStuck), ParameterKey: o.v.Device.ParameterKey,
	}
	if o.early {
		n.ParameterKey = o.v.Device.Provisioning.ParameterKey
	}
	for i := range o.Record.Differences {
		if d := &o.Record.Differences[i]; d.Kind == provisioners.Drifted {
			if n.Drifted++; n.DriftedSince.IsZero() || d.Since.Before(n.DriftedSince) {
				n.DriftedSince = d.Since
			}
		}
	}
	if !o.early && (o.fileHeld != o.v.Device.Provisioning.FileHeld || o.withoutFiles(o.v)) {
		n.FileHeld = &o.fileHeld
	}
	n.Held = !o.early && stuck == "" && !waiting && o.filesHeld()
	o.schedule(&n, stuck, waiting)
	if o.Record.Revision > 0 || !o.bare() {
		if err := o.save(ctx); err != nil {
			return err
		}
	}
	if len(o.Record.Restore) > 0 && !o.early {
		n.CheckAt = o.v.Now // Asked for while the session was under way.
	}
	o.Stage = stageOver
	err := o.planner.o.Provisioning.NoteConverged(ctx, o.v.Device.ID, n)
	if errors.Is(err, device.ErrSessionLost) || errors.Is(err, device.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note what came of the settings: %w", err)
	}
	if after, err := o.v.Device.ApplyConverged(n); err == nil {
		*o.v.Device = after
	}
	o.planner.done.WithLabelValues(string(o.v.Device.Provisioning.State())).Inc()
	return nil
}

// bare reports whether nothing is known of the way that is worth keeping, as of a device
// of which nobody said anything.
func (o *outcome) bare() bool {
	r := &o.Record
	return len(r.Owned)+len(r.Unmapped)+len(r.Instances)+len(r.Confirmed)+len(r.Differences)+len(r.Deliveries) == 0 && r.Adding == nil && r.Attempts == 0 && r.NextTry.IsZero()
}

// schedule says when the device is looked at again, whatever happens.
func (o *outcome) schedule(n *device.Converged, stuck string, waiting bool) {
	switch {
	case o.early:
	case stuck != "":
		if !o.v.Now.Before(o.Record.NextTry) {
			o.Record.NextTry = o.v.Now.Add(o.planner.spread(longestWait, o.v.Device.ID))
		}
	case o.delivering():
		o.Record.NextTry = o.v.Now.Add(transferWait)
	case waiting:
		o.Record.NextTry = o.v.Now.Add(o.planner.spread(o.planner.o.Recheck, o.v.Device.ID)) // Its restart tells before.
	case len(o.resolved.Parameters)+len(o.Record.Deliveries) == 0:
		o.Record.NextTry = time.Time{} // There is nothing to look at, whatever happens.
	default:
		age := o.planner.o.Recheck
		if o.Record.Notified != "" && len(o.model.stored.NoNotification) == 0 {
			age *= notifiedAge
		}
		o.Record.NextTry = time.Time{}
		n.CheckAt = o.v.Now.Add(o.planner.spread(age, o.v.Device.ID))
		return
	}
	n.CheckAt = o.Record.NextTry
}

// waiting reports whether something is under way whose end is yet to be seen.
func (o *outcome) waiting() bool {
	return o.delivering() || slices.ContainsFunc(o.Record.Differences, func(d provisioners.Difference) bool { return d.Kind == provisioners.Later })
}

// delivering reports whether a file is on its way.
func (o *outcome) delivering() bool {
	return slices.ContainsFunc(o.Record.Deliveries, func(d provisioners.Delivery) bool {
		return d.Task != "" || d.Problem == "" && d.Hash != d.Held
	})
}

// filesHeld reports whether the device holds what its files carry. A pack whose profile is
// delivered says so by its delivery; the files of another hold all settings, and their
// fetch is noted when it happens.
func (o *outcome) filesHeld() bool {
	if _, _, ok := o.pack.Mapping.Profile(); ok || len(o.pack.FilesOf(o.modelOf())) == 0 {
		return true
	}
	if o.v.Device.Provisioning.Held == o.Record.Wanted && !o.withoutFiles(o.v) {
		return true
	}
	carried := map[string]bool{}
	for _, path := range o.resolved.Owned {
		carried[path] = true
	}
	return !slices.ContainsFunc(o.effective.Settings, func(s provisioners.EffectiveSetting) bool { return !carried[s.Path] && !forServer(s.Path) })
}

// spread returns about a duration, another one for each device, so that those of a fleet
// do not come due at once.
func (p *Planner) spread(d time.Duration, id device.ID) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	const parts = 1000
	return d - d/10 + d/5*time.Duration(h.Sum32()%parts)/parts
}

func shorten(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest-3], "") + "..."
}
