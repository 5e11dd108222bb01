package mongo

import (
	"slices"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestACopyIntoAnEmptyStoreLooksNothingUp(t *testing.T) {
	s, sent := openWatched(t)
	first, second := knownDevice("1"), knownDevice("2")
	first.Origin, first.Group = device.OriginContact, "a/b"
	c := s.Copier()
	for name, records := range map[string][]store.Record{
		"everything at once": {{Device: &first}, branchOf(first.ID, "Device.A"), {Task: &tasks.Task{ID: tasks.NewID(at(1)), Device: first.ID, Kind: tasks.Reboot, State: tasks.Queued}}},
		"a kind at a time":   {{Device: &second}},
	} {
		sent.take()
		must(t, c.Import(t.Context(), records))
		if all := sent.take(); slices.ContainsFunc(all, func(command string) bool { return command == "find" || command == "aggregate" || command == "count" }) {
			t.Errorf("%s: it sends %v", name, all)
		}
	}
	sent.expect(t, "the tree of a device of an earlier import", func() error { return c.Import(t.Context(), []store.Record{branchOf(second.ID, "Device.B")}) }, "insert")
	sent.expect(t, "the tree of a device that another copier imported", func() error {
		third := knownDevice("3")
		must(t, s.Copier().Import(t.Context(), []store.Record{{Device: &third}}))
		sent.take()
		return c.Import(t.Context(), []store.Record{branchOf(third.ID, "Device.B")})
	}, "find", "insert")
	if page, err := s.Tasks().List(t.Context(), tasks.List{PageSize: 10, Scope: device.Scope{Group: "a"}}); err != nil || len(page.Tasks) != 1 {
		t.Errorf("the scope of the device's group shows %d tasks, %v, want 1", len(page.Tasks), err)
	}
	if counter, err := s.contacts(t.Context()); err != nil || counter.Count != 1 {
		t.Errorf("%d devices that nobody announced are counted, %v, want 1", counter.Count, err)
	}
}

func TestWhatACopierImportedIsBounded(t *testing.T) {
	d := newImportedDevices()
	d.limit = 2
	var records []store.Record
	for _, id := range []device.ID{"a", "b", "c"} {
		records = append(records, store.Record{Device: &device.Device{ID: id, Group: "of " + string(id)}})
	}
	d.add(records)
	records[0].Device.Group = "moved"
	d.add(records)
	known, others := d.split([]device.ID{"a", "b", "c", "d"})
	if len(known) != 2 || known["a"] != "moved" || known["b"] != "of b" || !slices.Equal(others, []device.ID{"c", "d"}) {
		t.Errorf("known are %v, to be looked up %v", known, others)
	}
}
