package mongo

import (
	"errors"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func importDevices(t *testing.T, s *Store, all ...device.Device) {
	t.Helper()
	var records []store.Record
	for i := range all {
		records = append(records, store.Record{Device: &all[i]})
	}
	must(t, s.Copier().Import(t.Context(), records))
}

func TestAnImportKeepsTheNumberOfUnknownDevicesRight(t *testing.T) {
	s := open(t)
	unknown := func(serial string, origin device.Origin) device.Device {
		d := knownDevice(serial)
		d.Origin = origin
		return d
	}
	first, second, third := unknown("1", device.OriginContact), unknown("2", device.OriginContact), unknown("3", device.OriginOperator)
	adopted, unadopted := first, third
	adopted.Origin, unadopted.Origin = device.OriginOperator, device.OriginContact
	for _, step := range []struct {
		name     string
		imported []device.Device
		want     int64
	}{
		{"new ones are counted", []device.Device{first, second, third}, 2},
		{"the same ones are not counted again", []device.Device{first, second, third}, 2},
		{"one that became known is not counted any more", []device.Device{adopted}, 1},
		{"one that was known is counted now", []device.Device{unadopted, adopted}, 2},
		{"as many come as go", []device.Device{first, third}, 2},
	} {
		importDevices(t, s, step.imported...)
		counter, err := s.contacts(t.Context())
		if err != nil || counter.Count != step.want {
			t.Errorf("%s: the counter is %d, %v, want %d", step.name, counter.Count, err, step.want)
		}
	}
	if err := s.Devices().Create(t.Context(), unknown("4", device.OriginContact), 2); !errors.Is(err, device.ErrLimit) {
		t.Errorf("error of one beyond the limit is %v, want %v", err, device.ErrLimit)
	}
}

func TestAnImportThatFailsLeavesTheNumberOfUnknownDevicesTooHighAtMost(t *testing.T) {
	s := open(t)
	taken := createDevice(t, s, knownDevice("1"))
	first, duplicate := knownDevice("2"), taken
	duplicate.ID = device.NewID()
	first.Origin, duplicate.Origin = device.OriginContact, device.OriginContact
	if err := s.Copier().Import(t.Context(), []store.Record{{Device: &first}, {Device: &duplicate}}); err == nil {
		t.Fatal("a second device of the same identity is imported")
	}
	if counter, err := s.contacts(t.Context()); err != nil || counter.Count != 2 {
		t.Errorf("the counter is %d, %v, want 2", counter.Count, err)
	}
}

func TestAnImportTakesTheTasksOfADeviceToItsGroup(t *testing.T) {
	s := openAt(t, at(0))
	d := createDevice(t, s, knownDevice("1"))
	old := addTask(t, s, d.ID)
	imported := queued(d.ID)
	d.Group = "a/b"
	must(t, s.Copier().Import(t.Context(), []store.Record{{Device: &d}, {Task: &imported}}))
	page, err := s.Tasks().List(t.Context(), tasks.List{PageSize: 10, Scope: device.Scope{Group: "a"}})
	must(t, err)
	if len(page.Tasks) != 2 {
		t.Errorf("the scope shows %d tasks, want %s and %s", len(page.Tasks), old.ID, imported.ID)
	}
	read, err := s.findDevice(t.Context(), byID(d.ID))
	if err != nil || !read.GroupMovedAt.Equal(at(0)) {
		t.Errorf("the device is marked as moved at %v, %v, want %v", read.GroupMovedAt, err, at(0))
	}
}

func TestWhoChangesARecordSeesThatItWasImportedMeanwhile(t *testing.T) {
	s := open(t)
	d := createDevice(t, s, knownDevice("1"))
	read, err := s.findDevice(t.Context(), byID(d.ID))
	must(t, err)
	d.Model = "imported"
	importDevices(t, s, d)
	if _, done, err := s.replaceDevice(t.Context(), read, d); err != nil || done {
		t.Errorf("a record that was read before the import is stored: %v, %v", done, err)
	}
}
