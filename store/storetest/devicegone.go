package storetest

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// goneWithDevice has a device go that DeleteSilent takes.
func goneWithDevice(t *testing.T, s store.Store, remove func(id device.ID)) {
	d := device.Device{ID: device.NewID(), Origin: device.OriginContact, FirstSeen: now().Add(-time24)}
	addDevice(t, s, d)
	other := addDevice(t, s, plainDevice("2"))
	kinds := []provisioners.LevelKind{provisioners.DeviceLevel, provisioners.UserLevel, provisioners.GeneratedLevel}
	var own, others []provisioners.LevelKey
	for _, kind := range kinds {
		own = append(own, putLevel(t, s, fullLevel(kind, string(d.ID))).Key)
		others = append(others, putLevel(t, s, fullLevel(kind, string(other.ID))).Key)
	}
	others = append(others, putLevel(t, s, fullLevel(provisioners.GroupLevel, string(d.ID))).Key, putLevel(t, s, fullLevel(provisioners.GlobalLevel, "")).Key)
	appendFetches(t, s, fullFetch(d.ID, 1), fullFetch(other.ID, 2), fullFetch("", 3), fullFetch(d.ID, 4))
	for _, id := range []device.ID{d.ID, other.ID} {
		putConvergence(t, s, fullConvergence(id))
	}
	remove(d.ID)
	fails(t, second(s.Convergences().Convergence(t.Context(), d.ID)), provisioners.ErrNotFound)
	same(t, "convergence of another", convergenceOf(t, s, other.ID), storedConvergence(fullConvergence(other.ID)))
	same(t, "levels of the device", levelsOf(t, s, own...), []provisioners.Level(nil))
	same(t, "other levels", len(levelsOf(t, s, others...)), len(others))
	same(t, "fetches", fetchNumbers(t, s, provisioners.FetchList{Limit: 10}), "3 2")
	again := fullLevel(provisioners.DeviceLevel, string(d.ID))
	addDevice(t, s, device.Device{ID: d.ID, Origin: device.OriginContact})
	same(t, "convergence of the device that came again", putConvergence(t, s, fullConvergence(d.ID)).Revision, int64(1))
	same(t, "level of the device that came again", putLevel(t, s, again).Revision, int64(1))
}
