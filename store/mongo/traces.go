package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/trace"
)

// Traces returns the messages of sessions that were traced.
func (s *Store) Traces() trace.Store { return traces{s} }

type traces struct{ *Store }

func (s traces) collection() *driver.Collection { return s.database.Collection(tracesCollection) }

// AppendTrace stores entry by entry: after an error some may be there, and may
// be stored once more.
func (s traces) AppendTrace(ctx context.Context, entries []trace.Entry) error {
	writes := make([]driver.WriteModel, len(entries))
	for i := range entries {
		d := documentOfTrace(&entries[i])
		writes[i] = driver.NewReplaceOneModel().SetFilter(byID(d.Key)).SetReplacement(d).SetUpsert(true)
	}
	return s.do(ctx, "appendTrace", func(ctx context.Context) error {
		if len(writes) == 0 {
			return nil
		}
		return onceMore(func() error {
			_, err := s.collection().BulkWrite(ctx, writes)
			return err
		})
	})
}

// traceSize is what an index knows of an entry.
type traceSize struct {
	Key  string `bson:"_id"`
	Size int64  `bson:"size"`
}

// beyond is the filter for the entries of a device after one.
func beyond(id device.ID, after string) bson.D {
	return append(ofDevice(id), bson.E{Key: idField, Value: bson.D{{Key: "$gt", Value: traceKey(id, after)}}})
}

// Trace finds out from an index how many entries fit, and reads no others.
func (s traces) Trace(ctx context.Context, id device.ID, after string, limit, bytes int) (all []trace.Entry, err error) {
	err = s.do(ctx, "getTrace", func(ctx context.Context) error {
		sizes, err := findUpTo[traceSize](ctx, s.collection(), beyond(id, after), limit, sizesOnly().SetSort(ascending(idField)))
		if err != nil || len(sizes) == 0 {
			return err
		}
		found, err := findUpTo[traceDocument](ctx, s.collection(), beyond(id, after), fitting(sizes, int64(bytes)), options.Find().SetSort(ascending(idField)))
		for i := range found {
			all = append(all, found[i].entry())
		}
		return err
	})
	return all, err
}

func sizesOnly() *options.FindOptionsBuilder { return options.Find().SetProjection(onlyFields("size")) }

// fitting returns how many of the first entries have so many bytes in all; one in
// any case.
func fitting(sizes []traceSize, bytes int64) int {
	sum := int64(0)
	for i := range sizes {
		if sum += sizes[i].Size; i > 0 && sum > bytes {
			return i
		}
	}
	return len(sizes)
}

func (s traces) DeleteTrace(ctx context.Context, id device.ID, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteTrace", func(ctx context.Context) error {
		if limit > 0 {
			removed, err = deleteUpTo(ctx, s.collection(), bson.M{"device": id}, ascending(idField), limit)
			return err
		}
		answer, err := s.collection().DeleteMany(ctx, ofDevice(id))
		if err == nil {
			removed = int(answer.DeletedCount)
		}
		return err
	})
	return removed, err
}

// TraceUsage adds up what indexes alone hold.
func (s traces) TraceUsage(ctx context.Context, id device.ID) (bytes int64, err error) {
	var pipeline driver.Pipeline
	by := tracesByTime()
	if id != "" {
		pipeline, by = driver.Pipeline{{{Key: "$match", Value: ofDevice(id)}}}, tracesByDevice()
	}
	sum := bson.D{{Key: idField, Value: nil}, {Key: "bytes", Value: bson.D{{Key: "$sum", Value: "$size"}}}}
	pipeline = append(pipeline, bson.D{{Key: "$group", Value: sum}})
	err = s.do(ctx, "traceUsage", func(ctx context.Context) error {
		cursor, err := s.collection().Aggregate(ctx, pipeline, options.Aggregate().SetHint(by.name()))
		var sums []struct {
			Bytes int64 `bson:"bytes"`
		}
		if err == nil {
			err = cursor.All(ctx, &sums)
		}
		if err != nil {
			return fmt.Errorf("add up the sizes of traces: %w", err)
		}
		if len(sums) > 0 {
			bytes = sums[0].Bytes
		}
		return nil
	})
	return bytes, err
}

// PruneTraces counts the bytes of what it found to be old: where two nodes do it
// at the same time, both may count the same.
func (s traces) PruneTraces(ctx context.Context, before time.Time, limit int) (entries int, bytes int64, err error) {
	old := bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: ceiling(before)}}}}
	err = s.do(ctx, "pruneTraces", func(ctx context.Context) error {
		found, err := findUpTo[traceSize](ctx, s.collection(), old, limit, sizesOnly().SetSort(ascending("at")))
		if err != nil || len(found) == 0 {
			return err
		}
		keys := make([]string, len(found))
		for i := range found {
			keys[i], bytes = found[i].Key, bytes+found[i].Size
		}
		answer, err := s.collection().DeleteMany(ctx, append(among(keys), old...))
		if err == nil {
			entries = int(answer.DeletedCount)
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	return entries, bytes, nil
}
