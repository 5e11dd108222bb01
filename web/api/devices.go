package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
)

const devicesTag = "Devices"

func (a *API) registerDevices() {
	register(a, operation{
		id: "listDevices", method: http.MethodGet, path: "/devices", tag: devicesTag, summary: "List devices",
	}, a.listDevices)
	register(a, operation{
		id: "createDevice", method: http.MethodPost, path: "/devices", tag: devicesTag, summary: "Add a device before it arrives",
		description: "Gives mac, or oui with serialNumber and productClass, or both. Line and settings need settings.write, too.",
		status:      http.StatusCreated, problems: []problemKind{kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createDevice)
	register(a, operation{
		id: "getDevice", method: http.MethodGet, path: "/devices/{id}", tag: devicesTag, summary: "Get a device",
		problems: []problemKind{kindNotFound},
	}, a.getDevice)
	register(a, operation{
		id: "updateDevice", method: http.MethodPatch, path: "/devices/{id}", tag: devicesTag, summary: "Change what operators say of a device",
		description: "A merge patch (RFC 7396): what is absent stays, null removes. With If-Match it is refused if somebody changed the device since.",
		problems:    []problemKind{kindNotFound, kindDuplicate, kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.updateDevice)
	register(a, operation{
		id: "deleteDevice", method: http.MethodDelete, path: "/devices/{id}", tag: devicesTag, summary: "Delete a device and all that is known of it",
		description: "Its open tasks are cancelled. A device that is not told otherwise comes back with its next Inform, as a new one.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteDevice)
}

// DevicePath is the path of what belongs to a device.
type DevicePath struct {
	ID string `path:"id" doc:"The id of the device."`
}

type deviceOutput struct {
	ETag string `header:"ETag" doc:"Covers what operators edit, not what the device reports."`
	Body Device
}

type createdDeviceOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location" doc:"The path of the device."`
	Body     Device
}

func (a *API) deviceOutput(d device.Device) *deviceOutput {
	return &deviceOutput{ETag: etag(d), Body: a.showDevice(d, a.Now())}
}

type listDevicesInput struct {
	Filtering
	OrderBy string `query:"orderBy" maxLength:"1024" doc:"Fields in order, such as lastInform desc, serialNumber."`
}

func (a *API) listDevices(ctx context.Context, in *listDevicesInput) (*pageOutput[Device], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	now := a.Now()
	filter, err := parseFilter(a.deviceSchema, in.Filter, now)
	if err != nil {
		return nil, err
	}
	order, err := query.ParseOrderBy(a.deviceSchema, in.OrderBy)
	if err != nil {
		return nil, syntaxProblem("query.orderBy", err)
	}
	page, err := a.Devices.List(ctx, device.List{
		Scope: s, Filter: filter, Order: order, PageSize: in.PageSize, PageToken: in.PageToken, Now: now, Count: true,
	})
	if err != nil {
		return nil, listProblem(err, in.PageToken)
	}
	return newPage(page.Devices, page.NextPageToken, &page.Total, func(d device.Device) (Device, error) { return a.showDevice(d, now), nil })
}

func (a *API) getDevice(ctx context.Context, in *DevicePath) (*deviceOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.deviceOutput(d), nil
}

type createDeviceInput struct {
	Body NewDevice
}

func (a *API) createDevice(ctx context.Context, in *createDeviceInput) (*createdDeviceOutput, error) {
	return a.addDevice(ctx, &in.Body)
}

type updateDeviceInput struct {
	DevicePath
	IfMatch string      `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    DevicePatch `contentType:"application/merge-patch+json"`
}

func (a *API) updateDevice(ctx context.Context, in *updateDeviceInput) (*deviceOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), in.Body.fields())
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	edit, err := in.Body.edit(s)
	if err != nil {
		return nil, err
	}
	login, err := in.Body.login()
	if err != nil {
		return nil, err
	}
	if err := a.checkLogin(ctx, login, d.ID); err != nil {
		return nil, err
	}
	if in.IfMatch != "" && !matches(in.IfMatch, etag(d)) {
		return nil, kindPrecondition.problem("the device has the ETag " + etag(d) + " by now")
	}
	if in.IfMatch != "" || s.Group != "" {
		// Who sees a part of the fleet must not change a device that has just
		// been moved out of it.
		edit.Revision = d.Revision
	}
	moves := edit.Group != nil && *edit.Group != d.Group
	if moves {
		if err := a.ensureGroup(ctx, "body.group", *edit.Group); err != nil {
			return nil, err
		}
	}
	changed, err := a.Devices.Edit(ctx, d.ID, edit)
	if errors.Is(err, device.ErrConflict) && in.IfMatch != "" {
		return nil, kindPrecondition.problem("the device was changed at the same moment")
	}
	if err != nil {
		return nil, err
	}
	if moves {
		a.keepGroup(ctx, changed.Group)
	}
	if err := a.setLogin(ctx, login, d.ID); err != nil {
		return nil, err
	}
	change(ctx, auditedDeviceOf(d).without(login), auditedDeviceOf(changed).with(login))
	a.Hub.DeviceChanged(changed)
	// What it should have may depend on anything that operators say of it.
	a.Provisioning.Marker.Soon(changed.ID)
	return a.deviceOutput(changed), nil
}

// matches reports whether an If-Match header names the entity tag (RFC 9110
// section 13.1.1).
func matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		if c := strings.TrimSpace(candidate); c == "*" || c == tag {
			return true
		}
	}
	return false
}

type nothing struct{}

func (a *API) deleteDevice(ctx context.Context, in *DevicePath) (*nothing, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "")
	if err := a.cancelOpen(ctx, d.ID); err != nil {
		return nil, err
	}
	if err := a.Devices.Delete(ctx, d.ID); err != nil {
		return nil, err
	}
	change(ctx, auditedDeviceOf(d), nil)
	a.Hub.DeviceDeleted(d)
	// What was queued between the two steps before belongs to nobody now.
	return nil, a.cancelOpen(context.WithoutCancel(ctx), d.ID)
}

// cancelOpen cancels the open tasks of a device. What a session has under way
// ends with that session.
func (a *API) cancelOpen(ctx context.Context, id device.ID) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	open, err := a.Tasks.Open(ctx, id)
	if err != nil {
		return err
	}
	for _, t := range open {
		_, err := a.Tasks.Cancel(ctx, t.ID, p.Actor)
		if err != nil && !errors.Is(err, tasks.ErrState) && !errors.Is(err, tasks.ErrConflict) && !errors.Is(err, tasks.ErrNotFound) {
			return err
		}
	}
	return nil
}
