package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// beginExpected begins a session in one round trip if the contact is a routine
// one and the record is what can be expected. It reports false, and has changed
// nothing, if not.
func (s sessions) beginExpected(ctx context.Context, c device.Contact) (began device.Began, done bool, err error) {
	interval, known := s.intervals.expected(c)
	if !known || !isRoutine(c) {
		return began, false, nil
	}
	var read deviceDocument
	err = s.deviceDocuments().FindOneAndUpdate(ctx, expectedDevice(c, interval), beginUpdate(c, interval)).Decode(&read)
	if errors.Is(err, driver.ErrNoDocuments) {
		return began, false, nil
	}
	if err != nil {
		return began, false, fmt.Errorf("begin session: %w", err)
	}
	began.Before = read.device()
	if began.After, err = began.Before.Apply(c); err != nil {
		return began, false, fmt.Errorf("begin session of device %s: %w", read.ID, err)
	}
	return began, true, nil
}

// isRoutine reports whether all that the contact changes can be said without
// knowing the record.
func isRoutine(c device.Contact) bool {
	return len(c.Events) == 0 && len(c.Alarms) == 0 && c.RetryCount == 0 && !c.Boot && !c.Bootstrap && !c.Identity.IsZero() && !c.At.IsZero() && !c.Until.IsZero()
}

// expectedDevice finds the record if what Device.Apply makes of it is what
// beginUpdate says.
func expectedDevice(c device.Contact, interval int) bson.D {
	filter := bson.D{{Key: "cwmpKey", Value: cwmpKey("", c.Identity)}}
	if c.Device != "" {
		filter = append(byID(c.Device), filter...)
	}
	// The update leaves the retry count alone.
	filter = append(filter, bson.E{Key: "retryCount", Value: nil})
	exists := bson.D{{Key: "$exists", Value: true}}
	filter = append(filter, bson.E{Key: "firstSeen", Value: exists})
	if c.Model == "" {
		filter = append(filter, bson.E{Key: "model", Value: exists})
	}
	if c.InformInterval <= 0 {
		// The end of being online depends on it.
		filter = append(filter, bson.E{Key: "informInterval", Value: int64(interval)})
	}
	return filter
}

// beginUpdate is what Device.Apply does to a record of that inform interval.
func beginUpdate(c device.Contact, interval int) bson.D {
	after, _ := device.Device{InformInterval: interval}.Apply(c) // It has no identity that could differ.
	var u update
	u.text("session.id", c.Session)
	u.put("session.until", c.Until)
	u.put("lastInform", c.At)
	u.put("onlineUntil", whole(after.OnlineUntil))
	u.folded("address", c.Address)
	if c.CWMPVersion != "" {
		u.put("cwmpVersion", c.CWMPVersion)
	}
	u.reported(c.Reported)
	u.add("session.generation", 1)
	u.add("version", 1)
	return u.document()
}

// folded sets a text that is compared, unless it is empty.
func (u *update) folded(field, value string) {
	if value != "" {
		u.put(field, value)
		u.put("folded."+field, query.Fold(value))
	}
}

// reported is what Device.Note does to a record.
func (u *update) reported(r device.Reported) {
	u.folded("manufacturer", r.Manufacturer)
	u.folded("model", r.Model)
	u.folded("hardwareVersion", r.HardwareVersion)
	u.folded("softwareVersion", r.SoftwareVersion)
	for field, value := range map[string]string{
		"root": r.Root, "namespace": r.Namespace, "connectionRequest.url": r.ConnectionRequestURL, "informDigest": r.InformDigest,
	} {
		if value != "" {
			u.put(field, value)
		}
	}
	if r.InformInterval > 0 {
		u.put("informInterval", int64(r.InformInterval))
	}
	if r.ParameterKey != nil {
		u.text("parameterKey", *r.ParameterKey)
	}
	for name, value := range r.Indexed {
		u.put("indexed."+keyOf(name), value)
		u.text(indexedPath(name), query.Fold(value))
	}
}
