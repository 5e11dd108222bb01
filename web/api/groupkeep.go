package api

import (
	"context"
	"errors"
	"log/slog"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// A group is deleted, and things are put into it, by single operations on different
// records, so that one may happen in the middle of the other. Both look again after
// their write: who put something in makes the group again if it is gone (keepGroup),
// who deleted it restores it if something is there (deleteGroup). A process that is
// killed before it looked may leave something in a group that is missing: the group
// is made again as soon as somebody asks for it (visibleGroup).

// keepGroup makes a group again that was deleted while something was put into it. The
// write is done: that this fails is no reason to say it was not.
func (a *API) keepGroup(ctx context.Context, group string) {
	ctx = context.WithoutCancel(ctx)
	if err := device.KeepGroup(ctx, a.Groups, group, a.moment()); err != nil {
		a.Logger.WarnContext(ctx, "cannot see whether a group is still there", slog.String(logkeys.Request, requestID(ctx)), slog.Any(logkeys.Error, err))
	}
}

// hasGroup reports whether a group is there. Scopes may name one that is not, which
// is then not to be made.
func (a *API) hasGroup(ctx context.Context, group string) (bool, error) {
	if group == "" {
		return false, nil
	}
	_, err := a.Groups.Group(ctx, group)
	if errors.Is(err, device.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// restoreGroup stores a group anew that was just deleted, and those above it.
func (a *API) restoreGroup(ctx context.Context, g device.Group) error {
	g.Revision = 0
	if err := a.makeGroups(ctx, parentOf(g.Path)); err != nil {
		return err
	}
	if err := a.Groups.PutGroup(ctx, g); err != nil && !errors.Is(err, device.ErrDuplicate) {
		return err
	}
	return nil
}

// mendGroup makes a group that is missing although devices or groups are in it, and
// returns it, or device.ErrNotFound.
func (a *API) mendGroup(ctx context.Context, group string) (device.Group, error) {
	below, err := a.Groups.Groups(ctx, device.GroupList{Parent: group, Children: true, Limit: 1})
	if err != nil {
		return device.Group{}, err
	}
	devices, err := a.hasDevices(ctx, group)
	if err != nil {
		return device.Group{}, err
	}
	if len(below) == 0 && !devices {
		return device.Group{}, device.ErrNotFound
	}
	if err := a.makeGroups(ctx, group); err != nil {
		return device.Group{}, err
	}
	return a.Groups.Group(ctx, group)
}

// hasDevices reports whether a subtree has devices.
func (a *API) hasDevices(ctx context.Context, group string) (bool, error) {
	page, err := a.Devices.List(ctx, device.List{Scope: device.Scope{Group: group}, PageSize: 1, Now: a.Now()})
	return len(page.Devices) > 0, err
}
