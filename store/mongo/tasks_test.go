package mongo

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// taskTime is the time of the tests.
func taskTime() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC) }

func openMonitored(t *testing.T) (*Store, *commands) {
	t.Helper()
	noted := &commands{}
	s := openWith(t, Options{Monitor: noted.monitor()})
	noted.take()
	return s, noted
}

// addRecord stores what a task store reads of a device.
func addRecord(t *testing.T, s *Store, group string, generation int64) device.ID {
	t.Helper()
	id := device.NewID()
	err := s.Devices().Create(t.Context(), device.Device{ID: id, Origin: device.OriginOperator, Group: group, Session: device.Session{Generation: generation}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func queued(id device.ID) tasks.Task {
	at := taskTime()
	return tasks.Task{
		ID: tasks.NewID(at), Device: id, Kind: tasks.GetParameterValues, Args: []byte(`{"paths":["Device."]}`), State: tasks.Queued, CreatedBy: "user:Admin",
		UniqueKey: "Refresh", CreatedAt: at, UpdatedAt: at, CheckAt: at.Add(time.Minute), Timeline: []tasks.Transition{{State: tasks.Queued, At: at}},
	}
}

func insertTask(t *testing.T, s *Store, task tasks.Task) tasks.Task {
	t.Helper()
	if err := s.Tasks().Insert(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	return task
}

func claimOf(id device.ID, generation int64) tasks.Claim {
	at := taskTime()
	return tasks.Claim{Device: id, At: at, Lease: tasks.Lease{Session: "s", Generation: generation, Until: at.Add(time.Minute)}}
}

func storedTask(t *testing.T, s *Store, id tasks.ID) bson.M {
	t.Helper()
	var document bson.M
	if err := s.database.Collection(tasksCollection).FindOne(t.Context(), bson.M{idField: id}).Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document
}

func TestATaskCostsFewCommands(t *testing.T) {
	s, sent := openMonitored(t)
	id := addRecord(t, s, "a", 3)
	sent.take()
	sends := func(what string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, sent.take()); diff != "" {
			t.Errorf("%s sends other commands (-want +got):\n%s", what, diff)
		}
	}
	_, err := s.Tasks().Claim(t.Context(), claimOf(id, 3))
	sends("an empty claim", "findAndModify", "find")
	if !errors.Is(err, tasks.ErrNone) {
		t.Fatal(err)
	}
	insertTask(t, s, queued(id))
	sends("an insert", "find", "insert")
	claimed, err := s.Tasks().Claim(t.Context(), claimOf(id, 3))
	sends("a claim", "findAndModify", "find")
	if err != nil {
		t.Fatal(err)
	}
	claimed.Task.State = tasks.Succeeded
	_, err = s.Tasks().Save(t.Context(), claimed.Task)
	sends("a save", "update")
	if err != nil {
		t.Fatal(err)
	}
	insertTask(t, s, queued(id))
	sent.take()
	_, err = s.Tasks().Claim(t.Context(), claimOf(id, 2))
	sends("a claim of a session that was superseded", "findAndModify", "find", "update")
	if !errors.Is(err, device.ErrSessionLost) {
		t.Fatal(err)
	}
}

func TestATaskIsADocumentThatCanBeRead(t *testing.T) {
	s := open(t)
	task := insertTask(t, s, queued(addRecord(t, s, "reseller/customer", 3)))
	at := bson.NewDateTimeFromTime(taskTime())
	want := bson.M{
		"_id": string(task.ID), "device": string(task.Device), "kind": string(tasks.GetParameterValues), "args": bson.Binary{Data: task.Args}, "state": "queued",
		"timeline": bson.A{bson.D{{Key: "state", Value: "queued"}, {Key: "at", Value: at}}}, "priority": int32(0), "blocked": false,
		"uniqueKey": "Refresh", "createdBy": "user:Admin", "createdAt": at, "updatedAt": at, "checkAt": bson.NewDateTimeFromTime(task.CheckAt),
		"revision": int64(0), "open": true, "slot": string(task.Device) + "|Refresh", "group": "reseller/customer",
		"folded": bson.D{
			{Key: "device", Value: string(task.Device)}, {Key: "kind", Value: "getparametervalues"}, {Key: "state", Value: "queued"},
			{Key: "createdBy", Value: "user:admin"}, {Key: "uniqueKey", Value: "refresh"},
		},
	}
	if diff := cmp.Diff(want, storedTask(t, s, task.ID)); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
}

func TestEveryFieldThatATaskMayLackIsUnset(t *testing.T) {
	var optional []string
	document := reflect.TypeFor[taskDocument]()
	for i := range document.NumField() {
		name, option, _ := strings.Cut(document.Field(i).Tag.Get("bson"), ",")
		if option == "omitempty" && name != "group" {
			optional = append(optional, name)
		}
	}
	listed := optionalTaskFields()
	slices.Sort(optional)
	slices.Sort(listed)
	if diff := cmp.Diff(optional, listed); diff != "" {
		t.Errorf("optionalTaskFields differs from the fields with omitempty (-fields +listed):\n%s", diff)
	}
}

func TestChangingATaskLeavesItsGroup(t *testing.T) {
	s := open(t)
	id := addRecord(t, s, "a/b", 3)
	task := insertTask(t, s, queued(id))
	move := bson.M{"$set": bson.M{"group": "c"}}
	if _, err := s.database.Collection(tasksCollection).UpdateOne(t.Context(), bson.M{idField: task.ID}, move); err != nil {
		t.Fatal(err)
	}
	claimed, err := s.Tasks().Claim(t.Context(), claimOf(id, 3))
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []tasks.State{tasks.Waiting, tasks.Succeeded} {
		claimed.Task.State = state
		if claimed.Task, err = s.Tasks().Save(t.Context(), claimed.Task); err != nil {
			t.Fatal(err)
		}
	}
	document := storedTask(t, s, task.ID)
	if document["group"] != "c" || document["slot"] != string(task.ID) || document["open"] != false {
		t.Errorf("document is %v, want group c, open false and its id as slot", document)
	}
}

func TestPuttingATaskBackLeavesWhatSomebodyElseMadeOfIt(t *testing.T) {
	s := open(t)
	id := addRecord(t, s, "", 3)
	before := insertTask(t, s, queued(id))
	claimed, err := s.Tasks().Claim(t.Context(), claimOf(id, 3))
	if err != nil {
		t.Fatal(err)
	}
	claimed.Task.State = tasks.Cancelled
	cancelled, err := s.Tasks().Save(t.Context(), claimed.Task)
	if err != nil {
		t.Fatal(err)
	}
	if err := (taskStore{s}).putBack(t.Context(), before); err != nil {
		t.Errorf("error is %v, want none", err)
	}
	after, err := s.Tasks().Get(t.Context(), before.ID)
	if diff := cmp.Diff(cancelled, after); diff != "" || err != nil {
		t.Errorf("task differs, %v (-want +got):\n%s", err, diff)
	}
}

func TestPuttingATaskBackOutlivesItsCaller(t *testing.T) {
	s := open(t)
	id := addRecord(t, s, "", 3)
	before := insertTask(t, s, queued(id))
	if _, err := s.Tasks().Claim(t.Context(), claimOf(id, 3)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (taskStore{s}).putBack(ctx, before); err != nil {
		t.Fatal(err)
	}
	if after, err := s.Tasks().Get(t.Context(), before.ID); err != nil || after.State != tasks.Queued || after.Revision != before.Revision+2 {
		t.Errorf("task is %+v, %v, want it queued two revisions on", after, err)
	}
}

func TestSavingATaskCannotTakeTheKeyOfAnother(t *testing.T) {
	s := open(t)
	id := addRecord(t, s, "", 3)
	holder := insertTask(t, s, queued(id))
	other := queued(id)
	other.UniqueKey = "other"
	insertTask(t, s, other)
	other.UniqueKey = holder.UniqueKey
	_, err := s.Tasks().Save(t.Context(), other)
	var duplicate *tasks.DuplicateError
	if !errors.As(err, &duplicate) || duplicate.Existing != holder.ID {
		t.Errorf("error is %v, want a DuplicateError of task %s", err, holder.ID)
	}
}

func TestATokenContinuesItsOwnListOnly(t *testing.T) {
	own := keyset{list: "tasks"}
	token := own.token(place{key: "key"})
	if p, err := own.place(token); p.key != "key" || err != nil {
		t.Errorf("place is %q, %v, want key", p.key, err)
	}
	other := keyset{list: "files"}
	if _, err := other.place(token); err == nil {
		t.Error("a token of another list is taken")
	}
}
