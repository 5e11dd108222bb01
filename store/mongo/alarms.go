package mongo

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// alarmDocument is an alarm in a device record.
type alarmDocument struct {
	Kind   device.AlarmKind `bson:"kind"`
	Since  time.Time        `bson:"since,omitempty"`
	Last   time.Time        `bson:"last,omitempty"`
	Count  int64            `bson:"count"`
	Detail string           `bson:"detail,omitempty"`
}

// documentsOfAlarms returns alarms as they are stored, times cut to what is kept.
func documentsOfAlarms(alarms []device.Alarm) []alarmDocument {
	var all []alarmDocument
	for _, a := range alarms {
		all = append(all, alarmDocument{Kind: a.Kind, Since: whole(a.Since), Last: whole(a.Last), Count: int64(a.Count), Detail: a.Detail})
	}
	return all
}

func alarmsOf(documents []alarmDocument) []device.Alarm {
	var all []device.Alarm
	for _, d := range documents {
		all = append(all, device.Alarm{Kind: d.Kind, Since: d.Since, Last: d.Last, Count: int(d.Count), Detail: d.Detail})
	}
	return all
}

func (s sessions) RaiseAlarm(ctx context.Context, id device.ID, a device.RaisedAlarm, at time.Time) error {
	return s.do(ctx, "raiseAlarm", func(ctx context.Context) error {
		return s.change(ctx, "raiseAlarm", id, func(d device.Device) (device.Device, error) {
			return d.RaiseAlarm(a.Kind, a.Detail, at), nil
		})
	})
}
