package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/trace"
)

// fails checks that err is the sentinel.
func fails(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error is %v, want %v", err, want)
	}
}

func pointer[T any](v T) *T { return &v }

func deviceTests() []test {
	return []test{
		{"a record comes back as it was created, times in UTC milliseconds", func(t *testing.T, s store.Store) {
			checkFull(t, fullDevice(1))
			d := addDevice(t, s, fullDevice(1))
			same(t, "record", deviceOf(t, s, d.ID), storedDevice(d))
		}},
		{"a record without anything but an id comes back", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, device.Device{ID: device.NewID()})
			same(t, "record", deviceOf(t, s, d.ID), d)
		}},
		{"an unknown id is not found", func(t *testing.T, s store.Store) {
			_, err := s.Devices().Get(t.Context(), device.NewID())
			fails(t, err, device.ErrNotFound)
		}},
		{"a record is found by each of its identities", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			for _, i := range d.Identities() {
				found := got[device.Device](t)(s.Devices().ByIdentity(t.Context(), i))
				same(t, "record", found, storedDevice(d))
			}
			_, err := s.Devices().ByIdentity(t.Context(), device.MACIdentity("00:00:00:00:00:01"))
			fails(t, err, device.ErrNotFound)
		}},
		{"creating a record with the identity of another stores nothing", func(t *testing.T, s store.Store) {
			first := addDevice(t, s, fullDevice(1))
			second := fullDevice(2)
			second.MAC = first.MAC
			fails(t, s.Devices().Create(t.Context(), second, 0), device.ErrDuplicate)
			_, err := s.Devices().Get(t.Context(), second.ID)
			fails(t, err, device.ErrNotFound)
			_, err = s.Devices().ByIdentity(t.Context(), second.CWMPIdentity.Identity())
			fails(t, err, device.ErrNotFound)
		}},
		{"the OUI of an identity is compared without regard to case", func(t *testing.T, s store.Store) {
			d := plainDevice("1")
			d.OUI = "00abcd"
			addDevice(t, s, d)
			d.ID, d.OUI = device.NewID(), "00ABCD"
			fails(t, s.Devices().Create(t.Context(), d, 0), device.ErrDuplicate)
		}},
		{"devices that came by themselves are limited, others are not", limitOfContactDevices},
		{"an edit changes what it names and counts the revision", func(t *testing.T, s store.Store) {
			d := fullDevice(1)
			d.Origin = device.OriginContact
			addDevice(t, s, d)
			e := device.Edit{Revision: d.Revision, Tags: &[]string{"a", "b"}, Group: pointer("other"), Model: pointer("T46S"), MAC: pointer("00:04:f2:ff:ff:ff"),
				Quarantined: pointer(false), ClearAlarms: []device.AlarmKind{device.AlarmTransfers, device.AlarmIdentityClash}}
			after := got[device.Device](t)(s.Devices().Edit(t.Context(), d.ID, e))
			want := storedDevice(got[device.Device](t)(d.ApplyEdit(e)))
			same(t, "answer", after, want)
			same(t, "record", deviceOf(t, s, d.ID), want)
		}},
		{"an edit adds tags at the end and removes others, which filters see", func(t *testing.T, s store.Store) {
			d := fullDevice(1)
			d.Tags = []string{"a", "b", "Lobby"}
			addDevice(t, s, d)
			for _, e := range []device.Edit{
				{AddTags: []string{"new", "a"}, RemoveTags: []string{"b"}}, {AddTags: []string{"b"}}, {RemoveTags: []string{"a", "none", "lobby"}},
				{Tags: &[]string{"x", "y"}, AddTags: []string{"z"}, RemoveTags: []string{"x"}}, {AddTags: []string{"x"}, RemoveTags: []string{"x"}}, {RemoveTags: []string{"y", "z"}},
			} {
				before := deviceOf(t, s, d.ID)
				want := got[device.Device](t)(before.ApplyEdit(e))
				same(t, "answer", got[device.Device](t)(s.Devices().Edit(t.Context(), d.ID, e)), want)
				same(t, "record", deviceOf(t, s, d.ID), want)
				for _, tag := range []string{"a", "b", "lobby", "new", "x", "y", "z"} {
					l := device.List{PageSize: 10, Filter: filter(t, deviceSchema(), "tags:"+tag)}
					has := slices.ContainsFunc(want.Tags, func(other string) bool { return strings.EqualFold(tag, other) })
					same(t, "device with tag "+tag, len(allDevices(t, s, l)) == 1, has)
				}
			}
		}},
		{"an edit of an old revision conflicts and changes nothing", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			_, err := s.Devices().Edit(t.Context(), d.ID, device.Edit{Revision: d.Revision - 1, Group: pointer("other")})
			fails(t, err, device.ErrConflict)
			same(t, "record", deviceOf(t, s, d.ID), storedDevice(d))
		}},
		{"an edit of an unknown device is not found", func(t *testing.T, s store.Store) {
			_, err := s.Devices().Edit(t.Context(), device.NewID(), device.Edit{Group: pointer("x")})
			fails(t, err, device.ErrNotFound)
		}},
		{"an edit moves the identity of the MAC address", func(t *testing.T, s store.Store) {
			first, second := addDevice(t, s, fullDevice(1)), addDevice(t, s, fullDevice(2))
			_, err := s.Devices().Edit(t.Context(), first.ID, device.Edit{MAC: &second.MAC})
			fails(t, err, device.ErrDuplicate)
			got[device.Device](t)(s.Devices().Edit(t.Context(), first.ID, device.Edit{MAC: pointer("00:04:f2:ff:ff:ff")}))
			got[device.Device](t)(s.Devices().Edit(t.Context(), second.ID, device.Edit{MAC: &first.MAC}))
			found := got[device.Device](t)(s.Devices().ByIdentity(t.Context(), device.MACIdentity(first.MAC)))
			same(t, "owner", found.ID, second.ID)
		}},
		{"an edit gives a CWMP identity to a device without one, once", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, device.Device{ID: device.NewID(), MAC: "00:04:f2:00:00:01", Origin: device.OriginOperator})
			identity := device.CWMPIdentity{OUI: "0004F2", ProductClass: "P", SerialNumber: "S"}
			got[device.Device](t)(s.Devices().Edit(t.Context(), d.ID, device.Edit{Identity: &identity}))
			found := got[device.Device](t)(s.Devices().ByIdentity(t.Context(), identity.Identity()))
			same(t, "owner", found.ID, d.ID)
			identity.SerialNumber = "T"
			_, err := s.Devices().Edit(t.Context(), d.ID, device.Edit{Identity: &identity})
			fails(t, err, device.ErrDuplicate)
		}},
		{"deleting a device removes all that hangs on it", deleteDevice},
		{"deleting an unknown device is not found", func(t *testing.T, s store.Store) {
			fails(t, s.Devices().Delete(t.Context(), device.NewID()), device.ErrNotFound)
		}},
		{"only silent devices that came by themselves and that nobody sorted are forgotten", deleteSilent},
	}
}

func limitOfContactDevices(t *testing.T, s store.Store) {
	newcomer := func(i int) device.Device {
		d := plainDevice(fmt.Sprint(i))
		d.Origin = device.OriginContact
		return d
	}
	addDevice(t, s, plainDevice("announced"))
	first := newcomer(1)
	must(t, s.Devices().Create(t.Context(), first, 2))
	must(t, s.Devices().Create(t.Context(), newcomer(2), 2))
	fails(t, s.Devices().Create(t.Context(), newcomer(3), 2), device.ErrLimit)
	must(t, s.Devices().Create(t.Context(), plainDevice("announced too"), 2))
	must(t, s.Devices().Create(t.Context(), newcomer(4), 0))
	got[device.Device](t)(s.Devices().Edit(t.Context(), first.ID, device.Edit{Group: pointer("adopted")}))
	fails(t, s.Devices().Create(t.Context(), newcomer(5), 2), device.ErrLimit)
	must(t, s.Devices().Create(t.Context(), newcomer(5), 3))
	must(t, s.Devices().Delete(t.Context(), first.ID))
	fails(t, s.Devices().Create(t.Context(), newcomer(6), 3), device.ErrLimit)
}

func deleteDevice(t *testing.T, s store.Store) {
	ctx := t.Context()
	d, other := addDevice(t, s, fullDevice(1)), addDevice(t, s, fullDevice(2))
	for _, id := range []device.ID{d.ID, other.ID} {
		must(t, s.Parameters().Observe(ctx, id, now(), []device.Observation{{Path: "Device.A"}}))
		must(t, s.Credentials().PutCredential(ctx, device.Credential{Username: "u-" + string(id), Device: id, Password: "p"}))
		must(t, s.Traces().AppendTrace(ctx, []trace.Entry{fullTrace(id, "1"), fullTrace(id, "2")}))
	}
	must(t, s.Devices().Delete(ctx, d.ID))
	_, err := s.Devices().Get(ctx, d.ID)
	fails(t, err, device.ErrNotFound)
	for _, i := range d.Identities() {
		_, err := s.Devices().ByIdentity(ctx, i)
		fails(t, err, device.ErrNotFound)
	}
	_, err = s.Credentials().Credential(ctx, "u-"+string(d.ID))
	fails(t, err, device.ErrNotFound)
	same(t, "trace", traceIDs(t, s, d.ID), []string(nil))
	same(t, "trace of another", traceIDs(t, s, other.ID), []string{"1", "2"})
	d.Events, d.Alarms = nil, nil
	addDevice(t, s, d)
	same(t, "devices with alarms", len(allDevices(t, s, device.List{PageSize: 10, Filter: filter(t, deviceSchema(), "alarms:*")})), 1)
	if tree := got[[]device.Parameter](t)(s.Parameters().Parameters(ctx, d.ID, "", "", 10)); len(tree) != 0 {
		t.Errorf("a device of the same id inherits %d parameters", len(tree))
	}
	same(t, "other", deviceOf(t, s, other.ID), storedDevice(other))
	if tree := got[[]device.Parameter](t)(s.Parameters().Parameters(ctx, other.ID, "", "", 10)); len(tree) != 1 {
		t.Errorf("another device has %d parameters, want 1", len(tree))
	}
	got[device.Credential](t)(s.Credentials().Credential(ctx, "u-"+string(other.ID)))
}

func deleteSilent(t *testing.T, s store.Store) {
	silent := func(i int, change func(*device.Device)) device.ID {
		d := fullDevice(i)
		d.Origin, d.Tags, d.Group = device.OriginContact, nil, ""
		d.FirstSeen, d.LastInform = now().Add(-48*time.Hour), now().Add(-time.Duration(24+i)*time.Hour)
		d.Provisioning.FetchedAt = d.LastInform
		change(&d)
		return addDevice(t, s, d).ID
	}
	silent(1, func(d *device.Device) { d.Origin = device.OriginOperator })
	silent(2, func(d *device.Device) { d.Tags = []string{"kept"} })
	silent(3, func(d *device.Device) { d.Group = "kept" })
	silent(4, func(d *device.Device) { d.LastInform = now() })
	silent(5, func(d *device.Device) { d.LastInform = now().Add(-24 * time.Hour) })
	silent(9, func(d *device.Device) { d.Provisioning.FetchedAt = now() })
	silent(10, func(d *device.Device) {
		d.LastInform, d.Provisioning.FetchedAt = time.Time{}, now().Add(-24*time.Hour)
	})
	want := []device.ID{silent(6, func(*device.Device) {}), silent(7, func(*device.Device) {}), silent(8, func(d *device.Device) { d.LastInform = time.Time{} })}
	since := now().Add(-24 * time.Hour)
	removed := got[[]device.ID](t)(s.Devices().DeleteSilent(t.Context(), since, 2))
	if len(removed) != 2 {
		t.Errorf("removed %d devices, want the limit of 2", len(removed))
	}
	removed = append(removed, got[[]device.ID](t)(s.Devices().DeleteSilent(t.Context(), since, 2))...)
	slices.Sort(removed)
	slices.Sort(want)
	if diff := cmp.Diff(want, removed); diff != "" {
		t.Errorf("removed devices differ (-want +got):\n%s", diff)
	}
	for _, id := range removed {
		_, err := s.Devices().Get(t.Context(), id)
		fails(t, err, device.ErrNotFound)
	}
	same(t, "removed by another look", got[[]device.ID](t)(s.Devices().DeleteSilent(t.Context(), since, 2)), []device.ID(nil))
}
