package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// markUpdates says what Device.ApplyMark does to a record in every case: nothing
// if the mark says nothing new, and ChangedAt stays with Wanted. A record that took
// one of the updates is not changed by those that follow.
func markUpdates(id device.ID, m device.Mark) []caseUpdate {
	same := bson.D{{Key: wantedField, Value: orNull(m.Wanted)}}
	known := slices.Concat(same, bson.D{{Key: packField, Value: orNull(m.Pack)}, {Key: problemField, Value: orNull(m.Problem)}})
	// An update that inserts nothing takes no effect by $setOnInsert.
	nothing := bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "version", Value: int64(0)}}}}
	all := []caseUpdate{{filter: append(byID(id), known...), update: nothing}}

	other := bson.D{{Key: wantedField, Value: unequal(m.Wanted)}}
	partly := append(slices.Clone(same), bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: packField, Value: unequal(m.Pack)}}, bson.D{{Key: problemField, Value: unequal(m.Problem)}},
	}})
	for _, c := range markCases(m) {
		all = append(all,
			caseUpdate{filter: slices.Concat(byID(id), other, c.conditions), update: markUpdate(m, c, true)},
			caseUpdate{filter: slices.Concat(byID(id), partly, c.conditions), update: markUpdate(m, c, false)})
	}
	return all
}

// unequal takes what is not the text, which is absent where it is empty.
func unequal(text string) bson.D { return bson.D{{Key: "$ne", Value: orNull(text)}} }

// markCases are the states after a mark: what the device holds, and what sessions made
// of it, decides, unless the mark itself does.
func markCases(m device.Mark) []stateCase {
	after := device.Provisioning{Pack: m.Pack, Wanted: m.Wanted, Problem: m.Problem, Held: m.Wanted}
	state := after.State()
	if state != device.ProvisioningConverged {
		return []stateCase{{state: state}}
	}
	stuck := bson.D{{Key: stuckField, Value: unequal("")}, {Key: triedField, Value: m.Wanted}}
	free := bson.E{Key: "$nor", Value: bson.A{stuck}}
	holds := bson.E{Key: heldField, Value: m.Wanted}
	return []stateCase{
		{conditions: bson.D{free, holds, undrifted()}, state: state},
		{conditions: bson.D{free, {Key: heldField, Value: unequal(m.Wanted)}}, state: device.ProvisioningPending},
		{conditions: bson.D{free, holds, drifted()}, state: device.ProvisioningDrifted},
		{conditions: stuck, state: device.ProvisioningFailing},
	}
}

// drifted holds of records that have parameters otherwise than they were set,
// undrifted of all others.
func drifted() bson.E {
	return bson.E{Key: driftedField, Value: bson.D{{Key: "$gt", Value: 0}}}
}

func undrifted() bson.E {
	return bson.E{Key: driftedField, Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: 0}}}}}
}

func markUpdate(m device.Mark, c stateCase, changed bool) bson.D {
	var u update
	u.text(packField, m.Pack)
	u.text(foldedPackField, query.Fold(m.Pack))
	u.text(problemField, m.Problem)
	if changed {
		u.text(wantedField, m.Wanted)
		u.time(changedAtField, m.At)
	}
	c.put(&u)
	u.add("version", 1)
	return u.document()
}
