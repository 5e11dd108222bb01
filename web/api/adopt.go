package api

import (
	"context"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// AdoptedPaths is the body that names what is taken into the settings.
type AdoptedPaths struct {
	Paths []string `json:"paths" nullable:"false" minItems:"1" maxItems:"500" doc:"The paths of parameters whose values the device keeps."`
}

type adoptPathsInput struct {
	DevicePath
	IfMatch string `header:"If-Match" doc:"The ETag of the differences that were looked at."`
	Body    AdoptedPaths
}

func (a *API) adoptConvergence(ctx context.Context, in *adoptPathsInput) (*convergenceOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), pathSummary(in.Body.Paths))
	c, err := a.convergence(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	if err := checkConvergenceTag(in.IfMatch, &c); err != nil {
		return nil, err
	}
	values, err := a.adopted(&c, in.Body.Paths)
	if err != nil {
		return nil, err
	}
	if err := a.checkLocks(ctx, d, values); err != nil {
		return nil, err
	}
	key := provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(d.ID)}
	if _, err := a.writeLevel(ctx, key, "", func(before *provisioners.Level) *SettingsPatch { return adoption(before, values) }); err != nil {
		return nil, err
	}
	return a.reconsidered(ctx, d.ID)
}

// adoptedValue is a setting with the value that a device has.
type adoptedValue struct{ setting, value string }

// adopted returns what the named parameters make of settings, or the problem of those
// that cannot be taken.
func (a *API) adopted(c *provisioners.Convergence, paths []string) ([]adoptedValue, error) {
	var values []adoptedValue
	var wrong []FieldError
	for i, path := range paths {
		d := differenceOf(c, path)
		switch {
		case d == nil:
			wrong = append(wrong, pathError(i, path, "is as it should be, or is not one that settings carry"))
			continue
		case !a.adoptable(d):
			wrong = append(wrong, pathError(i, path, "has a value that no setting can take"))
			continue
		}
		value, err := a.Provisioning.Catalogue.Parse(d.Setting, *d.Adopt)
		if err != nil {
			wrong = append(wrong, pathError(i, path, "has a value that the setting "+d.Setting+" does not take"))
			continue
		}
		for _, setting := range append([]string{d.Setting}, d.Also...) {
			same := slices.IndexFunc(values, func(v adoptedValue) bool { return v.setting == setting })
			switch {
			case same < 0:
				values = append(values, adoptedValue{setting, value})
			case values[same].value != value:
				wrong = append(wrong, pathError(i, path, "gives the setting "+setting+" another value than the path before"))
			}
		}
	}
	if len(wrong) > 0 {
		return nil, invalidSettings(wrong)
	}
	return values, nil
}

// checkLocks returns the problem of settings that the level of the device has no say
// in: locked above, or said by the end user, who comes after it.
func (a *API) checkLocks(ctx context.Context, d device.Device, values []adoptedValue) error {
	e, err := a.Provisioning.Resolver.Effective(ctx, d)
	if err != nil && e.Err == nil {
		return err
	}
	var refused []string
	for _, v := range values {
		s, declared := e.Setting(v.setting)
		if !declared {
			continue
		}
		switch {
		case s.LockedBy != nil && s.LockedBy.Kind != provisioners.DeviceLevel:
			refused = append(refused, v.setting+" is locked by "+levelText(*s.LockedBy))
		case s.Origin.Kind == provisioners.UserLevel:
			refused = append(refused, v.setting+" is said by "+levelText(s.Origin))
		}
	}
	if len(refused) > 0 {
		return kindState.problem(strings.Join(refused, "; "))
	}
	return nil
}

// levelText names a level in words.
func levelText(k provisioners.LevelKey) string {
	switch k.Kind {
	case provisioners.GlobalLevel:
		return "the global settings"
	case provisioners.UserLevel:
		return "the end user of the device"
	case provisioners.DeviceLevel:
		return "the device itself"
	default:
		return "the " + string(k.Kind) + " " + k.ID
	}
}

// adoption returns the change of a device's level that puts values into it. Where the
// level has entries of the same path that are limited to models or filters, they take
// the value too: one of them may be the one that counts.
func adoption(before *provisioners.Level, values []adoptedValue) *SettingsPatch {
	patch := &SettingsPatch{}
	for _, v := range values {
		plain := false
		for _, e := range before.Entries {
			if e.Path != v.setting {
				continue
			}
			plain = plain || len(e.Models) == 0 && e.Filter == ""
			patch.Set = append(patch.Set, SetSetting{Path: e.Path, Value: v.value, Models: e.Models, Filter: e.Filter, Locked: e.Locked})
		}
		if !plain {
			patch.Set = append(patch.Set, SetSetting{Path: v.setting, Value: v.value})
		}
	}
	return patch
}
