package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// markDevice changes nothing of a record of which the mark says nothing new.
const markDevice = `UPDATE devices SET pack = ?, problem = ?, changed_at = CASE wanted WHEN ? THEN changed_at ELSE ? END, wanted = ?
	WHERE id = ? AND (pack <> ? OR problem <> ? OR wanted <> ?)`

func (s provisioning) Mark(ctx context.Context, id device.ID, m device.Mark) (changed bool, err error) {
	err = s.write(ctx, "markDevice", func(c *conn) error {
		rows, err := c.exec(markDevice, m.Pack, m.Problem, m.Wanted, milliseconds(m.At), m.Wanted, string(id), m.Pack, m.Problem, m.Wanted)
		changed = rows > 0
		if err != nil || changed {
			return err
		}
		_, err = c.knownDevice(id)
		return err
	})
	return changed && err == nil, err
}

// The parts of the statements for requests for files, see device.ApplyFetched. What
// is on the right is as it was before the statement.
const (
	setFetched = `held = CASE ? WHEN '' THEN held ELSE ? END,
	file_held = CASE ? WHEN '' THEN file_held ELSE ? END,
	fetched_file = CASE WHEN fetched_at <= ? THEN ? ELSE fetched_file END,
	fetched_agent = CASE WHEN fetched_at <= ? THEN ? ELSE fetched_agent END,
	fetched_at = max(fetched_at, ?),
	online_until = CASE last_inform WHEN 0 THEN max(online_until, ?) ELSE online_until END`

	// fetchedAgain is for a request that tells nothing new of the device. It writes
	// the indexes of no other column.
	fetchedAgain = `UPDATE devices SET ` + setFetched + ` WHERE id = ? AND first_seen <> 0
	AND (last_inform <> 0 OR address = ? AND ? IN ('', software_version))`

	// fetchedAnew also writes what makes up the search column (searchText).
	fetchedAnew = `UPDATE devices SET ` + setFetched + `,
	first_seen = CASE first_seen WHEN 0 THEN ? ELSE first_seen END,
	address = CASE last_inform WHEN 0 THEN ? ELSE address END,
	software_version = CASE WHEN last_inform <> 0 OR ? = '' THEN software_version ELSE ? END,
	search = CASE last_inform WHEN 0 THEN lower(manufacturer || char(10) || product_class || char(10) || serial_number || char(10) || model
		|| char(10) || CASE ? WHEN '' THEN software_version ELSE ? END || char(10) || ? || char(10) || mac) ELSE search END
	WHERE id = ?`
)

func (s provisioning) NoteFetched(ctx context.Context, id device.ID, f device.Fetched) error {
	at, version := milliseconds(f.At), f.SoftwareVersion
	set := []any{f.Held, f.Held, f.FileHeld, f.FileHeld, at, f.File, at, f.UserAgent, at, milliseconds(f.OnlineUntil)}
	again := append(set[:len(set):len(set)], string(id), f.Address, version)
	anew := append(set[:len(set):len(set)], at, f.Address, version, version, version, version, f.Address, string(id))
	return s.write(ctx, "noteFetched", func(c *conn) error {
		rows, err := c.exec(fetchedAgain, again...)
		if err != nil || rows > 0 {
			return err
		}
		if rows, err = c.exec(fetchedAnew, anew...); err == nil && rows == 0 {
			err = device.ErrNotFound
		}
		return err
	})
}

func (s provisioning) NoteConverged(ctx context.Context, id device.ID, noted device.Converged) error {
	noted.At, noted.DriftedSince, noted.CheckAt = whole(noted.At), whole(noted.DriftedSince), whole(noted.CheckAt)
	return s.change(ctx, "noteConverged", id, func(d device.Device) (device.Device, error) { return d.ApplyConverged(noted) })
}

func (s provisioning) Reconsider(ctx context.Context, id device.ID, at time.Time) error {
	return s.change(ctx, "reconsiderDevice", id, func(d device.Device) (device.Device, error) { return d.Reconsider(whole(at)), nil })
}

// change stores what apply makes of how a device stands.
func (s provisioning) change(ctx context.Context, operation string, id device.ID, apply func(device.Device) (device.Device, error)) error {
	return s.write(ctx, operation, func(c *conn) error {
		before, err := c.device(deviceByID, string(id))
		if err != nil {
			return err
		}
		after, err := apply(before.Device)
		if err != nil || after.Provisioning == before.Provisioning {
			return err
		}
		_, err = c.exec("UPDATE devices SET "+setProvisioning+" WHERE n = ?", append(provisioningValues(&after.Provisioning), before.n)...)
		return err
	})
}
