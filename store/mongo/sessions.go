package mongo

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

type sessions struct{ *Store }

// Sessions returns what sessions change on the device records.
func (s *Store) Sessions() device.SessionStore { return sessions{s} }

func (s sessions) Learn(ctx context.Context, id device.ID, generation int64, l device.Learned) error {
	return s.do(ctx, "learn", func(ctx context.Context) error {
		return s.change(ctx, "learn", id, func(d device.Device) (device.Device, error) {
			if d.Session.Generation != generation {
				return d, device.ErrSessionLost
			}
			return d.ApplyLearned(l), nil
		})
	})
}

// change stores what apply makes of a record, which may be called several times. It
// also stores a record that apply leaves alone if its state of provisioning is not noted
// as it is: a server of the version before that runs beside during an upgrade knows less
// of what it follows from.
func (s *Store) change(ctx context.Context, operation string, id device.ID, apply func(device.Device) (device.Device, error)) error {
	return s.retry(ctx, operation, func(ctx context.Context) (done bool, err error) {
		read, err := s.findDevice(ctx, byID(id))
		if err != nil {
			return false, err
		}
		before := read.device()
		after, err := apply(before)
		noted := read.Folded.Provisioning == string(after.Provisioning.State())
		if err != nil || noted && reflect.DeepEqual(before, after) {
			return err == nil, err
		}
		_, done, err = s.replaceDevice(ctx, read, after)
		return done, err
	})
}

func (s sessions) Extend(ctx context.Context, id device.ID, generation int64, until time.Time) error {
	return s.do(ctx, "extendSession", func(ctx context.Context) error {
		var u update
		u.time("session.until", whole(until))
		u.add("version", 1)
		changed, err := s.updateDevice(ctx, ofSession(id, generation), u)
		if err != nil || changed {
			return err
		}
		if _, err := s.findDevice(ctx, byID(id)); err != nil {
			return err
		}
		return device.ErrSessionLost
	})
}

// ofSession is the filter for a record whose lock a session holds.
func ofSession(id device.ID, generation int64) bson.D {
	return append(byID(id), bson.E{Key: "session.generation", Value: generation})
}

func (s sessions) RaiseWork(ctx context.Context, id device.ID) error {
	return s.do(ctx, "raiseWork", func(ctx context.Context) error {
		var u update
		u.add("work.raised", 1)
		u.add("version", 1)
		changed, err := s.updateDevice(ctx, byID(id), u)
		if err == nil && !changed {
			err = device.ErrNotFound
		}
		return err
	})
}

// updateDevice changes the one document that the filter finds, and reports
// whether there is one.
func (s *Store) updateDevice(ctx context.Context, filter bson.D, u update) (changed bool, err error) {
	result, err := s.deviceDocuments().UpdateOne(ctx, filter, u.document())
	if err != nil {
		return false, fmt.Errorf("update device: %w", err)
	}
	return result.MatchedCount == 1, nil
}

func (s sessions) End(ctx context.Context, e device.SessionEnd) error {
	e.At, e.DueAt = whole(e.At), whole(e.DueAt)
	return s.do(ctx, "endSession", func(ctx context.Context) error {
		if done, err := s.endExpected(ctx, e); err != nil || done {
			return err
		}
		return s.change(ctx, "endSession", e.Device, func(d device.Device) (device.Device, error) { return d.End(e) })
	})
}

// endExpected ends a session in one round trip if the record is as its session
// knows it. It reports false, and has changed nothing, if it is not.
func (s sessions) endExpected(ctx context.Context, e device.SessionEnd) (done bool, err error) {
	expected := device.Device{Session: device.Session{Generation: e.Generation}, Work: device.Work{Raised: e.WorkSeen, Cleared: e.WorkSeen}}
	after, err := expected.End(e)
	if err != nil {
		return false, nil // Which error it is depends on the record.
	}
	filter := ofSession(e.Device, e.Generation)
	if e.Emptied || !e.Abandon {
		filter = append(filter, bson.E{Key: "work.raised", Value: e.WorkSeen})
	}
	if !e.Emptied && !e.Abandon {
		filter = append(filter, bson.E{Key: "work.cleared", Value: e.WorkSeen},
			bson.E{Key: "work.dueAt", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$lte", Value: e.At}}}}})
	}
	return s.updateDevice(ctx, filter, endUpdate(e, after))
}

func endUpdate(e device.SessionEnd, after device.Device) update {
	var u update
	u.time("session.until", after.Session.Until)
	if !e.Abandon {
		u.text("session.id", after.Session.ID)
	}
	if e.Emptied {
		u.put("work.cleared", after.Work.Cleared)
		u.time("work.dueAt", after.Work.DueAt)
	}
	u.add("version", 1)
	return u
}

func (s sessions) Begin(ctx context.Context, c device.Contact) (began device.Began, err error) {
	c.At, c.Until = whole(c.At), whole(c.Until)
	err = s.do(ctx, "beginSession", func(ctx context.Context) error {
		done := false
		if began, done, err = s.beginExpected(ctx, c); err != nil || done {
			return err
		}
		return s.retry(ctx, "beginSession", func(ctx context.Context) (done bool, err error) {
			began, done, err = s.begin(ctx, c)
			return done, err
		})
	})
	if err != nil {
		return device.Began{}, err
	}
	s.intervals.note(c.Identity, began.After.InformInterval)
	return began, nil
}

// begin reads the record, applies the contact and stores what comes of it.
func (s sessions) begin(ctx context.Context, c device.Contact) (began device.Began, done bool, err error) {
	filter := byID(c.Device)
	if c.Device == "" {
		if c.Identity.IsZero() {
			return began, false, device.ErrNotFound
		}
		filter = bson.D{{Key: "cwmpKey", Value: cwmpKey("", c.Identity)}}
	}
	read, err := s.findDevice(ctx, filter)
	if err != nil {
		return began, false, err
	}
	before := read.device()
	after, err := before.Apply(c)
	if err != nil {
		return began, false, err
	}
	stored, done, err := s.replaceDevice(ctx, read, after)
	return device.Began{Before: before, After: stored.device()}, done, err
}
