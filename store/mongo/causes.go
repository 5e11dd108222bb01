package mongo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Causes returns the reasons for which tasks failed.
func (s *Store) Causes() tasks.CauseStore { return causes{s} }

type causes struct{ *Store }

func (s causes) collection() *driver.Collection { return s.database.Collection(tasksCollection) }

// causeKeys are those of the index that holds the failed tasks by their cause.
func causeKeys() bson.D {
	return ascending("state", "kind", "fault.code", "fault.reason", "finishedAt", idField)
}

// causeKey is what tasks are grouped by.
type causeKey struct {
	Kind   tasks.Kind   `bson:"kind"`
	Code   int          `bson:"code"`
	Reason tasks.Reason `bson:"reason"`
}

// maxCauses bounds the groups that are looked at, those with the fewest tasks
// left out.
const maxCauses = 10_000

// Causes counts first and asks for the ends of each cause then: a cause that is
// gone by that time is left out. It is bounded by inFilterTime.
func (s causes) Causes(ctx context.Context, scope device.Scope, since time.Time, limit int) (all []tasks.Cause, err error) {
	if limit <= 0 {
		return nil, nil
	}
	err = s.do(ctx, "listCauses", func(ctx context.Context) error {
		return s.inFilterTime(ctx, tasksCollection, func(ctx context.Context) error {
			all, err = s.list(ctx, failures(scope, since), limit)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// failures is the filter for the tasks that causes are made of.
func failures(scope device.Scope, since time.Time) bson.D {
	failed := bson.D{{Key: "state", Value: tasks.Failed}, {Key: "retriedBy", Value: nil}}
	if !since.IsZero() {
		failed = append(failed, bson.E{Key: "finishedAt", Value: bson.D{{Key: "$gte", Value: ceiling(since)}}})
	}
	return allOf(failed, inScope(scope))
}

func (s causes) list(ctx context.Context, failed bson.D, limit int) (all []tasks.Cause, err error) {
	key := bson.D{{Key: "kind", Value: "$kind"}, {Key: "code", Value: "$fault.code"}, {Key: "reason", Value: "$fault.reason"}}
	groups, err := countBy[causeKey](ctx, s.collection(), []bson.D{matching(failed)}, key, ascending("_id.kind", "_id.code", "_id.reason"), maxCauses)
	if err != nil {
		return nil, fmt.Errorf("count failed tasks: %w", err)
	}
	found := joined(groups)
	for _, f := range found[:min(len(found), limit)] {
		c, there, err := s.cause(ctx, allOf(failed, f.Key.filter()), f)
		if err != nil {
			return nil, err
		}
		if there {
			all = append(all, c)
		}
	}
	return all, nil
}

// joined joins groups of one key, in the order of causes: to the server a task
// without a fault differs from one with a fault that says nothing.
func joined(groups []counted[causeKey]) []counted[causeKey] {
	counts := make(map[causeKey]int, len(groups))
	for _, g := range groups {
		counts[g.Key] += g.Count
	}
	all := make([]counted[causeKey], 0, len(counts))
	for key, n := range counts {
		all = append(all, counted[causeKey]{key, n})
	}
	slices.SortFunc(all, func(a, b counted[causeKey]) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Key.Kind, b.Key.Kind), cmp.Compare(a.Key.Code, b.Key.Code), cmp.Compare(a.Key.Reason, b.Key.Reason))
	})
	return all
}

// filter is the filter for the tasks of a key.
func (k causeKey) filter() bson.D {
	of := bson.D{{Key: "kind", Value: k.Kind}, {Key: "fault.reason", Value: orNull(string(k.Reason))}}
	code := bson.D{{Key: "fault.code", Value: k.Code}}
	if k.Code == 0 && k.Reason == "" {
		code = bson.D{{Key: "$or", Value: bson.A{code, bson.D{{Key: "fault.code", Value: nil}}}}}
	}
	return append(of, code...)
}

// cause reads the ends of a cause; there is false if it has no tasks any more.
func (s causes) cause(ctx context.Context, filter bson.D, f counted[causeKey]) (c tasks.Cause, there bool, err error) {
	newest, err := s.ends(ctx, filter, ascending("-finishedAt", "-"+idField), tasks.MaxCauseSample)
	if err != nil || len(newest) == 0 {
		return c, false, err
	}
	oldest, err := s.ends(ctx, filter, ascending("finishedAt", idField), 1)
	if err != nil || len(oldest) == 0 {
		return c, false, err
	}
	c = tasks.Cause{
		Kind: f.Key.Kind, Code: f.Key.Code, Reason: f.Key.Reason, Count: f.Count, First: oldest[0].FinishedAt, Last: newest[0].FinishedAt,
	}
	if fault := newest[0].Fault; fault != nil {
		c.Text = fault.String
	}
	for i := range newest {
		c.Sample = append(c.Sample, newest[i].ID)
	}
	return c, true, nil
}

// ends reads what a cause shows of the first tasks of an order.
func (s causes) ends(ctx context.Context, filter, order bson.D, limit int) ([]taskDocument, error) {
	return findUpTo[taskDocument](ctx, s.collection(), filter, limit,
		options.Find().SetSort(order).SetProjection(onlyFields("finishedAt", "fault.string")))
}
