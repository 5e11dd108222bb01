package storetest

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func alarmTests() []test {
	raised := device.RaisedAlarm{Kind: device.AlarmIdentityClash, Detail: "é \"from\" elsewhere"}
	return []test{
		{"an alarm is raised and raised again, whatever session is open", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			want := storedDevice(d)
			for i, a := range []device.RaisedAlarm{raised, raised, {Kind: device.AlarmTransfers, Detail: "another kind"}, {Kind: device.AlarmIdentityClash}} {
				at := now().Add(time.Duration(i) * time.Minute)
				must(t, s.Sessions().RaiseAlarm(t.Context(), d.ID, a, at))
				want = want.RaiseAlarm(a.Kind, a.Detail, stored(at))
				same(t, "record", deviceOf(t, s, d.ID), want)
			}
		}},
		{"filters see alarms as they are raised and cleared, in any way", alarmFilters},
		{"filters see quarantine as it is put and lifted", func(t *testing.T, s store.Store) {
			d, _ := addDevice(t, s, plainDevice("1")), addDevice(t, s, plainDevice("2"))
			for _, quarantined := range []bool{true, false} {
				must(t, second(s.Devices().Edit(t.Context(), d.ID, device.Edit{Quarantined: &quarantined})))
				must(t, second(s.Sessions().Begin(t.Context(), contact(d, "s", now()))))
				same(t, "quarantined", deviceOf(t, s, d.ID).Quarantined, quarantined)
				for text, want := range map[string]bool{"quarantined = true": quarantined, "quarantined = false": !quarantined} {
					all := allDevices(t, s, device.List{PageSize: 10, Filter: filter(t, deviceSchema(), text+" serialNumber = 1")})
					same(t, text, len(all) == 1, want)
				}
			}
		}},
		{"alarms that are raised at the same time are all counted", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("1"))
			const rounds = 5
			together(t, func(worker int) error {
				kind := device.AlarmKinds()[worker%2]
				for range rounds {
					if err := s.Sessions().RaiseAlarm(t.Context(), d.ID, device.RaisedAlarm{Kind: kind}, now()); err != nil {
						return err
					}
				}
				return nil
			})
			for _, a := range deviceOf(t, s, d.ID).Alarms {
				same(t, "count of "+string(a.Kind), a.Count, rounds*workers/2)
			}
		}},
	}
}

func alarmFilters(t *testing.T, s store.Store) {
	ctx := t.Context()
	d, _ := addDevice(t, s, plainDevice("1")), addDevice(t, s, plainDevice("2"))
	expect := func(text string, want bool) {
		t.Helper()
		all := allDevices(t, s, device.List{PageSize: 10, Filter: filter(t, deviceSchema(), text)})
		same(t, text, len(all) == 1 && all[0].ID == d.ID, want)
	}
	expect("alarms:*", false)
	must(t, s.Sessions().RaiseAlarm(ctx, d.ID, device.RaisedAlarm{Kind: device.AlarmIdentityClash}, now()))
	expect("alarms:IDENTITYCLASH", true)
	expect("alarms:identity*", true)
	expect("alarms:transfers", false)
	c := contact(d, "s", now())
	c.Alarms = []device.RaisedAlarm{{Kind: device.AlarmTransfers}}
	began := begin(t, s, c)
	expect("alarms:transfers", true)
	learned := device.Learned{Alarms: []device.RaisedAlarm{{Kind: device.AlarmParameters}}, At: now()}
	must(t, s.Sessions().Learn(ctx, d.ID, began.After.Session.Generation, learned))
	expect("alarms:parameters", true)
	for i, kind := range []device.AlarmKind{device.AlarmIdentityClash, device.AlarmTransfers, device.AlarmParameters} {
		must(t, second(s.Devices().Edit(ctx, d.ID, device.Edit{ClearAlarms: []device.AlarmKind{kind}})))
		expect("alarms:"+string(kind), false)
		expect("alarms:*", i < 2)
	}
}
