package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Claim takes a task first and looks at the device's session then. A newer
// session raises the generation first and looks through the running tasks of
// the device then. Each writes before it reads, and what it wrote is
// acknowledged by a majority before it reads, so that at least one sees the
// other: either this claim sees the newer generation and puts the task back, or
// the newer session sees the claimed task and recovers it. In the other order
// both could miss each other, and a session that was cut off would send its RPC
// beside the newer one.
func (s taskStore) Claim(ctx context.Context, claim tasks.Claim) (claimed tasks.Claimed, err error) {
	claim.At, claim.Lease.Until = whole(claim.At), whole(claim.Lease.Until)
	err = s.do(ctx, "claimTask", func(ctx context.Context) error {
		claimed, err = s.claim(ctx, claim)
		return err
	})
	return claimed, err
}

func (s taskStore) claim(ctx context.Context, claim tasks.Claim) (tasks.Claimed, error) {
	queued := bson.M{"device": claim.Device, "open": true, "state": tasks.Queued, "blocked": false}
	due := bson.M{"notBefore": bson.M{"$not": bson.M{"$gt": claim.At}}}
	for name, value := range queued {
		due[name] = value
	}
	before, err := decoded[taskDocument](s.collection().FindOneAndUpdate(ctx, due, start(claim),
		options.FindOneAndUpdate().SetSort(ascending("-priority", idField)).SetReturnDocument(options.Before)), tasks.ErrNone)
	if errors.Is(err, tasks.ErrNone) {
		return s.none(ctx, queued, claim.At)
	}
	if err != nil {
		return tasks.Claimed{}, err
	}
	if err := s.fence(ctx, claim); err != nil {
		return tasks.Claimed{}, errors.Join(err, s.putBack(ctx, before.task()))
	}
	t := before.task().Start(claim.Lease, claim.At)
	t.Revision++
	return tasks.Claimed{Task: t}, nil
}

// start is Task.Start in the operators of an update, times apart: when the task
// was noted last is not known before, so that a read takes updatedAt for what is
// noted of the claim (taskDocument.task).
func start(claim tasks.Claim) bson.D {
	var u update
	u.put("state", tasks.Running)
	u.put("folded.state", tasks.Running)
	u.put("attemptKey", true)
	u.put("lease", taskLease{Session: claim.Lease.Session, Generation: claim.Lease.Generation, Until: claim.Lease.Until})
	u.time("checkAt", claim.Lease.Until)
	u.remove("notBefore")
	u.remove("commandKey")
	u.add("revision", 1)
	change := append(u.document(), bson.E{Key: "$push", Value: bson.M{
		"attempts": taskAttempt{Session: claim.Lease.Session, StartedAt: claim.At},
		"timeline": taskStep{State: tasks.Running, At: claim.At},
	}})
	if claim.At.IsZero() {
		return change
	}
	return append(change, bson.E{Key: "$max", Value: bson.D{{Key: "updatedAt", Value: claim.At}}})
}

// none returns ErrNone and when the next of the queued tasks will be due. An
// error of the database is not ErrNone: the caller would take it that no work is
// left.
func (s taskStore) none(ctx context.Context, queued bson.M, at time.Time) (tasks.Claimed, error) {
	later := bson.M{"notBefore": bson.M{"$gt": at}}
	for name, value := range queued {
		later[name] = value
	}
	next, err := findOne[struct {
		NotBefore time.Time `bson:"notBefore"`
	}](ctx, s.collection(), later, tasks.ErrNone, options.FindOne().SetSort(ascending("notBefore")).SetProjection(bson.M{idField: 0, "notBefore": 1}))
	if err == nil {
		err = tasks.ErrNone
	}
	return tasks.Claimed{DueAt: next.NotBefore}, err
}

// fence returns device.ErrSessionLost if the device has a newer session than
// the one that claims.
func (s taskStore) fence(ctx context.Context, claim tasks.Claim) error {
	found, err := findOne[struct {
		Session struct {
			Generation int64 `bson:"generation"`
		} `bson:"session"`
	}](ctx, s.database.Collection(devicesCollection), byID(string(claim.Device)), device.ErrNotFound, options.FindOne().SetProjection(bson.M{"session.generation": 1}))
	switch {
	case errors.Is(err, device.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("look at the session of the device: %w", err)
	case found.Session.Generation > claim.Lease.Generation:
		return device.ErrSessionLost
	default:
		return nil
	}
}

// putBack writes a claimed task as it was before, two revisions on, also if the
// caller is gone. If somebody else changed it since, as the newer session does,
// it stays theirs. If it cannot be written, the reaper returns the task at the
// end of the lease.
func (s taskStore) putBack(ctx context.Context, before tasks.Task) error {
	claimed := before.Revision + 1
	before.Revision = claimed + 1
	d := documentOfTask(&before)
	ctx, cancel := afterwards(ctx)
	defer cancel()
	err := s.replace(ctx, &d, claimed)
	if errors.Is(err, tasks.ErrConflict) || errors.Is(err, tasks.ErrNotFound) {
		return nil
	}
	return err
}
