package mongo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/nodes"
)

// maintain does the maintenance as long after the clock of the store as nothing
// that was under way is under way any more.
func maintain(t *testing.T, s *Store) {
	t.Helper()
	must(t, s.Maintain(t.Context(), s.options.Now().Add(2*chunkAge)))
}

// openAt opens a store whose clock stands still.
func openAt(t *testing.T, now time.Time) *Store {
	t.Helper()
	return openWith(t, Options{Now: func() time.Time { return now }})
}

func TestMaintenanceFinishesADeletionWhereverItWasCutOff(t *testing.T) {
	begin := func(t *testing.T, s *Store, id device.ID) {
		insert(t, s, deletionsCollection, append(byID(id), bson.E{Key: "at", Value: at(0)}))
	}
	remove := func(t *testing.T, s *Store, collection string, filter bson.D) {
		_, err := s.database.Collection(collection).DeleteMany(t.Context(), filter)
		must(t, err)
	}
	for _, c := range []struct {
		name  string
		crash func(t *testing.T, s *Store, id device.ID)
		stays bool
	}{
		{"before the record went", begin, true},
		{"after the record went", func(t *testing.T, s *Store, id device.ID) {
			begin(t, s, id)
			remove(t, s, devicesCollection, byID(id))
		}, false},
		{"after the credentials went", func(t *testing.T, s *Store, id device.ID) {
			begin(t, s, id)
			remove(t, s, devicesCollection, byID(id))
			remove(t, s, credentialsCollection, ofDevice(id))
		}, false},
		{"after the settings went", func(t *testing.T, s *Store, id device.ID) {
			begin(t, s, id)
			remove(t, s, devicesCollection, byID(id))
			remove(t, s, credentialsCollection, ofDevice(id))
			remove(t, s, fetchesCollection, ofDevice(id))
			remove(t, s, levelsCollection, among(levelsOfDevice(id)))
		}, false},
		{"after the chunks of the tree went", func(t *testing.T, s *Store, id device.ID) {
			begin(t, s, id)
			remove(t, s, devicesCollection, byID(id))
			remove(t, s, credentialsCollection, ofDevice(id))
			remove(t, s, chunkCollection, ofDevice(id))
		}, false},
		{"before the deletion was noted as done", func(t *testing.T, s *Store, id device.ID) {
			must(t, s.Devices().Delete(t.Context(), id))
			begin(t, s, id)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openAt(t, at(0))
			id := createDevice(t, s, knownDevice("1")).ID
			addCredential(t, s, id)
			addSettings(t, s, id)
			must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(maxChunkCount+1, "x")))
			maintain(t, s) // So that nothing else looks at the tree any more.
			want := make([]int, len(hanging(t, s, id)))
			if c.stays {
				want = hanging(t, s, id)
			}
			c.crash(t, s, id)
			must(t, s.Maintain(t.Context(), at(0).Add(settled-time.Millisecond)))
			if n := countDocuments(t, s, deletionsCollection, everything()); n != 1 {
				t.Errorf("%d deletions that may be under way are left, want 1", n)
			}
			maintain(t, s)
			if got := hanging(t, s, id); !slices.Equal(got, want) {
				t.Errorf("%v documents hang on the device, want %v", got, want)
			}
			if n := countDocuments(t, s, deletionsCollection, everything()); n != 0 {
				t.Errorf("%d deletions are noted, want none", n)
			}
		})
	}
}

func TestMaintenanceDoesAllThatACrashLeft(t *testing.T) {
	s := openAt(t, at(0))
	id := createDevice(t, s, knownDevice("1")).ID
	addTask(t, s, id)
	_, err := s.database.Collection(devicesCollection).UpdateOne(t.Context(), byID(id),
		bson.D{{Key: "$set", Value: bson.D{{Key: "group", Value: "a"}, {Key: "groupMovedAt", Value: at(0)}}}})
	must(t, err)
	must(t, s.insertChunks(t.Context(), []parameterChunk{{ID: bson.NewObjectID(), Device: id, MadeAt: at(0), CheckAt: at(0).Add(chunkAge), Parameters: []parameterDocument{}}}))
	must(t, s.reserveContact(t.Context(), 0))
	maintain(t, s)
	must(t, s.Maintain(t.Context(), at(0).Add(2*chunkAge+settled)))
	if n := tasksIn(t, s, id, "a"); n != 1 {
		t.Errorf("%d tasks are in the group of their device, want 1", n)
	}
	if chunks := chunkIDs(t, s); len(chunks) != 0 {
		t.Errorf("%d chunks that nothing refers to are left", len(chunks))
	}
	counter, err := s.contacts(t.Context())
	if err != nil || counter.Count != 0 {
		t.Errorf("the counter is %d, %v, want 0", counter.Count, err)
	}
}

func TestAPartOfMaintenanceThatFailsKeepsNoOtherBack(t *testing.T) {
	s := openAt(t, at(0))
	id := createDevice(t, s, knownDevice("1")).ID
	addTask(t, s, id)
	// An id that is no text cannot be read.
	insert(t, s, deletionsCollection, bson.D{{Key: idField, Value: 7}, {Key: "at", Value: at(0)}})
	_, err := s.database.Collection(devicesCollection).UpdateOne(t.Context(), byID(id),
		bson.D{{Key: "$set", Value: bson.D{{Key: "group", Value: "a"}, {Key: "groupMovedAt", Value: at(0)}}}})
	must(t, err)
	err = s.Maintain(t.Context(), at(0).Add(settled))
	if err == nil || !strings.Contains(err.Error(), deletionsCollection) {
		t.Errorf("error is %v, want one that names %s", err, deletionsCollection)
	}
	if n := tasksIn(t, s, id, "a"); n != 1 {
		t.Errorf("%d tasks are in the group of their device, want 1", n)
	}
}

func TestAStoreThatOnlyRanIsEmpty(t *testing.T) {
	s := open(t)
	d := createDevice(t, s, device.Device{ID: device.NewID(), Origin: device.OriginContact})
	must(t, s.Parameters().Observe(t.Context(), d.ID, at(0), observations(1, "x")))
	must(t, s.Devices().Delete(t.Context(), d.ID))
	must(t, s.Nodes().Beat(t.Context(), nodes.Node{ID: "n"}))
	must(t, s.Carried().PutSession(t.Context(), device.CarriedSession{ID: "s"}))
	_, err := s.KeyCheck(t.Context(), "check")
	must(t, err)
	if empty, err := s.Copier().Empty(t.Context()); err != nil || !empty {
		t.Errorf("Empty = %v, %v, want true", empty, err)
	}
}
