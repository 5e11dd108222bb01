package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// fetchedUpdates says what Device.ApplyFetched does to a record of which nothing
// later is known, in every case; of a request without a time nothing can be said.
// Doing one of them again does the same.
func fetchedUpdates(id device.ID, f device.Fetched) []caseUpdate {
	if f.At.IsZero() {
		return nil
	}
	inOrder := bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: f.At}}}}
	filter := append(byID(id), bson.E{Key: "firstSeen", Value: inOrder}, bson.E{Key: fetchedAtField, Value: inOrder})
	silent := bson.D{{Key: "lastInform", Value: nil}}
	informed := bson.D{{Key: "lastInform", Value: bson.D{{Key: "$ne", Value: nil}}}}
	var all []caseUpdate
	for _, c := range fetchedCases(f) {
		all = append(all,
			caseUpdate{filter: slices.Concat(filter, silent, c.conditions), update: fetchedUpdate(f, c, true)},
			caseUpdate{filter: slices.Concat(filter, informed, c.conditions), update: fetchedUpdate(f, c, false)})
	}
	return all
}

// fetchedCases are the states after a request. What a device holds decides between
// three of them, and is of no account in the others.
func fetchedCases(f device.Fetched) []stateCase {
	if f.Held == "" {
		return []stateCase{{}}
	}
	decided := bson.A{string(device.ProvisioningPending), string(device.ProvisioningConverged), string(device.ProvisioningDrifted)}
	open := bson.E{Key: foldedStateField, Value: bson.D{{Key: "$in", Value: decided}}}
	return []stateCase{
		{conditions: bson.D{open, {Key: wantedField, Value: f.Held}, undrifted()}, state: device.ProvisioningConverged},
		{conditions: bson.D{open, {Key: wantedField, Value: f.Held}, drifted()}, state: device.ProvisioningDrifted},
		{conditions: bson.D{open, {Key: wantedField, Value: unequal(f.Held)}}, state: device.ProvisioningPending},
		{conditions: bson.D{{Key: foldedStateField, Value: bson.D{{Key: "$nin", Value: decided}}}}},
	}
}

// fetchedUpdate leaves alone what is better known from the session of a device that
// ever informed.
func fetchedUpdate(f device.Fetched, c stateCase, silent bool) bson.D {
	var u update
	u.earliest("firstSeen", f.At)
	u.put(fetchedAtField, f.At)
	u.text(fileField, f.File)
	u.text(userAgentField, f.UserAgent)
	if f.Held != "" {
		u.put(heldField, f.Held)
	}
	if f.FileHeld != "" {
		u.put(fileHeldField, f.FileHeld)
	}
	c.put(&u)
	if silent {
		u.address(f.Address)
		u.folded("softwareVersion", f.SoftwareVersion)
		if !f.OnlineUntil.IsZero() {
			u.latest("onlineUntil", f.OnlineUntil)
		}
	}
	u.add("version", 1)
	return u.document()
}
