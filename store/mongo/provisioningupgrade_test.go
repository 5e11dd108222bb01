package mongo

import (
	"fmt"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// formerDevice is a record as version 5 of the data has it.
func formerDevice(t *testing.T, d device.Device) bson.D {
	t.Helper()
	raw, err := bson.Marshal(newDeviceDocument(d))
	must(t, err)
	var document bson.D
	must(t, bson.Unmarshal(raw, &document))
	without := func(fields bson.D, names ...string) bson.D {
		return slices.DeleteFunc(fields, func(e bson.E) bool { return slices.Contains(names, e.Key) })
	}
	for i, e := range document {
		if e.Key == "folded" {
			document[i].Value = without(e.Value.(bson.D), "pack", "provisioning")
		}
	}
	return without(document, "provisioning")
}

// former5 returns a database as version 5 of the data left it.
func former5(t *testing.T) (uri string, s *Store) {
	t.Helper()
	uri, s = former(t)
	version := bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 5}}}}
	must(t, second(s.database.Collection(metaCollection).UpdateByID(t.Context(), schemaID, version)))
	return uri, s
}

// listed returns the serial numbers of the devices of a list.
func listed(t *testing.T, s *Store, filter, order string) []string {
	t.Helper()
	e, err := query.Parse(device.Schema(), filter)
	must(t, err)
	orders, err := query.ParseOrderBy(device.Schema(), order)
	must(t, err)
	page, err := s.Devices().List(t.Context(), device.List{Filter: e, Order: orders, PageSize: 1000, Now: testTime()})
	must(t, err)
	var serials []string
	for _, d := range page.Devices {
		serials = append(serials, d.SerialNumber)
	}
	return serials
}

func expectListed(t *testing.T, s *Store, filter, order string, want ...string) {
	t.Helper()
	if got := listed(t, s, filter, order); !slices.Equal(got, want) {
		t.Errorf("%q in the order of %q lists %q, want %q", filter, order, got, want)
	}
}

func TestDevicesFromBeforeThereWereSettingsHaveNone(t *testing.T) {
	uri, was := former5(t)
	informed, silent := knownDevice("1"), device.Device{ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", SerialNumber: "2"}}
	insert(t, was, devicesCollection, formerDevice(t, informed), formerDevice(t, silent))
	s := openAgain(t, uri)
	for _, d := range []device.Device{informed, silent} {
		checkRecord(t, s, d)
	}
	must(t, s.Provisioning().NoteFetched(t.Context(), silent.ID, device.Fetched{At: testTime(), OnlineUntil: testTime()}))
	must(t, second(s.Provisioning().Mark(t.Context(), silent.ID, device.Mark{Pack: "yealink", Problem: "p"})))
	pending := knownDevice("3")
	pending.Provisioning = device.Provisioning{Pack: "snom", Wanted: "w"}
	createDevice(t, s, pending)
	expectListed(t, s, "provisioning = none", "", "1")
	expectListed(t, s, "", "provisioning", "2", "1", "3")
	expectListed(t, s, "-pack:* -lastFetch:*", "", "1")
	expectListed(t, s, "online", "", "2")
	expectListed(t, s, "neverSeen", "")
}

func TestAMigrationThatNamesStatesGoesThroughAllDevices(t *testing.T) {
	uri, was := former5(t)
	const count = copyBatch + 3
	var documents []bson.D
	for n := range count {
		documents = append(documents, formerDevice(t, device.Device{ID: device.ID(fmt.Sprintf("%04d", n))}))
	}
	must(t, second(was.database.Collection(devicesCollection).InsertMany(t.Context(), documents)))
	s := openAgain(t, uri)
	if n := countDocuments(t, s, devicesCollection, bson.D{{Key: foldedStateField, Value: "none"}}); n != count {
		t.Errorf("%d devices have a state, want all %d", n, count)
	}
}

func TestTheIndexesOfDevicesThatKnowNothingOfFetchesAreReplaced(t *testing.T) {
	uri, was := former5(t)
	devices := was.database.Collection(devicesCollection)
	for _, keys := range []bson.D{ascending("-lastInform", idField), ascending("onlineUntil", "lastInform")} {
		must(t, second(devices.Indexes().CreateOne(t.Context(), driver.IndexModel{Keys: keys})))
	}
	openAgain(t, uri)
	all, err := devices.Indexes().ListSpecifications(t.Context())
	must(t, err)
	names := []string{"_id_"}
	for _, i := range deviceIndexes(nil) {
		if i.collection == devicesCollection {
			names = append(names, i.name())
		}
	}
	var got []string
	for _, i := range all {
		got = append(got, i.Name)
	}
	slices.Sort(names)
	slices.Sort(got)
	if !slices.Equal(got, names) {
		t.Errorf("the indexes are %q, want %q", got, names)
	}
}

func TestWhatAServerOfTheVersionBeforeTakesAwayFromADeviceIsNamedByMaintenance(t *testing.T) {
	s := open(t)
	d := knownDevice("1")
	d.Provisioning = device.Provisioning{Pack: "yealink", Wanted: "w"}
	createDevice(t, s, d)
	must(t, second(s.deviceDocuments().ReplaceOne(t.Context(), byID(d.ID), formerDevice(t, d))))
	maintain(t, s)
	d.Provisioning = device.Provisioning{}
	checkRecord(t, s, d)
	expectListed(t, s, "provisioning = none", "", "1")
}
