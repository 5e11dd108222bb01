package mongo

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestAnIdentityOfAnotherDeviceIsADuplicate(t *testing.T) {
	s := open(t)
	owner := knownDevice("1")
	owner.MAC = "00:04:f2:00:00:01"
	createDevice(t, s, owner)
	empty := createDevice(t, s, device.Device{ID: device.NewID(), MAC: "00:04:f2:00:00:02"})
	contact := routineContact(owner)
	contact.Device = empty.ID
	for what, call := range map[string]func() error{
		"an edit of the MAC address": func() error {
			_, err := s.Devices().Edit(t.Context(), empty.ID, device.Edit{MAC: &owner.MAC})
			return err
		},
		"an edit of the CWMP identity": func() error {
			_, err := s.Devices().Edit(t.Context(), empty.ID, device.Edit{Identity: &owner.CWMPIdentity})
			return err
		},
		"a contact that is led to a record without": func() error { _, err := s.Sessions().Begin(t.Context(), contact); return err },
		"another record of the MAC address": func() error {
			return s.Devices().Create(t.Context(), device.Device{ID: device.NewID(), MAC: owner.MAC}, 0)
		},
		"another record of the id": func() error { return s.Devices().Create(t.Context(), device.Device{ID: owner.ID}, 0) },
	} {
		if err := call(); !errors.Is(err, device.ErrDuplicate) {
			t.Errorf("%s: error is %v, want %v", what, err, device.ErrDuplicate)
		}
	}
}

func insert(t *testing.T, s *Store, collection string, documents ...bson.D) {
	t.Helper()
	for _, d := range documents {
		if _, err := s.database.Collection(collection).InsertOne(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
}

func countDocuments(t *testing.T, s *Store, collection string, filter bson.D) int {
	t.Helper()
	n, err := s.database.Collection(collection).CountDocuments(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func addCredential(t *testing.T, s *Store, id device.ID) {
	t.Helper()
	must(t, s.Credentials().PutCredential(t.Context(), device.Credential{Username: "u-" + string(id), Device: id, Password: "p"}))
}

// addSettings adds levels of all kinds that a device has, a fetch and a convergence.
func addSettings(t *testing.T, s *Store, id device.ID) {
	t.Helper()
	for _, kind := range []provisioners.LevelKind{provisioners.DeviceLevel, provisioners.UserLevel, provisioners.GeneratedLevel} {
		must(t, second(s.Levels().PutLevel(t.Context(), provisioners.Level{Key: provisioners.LevelKey{Kind: kind, ID: string(id)}})))
	}
	must(t, second(s.Convergences().PutConvergence(t.Context(), provisioners.Convergence{Device: id})))
	must(t, s.Fetches().AppendFetches(t.Context(), []provisioners.Fetch{{ID: "of " + string(id), Device: id, At: at(0)}}))
}

// hanging returns how many documents hang on a device: credentials, the tree and
// its chunks, levels, fetches and the convergence.
func hanging(t *testing.T, s *Store, id device.ID) []int {
	t.Helper()
	return []int{
		countDocuments(t, s, credentialsCollection, ofDevice(id)), countDocuments(t, s, parameterCollection, byID(id)), countDocuments(t, s, chunkCollection, ofDevice(id)),
		countDocuments(t, s, levelsCollection, among(levelsOfDevice(id))), countDocuments(t, s, fetchesCollection, ofDevice(id)),
		countDocuments(t, s, convergencesCollection, byID(id)),
	}
}

func TestWhatHangsOnADeviceGoesWithIt(t *testing.T) {
	s := open(t)
	gone, stays := createDevice(t, s, knownDevice("1")), createDevice(t, s, knownDevice("2"))
	for _, id := range []device.ID{gone.ID, stays.ID} {
		addCredential(t, s, id)
		addSettings(t, s, id)
		must(t, s.Parameters().Observe(t.Context(), id, at(0), observations(maxChunkCount+1, "x")))
	}
	before := hanging(t, s, gone.ID)
	if slices.Contains(before, 0) {
		t.Fatalf("%v documents hang on the device, want some of each kind", before)
	}
	must(t, s.Devices().Delete(t.Context(), gone.ID))
	if left := hanging(t, s, gone.ID); !slices.Equal(left, make([]int, len(before))) {
		t.Errorf("%v documents of the device are left", left)
	}
	if left := hanging(t, s, stays.ID); !slices.Equal(left, before) {
		t.Errorf("another device has %v documents, want %v", left, before)
	}
	if n := countDocuments(t, s, deletionsCollection, everything()); n != 0 {
		t.Errorf("%d deletions are under way, want none", n)
	}
}

func TestADeletionThatACrashCutOffIsFinished(t *testing.T) {
	s := open(t)
	stays := createDevice(t, s, knownDevice("1"))
	gone, recent := device.NewID(), device.NewID()
	now := testTime()
	for id, at := range map[device.ID]time.Time{stays.ID: now.Add(-settled), gone: now.Add(-settled), recent: now.Add(-settled + time.Millisecond)} {
		addCredential(t, s, id)
		insert(t, s, deletionsCollection, append(byID(id), bson.E{Key: "at", Value: at}))
	}
	if err := s.finishDeletions(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[device.ID]int{stays.ID: 1, gone: 0, recent: 1} {
		if n := countDocuments(t, s, credentialsCollection, ofDevice(id)); n != want {
			t.Errorf("device %s has %d credentials, want %d", id, n, want)
		}
	}
	if n := countDocuments(t, s, deletionsCollection, byID(recent)); n != 1 || countDocuments(t, s, deletionsCollection, bson.D{}) != 1 {
		t.Error("the deletion that may be under way is not the only one that is left")
	}
}

// movable is a store with its own clock and a device with two tasks.
func movable(t *testing.T) (s *Store, id device.ID, now *atomic.Int64) {
	now = &atomic.Int64{}
	now.Store(testTime().UnixMilli())
	s = openWith(t, Options{URI: mongotest.URI(t), Now: func() time.Time { return time.UnixMilli(now.Load()).UTC() }})
	id = createDevice(t, s, knownDevice("1")).ID
	for _, of := range []device.ID{id, id, "other"} {
		addTask(t, s, of)
	}
	return s, id, now
}

func addTask(t *testing.T, s *Store, id device.ID) tasks.Task {
	t.Helper()
	task := queued(id)
	task.UniqueKey = ""
	return insertTask(t, s, task)
}

// tasksIn returns how many tasks of a device carry a group, which may be empty.
func tasksIn(t *testing.T, s *Store, id device.ID, group string) int {
	t.Helper()
	return countDocuments(t, s, tasksCollection, append(ofDevice(id), bson.E{Key: "group", Value: orNull(group)}))
}

func moveTo(t *testing.T, s *Store, id device.ID, group string) {
	t.Helper()
	if _, err := s.Devices().Edit(t.Context(), id, device.Edit{Group: &group}); err != nil {
		t.Fatal(err)
	}
}

func TestTheTasksOfADeviceMoveWithItsGroup(t *testing.T) {
	s, id, _ := movable(t)
	for _, group := range []string{"a/b", ""} {
		moveTo(t, s, id, group)
		if n := tasksIn(t, s, id, group); n != 2 {
			t.Errorf("%d tasks are in the group %q of their device, want 2", n, group)
		}
	}
	moveTo(t, s, id, "a/b")
	if n := tasksIn(t, s, "other", ""); n != 1 {
		t.Errorf("%d tasks of another device are in no group, want 1", n)
	}
}

func TestTheFetchesOfADeviceMoveWithItsGroup(t *testing.T) {
	s, id, now := movable(t)
	moveTo(t, s, id, "a")
	must(t, s.Fetches().AppendFetches(t.Context(), []provisioners.Fetch{{ID: "1", Device: id}, {ID: "2"}, {ID: "3", Device: "other"}, {ID: "4", Device: id}}))
	fetchesIn := func(group string) int {
		return countDocuments(t, s, fetchesCollection, append(ofDevice(id), bson.E{Key: "group", Value: orNull(group)}))
	}
	if n := fetchesIn("a"); n != 2 {
		t.Errorf("%d fetches were stored with the group of their device, want 2", n)
	}
	for _, group := range []string{"a/b", ""} {
		moveTo(t, s, id, group)
		if n := fetchesIn(group); n != 2 {
			t.Errorf("%d fetches are in the group %q of their device, want 2", n, group)
		}
	}
	// One that was stored while the device moved still has the former group.
	stale := bson.D{{Key: "$set", Value: bson.D{{Key: "group", Value: "a/b"}}}}
	must(t, second(s.database.Collection(fetchesCollection).UpdateOne(t.Context(), byID("4"), stale)))
	now.Add(settled.Milliseconds())
	must(t, s.finishGroupMoves(t.Context(), time.UnixMilli(now.Load())))
	if n := fetchesIn(""); n != 2 {
		t.Errorf("%d fetches are in no group after maintenance, want 2", n)
	}
}

func TestATaskThatWasStoredWhileItsDeviceMovedGetsItsGroup(t *testing.T) {
	s, id, now := movable(t)
	moveTo(t, s, id, "a")
	stale := addTask(t, s, id)
	_, err := s.database.Collection(tasksCollection).UpdateOne(t.Context(), byID(stale.ID), bson.D{{Key: "$unset", Value: bson.D{{Key: "group", Value: ""}}}})
	must(t, err)
	finish := func(want int, when string) {
		t.Helper()
		must(t, s.finishGroupMoves(t.Context(), time.UnixMilli(now.Load())))
		if n := tasksIn(t, s, id, ""); n != want {
			t.Errorf("%d tasks are stale %s, want %d", n, when, want)
		}
	}
	finish(1, "as long as others may come")
	now.Add(settled.Milliseconds())
	finish(0, "later")
	marked := bson.D{{Key: "groupMovedAt", Value: bson.D{{Key: "$exists", Value: true}}}}
	if n := countDocuments(t, s, devicesCollection, marked); n != 0 {
		t.Error("the device is still marked as moved")
	}
}

func TestADeviceThatMovesOnceMoreKeepsItsMark(t *testing.T) {
	s, id, now := movable(t)
	moveTo(t, s, id, "a")
	read, err := s.findDevice(t.Context(), byID(id))
	if err != nil {
		t.Fatal(err)
	}
	now.Add(1000)
	moveTo(t, s, id, "")
	if err := s.finishGroupMove(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	after, err := s.findDevice(t.Context(), byID(id))
	if err != nil {
		t.Fatal(err)
	}
	if !after.GroupMovedAt.Equal(time.UnixMilli(now.Load())) {
		t.Errorf("the device is marked as moved at %v, want the time of the second move", after.GroupMovedAt)
	}
}

func TestPlacesThatACrashLeftTakenAreGivenBackOnceItIsQuiet(t *testing.T) {
	s, _, now := movable(t)
	contact := func() device.Device {
		d := knownDevice(string(device.NewID()))
		d.Origin = device.OriginContact
		return d
	}
	createDevice(t, s, contact())
	leak := func() {
		t.Helper()
		if err := s.reserveContact(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	recount := func(want int64) {
		t.Helper()
		if err := s.recountContacts(t.Context(), time.UnixMilli(now.Load())); err != nil {
			t.Fatal(err)
		}
		if counter, err := s.contacts(t.Context()); err != nil || counter.Count != want {
			t.Fatalf("the counter is %d, %v, want %d", counter.Count, err, want)
		}
	}
	leak()
	recount(2)
	now.Add(settled.Milliseconds() - 1)
	recount(2)
	now.Add(1)
	recount(1)
	leak()
	recount(2)
	now.Add(settled.Milliseconds())
	leak()
	recount(3)
	now.Add(settled.Milliseconds())
	recount(1)
	if err := s.Devices().Create(t.Context(), contact(), 1); !errors.Is(err, device.ErrLimit) {
		t.Errorf("error is %v, want %v", err, device.ErrLimit)
	}
}

func TestACountThatSomebodyChangedMeanwhileIsLeftAlone(t *testing.T) {
	s := open(t)
	if err := s.reserveContact(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	read, err := s.contacts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.contactsChange(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.setContacts(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	if counter, err := s.contacts(t.Context()); err != nil || counter.Count != 1 {
		t.Errorf("the counter is %d, %v, want 1 as before", counter.Count, err)
	}
}

func TestIndexedParametersFilterAndOrderDevices(t *testing.T) {
	s := openWith(t, Options{URI: mongotest.URI(t), IndexedParameters: []string{"line", "voip.status"}})
	ids := make(map[string]device.ID)
	for _, status := range []string{"", "Up", "down", "Disabled"} {
		d := knownDevice("S" + status)
		d.Indexed = map[string]string{"voip.status": status}
		ids[status] = createDevice(t, s, d).ID
	}
	schema := filterSchema()
	for text, want := range map[string][]string{
		`parameter.voip.status:*`: {"Disabled", "down", "Up"}, `parameter.voip.status = "D*"`: {"Disabled", "down"},
		`parameter.voip.status = ""`: {""}, ``: {"", "Disabled", "down", "Up"}, `parameter.line:*`: nil,
	} {
		filter, err := query.Parse(schema, text)
		if err != nil {
			t.Fatal(err)
		}
		orders, err := query.ParseOrderBy(schema, "parameter.voip.status")
		if err != nil {
			t.Fatal(err)
		}
		l := device.List{Filter: filter, Order: orders, PageSize: 1}
		var listed, expected []device.ID
		for {
			page, err := s.Devices().List(t.Context(), l)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			for _, d := range page.Devices {
				listed = append(listed, d.ID)
			}
			if l.PageToken = page.NextPageToken; l.PageToken == "" {
				break
			}
		}
		for _, status := range want {
			expected = append(expected, ids[status])
		}
		if !slices.Equal(listed, expected) {
			t.Errorf("%s lists %v, want %v", text, listed, expected)
		}
	}
}
