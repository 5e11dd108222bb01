package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func sessionTests() []test {
	return []test{
		{"a session finds its device by identity, takes the lock and notes what was reported", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			c := contact(d, "s2", now().Add(time.Hour))
			c.Reported = device.Reported{Manufacturer: "M", Model: "T46S", HardwareVersion: "H", SoftwareVersion: "S", Root: "Device.", Namespace: "urn:x",
				ConnectionRequestURL: "http://192.0.2.9/", InformDigest: "other", InformInterval: 60, ParameterKey: pointer(""),
				Indexed: map[string]string{"registration": "Down"}}
			c.CWMPVersion, c.RetryCount = "1.2", 7
			c.Alarms = []device.RaisedAlarm{{Kind: device.AlarmTransfers, Detail: "again"}, {Kind: device.AlarmIdentityClash, Detail: "new"}}
			c.Events, c.Boot, c.Bootstrap = []device.Event{{Code: "1 BOOT", CommandKey: "k", At: now()}}, true, true
			expectBegin(t, s, d, c)
		}},
		{"a routine contact changes the lock and the times, nothing else", func(t *testing.T, s store.Store) {
			d := fullDevice(1)
			d.Address = "192.0.2.9"
			addDevice(t, s, d)
			c := contact(d, "s2", now().Add(time.Hour))
			c.CWMPVersion, c.RetryCount = d.CWMPVersion, d.RetryCount
			expectBegin(t, s, d, c)
		}},
		{"a first contact fills an empty record", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			expectBegin(t, s, d, contact(d, "s1", now()))
		}},
		{"any single thing reported is stored", everyReport},
		{"events are kept up to their bound, the newest last", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			for i := range device.MaxEvents + 3 {
				c := contact(d, "s", now())
				c.Events = []device.Event{{Code: "M Reboot", CommandKey: time.Duration(i).String(), At: now()}}
				begin(t, s, c)
			}
			events := deviceOf(t, s, d.ID).Events
			if len(events) != device.MaxEvents || events[0].CommandKey != "3ns" || events[len(events)-1].CommandKey != "34ns" {
				t.Errorf("kept %d events, want %d from 3ns to 34ns: %v", len(events), device.MaxEvents, events)
			}
		}},
		{"a newer session takes the lock from an older one and fences it off", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			first := begin(t, s, contact(d, "first", now())).After.Session.Generation
			second := begin(t, s, contact(d, "second", now()))
			if second.Before.Session.ID != "first" || second.After.Session.Generation <= first {
				t.Errorf("second session saw %+v and got %+v", second.Before.Session, second.After.Session)
			}
			ctx := t.Context()
			fails(t, s.Sessions().Learn(ctx, d.ID, first, device.Learned{Reported: device.Reported{Model: "X"}}), device.ErrSessionLost)
			fails(t, s.Sessions().Extend(ctx, d.ID, first, now().Add(time.Hour)), device.ErrSessionLost)
			fails(t, s.Sessions().End(ctx, device.SessionEnd{Device: d.ID, Generation: first, At: now()}), device.ErrSessionLost)
			same(t, "record", deviceOf(t, s, d.ID), second.After)
		}},
		{"an unknown device is not found by any method", func(t *testing.T, s store.Store) {
			ctx, id := t.Context(), device.NewID()
			_, err := s.Sessions().Begin(ctx, contact(plainDevice("1"), "s", now()))
			fails(t, err, device.ErrNotFound)
			_, err = s.Sessions().Begin(ctx, device.Contact{Device: id, Identity: plainDevice("1").CWMPIdentity, Session: "s", At: now(), Until: now()})
			fails(t, err, device.ErrNotFound)
			fails(t, s.Sessions().Learn(ctx, id, 1, device.Learned{}), device.ErrNotFound)
			fails(t, s.Sessions().Extend(ctx, id, 1, now()), device.ErrNotFound)
			fails(t, s.Sessions().End(ctx, device.SessionEnd{Device: id, Generation: 1, At: now()}), device.ErrNotFound)
			fails(t, s.Sessions().RaiseWork(ctx, id), device.ErrNotFound)
			fails(t, s.Sessions().RaiseAlarm(ctx, id, device.RaisedAlarm{Kind: device.AlarmTransfers}, now()), device.ErrNotFound)
		}},
		{"a contact that is led to a record by its credentials gives it its identity", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, device.Device{ID: device.NewID(), MAC: "00:04:f2:00:00:01", Origin: device.OriginOperator})
			c := contact(plainDevice("77"), "s", now())
			c.Device = d.ID
			expectBegin(t, s, d, c)
			for _, i := range []device.Identity{c.Identity.Identity(), device.MACIdentity(d.MAC)} {
				same(t, "owner", got[device.Device](t)(s.Devices().ByIdentity(t.Context(), i)).ID, d.ID)
			}
		}},
		{"a contact cannot take the identity of another record, nor speak for one that is not its own", func(t *testing.T, s store.Store) {
			owner, empty := addDevice(t, s, plainDevice("1")), addDevice(t, s, device.Device{ID: device.NewID(), MAC: "00:04:f2:00:00:01"})
			c := contact(owner, "s", now())
			c.Device = empty.ID
			_, err := s.Sessions().Begin(t.Context(), c)
			fails(t, err, device.ErrDuplicate)
			same(t, "record", deviceOf(t, s, empty.ID), empty)
			c = contact(plainDevice("2"), "s", now())
			c.Device = owner.ID
			_, err = s.Sessions().Begin(t.Context(), c)
			fails(t, err, device.ErrIdentity)
			same(t, "record", deviceOf(t, s, owner.ID), owner)
		}},
		{"what is learnt is stored, credentials first as pending", learned},
		{"extending moves the end of the lock", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			began := begin(t, s, contact(d, "s", now()))
			must(t, s.Sessions().Extend(t.Context(), d.ID, began.After.Session.Generation, now().Add(time.Hour)))
			want := began.After
			want.Session.Until = stored(now().Add(time.Hour))
			same(t, "record", deviceOf(t, s, d.ID), want)
		}},
		{"a session ends and frees the lock, and keeps the generation", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			began := begin(t, s, contact(d, "s", now()))
			generation := began.After.Session.Generation
			must(t, s.Sessions().End(t.Context(), device.SessionEnd{Device: d.ID, Generation: generation, At: now()}))
			want := began.After
			want.Session = device.Session{Generation: generation}
			same(t, "record", deviceOf(t, s, d.ID), want)
		}},
		{"a session does not end while work is due, and keeps the lock", workDue},
		{"an abandoned session ends although work is due, and leaves its id", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			began := begin(t, s, contact(d, "s", now()))
			must(t, s.Sessions().RaiseWork(t.Context(), d.ID))
			must(t, s.Sessions().End(t.Context(), device.SessionEnd{Device: d.ID, Generation: began.After.Session.Generation, At: now(), Abandon: true}))
			session := deviceOf(t, s, d.ID).Session
			if session.ID != "s" || session.Open(stored(now())) {
				t.Errorf("session is %+v, want its id and no lock", session)
			}
		}},
		{"the time of a task that is not due yet is kept, and makes work due when it comes", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			generation := begin(t, s, contact(d, "s", now())).After.Session.Generation
			end := device.SessionEnd{Device: d.ID, Generation: generation, At: now(), Emptied: true, DueAt: now().Add(time.Hour)}
			must(t, s.Sessions().End(t.Context(), end))
			same(t, "work", deviceOf(t, s, d.ID).Work, device.Work{DueAt: stored(now().Add(time.Hour))})
			generation = begin(t, s, contact(d, "s", now().Add(2*time.Hour))).After.Session.Generation
			end = device.SessionEnd{Device: d.ID, Generation: generation, At: now().Add(2 * time.Hour)}
			fails(t, s.Sessions().End(t.Context(), end), device.ErrWorkDue)
		}},
	}
}

// expectBegin checks that Begin does what Device.Apply does.
func expectBegin(t *testing.T, s store.Store, d device.Device, c device.Contact) {
	t.Helper()
	before := storedDevice(d)
	began := begin(t, s, c)
	after := storedDevice(got[device.Device](t)(before.Apply(c)))
	same(t, "record before", began.Before, before)
	same(t, "record after", began.After, after)
	same(t, "stored record", deviceOf(t, s, d.ID), after)
}

func everyReport(t *testing.T, s store.Store) {
	d := addDevice(t, s, fullDevice(1))
	for i, report := range []func(*device.Contact){
		func(c *device.Contact) { c.Manufacturer = "other" }, func(c *device.Contact) { c.Model = "other" },
		func(c *device.Contact) { c.HardwareVersion = "other" }, func(c *device.Contact) { c.SoftwareVersion = "other" },
		func(c *device.Contact) { c.Root = "Device." }, func(c *device.Contact) { c.Namespace = "other" },
		func(c *device.Contact) { c.ConnectionRequestURL = "http://other/" }, func(c *device.Contact) { c.InformDigest = "other" },
		func(c *device.Contact) { c.InformInterval = 77 }, func(c *device.Contact) { c.ParameterKey = pointer("other") },
		func(c *device.Contact) { c.Address = "192.0.2.99" }, func(c *device.Contact) { c.Boot = true }, func(c *device.Contact) { c.Bootstrap = true },
		func(c *device.Contact) { c.Indexed = map[string]string{"vlan": "200"} }, func(c *device.Contact) { c.Indexed = map[string]string{"vlan": "200"} },
		func(c *device.Contact) { c.Indexed = map[string]string{"registration": ""} },
		func(c *device.Contact) { c.Events = []device.Event{{Code: "4 VALUE CHANGE", At: now()}} },
		func(c *device.Contact) { c.CWMPVersion = "1.1" }, func(c *device.Contact) { c.CWMPVersion = "1.1" }, func(c *device.Contact) { c.CWMPVersion = "" },
		func(c *device.Contact) { c.RetryCount = 1 }, func(c *device.Contact) { c.RetryCount = 1 }, func(c *device.Contact) { c.RetryCount = 0 },
		func(c *device.Contact) { c.Alarms = []device.RaisedAlarm{{Kind: device.AlarmTransfers, Detail: "d"}} },
	} {
		c := contact(d, "s", now().Add(time.Duration(i)*time.Minute))
		c.Address = ""
		report(&c)
		expectBegin(t, s, d, c)
		d = deviceOf(t, s, d.ID)
	}
}

func learned(t *testing.T, s store.Store) {
	d := plainDevice("1")
	d.OnboardingDue = true
	addDevice(t, s, d)
	began := begin(t, s, contact(d, "s", now()))
	want := began.After
	for _, l := range []device.Learned{
		{Reported: device.Reported{Model: "T46S", InformInterval: 60, ParameterKey: pointer("k")}},
		{Reported: device.Reported{Indexed: map[string]string{"registration": "Up", "vlan": "7"}}},
		{Reported: device.Reported{Indexed: map[string]string{"registration": "Ünregistered.\"x\""}}},
		{Username: "u", Password: "sealed", Pending: true},
		{Username: "u", Password: "sealed"},
		{Onboarded: true},
		{Alarms: []device.RaisedAlarm{{Kind: device.AlarmTransfers, Detail: "a"}, {Kind: device.AlarmParameters, Detail: "b"}}, At: now()},
		{Alarms: []device.RaisedAlarm{{Kind: device.AlarmTransfers, Detail: "c"}}, At: now().Add(time.Hour)},
		{},
	} {
		must(t, s.Sessions().Learn(t.Context(), d.ID, began.After.Session.Generation, l))
		want = storedDevice(want.ApplyLearned(l))
		same(t, "record", deviceOf(t, s, d.ID), want)
	}
}

func workDue(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := addDevice(t, s, plainDevice("1"))
	must(t, s.Sessions().RaiseWork(ctx, d.ID))
	must(t, s.Sessions().RaiseWork(ctx, d.ID))
	began := begin(t, s, contact(d, "s", now()))
	same(t, "work", began.After.Work, device.Work{Raised: 2})
	end := device.SessionEnd{Device: d.ID, Generation: began.After.Session.Generation, At: now()}
	fails(t, s.Sessions().End(ctx, end), device.ErrWorkDue)
	end.Emptied, end.WorkSeen = true, 1
	fails(t, s.Sessions().End(ctx, end), device.ErrWorkDue)
	same(t, "session", deviceOf(t, s, d.ID).Session, began.After.Session)
	end.WorkSeen = 2
	must(t, s.Sessions().End(ctx, end))
	after := deviceOf(t, s, d.ID)
	same(t, "work", after.Work, device.Work{Raised: 2, Cleared: 2})
	same(t, "session id", after.Session.ID, "")
}
