package roster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// applyPhone adds or changes one phone. Seen are the MACs of rows before it.
func (s *Service) applyPhone(ctx context.Context, p *Phone, how How, seen map[string]int) (Outcome, error) {
	o := Outcome{Kind: "phone", Row: p.Row, Name: p.MAC, Notes: p.Notes}
	mac, err := device.ParseMAC(p.MAC)
	if err != nil {
		return o.refuse(&RowError{p.Row, "mac", "must be a MAC address such as 00:15:65:aa:bb:cc"})
	}
	o.Name = mac
	if former, ok := seen[mac]; ok {
		return o.refuse(&RowError{p.Row, "mac", fmt.Sprintf("must be in one row only, and is in row %d", former)})
	}
	seen[mac] = p.Row
	known, err := s.o.Devices.ByIdentity(ctx, device.MACIdentity(mac))
	if err != nil && !errors.Is(err, device.ErrNotFound) {
		return o, fmt.Errorf("find phone %s: %w", mac, err)
	}
	if known.ID != "" && !how.Scope.Contains(known.Group) {
		// As if it were not there: who cannot see a phone is not told that it exists.
		return o.refuse(&RowError{p.Row, "mac", "cannot be added: it is another's"})
	}
	if problem := p.check(known, how.Scope); problem != nil {
		return o.refuse(problem)
	}
	if problem, err := s.checkGroup(ctx, p.Row, p.Group, how); problem != nil || err != nil {
		o, _ = o.refuse(problem)
		return o, err
	}
	// What is wrong with the settings is known before the phone is added.
	_, wrong, err := s.mergeLevel(ctx, levelOf(known.ID), p.Row, p.entries(), How{DryRun: true})
	if err != nil || len(wrong) > 0 {
		o, _ = o.refuse(wrong...)
		return o, err
	}
	return s.putPhone(ctx, o, p, known, mac, how)
}

// checkGroup wants the group of a row to be there, or makes it for who may.
func (s *Service) checkGroup(ctx context.Context, row int, group string, how How) (*RowError, error) {
	if group == "" {
		return nil, nil
	}
	_, err := s.o.Groups.Group(ctx, group)
	switch {
	case err == nil:
		return nil, nil
	case !errors.Is(err, device.ErrNotFound):
		return nil, fmt.Errorf("find group: %w", err)
	case !how.MakeGroups:
		return &RowError{row, "group", "must be a group that exists"}, nil
	case device.CheckGroupPath(group) != nil:
		return &RowError{row, "group", device.CheckGroupPath(group).Error()}, nil
	case how.DryRun:
		return nil, nil
	}
	if err := device.MakeGroups(ctx, s.o.Groups, group, s.o.Now()); err != nil {
		return nil, fmt.Errorf("make group: %w", err)
	}
	return nil, nil
}

func levelOf(id device.ID) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(id)}
}

func (p *Phone) check(known device.Device, scope device.Scope) *RowError {
	switch {
	case known.ID == "" && p.Model == "":
		return &RowError{p.Row, "model", "must be there for a phone that is not known yet"}
	case p.Group != "" && !scope.Contains(p.Group), p.Group == "" && known.ID == "" && scope.Group != "":
		return &RowError{p.Row, "group", "must be a group below " + scope.Group}
	case len(p.Model) > 64:
		return &RowError{p.Row, "model", "must have at most 64 characters"}
	}
	return nil
}

// entries returns the settings of a phone in order of path.
func (p *Phone) entries() []Entry {
	var all []Entry
	if p.Owner != "" {
		all = append(all, Entry{Path: "owner", Value: p.Owner})
	}
	for _, path := range slices.Sorted(maps.Keys(p.Settings)) {
		all = append(all, Entry{Path: path, Value: p.Settings[path]})
	}
	return append(all, p.Entries...)
}

func (s *Service) putPhone(ctx context.Context, o Outcome, p *Phone, known device.Device, mac string, how How) (Outcome, error) {
	edit, edited := p.edit(known)
	switch {
	case known.ID == "":
		o.Action = Created
		if how.DryRun {
			return o, nil
		}
		known = device.Device{ID: device.NewID(), MAC: mac, Model: p.Model, Group: p.Group, Tags: p.Tags, Origin: device.OriginOperator, Revision: 1}
		if err := s.o.Devices.Create(ctx, known, 0); errors.Is(err, device.ErrDuplicate) {
			return o.refuse(&RowError{p.Row, "mac", "was added by somebody else at this moment; apply the row again"})
		} else if err != nil {
			return o, fmt.Errorf("add phone %s: %w", mac, err)
		}
	case edited:
		o.Action = Changed
		if !how.DryRun {
			if _, err := s.o.Devices.Edit(ctx, known.ID, edit); err != nil {
				return o, fmt.Errorf("change phone %s: %w", mac, err)
			}
		}
	default:
		o.Action = Unchanged
	}
	o.Device = known.ID
	changed, wrong, err := s.mergeLevel(ctx, levelOf(known.ID), p.Row, p.entries(), how)
	if err != nil || len(wrong) > 0 {
		o, _ = o.refuse(wrong...)
		return o, err
	}
	if changed && o.Action == Unchanged {
		o.Action = Changed
	}
	if o.Action != Unchanged && !how.DryRun {
		s.o.Changed(known.ID)
	}
	return o, nil
}

// edit returns what the row changes of a known phone.
func (p *Phone) edit(known device.Device) (device.Edit, bool) {
	e := device.Edit{AddTags: p.Tags}
	edited := slices.ContainsFunc(p.Tags, func(tag string) bool { return !slices.Contains(known.Tags, tag) })
	if p.Model != "" && p.Model != known.Model {
		e.Model, edited = &p.Model, true
	}
	if p.Group != "" && p.Group != known.Group {
		e.Group, edited = &p.Group, true
	}
	return e, edited
}
