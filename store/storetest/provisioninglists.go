package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
	"github.com/dialtone-acs/dialtone/store"
)

func provisioningLists(t *testing.T, s store.Store) {
	var fleet []device.Device
	for i, p := range []device.Provisioning{
		{}, {Pack: "snom"}, {Wanted: "w"}, {Pack: "snom", Wanted: "w"}, {Pack: "Snom", Wanted: "w", Held: "v", FetchedAt: stored(now())}, {Pack: "yealink", Wanted: "w", Held: "w", FetchedAt: stored(now()).Add(-time.Hour)},
		{Pack: "yealink", Wanted: "w", Held: "w", Problem: "p", FetchedAt: stored(now()).Add(time.Hour)}, {Problem: "p"}, {Held: "h"}, {Pack: "yealink", Held: "h", ChangedAt: stored(now())},
		{Pack: "cisco", Wanted: "w", Held: "w", Drifted: 1}, {Pack: "cisco", Wanted: "w", Held: "v", Drifted: 2}, {Pack: "cisco", Wanted: "w", Held: "w", Tried: "w", Stuck: "s"},
		{Pack: "cisco", Wanted: "w", Held: "w", Tried: "v", Stuck: "s", Drifted: 2}, {Pack: "cisco", Wanted: "w", Tried: "w"}, {Wanted: "w", Tried: "w", Stuck: "s"},
	} {
		d := plainDevice(fmt.Sprint(i))
		d.Provisioning = p
		fleet = append(fleet, addDevice(t, s, d))
	}
	for _, text := range []string{
		"provisioning = none", "provisioning = Pending", "provisioning:converged", "provisioning = failing", "provisioning = drifted", "provisioning = Drift*", "provisioning = f*", "provisioning:*", "-provisioning:none", "provisioning > none",
		"pack = snom", "pack:*", "-pack:*", "pack = y*", "pack > snom", "lastFetch:*", "-lastFetch:*", "lastFetch < 2026-01-02T03:04:05.678Z", "lastFetch >= 2026-01-02T03:04:05.678Z", "yealink", "pending",
	} {
		for _, by := range []string{"serialNumber", "provisioning desc, serialNumber", "pack, lastFetch desc", "lastFetch"} {
			checkList(t, s, fleet, filter(t, deviceSchema(), text), order(t, by), 3)
		}
	}
	for i := range fleet {
		mark(t, s, fleet[i].ID, device.Mark{Pack: "avaya", Wanted: fmt.Sprint("w", i%2), Problem: strings.Repeat("p", i%3/2), At: now()})
		f := fullFetched()
		f.Held, f.At = fmt.Sprint("w", i%4/3), now().Add(time.Duration(i%5)*time.Minute)
		fetched(t, s, fleet[i].ID, f)
		fleet[i] = deviceOf(t, s, fleet[i].ID)
	}
	for _, state := range device.ProvisioningStates() {
		checkList(t, s, fleet, filter(t, deviceSchema(), "provisioning = "+string(state)), order(t, "lastFetch desc"), 3)
	}
	checkList(t, s, fleet, filter(t, deviceSchema(), "pack = avaya"), order(t, "lastFetch"), 3)
}

func fetchingStates(t *testing.T, s store.Store) {
	until := stored(now())
	d := addDevice(t, s, plainDevice("files"))
	f := fullFetched()
	f.At, f.OnlineUntil = until.Add(-time.Hour), until
	fetched(t, s, d.ID, f)
	for at, want := range map[time.Time]device.State{
		until.Add(-time24): device.StateOnline, until: device.StateOnline, until.Add(1): device.StateLate, until.Add(device.LateFor - 1): device.StateLate,
		until.Add(device.LateFor): device.StateOffline, until.Add(time24): device.StateOffline,
	} {
		same(t, fmt.Sprint("states at ", at), summaryOf(t, s, "", at).States, map[device.State]int{want: 1})
		for field, state := range map[string]device.State{"online": device.StateOnline, "late": device.StateLate, "offline": device.StateOffline, "neverSeen": device.StateNever} {
			l := device.List{PageSize: 10, Filter: filter(t, deviceSchema(), field), Now: at}
			same(t, fmt.Sprint(field, " at ", at), len(allDevices(t, s, l)) == 1, state == want)
		}
	}
	never := device.Device{ID: device.NewID(), OnlineUntil: querytest.Now().Add(time24)}
	addDevice(t, s, never)
	same(t, "states with one that never asked", summaryOf(t, s, "", until).States, map[device.State]int{device.StateOnline: 1, device.StateNever: 1})
}
