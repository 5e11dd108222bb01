package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// fullProvisioning returns how a device stands, in which nothing is empty.
func fullProvisioning() device.Provisioning {
	return device.Provisioning{
		Pack: "yealink", Wanted: "wanted", Held: "held", Problem: "é \"<&>\"", ChangedAt: now().Add(-time.Hour), FetchedAt: now(), File: "y.cfg", UserAgent: "Yealink é",
		Managed: true, FileHeld: "file", Tried: "tried", Stuck: "é \"<&>\"", Drifted: 3, DriftedSince: now().Add(-2 * time.Hour), ParameterKey: "key", CheckAt: now().Add(time.Hour),
	}
}

// fullFetched returns a request for a file in which nothing is empty.
func fullFetched() device.Fetched {
	return device.Fetched{
		At: now(), Address: "192.0.2.44", File: "001565112233.cfg", UserAgent: "Yealink SIP-T46S 66.86.0.15", SoftwareVersion: "66.86.0.15", Held: "wanted",
		FileHeld: "file 2", OnlineUntil: now().Add(time.Hour),
	}
}

// mark stores a mark and compares the record and the answer with what
// device.ApplyMark says.
func mark(t *testing.T, s store.Store, id device.ID, m device.Mark) bool {
	t.Helper()
	whole := m
	whole.At = stored(m.At)
	want, changes := deviceOf(t, s, id).ApplyMark(whole)
	changed := got[bool](t)(s.Provisioning().Mark(t.Context(), id, m))
	same(t, fmt.Sprintf("changed by %+v", m), changed, changes)
	same(t, fmt.Sprintf("record after %+v", m), deviceOf(t, s, id), want)
	return changed
}

// fetched stores a request for a file and compares the record with what
// device.ApplyFetched says.
func fetched(t *testing.T, s store.Store, id device.ID, f device.Fetched) {
	t.Helper()
	whole := f
	whole.At, whole.OnlineUntil = stored(f.At), stored(f.OnlineUntil)
	want := deviceOf(t, s, id).ApplyFetched(whole)
	must(t, s.Provisioning().NoteFetched(t.Context(), id, f))
	same(t, fmt.Sprintf("record after %+v", f), deviceOf(t, s, id), want)
}

func provisioningTests() []test {
	return []test{
		{"a mark says how a device stands, and whether it changed the record", marks},
		{"a request for a file says when a device was seen, as what and what it holds", func(t *testing.T, s store.Store) {
			checkFull(t, fullFetched())
			never, informed := addDevice(t, s, plainDevice("1")), addDevice(t, s, fullDevice(2))
			seen := plainDevice("3")
			seen.FirstSeen, seen.OnlineUntil = now().Add(-time24), now().Add(time24)
			addDevice(t, s, seen)
			steps := []func(*device.Fetched){
				func(*device.Fetched) {}, func(f *device.Fetched) { f.At = f.At.Add(-time.Hour) }, func(f *device.Fetched) { f.Held = "" },
				func(f *device.Fetched) { f.FileHeld = "" }, func(f *device.Fetched) { f.Held, f.FileHeld = "", "file 3" },
				func(f *device.Fetched) { f.SoftwareVersion, f.At = "", f.At.Add(time.Minute) }, func(f *device.Fetched) { f.At, f.OnlineUntil = f.At.Add(time.Hour), f.At },
				func(f *device.Fetched) { f.Address, f.OnlineUntil = "192.0.2.45", f.OnlineUntil.Add(time24) },
				func(f *device.Fetched) { f.SoftwareVersion, f.At = "Ünï-\"7\"\x00X", f.At.Add(2*time.Hour) }, func(f *device.Fetched) { *f = device.Fetched{} },
			}
			for _, id := range []device.ID{never.ID, informed.ID, seen.ID} {
				for _, step := range steps {
					f := fullFetched()
					step(&f)
					fetched(t, s, id, f)
				}
			}
			same(t, "device that informed", deviceOf(t, s, informed.ID).Address, informed.Address)
			same(t, "device that did not", deviceOf(t, s, never.ID).SoftwareVersion, "Ünï-\"7\"\x00X")
		}},
		{"any marks and requests, in any order, leave what the device package says", anyProvisioning},
		{"a device that is not stored is not found", func(t *testing.T, s store.Store) {
			fails(t, second(s.Provisioning().Mark(t.Context(), device.NewID(), device.Mark{Pack: "p"})), device.ErrNotFound)
			fails(t, second(s.Provisioning().Mark(t.Context(), device.NewID(), device.Mark{})), device.ErrNotFound)
			fails(t, s.Provisioning().NoteFetched(t.Context(), device.NewID(), fullFetched()), device.ErrNotFound)
			same(t, "devices", len(allDevices(t, s, device.List{PageSize: 10})), 0)
		}},
		{"sessions and edits leave marks and requests as they are, and these leave sessions", provisioningBesideSessions},
		{"lists find devices by pack, state and last request", provisioningLists},
		{"a search finds what a request told of a phone that never informed", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			informed := plainDevice("2")
			informed.LastInform = now()
			addDevice(t, s, informed)
			fetched(t, s, d.ID, fullFetched())
			fetched(t, s, informed.ID, fullFetched())
			for text, want := range map[string]string{"66.86": "1", "192.0.2.44": "1", "fch": "", "0004f2": "", "cp-8851": "1 2", "softwareVersion:66.86.0.15": "1"} {
				l := device.List{PageSize: 10, Filter: filter(t, deviceSchema(), text), Order: order(t, "serialNumber")}
				same(t, text, serials(allDevices(t, s, l)), want)
			}
			models := summaryOf(t, s, "", now()).Models
			same(t, "models", models, []device.ModelCount{{Count: 1}, {SoftwareVersion: "66.86.0.15", Count: 1}})
		}},
		{"a device that only asks for files is online, late and offline like others", fetchingStates},
		{"no mark, request or work hint is lost of those that come at once", provisioningAtOnce},
		{"a device that goes takes its levels, fetches and convergence along", func(t *testing.T, s store.Store) {
			goneWithDevice(t, s, func(id device.ID) { must(t, s.Devices().Delete(t.Context(), id)) })
		}},
		{"a silent device that goes takes its levels, fetches and convergence along", func(t *testing.T, s store.Store) {
			goneWithDevice(t, s, func(id device.ID) {
				same(t, "removed", got[[]device.ID](t)(s.Devices().DeleteSilent(t.Context(), now(), 1)), []device.ID{id})
			})
		}},
	}
}

func marks(t *testing.T, s store.Store) {
	full := fullDevice(1)
	checkFull(t, full.Provisioning)
	for _, id := range []device.ID{addDevice(t, s, full).ID, addDevice(t, s, plainDevice("2")).ID} {
		at := now().Add(time.Hour)
		m := device.Mark{Pack: "snom", Wanted: "w1", At: at}
		same(t, "first", mark(t, s, id, m), true)
		m.At = at.Add(time.Hour)
		same(t, "again", mark(t, s, id, m), false)
		for _, m := range []device.Mark{
			{Pack: "snom", Wanted: "w1", Problem: "é", At: at}, {Pack: "grandstream", Wanted: "w1", Problem: "é", At: at}, {Pack: "grandstream", Wanted: "w2", At: at.Add(time.Minute)},
			{Pack: "grandstream", At: at.Add(-time24)}, {Wanted: "w1", At: at}, {},
		} {
			same(t, fmt.Sprintf("%+v", m), mark(t, s, id, m), true)
			same(t, fmt.Sprintf("%+v again", m), mark(t, s, id, m), false)
		}
	}
	mark(t, s, addDevice(t, s, plainDevice("3")).ID, device.Mark{At: now()})
}

// anyProvisioning draws few values, so that they are often the same.
func anyProvisioning(t *testing.T, s store.Store) {
	rapid.Check(t, func(rt *rapid.T) {
		d := plainDevice(string(device.NewID()))
		if rapid.Bool().Draw(rt, "informed") {
			d.LastInform, d.FirstSeen = now(), now()
		}
		must(t, s.Devices().Create(t.Context(), d, 0))
		text := rapid.SampledFrom([]string{"", "a", "B"})
		at := rapid.SampledFrom([]time.Time{{}, now(), now().Add(time.Microsecond), now().Add(time.Millisecond), now().Add(time.Hour)})
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0, 1:
				mark(t, s, d.ID, device.Mark{Pack: text.Draw(rt, "pack"), Wanted: text.Draw(rt, "wanted"), Problem: text.Draw(rt, "problem"), At: at.Draw(rt, "at")})
			case 2, 3:
				fetched(t, s, d.ID, device.Fetched{
					At: at.Draw(rt, "at"), Address: text.Draw(rt, "address"), File: text.Draw(rt, "file"), UserAgent: text.Draw(rt, "user agent"),
					SoftwareVersion: text.Draw(rt, "version"), Held: text.Draw(rt, "held"), FileHeld: text.Draw(rt, "file held"), OnlineUntil: at.Draw(rt, "online until"),
				})
			case 4, 5:
				converged(t, s, d.ID, device.Converged{
					At: at.Draw(rt, "at"), Pack: text.Draw(rt, "pack"), Wanted: text.Draw(rt, "wanted"), Held: rapid.Bool().Draw(rt, "held"), Managed: rapid.Bool().Draw(rt, "managed"),
					FileHeld: rapid.Ptr(text, true).Draw(rt, "file held"), Stuck: text.Draw(rt, "stuck"), Drifted: rapid.IntRange(-1, 2).Draw(rt, "drifted"),
					DriftedSince: at.Draw(rt, "drifted since"), ParameterKey: text.Draw(rt, "parameter key"), CheckAt: at.Draw(rt, "check at"),
				})
			default:
				reconsider(t, s, d.ID, at.Draw(rt, "at"))
			}
		}
		field, want := "provisioning", deviceOf(t, s, d.ID)
		l := device.List{PageSize: 2, Filter: filter(t, deviceSchema(), fmt.Sprintf("%s = %s serialNumber = %q", field, want.Provisioning.State(), d.SerialNumber))}
		if listed := deviceIDs(allDevices(t, s, l)); len(listed) != 1 {
			rt.Fatalf("the list of its state %s has %d devices", want.Provisioning.State(), len(listed))
		}
		must(t, s.Devices().Delete(t.Context(), d.ID))
	})
}

func provisioningBesideSessions(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := fullDevice(1)
	d.Work = device.Work{}
	addDevice(t, s, d)
	mark(t, s, d.ID, device.Mark{Pack: "snom", Wanted: "w", At: now()})
	fetched(t, s, d.ID, fullFetched())
	want := deviceOf(t, s, d.ID).Provisioning
	expect := func(what string) {
		t.Helper()
		same(t, "provisioning after "+what, deviceOf(t, s, d.ID).Provisioning, want)
	}
	began := begin(t, s, contact(d, "s", now().Add(time.Hour)))
	same(t, "provisioning before a session", began.Before.Provisioning, want)
	same(t, "provisioning in a session", began.After.Provisioning, want)
	expect("a session began")
	c := contact(d, "s2", now().Add(2*time.Hour))
	c.Reported = device.Reported{SoftwareVersion: "13"}
	began = begin(t, s, c)
	expect("a session that told something new began")
	generation := began.After.Session.Generation
	must(t, s.Sessions().Learn(ctx, d.ID, generation, device.Learned{Reported: device.Reported{Model: "other"}}))
	expect("a session learnt")
	mark(t, s, d.ID, device.Mark{Pack: "snom", Wanted: "w2", At: now().Add(3 * time.Hour)})
	f := fullFetched()
	f.Held, f.At = "w2", now().Add(3*time.Hour)
	fetched(t, s, d.ID, f)
	want = deviceOf(t, s, d.ID).Provisioning
	must(t, s.Sessions().End(ctx, device.SessionEnd{Device: d.ID, Generation: generation, At: now().Add(4 * time.Hour)}))
	expect("a session ended")
	must(t, second(s.Devices().Edit(ctx, d.ID, device.Edit{AddTags: []string{"new"}})))
	expect("an edit")
	same(t, "state", want.State(), device.ProvisioningDrifted)
}

// provisioningAtOnce has marks, requests, sessions and hints meet on one record.
func provisioningAtOnce(t *testing.T, s store.Store) {
	const rounds = 8
	d := addDevice(t, s, plainDevice("1"))
	began := begin(t, s, contact(d, "s", now()))
	together(t, func(worker int) error {
		for round := range rounds {
			var err error
			switch worker % 4 {
			case 0:
				_, err = s.Provisioning().Mark(t.Context(), d.ID, device.Mark{Pack: "snom", Wanted: fmt.Sprint("w", worker, round), At: now()})
			case 1:
				f := fullFetched()
				f.At = now().Add(time.Duration(worker*rounds+round) * time.Second)
				err = s.Provisioning().NoteFetched(t.Context(), d.ID, f)
			case 2:
				err = s.Sessions().RaiseWork(t.Context(), d.ID)
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
	same(t, "last request", after.Provisioning.FetchedAt, stored(now().Add(time.Duration((workers-3)*rounds+rounds-1)*time.Second)))
	same(t, "held", after.Provisioning.Held, fullFetched().Held)
	same(t, "raised", after.Work.Raised, int64(rounds*workers/4))
	same(t, "tags", len(after.Tags), rounds*workers/4)
	same(t, "session", after.Session.Generation, began.After.Session.Generation)
	last := strings.TrimPrefix(after.Provisioning.Wanted, "w")
	if after.Provisioning.Pack != "snom" || !strings.HasSuffix(last, fmt.Sprint(rounds-1)) {
		t.Errorf("provisioning is %+v, want the last mark of one", after.Provisioning)
	}
}
