package mongo

import (
	"math"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// stateAt is the filter for the devices of which Device.State says that, seen at
// now.
func stateAt(state device.State, now time.Time) bson.D {
	// Not $exists, which an index cannot answer.
	known := bson.D{{Key: "$gt", Value: bson.DateTime(math.MinInt64)}}
	seen := bson.E{Key: "$or", Value: bson.A{bson.D{{Key: "lastInform", Value: known}}, bson.D{{Key: fetchedAtField, Value: known}}}}
	inTime := bson.E{Key: "$gte", Value: ceiling(now)}
	lately := bson.E{Key: "$gt", Value: bson.DateTime(now.Add(-device.LateFor).UnixMilli())}
	switch {
	case state == device.StateNever:
		return bson.D{{Key: "lastInform", Value: nil}, {Key: fetchedAtField, Value: nil}}
	case now.IsZero() && state == device.StateOnline:
		return bson.D{seen} // Nothing ends before it.
	case now.IsZero():
		return nothing()
	case state == device.StateOnline:
		return bson.D{seen, {Key: "onlineUntil", Value: bson.D{inTime}}}
	case state == device.StateLate:
		return bson.D{seen, {Key: "onlineUntil", Value: bson.D{lately, {Key: "$lt", Value: inTime.Value}}}}
	default:
		// What is absent is over for long.
		return bson.D{seen, {Key: "onlineUntil", Value: bson.D{{Key: "$not", Value: bson.D{lately}}}}}
	}
}

// ceiling returns the first date that is not before t, so that comparing it with
// stored times gives what comparing t does.
func ceiling(t time.Time) bson.DateTime {
	ms := t.UnixMilli()
	if time.UnixMilli(ms).Before(t) {
		ms++
	}
	return bson.DateTime(ms)
}
