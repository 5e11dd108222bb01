package api

import (
	"context"
	"errors"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/users"
)

// newSettings returns the level of a device that is about to be made, nil if the body
// says nothing of settings.
func (a *API) newSettings(ctx context.Context, d device.Device, n *NewDevice) (*provisioners.Level, *SettingsPatch, error) {
	if n.Line == "" && len(n.Settings) == 0 {
		return nil, nil, nil
	}
	if err := needs(ctx, users.WriteSettings); err != nil {
		return nil, nil, err
	}
	b := &SettingsPatch{Set: n.Settings}
	if n.Line != "" {
		if err := a.checkNewLine(ctx, d.Group, n.Line); err != nil {
			return nil, nil, err
		}
		b.Set = append([]SetSetting{{Path: "owner", Value: n.Line}, {Path: "account.1.line", Value: "owner"}}, b.Set...)
	}
	l, err := a.edited(provisioners.Level{Key: provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(d.ID)}}, b, inSettings)
	return &l, b, err
}

// checkNewLine checks that a group, or one above it, has a line.
func (a *API) checkNewLine(ctx context.Context, group, number string) error {
	keys := []provisioners.LineKey{{Group: group, Number: number}}
	for group != "" {
		group = parentOf(group)
		keys = append(keys, provisioners.LineKey{Group: group, Number: number})
	}
	found, err := a.Provisioning.Lines.Lines(ctx, keys)
	if err == nil && len(found) == 0 {
		err = invalid("body.line", "must be the number of a line of the device's group or of one above it")
	}
	return err
}

// putNewSettings stores the level of a new device.
func (a *API) putNewSettings(ctx context.Context, l *provisioners.Level) error {
	if l == nil {
		return nil
	}
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	l.UpdatedAt, l.UpdatedBy = a.moment(), p.Actor
	_, err = a.Provisioning.Levels.PutLevel(ctx, *l)
	return err
}

// addDevice makes a device with all that the body says of it, or nothing.
func (a *API) addDevice(ctx context.Context, n *NewDevice) (*createdDeviceOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	d, err := n.device(s)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "")
	login, err := n.login()
	if err != nil {
		return nil, err
	}
	if err := a.checkLogin(ctx, login, d.ID); err != nil {
		return nil, err
	}
	level, settings, err := a.newSettings(ctx, d, n)
	if err != nil {
		return nil, err
	}
	if err := a.ensureGroup(ctx, "body.group", d.Group); err != nil {
		return nil, err
	}
	if err := a.Devices.Create(ctx, d, 0); err != nil {
		return nil, err
	}
	a.keepGroup(ctx, d.Group)
	if err := errors.Join(a.setLogin(ctx, login, d.ID), a.putNewSettings(ctx, level)); err != nil {
		// Without these the device is not what was asked for: a second attempt must not
		// meet the remains of the first.
		return nil, errors.Join(err, a.Devices.Delete(context.WithoutCancel(ctx), d.ID))
	}
	audited := auditedDeviceOf(d).with(login)
	if level != nil {
		audited.Settings = a.auditedLevel(*level, settings)
	}
	change(ctx, nil, audited)
	return a.createdDevice(ctx, d), nil
}

// createdDevice marks a new device, tells of it, and returns it as it is then.
func (a *API) createdDevice(ctx context.Context, d device.Device) *createdDeviceOutput {
	a.markDevice(ctx, d.ID)
	a.forgetStranger(ctx, d.MAC)
	if marked, err := a.Devices.Get(ctx, d.ID); err == nil {
		d = marked
	}
	a.Hub.DeviceChanged(d)
	return &createdDeviceOutput{ETag: etag(d), Location: prefix + "/devices/" + string(d.ID), Body: a.showDevice(d, a.Now())}
}

// forgetStranger takes a phone that is known now off the list of those that are not.
// That it stays there would be no reason to say that it was not added.
func (a *API) forgetStranger(ctx context.Context, mac string) {
	if mac == "" {
		return
	}
	err := a.Provisioning.Fetches.DeleteStranger(context.WithoutCancel(ctx), "mac-"+strings.ReplaceAll(mac, ":", ""))
	if err != nil && !errors.Is(err, provisioners.ErrNotFound) {
		a.Logger.WarnContext(ctx, "cannot take a phone that was added off the list of unknown ones", logkeys.Error, err)
	}
}
