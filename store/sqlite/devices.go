package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

func (s devices) Create(ctx context.Context, d device.Device, limit int) error {
	return s.write(ctx, "createDevice", func(c *conn) error {
		if err := c.checkContactLimit(d.Origin, limit); err != nil {
			return err
		}
		if err := c.checkFree(0, d.Identities()); err != nil {
			return err
		}
		if taken, err := c.deviceNumber(d.ID); err != nil || taken != 0 {
			return orDuplicate(err)
		}
		return c.insertDevice(&d)
	})
}

func orDuplicate(err error) error {
	if err != nil {
		return err
	}
	return device.ErrDuplicate
}

func (c *conn) checkContactLimit(o device.Origin, limit int) error {
	if limit <= 0 || o != device.OriginContact {
		return nil
	}
	count := 0
	_, err := c.one(func(r *row) error { count = r.int(); return nil }, "SELECT count FROM contact_devices WHERE n = 1")
	if err == nil && count >= limit {
		err = device.ErrLimit
	}
	return err
}

// checkFree returns ErrDuplicate if an identity belongs to another row than n.
func (c *conn) checkFree(n int64, identities []device.Identity) error {
	for _, i := range identities {
		owner := n
		_, err := c.one(func(r *row) error { owner = r.int64(); return nil },
			"SELECT device FROM identities WHERE kind = ? AND key = ?", string(i.Kind), i.Key)
		if err == nil && owner != n {
			err = device.ErrDuplicate
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deviceNumber returns the key of a record's row, 0 if there is no such record.
func (c *conn) deviceNumber(id device.ID) (n int64, err error) {
	_, err = c.one(func(r *row) error { n = r.int64(); return nil }, "SELECT n FROM devices WHERE id = ?", string(id))
	return n, err
}

func (c *conn) insertDevice(d *device.Device) error {
	values, err := deviceValues(d)
	if err != nil {
		return err
	}
	if _, err := c.exec(insertDevice, append(values, string(d.ID))...); err != nil {
		return err
	}
	n, err := c.deviceNumber(d.ID)
	if err != nil {
		return err
	}
	if err := errors.Join(c.putTags(n, d), c.putAlarms(n, d.Alarms)); err != nil {
		return err
	}
	return c.putIdentities(n, d.Identities())
}

// putIdentities makes the identities those of the row; they are free.
func (c *conn) putIdentities(n int64, identities []device.Identity) error {
	if _, err := c.exec("DELETE FROM identities WHERE device = ?", n); err != nil {
		return err
	}
	for _, i := range identities {
		if _, err := c.exec("INSERT INTO identities (kind, key, device) VALUES (?, ?, ?)", string(i.Kind), i.Key, n); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) putTags(n int64, d *device.Device) error {
	if _, err := c.exec("DELETE FROM device_tags WHERE device = ?", n); err != nil {
		return err
	}
	for _, tag := range d.Tags {
		if _, err := c.exec("INSERT OR IGNORE INTO device_tags (tag, text, group_path, device) VALUES (?, ?, ?, ?)", query.Fold(tag), tag, d.Group, n); err != nil {
			return err
		}
	}
	return nil
}

func (s devices) Get(ctx context.Context, id device.ID) (device.Device, error) {
	return s.get(ctx, "getDevice", deviceByID, string(id))
}

func (s devices) ByIdentity(ctx context.Context, i device.Identity) (device.Device, error) {
	return s.get(ctx, "deviceByIdentity", deviceByIdentity, string(i.Kind), i.Key)
}

func (s devices) get(ctx context.Context, operation, sql string, args ...any) (d device.Device, err error) {
	err = s.read(ctx, operation, func(c *conn) error {
		found, err := c.device(sql, args...)
		d = found.Device
		return err
	})
	return d, err
}

func (s devices) Edit(ctx context.Context, id device.ID, e device.Edit) (after device.Device, err error) {
	err = s.write(ctx, "editDevice", func(c *conn) error {
		before, err := c.device(deviceByID, string(id))
		if err != nil {
			return err
		}
		edited, err := before.ApplyEdit(e)
		if err != nil {
			return err
		}
		if err := c.checkFree(before.n, edited.Identities()); err != nil {
			return err
		}
		after = edited
		return c.applyEdit(before.n, &edited)
	})
	if err != nil {
		return device.Device{}, err
	}
	return after, nil
}

func (c *conn) applyEdit(n int64, d *device.Device) error {
	if err := c.updateDevice(n, d); err != nil {
		return err
	}
	if err := errors.Join(c.putTags(n, d), c.putAlarms(n, d.Alarms)); err != nil {
		return err
	}
	return c.putIdentities(n, d.Identities())
}

func (s devices) Delete(ctx context.Context, id device.ID) error {
	return s.write(ctx, "deleteDevice", func(c *conn) error {
		n, err := c.deviceNumber(id)
		if err != nil {
			return err
		}
		if n == 0 {
			return device.ErrNotFound
		}
		return c.deleteDevice(n, id)
	})
}

func (c *conn) deleteDevice(n int64, id device.ID) error {
	for _, sql := range []string{
		"DELETE FROM identities WHERE device = ?", "DELETE FROM device_tags WHERE device = ?",
		"DELETE FROM device_alarms WHERE device = ?", "DELETE FROM parameters WHERE device = ?", "DELETE FROM devices WHERE n = ?",
	} {
		if _, err := c.exec(sql, n); err != nil {
			return fmt.Errorf("delete device %s: %w", id, err)
		}
	}
	for _, sql := range []string{
		"DELETE FROM credentials WHERE device = ?", deleteDeviceTrace, "DELETE FROM fetches WHERE device = ?",
		"DELETE FROM convergences WHERE device = ?",
		"DELETE FROM levels WHERE kind IN ('device', 'user', 'generated') AND id = ?",
	} {
		if _, err := c.exec(sql, string(id)); err != nil {
			return fmt.Errorf("delete what belongs to device %s: %w", id, err)
		}
	}
	return nil
}

// silentDevices finds what DeleteSilent removes. A record that was created a
// moment ago and awaits its first Begin is not silent.
const silentDevices = `SELECT n, id FROM devices WHERE last_inform < ? AND fetched_at < ? AND first_seen < ?
	AND origin = 'contact' AND tags = '' AND +group_path = '' ORDER BY last_inform LIMIT ?`

func (s devices) DeleteSilent(ctx context.Context, since time.Time, limit int) (removed []device.ID, err error) {
	err = s.write(ctx, "deleteSilentDevices", func(c *conn) error {
		removed = nil
		var numbers []int64
		err := c.each(func(r *row) error {
			numbers = append(numbers, r.int64())
			removed = append(removed, device.ID(r.text()))
			return nil
		}, silentDevices, milliseconds(since), milliseconds(since), milliseconds(since), limit)
		if err != nil {
			return err
		}
		for i, n := range numbers {
			if err := c.deleteDevice(n, removed[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return removed, nil
}
