package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// LevelName names a level of settings.
type LevelName struct {
	Kind provisioners.LevelKind `json:"kind" enum:"pack,global,group,line,device,user,generated"`
	ID   string                 `json:"id,omitempty" maxLength:"512" doc:"The path of the group, the id of the device, group and number of the line; absent for global."`
}

func showLevelKey(k provisioners.LevelKey) LevelName { return LevelName{Kind: k.Kind, ID: k.ID} }

// SettingsLevel is what was declared at one level.
type SettingsLevel struct {
	Level     LevelName      `json:"level"`
	Settings  []SettingEntry `json:"settings" nullable:"false" doc:"In order of path; of those with the same path the later counts where both fit."`
	Revision  int64          `json:"revision" doc:"Grows with every change; 0 if nothing was ever declared."`
	UpdatedAt *time.Time     `json:"updatedAt"`
	UpdatedBy string         `json:"updatedBy"`
}

// SettingEntry is one setting that a level declares.
type SettingEntry struct {
	Path     string   `json:"path" doc:"An index may be *: every one that exists on the device."`
	Value    any      `json:"value" doc:"A text, number, boolean or list as the catalogue says; null for a secret and for one that is generated."`
	Secret   bool     `json:"secret" doc:"The value is not shown."`
	Generate bool     `json:"generate" doc:"A secret of its own is made for each device."`
	Models   []string `json:"models" nullable:"false" doc:"The models that it is for, * for any text; empty for all."`
	Filter   string   `json:"filter" doc:"The devices that it is for, in the filter language; empty for all."`
	Locked   bool     `json:"locked" doc:"Levels below cannot say otherwise."`
}

func (a *API) showLevel(l provisioners.Level) SettingsLevel {
	shown := SettingsLevel{Level: showLevelKey(l.Key), Settings: make([]SettingEntry, 0, len(l.Entries)), Revision: l.Revision, UpdatedAt: shownTime(l.UpdatedAt), UpdatedBy: l.UpdatedBy}
	for _, e := range l.Entries {
		shown.Settings = append(shown.Settings, a.showEntry(e))
	}
	return shown
}

func (a *API) showEntry(e provisioners.Entry) SettingEntry {
	s := SettingEntry{Path: e.Path, Secret: e.Sealed != "" || e.Generate, Generate: e.Generate, Models: append([]string{}, e.Models...), Filter: e.Filter, Locked: e.Locked}
	if !s.Secret {
		s.Value = a.Provisioning.Catalogue.Native(e.Path, e.Value)
	}
	return s
}

type levelOutput struct {
	ETag string `header:"ETag"`
	Body SettingsLevel
}

func levelTag(l provisioners.Level) string { return fmt.Sprintf(`"r%d"`, l.Revision) }

func (a *API) levelOutput(l provisioners.Level) *levelOutput {
	return &levelOutput{ETag: levelTag(l), Body: a.showLevel(l)}
}

// level returns a level as it is stored, an empty one if it is not.
func (a *API) level(ctx context.Context, key provisioners.LevelKey) (provisioners.Level, error) {
	found, err := a.Provisioning.Levels.Levels(ctx, []provisioners.LevelKey{key})
	if err != nil || len(found) == 0 {
		return provisioners.Level{Key: key}, err
	}
	return found[0], nil
}

func (a *API) getLevel(ctx context.Context, key provisioners.LevelKey) (*levelOutput, error) {
	l, err := a.level(ctx, key)
	if err != nil {
		return nil, err
	}
	return a.levelOutput(l), nil
}

// levelTries is how often a change is tried that meets others at the same moment.
const levelTries = 3

// editLevel changes a level, and returns it as it is then.
func (a *API) editLevel(ctx context.Context, key provisioners.LevelKey, ifMatch string, b *SettingsPatch) (*levelOutput, error) {
	note(ctx, "settings/"+string(key.Kind)+"/"+key.ID, b.summary())
	return a.writeLevel(ctx, key, ifMatch, func(*provisioners.Level) *SettingsPatch { return b })
}

// writeLevel changes a level by what is made of the one that is there.
func (a *API) writeLevel(ctx context.Context, key provisioners.LevelKey, ifMatch string, patch func(before *provisioners.Level) *SettingsPatch) (*levelOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		before, err := a.level(ctx, key)
		if err != nil {
			return nil, err
		}
		if ifMatch != "" && !matches(ifMatch, levelTag(before)) {
			return nil, kindPrecondition.problem("the level has the ETag " + levelTag(before) + " by now")
		}
		b := patch(&before)
		next, err := a.edited(before, b, inSet)
		if err != nil {
			return nil, err
		}
		next.UpdatedAt, next.UpdatedBy = a.moment(), p.Actor
		after, err := a.Provisioning.Levels.PutLevel(ctx, next)
		if errors.Is(err, provisioners.ErrConflict) && try < levelTries {
			continue
		}
		if err != nil {
			return nil, err
		}
		if key.Kind == provisioners.GroupLevel {
			a.keepGroup(ctx, key.ID)
		}
		change(ctx, a.auditedLevel(before, nil), a.auditedLevel(after, b))
		a.levelChanged(ctx, key)
		return a.levelOutput(after), nil
	}
}

// levelChanged sees to the marks of the devices that a level is for. The write is
// done: that this fails is no reason to say it was not.
func (a *API) levelChanged(ctx context.Context, key provisioners.LevelKey) {
	ctx = context.WithoutCancel(ctx)
	switch key.Kind {
	case provisioners.DeviceLevel, provisioners.UserLevel:
		a.markDevice(ctx, device.ID(key.ID))
		if d, err := a.Devices.Get(ctx, device.ID(key.ID)); err == nil {
			a.Hub.DeviceChanged(d)
		}
	case provisioners.GlobalLevel, provisioners.GroupLevel:
		if err := a.Provisioning.Refresh(ctx); err != nil {
			a.Logger.WarnContext(ctx, "cannot read settings anew: it is tried again", slog.String(logkeys.Request, requestID(ctx)), slog.Any(logkeys.Error, err))
		}
		a.Provisioning.Marker.SoonBelow(device.Scope{Group: key.ID})
	}
}

// markDevice marks a device whose settings may have changed.
func (a *API) markDevice(ctx context.Context, id device.ID) {
	ctx = context.WithoutCancel(ctx)
	err := a.Provisioning.Marker.MarkDevice(ctx, id)
	if err == nil {
		return
	}
	a.Logger.WarnContext(ctx, "cannot mark a device: a later pass does", slog.String(logkeys.Request, requestID(ctx)), slog.String(logkeys.Device, string(id)), slog.Any(logkeys.Error, err))
	a.Provisioning.Marker.Soon(id)
}

func globalKey() provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.GlobalLevel}
}

func (a *API) getGlobalSettings(ctx context.Context, _ *noInput) (*levelOutput, error) {
	if err := wholeFleet(ctx, "global settings"); err != nil {
		return nil, err
	}
	return a.getLevel(ctx, globalKey())
}

type globalSettingsInput struct {
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    SettingsPatch
}

func (a *API) updateGlobalSettings(ctx context.Context, in *globalSettingsInput) (*levelOutput, error) {
	if err := wholeFleet(ctx, "global settings"); err != nil {
		return nil, err
	}
	return a.editLevel(ctx, globalKey(), in.IfMatch, &in.Body)
}

// groupKey returns the level of a group that the one who asks may see.
func (a *API) groupKey(ctx context.Context, group string) (provisioners.LevelKey, error) {
	g, err := a.visibleGroup(ctx, group)
	return provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: g.Path}, err
}

func (a *API) getGroupSettings(ctx context.Context, in *GroupPath) (*levelOutput, error) {
	key, err := a.groupKey(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	return a.getLevel(ctx, key)
}

type groupSettingsInput struct {
	GroupPath
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    SettingsPatch
}

func (a *API) updateGroupSettings(ctx context.Context, in *groupSettingsInput) (*levelOutput, error) {
	key, err := a.groupKey(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	return a.editLevel(ctx, key, in.IfMatch, &in.Body)
}

// deviceKey returns a level of a device that the one who asks may see.
func (a *API) deviceKey(ctx context.Context, kind provisioners.LevelKind, id string) (provisioners.LevelKey, error) {
	d, err := a.visible(ctx, id)
	return provisioners.LevelKey{Kind: kind, ID: string(d.ID)}, err
}

func (a *API) getDeviceSettings(ctx context.Context, in *DevicePath) (*levelOutput, error) {
	return a.getDeviceLevel(ctx, provisioners.DeviceLevel, in.ID)
}

func (a *API) getUserSettings(ctx context.Context, in *DevicePath) (*levelOutput, error) {
	return a.getDeviceLevel(ctx, provisioners.UserLevel, in.ID)
}

func (a *API) getDeviceLevel(ctx context.Context, kind provisioners.LevelKind, id string) (*levelOutput, error) {
	key, err := a.deviceKey(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	return a.getLevel(ctx, key)
}

type deviceSettingsInput struct {
	DevicePath
	IfMatch string `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    SettingsPatch
}

func (a *API) updateDeviceSettings(ctx context.Context, in *deviceSettingsInput) (*levelOutput, error) {
	return a.editDeviceLevel(ctx, provisioners.DeviceLevel, in)
}

func (a *API) updateUserSettings(ctx context.Context, in *deviceSettingsInput) (*levelOutput, error) {
	return a.editDeviceLevel(ctx, provisioners.UserLevel, in)
}

func (a *API) editDeviceLevel(ctx context.Context, kind provisioners.LevelKind, in *deviceSettingsInput) (*levelOutput, error) {
	key, err := a.deviceKey(ctx, kind, in.ID)
	if err != nil {
		return nil, err
	}
	return a.editLevel(ctx, key, in.IfMatch, &in.Body)
}
