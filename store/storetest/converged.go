package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// fullConverged returns what a session of that generation made of the settings, in
// which nothing is empty.
func fullConverged(generation int64) device.Converged {
	return device.Converged{
		Generation: generation, At: now(), Pack: "cisco", Wanted: "w", Held: true, Managed: true, FileHeld: pointer("f"), Stuck: "device keeps \"é\"",
		Drifted: 2, DriftedSince: now().Add(-time.Hour), ParameterKey: "k", CheckAt: now().Add(time.Hour),
	}
}

// converged notes what a session made of the settings and compares the record and the
// error with what device.ApplyConverged says.
func converged(t *testing.T, s store.Store, id device.ID, c device.Converged) {
	t.Helper()
	whole := c
	whole.At, whole.DriftedSince, whole.CheckAt = stored(c.At), stored(c.DriftedSince), stored(c.CheckAt)
	want, refused := deviceOf(t, s, id).ApplyConverged(whole)
	if err := s.Provisioning().NoteConverged(t.Context(), id, c); !errors.Is(err, refused) {
		t.Errorf("error is %v, want %v", err, refused)
	}
	same(t, fmt.Sprintf("record after %+v", c), deviceOf(t, s, id), want)
}

// reconsider has a device reconsidered and compares the record with what
// device.Reconsider says.
func reconsider(t *testing.T, s store.Store, id device.ID, at time.Time) {
	t.Helper()
	want := deviceOf(t, s, id).Reconsider(stored(at))
	must(t, s.Provisioning().Reconsider(t.Context(), id, at))
	same(t, "record after it is reconsidered", deviceOf(t, s, id), want)
}

// listedByState looks for a device in the lists of all states: it is in that of its own.
func listedByState(t *testing.T, s store.Store, d device.Device) {
	t.Helper()
	for _, state := range device.ProvisioningStates() {
		l := device.List{PageSize: 2, Filter: filter(t, deviceSchema(), fmt.Sprintf("provisioning = %s serialNumber = %q", state, d.SerialNumber))}
		listed := len(allDevices(t, s, l)) == 1
		if is := d.Provisioning.State() == state; listed != is {
			t.Errorf("the list of those that are %s has it: %t, want %t of %+v", state, listed, is, d.Provisioning)
		}
	}
}

func convergedTests() []test {
	return []test{
		{"what a session made of the settings is kept", sessionsOutcomes},
		{"a session that lost the lock notes nothing", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			first := begin(t, s, contact(d, "s", now())).After.Session.Generation
			begin(t, s, contact(d, "s2", now().Add(time.Hour)))
			before := deviceOf(t, s, d.ID)
			for _, generation := range []int64{0, first, first + 2} {
				fails(t, s.Provisioning().NoteConverged(t.Context(), d.ID, fullConverged(generation)), device.ErrSessionLost)
				same(t, "record", deviceOf(t, s, d.ID), before)
			}
			converged(t, s, d.ID, fullConverged(first+1))
		}},
		{"settings that were marked while a session worked at others stay, and are pending", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			mark(t, s, d.ID, device.Mark{Pack: "cisco", Wanted: "w2", At: now()})
			c := fullConverged(0)
			c.Drifted, c.DriftedSince = 0, time.Time{}
			for _, held := range []bool{true, false} {
				c.Held = held
				converged(t, s, d.ID, c)
				p := deviceOf(t, s, d.ID).Provisioning
				same(t, "wanted", p.Wanted, "w2")
				same(t, "state", p.State(), device.ProvisioningPending)
			}
		}},
		{"a device is stuck with the settings that were tried, and with no others", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			c := fullConverged(0)
			c.Held = false
			expect := func(what string, want device.ProvisioningState) {
				t.Helper()
				found := deviceOf(t, s, d.ID)
				same(t, what, found.Provisioning.State(), want)
				listedByState(t, s, found)
			}
			converged(t, s, d.ID, c)
			expect("tried", device.ProvisioningFailing)
			mark(t, s, d.ID, device.Mark{Pack: "cisco", Wanted: "other", At: now()})
			expect("others are wanted", device.ProvisioningPending)
			mark(t, s, d.ID, device.Mark{Pack: "cisco", Wanted: "w", At: now()})
			expect("the same are wanted again", device.ProvisioningFailing)
			fetched(t, s, d.ID, device.Fetched{At: now(), Held: "w"})
			expect("a file was taken", device.ProvisioningFailing)
			reconsider(t, s, d.ID, now())
			expect("it is reconsidered", device.ProvisioningDrifted)
			mark(t, s, d.ID, device.Mark{Pack: "cisco", Wanted: "w", Problem: "p", At: now()})
			expect("no file can be made", device.ProvisioningFailing)
			mark(t, s, d.ID, device.Mark{Pack: "cisco", Wanted: "w", At: now()})
			expect("files can be made again", device.ProvisioningDrifted)
			fetched(t, s, d.ID, device.Fetched{At: now(), Held: "old"})
			expect("it took an older file", device.ProvisioningPending)
			fetched(t, s, d.ID, device.Fetched{At: now(), Held: "w"})
			expect("it took the current one", device.ProvisioningDrifted)
			c.Held, c.Drifted, c.Stuck = true, 0, ""
			converged(t, s, d.ID, c)
			expect("it has what it should", device.ProvisioningConverged)
		}},
		{"a device that is not stored is not found by sessions", func(t *testing.T, s store.Store) {
			fails(t, s.Provisioning().NoteConverged(t.Context(), device.NewID(), fullConverged(0)), device.ErrNotFound)
			fails(t, s.Provisioning().Reconsider(t.Context(), device.NewID(), now()), device.ErrNotFound)
			same(t, "devices", len(allDevices(t, s, device.List{PageSize: 10})), 0)
		}},
		{"nothing is lost of what sessions, marks, requests and edits say at once", convergedAtOnce},
	}
}

// sessionsOutcomes notes outcomes on records of all sorts, twice each, as one that is
// noted again changes nothing.
func sessionsOutcomes(t *testing.T, s store.Store) {
	checkFull(t, fullConverged(1))
	full := fullDevice(1)
	steps := []func(*device.Converged){
		func(*device.Converged) {}, func(c *device.Converged) { c.Held = false }, func(c *device.Converged) { c.FileHeld = nil },
		func(c *device.Converged) { c.FileHeld = pointer("") }, func(c *device.Converged) { c.Drifted, c.DriftedSince = 0, time.Time{} },
		func(c *device.Converged) { c.Held, c.Stuck = false, "" }, func(c *device.Converged) { c.Managed, c.ParameterKey, c.CheckAt = false, "", time.Time{} },
		func(c *device.Converged) { c.Wanted, c.Pack = "other", "other" }, func(c *device.Converged) { *c = device.Converged{Generation: c.Generation} },
	}
	for _, d := range []device.Device{addDevice(t, s, full), addDevice(t, s, plainDevice("2"))} {
		for _, step := range steps {
			c := fullConverged(d.Session.Generation)
			step(&c)
			converged(t, s, d.ID, c)
			converged(t, s, d.ID, c)
			listedByState(t, s, deviceOf(t, s, d.ID))
		}
		reconsider(t, s, d.ID, now())
		reconsider(t, s, d.ID, now())
		reconsider(t, s, d.ID, time.Time{})
		listedByState(t, s, deviceOf(t, s, d.ID))
	}
}

// convergedAtOnce has what sessions make of settings meet all that else changes a
// record.
func convergedAtOnce(t *testing.T, s store.Store) {
	const rounds = 8
	d := addDevice(t, s, plainDevice("1"))
	generation := begin(t, s, contact(d, "s", now())).After.Session.Generation
	together(t, func(worker int) error {
		for round := range rounds {
			var err error
			switch worker % 4 {
			case 0:
				c := fullConverged(generation)
				c.Held, c.Wanted, c.Drifted = round%2 == 0, fmt.Sprint("w", round%3), round%3
				err = s.Provisioning().NoteConverged(t.Context(), d.ID, c)
			case 1:
				_, err = s.Provisioning().Mark(t.Context(), d.ID, device.Mark{Pack: "cisco", Wanted: fmt.Sprint("w", round%3), At: now()})
			case 2:
				err = s.Provisioning().NoteFetched(t.Context(), d.ID, device.Fetched{At: now(), Held: fmt.Sprint("w", round%3), FileHeld: "f2"})
			default:
				_, err = s.Devices().Edit(t.Context(), d.ID, device.Edit{AddTags: []string{fmt.Sprint(worker, " ", round)}})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	after := deviceOf(t, s, d.ID)
	same(t, "managed", after.Provisioning.Managed, true)
	same(t, "parameter key", after.Provisioning.ParameterKey, "k")
	same(t, "tags", len(after.Tags), rounds*workers/4)
	same(t, "session", after.Session.Generation, generation)
	listedByState(t, s, after)
}
