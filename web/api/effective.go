package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func (a *API) registerEffective() {
	register(a, operation{
		id: "getEffectiveSettings", method: http.MethodGet, path: "/devices/{id}/settings/effective", tag: settingsTag, summary: "Get what a device should have, and which level says so",
		description: "After inheritance: pack, global, groups from the root, line, device, end user; the nearest counts unless one above locked the setting.",
		problems:    []problemKind{kindNotFound},
	}, a.getEffectiveSettings)
	register(a, operation{
		id: "revealSetting", method: http.MethodPost, path: "/devices/{id}/settings/reveal", tag: settingsTag, summary: "Show the value of a secret setting",
		description: "As it is in force on the device. Every call leaves an entry in the audit log, which says who saw which setting, not its value.",
		problems:    []problemKind{kindNotFound, kindState, kindTooLarge, kindMediaType},
	}, a.revealSetting)
}

// effective returns what a device should have, or the problem of settings that are
// incomplete.
func (a *API) effective(ctx context.Context, d device.Device) (provisioners.Effective, error) {
	e, err := a.Provisioning.Resolver.Effective(ctx, d)
	if e.Err != nil {
		err = kindState.problem("the settings of the device are incomplete: " + e.Err.Error())
	}
	return e, err
}

// EffectiveSettings is what a device should have.
type EffectiveSettings struct {
	Settings    []EffectiveSetting `json:"settings" nullable:"false" doc:"In order of path."`
	Unused      []UnusedSetting    `json:"unused" nullable:"false" doc:"What levels declare for the device without effect."`
	Fingerprint string             `json:"fingerprint" doc:"The same for the same settings; tells nothing of secrets. Empty if they are incomplete."`
	Problem     string             `json:"problem" doc:"Why the settings are incomplete, such as a secret that cannot be opened; empty if they are not."`
}

// EffectiveSetting is one setting as it is in force.
type EffectiveSetting struct {
	Path     string              `json:"path"`
	Value    any                 `json:"value" doc:"Null for a secret."`
	Secret   bool                `json:"secret" doc:"The value is not shown."`
	Origin   LevelName           `json:"origin" doc:"The level that it comes from."`
	LockedBy *LevelName          `json:"lockedBy,omitempty" doc:"The level that locked it; absent for none."`
	Overrode []OverriddenSetting `json:"overrode" nullable:"false" doc:"What other levels say, the nearest last."`
}

// OverriddenSetting is a value that has no effect because another level's has.
type OverriddenSetting struct {
	Level   LevelName `json:"level"`
	Value   any       `json:"value" doc:"Null for a secret."`
	Refused bool      `json:"refused" doc:"A level above locked the setting."`
}

// UnusedSetting is an entry that has no effect on a device.
type UnusedSetting struct {
	Path   string    `json:"path"`
	Level  LevelName `json:"level"`
	Reason string    `json:"reason"`
}

type effectiveOutput struct {
	Body EffectiveSettings
}

func (a *API) getEffectiveSettings(ctx context.Context, in *DevicePath) (*effectiveOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	e, err := a.Provisioning.Resolver.Effective(ctx, d)
	if err != nil && e.Err == nil {
		return nil, err
	}
	return &effectiveOutput{Body: a.showEffective(e)}, nil
}

func (a *API) showEffective(e provisioners.Effective) EffectiveSettings {
	shown := EffectiveSettings{Settings: make([]EffectiveSetting, 0, len(e.Settings)), Unused: make([]UnusedSetting, 0, len(e.Unused)), Fingerprint: e.Fingerprint}
	if e.Err != nil {
		shown.Problem = e.Err.Error()
	}
	for i := range e.Settings {
		shown.Settings = append(shown.Settings, a.showEffectiveSetting(&e.Settings[i]))
	}
	for _, u := range e.Unused {
		shown.Unused = append(shown.Unused, UnusedSetting{Path: u.Path, Level: showLevelKey(u.Level), Reason: u.Reason})
	}
	return shown
}

func (a *API) showEffectiveSetting(s *provisioners.EffectiveSetting) EffectiveSetting {
	c := a.Provisioning.Catalogue
	shown := EffectiveSetting{Path: s.Path, Secret: s.IsSecret, Origin: showLevelKey(s.Origin), Overrode: []OverriddenSetting{}}
	if !s.IsSecret {
		shown.Value = c.Native(s.Path, s.Value)
	}
	if s.LockedBy != nil {
		by := showLevelKey(*s.LockedBy)
		shown.LockedBy = &by
	}
	for _, o := range s.Overrode {
		lost := OverriddenSetting{Level: showLevelKey(o.Level), Refused: o.Refused}
		if !s.IsSecret {
			lost.Value = c.Native(s.Path, o.Value)
		}
		shown.Overrode = append(shown.Overrode, lost)
	}
	return shown
}

// SettingPath is the body that names a setting.
type SettingPath struct {
	Path string `json:"path" minLength:"1" maxLength:"200" doc:"The path of a setting, without *."`
}

// PlainSetting is a setting with its value in clear, secret or not.
type PlainSetting struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

type revealSettingInput struct {
	DevicePath
	Body SettingPath
}

type revealSettingOutput struct {
	Body PlainSetting
}

func (a *API) revealSetting(ctx context.Context, in *revealSettingInput) (*revealSettingOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	path := in.Body.Path
	note(ctx, "device/"+string(d.ID), path)
	e, err := a.effective(ctx, d)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(e.Settings, func(s provisioners.EffectiveSetting) bool { return s.Path == path })
	if i < 0 {
		return nil, kindNotFound.problem("the setting is not in force on the device")
	}
	value := e.Settings[i].Value
	if e.Settings[i].IsSecret {
		value = e.Settings[i].Secret.Reveal()
	}
	if err := a.attest(ctx); err != nil {
		return nil, err
	}
	return &revealSettingOutput{Body: PlainSetting{Path: path, Value: value}}, nil
}
