package tasks_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// record returns the record of a device.
func (h *house) record(id device.ID) device.Device {
	h.t.Helper()
	d, err := h.store.Devices().Get(h.t.Context(), id)
	h.check(err)
	return d
}

// edited begins a bulk that changes records, carries it out and returns it.
func (h *house) edited(o tasks.BulkOptions, n tasks.NewBulk) tasks.Bulk {
	h.t.Helper()
	r := tasks.NewBulkRunner(o)
	b, err := r.Begin(h.t.Context(), n)
	h.check(err)
	h.check(r.RunOnce(h.t.Context()))
	b, err = r.Get(h.t.Context(), b.ID)
	h.check(err)
	if b.FinishedAt.IsZero() {
		h.t.Fatalf("it did not end: %+v", b)
	}
	return b
}

func TestABulkEditChangesEachMatchingDeviceOfItsScope(t *testing.T) {
	h := newHouse(t, 150)
	var told []device.ID
	o := h.options()
	o.Edited = func(d device.Device) {
		if !slices.Equal(d.Tags, []string{"vip"}) {
			t.Errorf("told of a device with the tags %q", d.Tags)
		}
		told = append(told, d.ID)
	}
	group := "acme/south/new"
	b := h.edited(o, tasks.NewBulk{
		Filter: `model = "CP-8851"`, Scope: device.Scope{Group: "acme/south"}, CreatedBy: "user:anna",
		Edit: &tasks.BulkEdit{AddTags: []string{"vip"}, RemoveTags: []string{"old"}, Group: &group},
	})
	if b.Queued != 135 || b.Refused != 0 || b.Kind != "" || len(told) != 135 {
		t.Errorf("ended as %+v, told of %d devices", b, len(told))
	}
	for i, id := range h.devices {
		d := h.record(id)
		inside := i%10 != 0
		if inside != (d.Group == group) || inside != slices.Equal(d.Tags, []string{"vip"}) || inside != (d.Revision == 2) {
			t.Fatalf("device %d is %+v", i, d)
		}
	}
	if len(h.tasksOf()) != 0 {
		t.Error("devices were given tasks")
	}
}

func TestADeviceThatHasWhatIsAskedForStaysAsItIs(t *testing.T) {
	h := newHouse(t, 3)
	n := tasks.NewBulk{Filter: "*", Edit: &tasks.BulkEdit{AddTags: []string{"a"}}}
	h.edited(h.options(), n)
	b := h.edited(h.options(), n)
	if b.Queued != 3 {
		t.Errorf("ended as %+v", b)
	}
	if d := h.record(h.devices[0]); d.Revision != 2 {
		t.Errorf("changed twice: %+v", d)
	}
}

// brittleDevices fails after some edits.
type brittleDevices struct {
	tasks.BulkDevices
	left   int
	before func(device.ID)
}

func (d *brittleDevices) Edit(ctx context.Context, id device.ID, e device.Edit) (device.Device, error) {
	if d.left == 0 {
		return device.Device{}, errKilled
	}
	d.left--
	if d.before != nil {
		d.before(id)
	}
	return d.BulkDevices.Edit(ctx, id, e)
}

func TestABulkEditThatIsKilledAnywhereChangesEachDeviceOnce(t *testing.T) {
	// With the second filter a device matches no longer once it is changed.
	for _, filter := range []string{"*", "-tags:vip"} {
		h := newHouse(t, 205)
		_, err := tasks.NewBulkRunner(h.options()).Begin(t.Context(), tasks.NewBulk{Filter: filter, Edit: &tasks.BulkEdit{AddTags: []string{"vip"}}})
		h.check(err)
		for _, left := range []int{1, 99, 50, 1000} {
			o := h.options()
			o.Devices = &brittleDevices{BulkDevices: h.store.Devices(), left: left}
			if err := tasks.NewBulkRunner(o).RunOnce(t.Context()); err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
		}
		for _, id := range h.devices {
			if d := h.record(id); d.Revision != 2 || !slices.Equal(d.Tags, []string{"vip"}) {
				t.Fatalf("%s: device %+v", filter, d)
			}
		}
		if open, err := h.store.Bulks().OpenBulks(t.Context(), 1); err != nil || len(open) != 0 {
			t.Errorf("%s: it did not end (%v)", filter, err)
		}
	}
}

func TestADeviceThatIsMovedOutMeanwhileIsNotChanged(t *testing.T) {
	h := newHouse(t, 4)
	north, tags := "acme/north", []string{"other"}
	o := h.options()
	moved, retagged := h.devices[1], h.devices[2]
	once := map[device.ID]bool{}
	o.Devices = &brittleDevices{BulkDevices: h.store.Devices(), left: 1000, before: func(id device.ID) {
		if once[id] {
			return
		}
		once[id] = true
		e := device.Edit{}
		switch id {
		case moved:
			e.Group = &north
		case retagged:
			e.Tags = &tags
		default:
			return
		}
		_, err := h.store.Devices().Edit(t.Context(), id, e)
		h.check(err)
	}}
	b := h.edited(o, tasks.NewBulk{Filter: "*", Scope: device.Scope{Group: "acme/south"}, Edit: &tasks.BulkEdit{AddTags: []string{"vip"}}})
	if d := h.record(moved); len(d.Tags) != 0 || d.Group != north {
		t.Errorf("the device that was moved out is %+v", d)
	}
	if d := h.record(retagged); !slices.Equal(d.Tags, []string{"other", "vip"}) {
		t.Errorf("the device that was changed meanwhile has the tags %q", d.Tags)
	}
	if b.Queued != 2 || b.Refused != 0 {
		t.Errorf("ended as %+v", b)
	}
}

func TestDevicesThatCannotBeChangedAreCounted(t *testing.T) {
	h := newHouse(t, 4)
	var many []string
	for i := range tasks.MaxTags {
		many = append(many, fmt.Sprint("t", i))
	}
	_, err := h.store.Devices().Edit(t.Context(), h.devices[0], device.Edit{Tags: &many})
	h.check(err)
	o := h.options()
	gone, busy := h.devices[1], h.devices[2]
	o.Devices = &brittleDevices{BulkDevices: h.store.Devices(), left: 1000, before: func(id device.ID) {
		switch id {
		case gone:
			h.check(h.store.Devices().Delete(t.Context(), id))
		case busy: // It changes each time that it is about to be changed.
			_, err := h.store.Devices().Edit(t.Context(), id, device.Edit{AddTags: []string{"x"}})
			h.check(err)
		}
	}}
	b := h.edited(o, tasks.NewBulk{Filter: "*", Edit: &tasks.BulkEdit{AddTags: []string{"vip"}}})
	if b.Queued != 1 || b.Refused != 3 || !strings.Contains(b.LastError, "device ") {
		t.Errorf("ended as %+v", b)
	}
	if d := h.record(h.devices[0]); len(d.Tags) != tasks.MaxTags {
		t.Errorf("the device has %d tags", len(d.Tags))
	}
}

func TestBulkEditsThatCannotBeAreRefused(t *testing.T) {
	h := newHouse(t, 0)
	r := tasks.NewBulkRunner(h.options())
	for name, n := range map[string]tasks.NewBulk{
		"nothing to change":       {Filter: "*", Edit: &tasks.BulkEdit{}},
		"a kind as well":          {Filter: "*", Kind: tasks.Reboot, Edit: &tasks.BulkEdit{AddTags: []string{"a"}}},
		"a tag added and removed": {Filter: "*", Edit: &tasks.BulkEdit{AddTags: []string{"a"}, RemoveTags: []string{"b", "a"}}},
	} {
		var argument *tasks.ArgumentError
		if _, err := r.Begin(t.Context(), n); !errors.As(err, &argument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := tasks.Bulk{ID: tasks.NewID(h.now), Edit: &tasks.BulkEdit{AddTags: []string{"a"}}}
	if sealed, err := b.SealedArgs(); err != nil || len(sealed.Secrets) != 0 {
		t.Errorf("an edit has the secrets %v, %v", sealed.Secrets, err)
	}
}

func TestAGroupThatIsDeletedAsABulkEditFillsItIsMadeAgain(t *testing.T) {
	h := newHouse(t, 3)
	groups, group := h.store.Groups(), "acme/new/site"
	h.check(device.MakeGroups(t.Context(), groups, group, h.now))
	o := h.options()
	o.Groups = groups
	o.Devices = &brittleDevices{BulkDevices: h.store.Devices(), left: 1000, before: func(device.ID) {
		if err := groups.DeleteGroup(t.Context(), group); err != nil && !errors.Is(err, device.ErrNotFound) {
			t.Error(err)
		}
	}}
	h.edited(o, tasks.NewBulk{Filter: "*", Edit: &tasks.BulkEdit{Group: &group}})
	if _, err := groups.Group(t.Context(), group); err != nil {
		t.Error(err)
	}
}
