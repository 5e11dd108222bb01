package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
)

// Summary returns the counts of devices.
func (s *Store) Summary() device.SummaryStore { return summaries{s} }

type summaries struct{ *Store }

// modelKeys are those of the index in which there is all that the models of a
// scope are counted by.
func modelKeys() bson.D { return ascending("group", "model", "softwareVersion") }

// Summary counts the states, the models and the tags by commands of their own: of
// devices that change meanwhile one may see what another does not. It is bounded
// by inFilterTime.
func (s summaries) Summary(ctx context.Context, scope device.Scope, now time.Time) (all device.Summary, err error) {
	err = s.do(ctx, "summarizeDevices", func(ctx context.Context) error {
		return s.inFilterTime(ctx, devicesCollection, func(ctx context.Context) error {
			if all, err = s.states(ctx, scope, now); err != nil {
				return err
			}
			if err := s.models(ctx, scope, &all); err != nil {
				return err
			}
			return s.tags(ctx, scope, &all)
		})
	})
	if err != nil {
		return device.Summary{}, err
	}
	return all, nil
}

func (s summaries) states(ctx context.Context, scope device.Scope, now time.Time) (device.Summary, error) {
	all := device.Summary{States: make(map[device.State]int)}
	for _, state := range device.States() {
		n, err := s.deviceDocuments().CountDocuments(ctx, allOf(inScope(scope), stateAt(state, now)))
		if err != nil {
			return device.Summary{}, fmt.Errorf("count devices in state %s: %w", state, err)
		}
		if n > 0 {
			all.States[state] = int(n)
			all.Total += int(n)
		}
	}
	return all, nil
}

// models names the index: without a filter the server would read the documents.
func (s summaries) models(ctx context.Context, scope device.Scope, all *device.Summary) error {
	type key struct {
		Model           string `bson:"model"`
		SoftwareVersion string `bson:"softwareVersion"`
	}
	by := index{keys: modelKeys()}
	found, err := countBy[key](ctx, s.deviceDocuments(), []bson.D{matching(inScope(scope))},
		bson.D{{Key: "model", Value: "$model"}, {Key: "softwareVersion", Value: "$softwareVersion"}},
		ascending("_id.model", "_id.softwareVersion"), device.MaxSummary, options.Aggregate().SetHint(by.name()))
	if err != nil {
		return fmt.Errorf("count models: %w", err)
	}
	all.Others = all.Total
	for _, f := range found {
		all.Models = append(all.Models, device.ModelCount{Model: f.Key.Model, SoftwareVersion: f.Key.SoftwareVersion, Count: f.Count})
		all.Others -= f.Count
	}
	all.Others = max(0, all.Others) // Devices may have come since the states were counted.
	return nil
}

// tags reads the records of the devices that have a tag: an index of a list holds
// its elements and not the list.
func (s summaries) tags(ctx context.Context, scope device.Scope, all *device.Summary) error {
	tagged := bson.D{{Key: "folded.tags", Value: bson.D{{Key: "$gte", Value: ""}}}} // The least of all texts.
	found, err := countBy[string](ctx, s.deviceDocuments(), []bson.D{matching(allOf(inScope(scope), tagged)), {{Key: "$unwind", Value: "$tags"}}},
		"$tags", ascending(idField), device.MaxSummary)
	if err != nil {
		return fmt.Errorf("count tags: %w", err)
	}
	for _, f := range found {
		all.Tags = append(all.Tags, device.TagCount{Tag: f.Key, Count: f.Count})
	}
	return nil
}

// counted is how often there is a key.
type counted[K any] struct {
	Key   K   `bson:"_id"`
	Count int `bson:"count"`
}

// countBy counts what comes out of the stages by a key: those of which there are
// most first, then in an order, at most limit.
func countBy[K any](ctx context.Context, c *driver.Collection, stages []bson.D, key any, order bson.D, limit int, o ...options.Lister[options.AggregateOptions]) (all []counted[K], err error) {
	stages = append(stages,
		bson.D{{Key: "$group", Value: bson.D{{Key: idField, Value: key}, {Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
		bson.D{{Key: "$sort", Value: append(ascending("-count"), order...)}},
		bson.D{{Key: "$limit", Value: int64(limit)}})
	cursor, err := c.Aggregate(ctx, stages, o...)
	if err == nil {
		err = cursor.All(ctx, &all)
	}
	return all, err
}

// matching is the stage that takes what a filter does.
func matching(filter bson.D) bson.D { return bson.D{{Key: "$match", Value: filter}} }
