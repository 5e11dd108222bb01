package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
)

func (a *API) registerSettingsPlan() {
	register(a, operation{
		id: "planSettings", method: http.MethodPost, path: "/settings/plan", tag: settingsTag, summary: "Say which devices a change would change, before it is made",
		description: "Of a level (level, with set and unset as in its change), of a vendor pack (pack), or of a device that gets another group or model (device). Nothing is stored.",
		maxBody:     maxSettingsBody, problems: []problemKind{kindNotFound, kindTooLarge, kindMediaType},
	}, a.planSettings)
	register(a, operation{
		id: "planDeviceSettings", method: http.MethodPost, path: "/devices/{id}/settings/plan", tag: settingsTag, summary: "Say how a change would change the files of a device",
		description: "The change is that of planSettings; without level it is made at the device itself. Secrets are masked; one that changes has another mask after the change. Nothing is stored.",
		maxBody:     maxSettingsBody, problems: []problemKind{kindNotFound, kindTooLarge, kindMediaType},
	}, a.planDeviceSettings)
}

// PlannedChange is the body that asks what a change would do.
type PlannedChange struct {
	Level *LevelName   `json:"level,omitempty" doc:"The level that set and unset change: global, group, device or user."`
	Pack  *PackVersion `json:"pack,omitempty" doc:"The version of a vendor pack that would be active."`
	Move  *PlannedMove `json:"device,omitempty" doc:"A device that would have another group or model."`
	SettingsPatch
	Names *int `json:"names,omitempty" minimum:"0" maximum:"1000" doc:"How many devices and places the lists of the answer name at most; 100 if absent."`
}

// PackVersion is a version of a vendor pack.
type PackVersion struct {
	Name    string `json:"name" minLength:"1" maxLength:"64"`
	Version string `json:"version" minLength:"1" maxLength:"64" doc:"The version of an upload, or builtIn."`
}

// PlannedMove is a device as it would be.
type PlannedMove struct {
	ID    string  `json:"id" maxLength:"64"`
	Group *string `json:"group,omitempty" maxLength:"256"`
	Model *string `json:"model,omitempty" maxLength:"64"`
}

// defaultNames is how many devices the answer of a plan names unless asked for others.
const defaultNames = 100

type planInput struct {
	Body PlannedChange
}

type planOutput struct {
	Body SettingsPlan
}

func (a *API) planSettings(ctx context.Context, in *planInput) (*planOutput, error) {
	q, err := a.question(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	free, err := a.plans.take(exchangeOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	defer free()
	exchangeOf(ctx).extendWriteDeadline(planTime)
	answer, err := a.Provisioning.Planner.Ask(ctx, q)
	if err != nil {
		return nil, err
	}
	return &planOutput{Body: showPlan(answer)}, nil
}

// question makes the question of a body, whatever it is about.
func (a *API) question(ctx context.Context, b *PlannedChange) (plan.Question, error) {
	s, err := scope(ctx)
	if err != nil {
		return plan.Question{}, err
	}
	q := plan.Question{Scope: s, Names: defaultNames}
	if b.Names != nil {
		q.Names = *b.Names
	}
	asked := 0
	for _, given := range []bool{b.Level != nil, b.Pack != nil, b.Move != nil} {
		if given {
			asked++
		}
	}
	if asked != 1 {
		return q, invalid("body", "must have exactly one of level, pack and device")
	}
	switch {
	case b.Pack != nil:
		note(ctx, "pack/"+b.Pack.Name, b.Pack.Version)
		q.Packs, err = a.packsWith(ctx, b.Pack)
	case b.Move != nil:
		err = a.planMove(ctx, &q, b.Move)
	default:
		err = a.planLevel(ctx, &q, b)
	}
	return q, err
}

// planLevel makes the question of a level.
func (a *API) planLevel(ctx context.Context, q *plan.Question, b *PlannedChange) error {
	key, err := a.plannedKey(ctx, q, b.Level)
	if err != nil {
		return err
	}
	note(ctx, "settings/"+string(key.Kind)+"/"+key.ID, b.summary())
	before, err := a.level(ctx, key)
	if err != nil {
		return err
	}
	after, err := a.edited(before, &b.SettingsPatch, inSet)
	q.Levels, q.Level, q.Paths = []provisioners.Level{after}, key, b.paths()
	return err
}

// plannedKey returns the level of a question, and limits the question to the devices
// that it is for.
func (a *API) plannedKey(ctx context.Context, q *plan.Question, l *LevelName) (provisioners.LevelKey, error) {
	switch l.Kind {
	case provisioners.GlobalLevel:
		return globalKey(), wholeFleet(ctx, "global settings")
	case provisioners.GroupLevel:
		key, err := a.groupKey(ctx, l.ID)
		q.Scope.Group = key.ID
		return key, err
	case provisioners.DeviceLevel, provisioners.UserLevel:
		key, err := a.deviceKey(ctx, l.Kind, l.ID)
		q.Device = device.ID(key.ID)
		return key, err
	}
	return provisioners.LevelKey{}, invalid("body.level.kind", "must be global, group, device or user")
}

// planMove makes the question of a device that is changed itself.
func (a *API) planMove(ctx context.Context, q *plan.Question, m *PlannedMove) error {
	d, err := a.visible(ctx, m.ID)
	if err != nil {
		return err
	}
	note(ctx, "device/"+string(d.ID), "")
	if m.Group != nil {
		if err := checkOwnGroup(q.Scope, *m.Group); err != nil {
			return err
		}
	}
	if m.Model != nil {
		if err := checkModel(*m.Model); err != nil {
			return err
		}
	}
	q.Device = d.ID
	q.Alter = func(d device.Device) device.Device {
		if m.Group != nil {
			d.Group = *m.Group
		}
		if m.Model != nil {
			d.Model = *m.Model
		}
		return d
	}
	return nil
}

type devicePlanInput struct {
	DevicePath
	Body PlannedChange
}

type devicePlanOutput struct {
	Body DevicePlan
}

func (a *API) planDeviceSettings(ctx context.Context, in *devicePlanInput) (*devicePlanOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Level == nil && b.Pack == nil && b.Move == nil {
		b.Level = &LevelName{Kind: provisioners.DeviceLevel, ID: string(d.ID)}
	}
	q, err := a.question(ctx, &b)
	if err != nil {
		return nil, err
	}
	if q.Device != "" && q.Device != d.ID {
		return nil, invalid("body", "is about another device")
	}
	q.Device = d.ID
	found, err := a.Provisioning.Planner.Differences(ctx, q)
	if errors.Is(err, device.ErrNotFound) {
		// The device exists: it is not below the group.
		return &devicePlanOutput{Body: DevicePlan{Files: []FileDifference{}}}, nil
	}
	if err != nil {
		return nil, err
	}
	shown := DevicePlan{Files: make([]FileDifference, 0, len(found))}
	for _, f := range found {
		shown.Files = append(shown.Files, FileDifference{Name: f.Name, Difference: f.Text, Added: f.Added, Removed: f.Removed, Truncated: f.Truncated, Problem: f.Problem})
	}
	return &devicePlanOutput{Body: shown}, nil
}
