package mongo

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

func TestDevicesFromBeforeSessionsWorkedAtSettingsKeepTheirState(t *testing.T) {
	uri, was := former(t)
	version := bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 6}}}}
	must(t, second(was.database.Collection(metaCollection).UpdateByID(t.Context(), schemaID, version)))
	var devices []device.Device
	for serial, p := range map[string]device.Provisioning{
		"1": {}, "2": {Pack: "yealink", Wanted: "w"}, "3": {Pack: "yealink", Wanted: "w", Held: "w"}, "4": {Pack: "yealink", Problem: "p"},
	} {
		d := knownDevice(serial)
		d.Provisioning = p
		must(t, was.insertDevice(t.Context(), d))
		devices = append(devices, d)
	}
	s := openAgain(t, uri)
	for _, d := range devices {
		checkRecord(t, s, d)
	}
	expectListed(t, s, "", "provisioning", "3", "4", "1", "2")
	stored, err := s.storedSchema(t.Context())
	if err != nil || stored.Version != 7 {
		t.Errorf("the data has version %d, %v, want 7, which servers of the version before refuse", stored.Version, err)
	}
}

// A server of the version before knows nothing of drift: it notes that a device has
// converged, and leaves what it does not know.
func TestAStateThatAServerOfTheVersionBeforeNotedIsPutRightByTheNextSession(t *testing.T) {
	s := open(t)
	d := knownDevice("1")
	d.Provisioning = device.Provisioning{Pack: "yealink", Wanted: "w", Held: "w", Drifted: 1}
	createDevice(t, s, d)
	former := bson.D{{Key: "$set", Value: bson.D{{Key: foldedStateField, Value: string(device.ProvisioningConverged)}}}}
	must(t, second(s.deviceDocuments().UpdateOne(t.Context(), byID(d.ID), former)))
	expectListed(t, s, "provisioning = drifted", "")
	must(t, s.Provisioning().NoteConverged(t.Context(), d.ID, device.Converged{Generation: d.Session.Generation, Wanted: "w", Held: true, Drifted: 1, At: testTime()}))
	checkRecord(t, s, d)
	expectListed(t, s, "provisioning = drifted", "", "1")
}
