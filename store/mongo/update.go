package mongo

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device/query"
)

// update collects the operators of one update. What is empty is taken away, as
// it is absent in documents that are written whole.
type update struct{ set, unset, inc, min, max bson.D }

func (u *update) put(field string, value any) {
	u.set = append(u.set, bson.E{Key: field, Value: value})
}

func (u *update) remove(field string) {
	u.unset = append(u.unset, bson.E{Key: field, Value: ""})
}

func (u *update) add(field string, n int64) {
	u.inc = append(u.inc, bson.E{Key: field, Value: n})
}

// earliest and latest set a time unless one that is there is earlier or later.
func (u *update) earliest(field string, at time.Time) {
	u.min = append(u.min, bson.E{Key: field, Value: at})
}

func (u *update) latest(field string, at time.Time) {
	u.max = append(u.max, bson.E{Key: field, Value: at})
}

func (u *update) text(field, value string) {
	if value == "" {
		u.remove(field)
		return
	}
	u.put(field, value)
}

// address sets the address of a device, whose folded copy goes with it.
func (u *update) address(value string) {
	u.text("address", value)
	u.text("folded.address", query.Fold(value))
}

func (u *update) time(field string, at time.Time) {
	if at.IsZero() {
		u.remove(field)
		return
	}
	u.put(field, at)
}

// document returns the update as MongoDB takes it, which refuses an operator
// without fields.
func (u *update) document() bson.D {
	var all bson.D
	for _, operator := range []bson.E{{Key: "$set", Value: u.set}, {Key: "$unset", Value: u.unset}, {Key: "$inc", Value: u.inc}, {Key: "$min", Value: u.min}, {Key: "$max", Value: u.max}} {
		if len(operator.Value.(bson.D)) > 0 {
			all = append(all, operator)
		}
	}
	return all
}
