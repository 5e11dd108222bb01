package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// storedAlarm is an alarm in the alarms column.
type storedAlarm struct {
	Kind   device.AlarmKind `json:"k"`
	Since  int64            `json:"s"`
	Last   int64            `json:"l"`
	Count  int              `json:"n"`
	Detail string           `json:"d,omitempty"`
}

func decodeAlarms(text string) ([]device.Alarm, error) {
	if text == "" {
		return nil, nil
	}
	var stored []storedAlarm
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("stored JSON is damaged: %w", err)
	}
	alarms := make([]device.Alarm, len(stored))
	for i, a := range stored {
		alarms[i] = device.Alarm{Kind: a.Kind, Since: fromMilliseconds(a.Since), Last: fromMilliseconds(a.Last), Count: a.Count, Detail: a.Detail}
	}
	return alarms, nil
}

func encodeAlarms(alarms []device.Alarm) (string, error) {
	if len(alarms) == 0 {
		return "", nil
	}
	stored := make([]storedAlarm, len(alarms))
	for i, a := range alarms {
		stored[i] = storedAlarm{Kind: a.Kind, Since: milliseconds(a.Since), Last: milliseconds(a.Last), Count: a.Count, Detail: a.Detail}
	}
	return encode(stored)
}

// putAlarms makes the alarms those by which filters find the row.
func (c *conn) putAlarms(n int64, alarms []device.Alarm) error {
	if _, err := c.exec("DELETE FROM device_alarms WHERE device = ?", n); err != nil {
		return err
	}
	for _, a := range alarms {
		if _, err := c.exec("INSERT OR IGNORE INTO device_alarms (kind, device) VALUES (?, ?)", query.Fold(string(a.Kind)), n); err != nil {
			return err
		}
	}
	return nil
}

func (s sessions) RaiseAlarm(ctx context.Context, id device.ID, a device.RaisedAlarm, at time.Time) error {
	return s.write(ctx, "raiseAlarm", func(c *conn) error {
		n, before, err := c.alarmsOf(id)
		if err != nil {
			return err
		}
		after := before.RaiseAlarm(a.Kind, a.Detail, at)
		text, err := encodeAlarms(after.Alarms)
		if err != nil {
			return err
		}
		if _, err := c.exec("UPDATE devices SET alarms = ? WHERE n = ?", text, n); err != nil {
			return err
		}
		return c.putAlarms(n, after.Alarms)
	})
}

// alarmsOf reads of the record only what RaiseAlarm changes.
func (c *conn) alarmsOf(id device.ID) (n int64, d device.Device, err error) {
	found, err := c.one(func(r *row) (err error) {
		n = r.int64()
		d.Alarms, err = decodeAlarms(r.text())
		return err
	}, "SELECT n, alarms FROM devices WHERE id = ?", string(id))
	if err == nil && !found {
		err = device.ErrNotFound
	}
	return n, d, err
}
