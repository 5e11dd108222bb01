package mongo

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/device"
)

// provisioned are all sorts of records by what is known of their settings.
func provisioned() map[string]device.Provisioning {
	earlier := testTime().Add(-time.Hour)
	return map[string]device.Provisioning{
		"without settings":                     {},
		"with a pack only":                     {Pack: "yealink"},
		"that holds what no pack wants":        {Wanted: "w1", Held: "w1"},
		"that took nothing yet":                {Pack: "yealink", Wanted: "w1", ChangedAt: earlier},
		"that took others":                     {Pack: "yealink", Wanted: "w1", Held: "w2", ChangedAt: earlier, FetchedAt: earlier, File: "a.cfg", UserAgent: "X"},
		"that took them":                       {Pack: "yealink", Wanted: "w1", Held: "w1", ChangedAt: earlier, FetchedAt: testTime()},
		"that took them and cannot be given":   {Pack: "Yealink", Wanted: "w1", Held: "w1", Problem: "no template"},
		"that took others and cannot be given": {Pack: "yealink", Wanted: "w2", Held: "w1", Problem: "no model"},
		"that drifted":                         {Pack: "yealink", Wanted: "w1", Held: "w1", Managed: true, Drifted: 2, DriftedSince: earlier, ParameterKey: "k", CheckAt: testTime()},
		"that drifted and took others":         {Pack: "yealink", Wanted: "w1", Held: "w2", FileHeld: "f", Drifted: 1},
		"that cannot be brought to them":       {Pack: "yealink", Wanted: "w1", Held: "w2", Tried: "w1", Stuck: "device keeps X"},
		"that was stuck with others":           {Pack: "yealink", Wanted: "w2", Held: "w2", Tried: "w1", Stuck: "device keeps X", Drifted: 1},
		"that tries":                           {Pack: "yealink", Wanted: "w2", Held: "w2", Tried: "w2"},
	}
}

// checkRecord expects the record to be the one that is wanted, with its copies.
func checkRecord(t *testing.T, s *Store, want device.Device) {
	t.Helper()
	stored, err := s.findDevice(t.Context(), byID(want.ID))
	must(t, err)
	if diff := cmp.Diff(want, stored.device(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("record differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(newDeviceDocument(want).Folded, stored.Folded, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("folded copies differ (-want +got):\n%s", diff)
	}
}

func TestAMarkIsOneCommandThatStoresWhatApplyMarkMakesOfTheRecord(t *testing.T) {
	s, sent := openWatched(t)
	serial := 0
	for what, p := range provisioned() {
		for _, m := range []device.Mark{
			{}, {Pack: "Yealink"}, {Pack: "yealink", Wanted: "w1"}, {Pack: "yealink", Wanted: "w2"}, {Pack: "snom", Wanted: "w1"}, {Wanted: "w1"},
			{Pack: "yealink", Wanted: "w1", Problem: "no template"}, {Pack: "yealink", Wanted: "w3", Problem: "no model"}, {Problem: "no pack"},
		} {
			m.At = testTime().Add(7) // Finer than what is stored.
			t.Run(fmt.Sprintf("%+v of a record %s", m, what), func(t *testing.T) {
				serial++
				before := knownDevice(fmt.Sprint(serial))
				before.Provisioning = p
				createDevice(t, s, before)
				var changed bool
				sent.expect(t, "mark", func() (err error) { changed, err = s.Provisioning().Mark(t.Context(), before.ID, m); return err }, "update")
				m.At = whole(m.At)
				want, new := before.ApplyMark(m)
				if changed != new {
					t.Errorf("reported changed %v, want %v", changed, new)
				}
				checkRecord(t, s, want)
				again, err := s.Provisioning().Mark(t.Context(), before.ID, m)
				if err != nil || again {
					t.Errorf("the same mark once more reports changed %v, %v", again, err)
				}
				checkRecord(t, s, want)
			})
		}
	}
}

func TestARequestIsOneCommandThatStoresWhatApplyFetchedMakesOfTheRecord(t *testing.T) {
	s, sent := openWatched(t)
	serial := 0
	for what, p := range provisioned() {
		for _, f := range []device.Fetched{
			{}, {File: "a/b.cfg", UserAgent: "Phone 1.2", Address: "192.0.2.7", SoftwareVersion: "V2", OnlineUntil: testTime().Add(time.Hour)},
			{Held: "w1"}, {Held: "w2", Address: "2001:DB8::1"}, {Held: "w1", FileHeld: "f2"}, {FileHeld: "f1"},
		} {
			for _, informed := range []bool{true, false} {
				f.At = testTime().Add(7)
				t.Run(fmt.Sprintf("%+v of a record %s, informed %v", f, what, informed), func(t *testing.T) {
					serial++
					before := knownDevice(fmt.Sprint(serial))
					before.Provisioning, before.Address, before.SoftwareVersion = p, "192.0.2.1", "V1"
					if !informed {
						before.LastInform = time.Time{}
					}
					if p == (device.Provisioning{}) && !informed {
						before.FirstSeen = time.Time{}
					}
					createDevice(t, s, before)
					note := func() error { return s.Provisioning().NoteFetched(t.Context(), before.ID, f) }
					sent.expect(t, "note", note, "update")
					f.At = whole(f.At)
					want := before.ApplyFetched(f)
					checkRecord(t, s, want)
					must(t, note())
					checkRecord(t, s, want)
				})
			}
		}
	}
}

func TestARequestThatIsNotedLateLeavesWhatIsNewer(t *testing.T) {
	s := open(t)
	for name, change := range map[string]func(*device.Device){
		"a later request is known": func(d *device.Device) {
			d.Provisioning = device.Provisioning{Pack: "yealink", Wanted: "w1", FetchedAt: testTime().Add(time.Second), File: "new.cfg"}
		},
		"the device came later": func(d *device.Device) { d.FirstSeen, d.LastInform = testTime().Add(time.Second), time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			before := knownDevice(name)
			change(&before)
			createDevice(t, s, before)
			f := device.Fetched{At: testTime(), File: "old.cfg", Held: "w1", OnlineUntil: testTime().Add(time.Minute)}
			must(t, s.Provisioning().NoteFetched(t.Context(), before.ID, f))
			checkRecord(t, s, before.ApplyFetched(f))
		})
	}
}

func TestMarksAndRequestsAtTheSameTimeLeaveAStateThatIsTrue(t *testing.T) {
	s := open(t)
	d := createDevice(t, s, knownDevice("1"))
	mark := func(n int) error {
		_, err := s.Provisioning().Mark(t.Context(), d.ID, device.Mark{Pack: "yealink", Wanted: fmt.Sprint("w", n%3), At: at(n)})
		return err
	}
	take := func(n int) error {
		return s.Provisioning().NoteFetched(t.Context(), d.ID, device.Fetched{At: at(n), Held: fmt.Sprint("w", n%3)})
	}
	work := func(n int) error {
		c := device.Converged{Pack: "yealink", Wanted: fmt.Sprint("w", n%3), Held: n%2 == 0, Stuck: "stuck", Drifted: n % 2, At: at(n)}
		return s.Provisioning().NoteConverged(t.Context(), d.ID, c)
	}
	contend(t, 20, mark, take, work, mark, take)
	stored, err := s.findDevice(t.Context(), byID(d.ID))
	must(t, err)
	record := stored.device()
	if got, want := stored.Folded.Provisioning, string(record.Provisioning.State()); got != want {
		t.Errorf("the state is noted as %s, want %s of %+v", got, want, record.Provisioning)
	}
}

func TestWhatIsNotThereCannotBeMarked(t *testing.T) {
	s := open(t)
	if _, err := s.Provisioning().Mark(t.Context(), "none", device.Mark{Pack: "p"}); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("mark: %v, want %v", err, device.ErrNotFound)
	}
	if err := s.Provisioning().NoteFetched(t.Context(), "none", device.Fetched{At: testTime()}); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("request: %v, want %v", err, device.ErrNotFound)
	}
}

func TestWhatASessionMadeOfTheSettingsIsOneReadAndOneUpdate(t *testing.T) {
	s, sent := openWatched(t)
	serial := 0
	held := "f"
	for what, p := range provisioned() {
		for _, c := range []device.Converged{
			{}, {Pack: "yealink", Wanted: "w1", Held: true, Managed: true, FileHeld: &held, CheckAt: testTime().Add(7)},
			{Pack: "snom", Wanted: "w1", Stuck: "device keeps X"}, {Pack: "yealink", Wanted: "w2", Held: true, Drifted: 2, DriftedSince: testTime().Add(7), ParameterKey: "k"},
		} {
			c.At = testTime().Add(7) // Finer than what is stored.
			t.Run(fmt.Sprintf("%+v of a record %s", c, what), func(t *testing.T) {
				serial++
				before := knownDevice(fmt.Sprint(serial))
				before.Provisioning = p
				createDevice(t, s, before)
				note := func() error { return s.Provisioning().NoteConverged(t.Context(), before.ID, c) }
				applied := c
				applied.At, applied.DriftedSince, applied.CheckAt = whole(c.At), whole(c.DriftedSince), whole(c.CheckAt)
				want, err := before.ApplyConverged(applied)
				must(t, err)
				commands := []string{"find", "update"}
				if want.Provisioning == before.Provisioning {
					commands = commands[:1]
				}
				sent.expect(t, "note", note, commands...)
				checkRecord(t, s, want)
				sent.expect(t, "note again", note, "find")
				checkRecord(t, s, want)
				must(t, s.Provisioning().Reconsider(t.Context(), before.ID, testTime().Add(7)))
				checkRecord(t, s, want.Reconsider(testTime()))
			})
		}
	}
}
