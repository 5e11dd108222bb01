package mongo

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

const tasksCollection = "tasks"

func taskIndexes() []index {
	return []index{
		{collection: tasksCollection, keys: ascending("slot"), unique: true},
		{collection: tasksCollection, keys: ascending("device", "open", "state", "blocked", "-priority", idField, "notBefore")},
		{collection: tasksCollection, keys: ascending("device", "-"+idField)},
		{collection: tasksCollection, keys: ascending("group", "-"+idField)},
		{collection: tasksCollection, keys: ascending("folded.state", "-"+idField)},
		{collection: tasksCollection, keys: causeKeys()},
		{collection: tasksCollection, keys: ascending("checkAt")},
	}
}

// Tasks returns the tasks.
func (s *Store) Tasks() tasks.Store { return taskStore{s} }

type taskStore struct{ *Store }

func (s taskStore) collection() *driver.Collection { return s.database.Collection(tasksCollection) }

// insertAttempts is how often Insert begins anew when the task that had the
// unique key is gone by the time that it is asked for.
const insertAttempts = 3

// Insert returns a *tasks.DuplicateError also if a task of that id exists.
func (s taskStore) Insert(ctx context.Context, t tasks.Task) error {
	return s.do(ctx, "insertTask", func(ctx context.Context) error {
		d := documentOfTask(&t)
		var err error
		if d.Group, err = s.groupOf(ctx, t.Device); err != nil {
			return err
		}
		for range insertAttempts {
			if _, err = s.collection().InsertOne(ctx, d); !driver.IsDuplicateKeyError(err) {
				return err
			}
			existing, failure := s.holder(ctx, &d)
			if failure != nil {
				return failure
			}
			if existing != "" {
				return &tasks.DuplicateError{Existing: existing}
			}
			s.metrics.retried("insertTask")
		}
		return err
	})
}

// groupOf returns the group of a device, empty for one without a record.
func (s *Store) groupOf(ctx context.Context, id device.ID) (string, error) {
	d, err := findOne[struct {
		Group string `bson:"group"`
	}](ctx, s.database.Collection(devicesCollection), byID(string(id)), device.ErrNotFound, options.FindOne().SetProjection(bson.M{"group": 1}))
	if errors.Is(err, device.ErrNotFound) {
		return "", nil
	}
	return d.Group, err
}

// holder returns the task that has the slot or the id of the document, empty if
// there is none (any more).
func (s taskStore) holder(ctx context.Context, d *taskDocument) (tasks.ID, error) {
	for _, filter := range []bson.D{{{Key: "slot", Value: d.Slot}}, byID(d.ID)} {
		found, err := anyID(ctx, s.collection(), filter)
		if err != nil || found != "" {
			return tasks.ID(found), err
		}
	}
	return "", nil
}

func (s taskStore) Get(ctx context.Context, id tasks.ID) (t tasks.Task, err error) {
	err = s.do(ctx, "getTask", func(ctx context.Context) error {
		d, err := findOne[taskDocument](ctx, s.collection(), byID(string(id)), tasks.ErrNotFound)
		t = d.task()
		return err
	})
	if err != nil {
		return tasks.Task{}, err
	}
	return t, nil
}

// Save returns a *tasks.DuplicateError for a task that takes a unique key which
// another open task has.
func (s taskStore) Save(ctx context.Context, t tasks.Task) (saved tasks.Task, err error) {
	err = s.do(ctx, "saveTask", func(ctx context.Context) error {
		seen := t.Revision
		t.Revision++
		d := documentOfTask(&t)
		saved = d.task()
		return s.replace(ctx, &d, seen)
	})
	if err != nil {
		return tasks.Task{}, err
	}
	return saved, nil
}

// replace writes a task over the revision that was seen.
func (s taskStore) replace(ctx context.Context, d *taskDocument, seen int64) error {
	change, err := replacement(d)
	if err != nil {
		return err
	}
	answer, err := s.collection().UpdateOne(ctx, bson.M{idField: d.ID, "revision": seen}, change)
	if err != nil {
		return s.refusal(ctx, d, err)
	}
	if answer.MatchedCount > 0 {
		return nil
	}
	return unmatched(ctx, s.collection(), string(d.ID), tasks.ErrNotFound, tasks.ErrConflict)
}

// refusal says whether the server refused an update because another task has
// the slot.
func (s taskStore) refusal(ctx context.Context, d *taskDocument, failure error) error {
	var refused driver.ServerError
	if !errors.As(failure, &refused) || d.Slot == string(d.ID) {
		return failure
	}
	holder, err := s.holder(ctx, d)
	if err != nil || holder == "" || holder == d.ID {
		return failure
	}
	return &tasks.DuplicateError{Existing: holder}
}

// replacement returns the update that makes a stored task the given one. It
// leaves the group, which is not the task's to change.
func replacement(d *taskDocument) (bson.D, error) {
	raw, err := bson.Marshal(d)
	if err != nil {
		return nil, err
	}
	fields, err := bson.Raw(raw).Elements()
	if err != nil {
		return nil, err
	}
	var set, unset bson.D
	there := make(map[string]bool, len(fields))
	for _, f := range fields {
		there[f.Key()] = true
		if f.Key() != idField && f.Key() != "group" {
			set = append(set, bson.E{Key: f.Key(), Value: f.Value()})
		}
	}
	for _, name := range optionalTaskFields() {
		if !there[name] {
			unset = append(unset, bson.E{Key: name, Value: ""})
		}
	}
	change := bson.D{{Key: "$set", Value: set}}
	if len(unset) > 0 {
		change = append(change, bson.E{Key: "$unset", Value: unset})
	}
	return change, nil
}

// optionalTaskFields are the fields of a task that a document may lack.
func optionalTaskFields() []string {
	return []string{
		"args", "result", "fault", "attempts", "timeline", "notBefore", "expires", "after", "uniqueKey", "createdBy", "retryOf", "retriedBy",
		"createdAt", "updatedAt", "finishedAt", "commandKey", "attemptKey", "deadline", "flight", "lease", "checkAt",
	}
}

// Open leaves out results, which open tasks do not have.
func (s taskStore) Open(ctx context.Context, id device.ID) ([]tasks.Task, error) {
	return s.several(ctx, "openTasks", bson.M{"device": id, "open": true}, tasks.MaxOpenTasks,
		options.Find().SetSort(ascending(idField)).SetProjection(bson.M{"result": 0}))
}

func (s taskStore) Due(ctx context.Context, at time.Time, limit int) ([]tasks.Task, error) {
	return s.several(ctx, "dueTasks", bson.M{"checkAt": bson.M{"$lte": whole(at)}}, limit, options.Find().SetSort(ascending("checkAt")))
}

// several reads up to limit of the tasks that a filter takes.
func (s taskStore) several(ctx context.Context, operation string, filter bson.M, limit int, o *options.FindOptionsBuilder) (all []tasks.Task, err error) {
	err = s.do(ctx, operation, func(ctx context.Context) error {
		found, err := findUpTo[taskDocument](ctx, s.collection(), filter, limit, o)
		all = slices.Grow(all, len(found))
		for i := range found {
			all = append(all, found[i].task())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (s taskStore) Delete(ctx context.Context, id tasks.ID) error {
	return s.do(ctx, "deleteTask", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(string(id)), tasks.ErrNotFound)
	})
}
