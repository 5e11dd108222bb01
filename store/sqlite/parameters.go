package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

const parameterColumns = "path, value, sealed, type, known, writable, notification, access_list, updated_at"

func scanParameter(r *row) (device.Parameter, error) {
	p := device.Parameter{Path: r.text(), Value: r.text(), Sealed: secret.Sealed(r.text()), Type: r.text(), Known: r.bool()}
	if writable := r.optionalInt(); writable != nil {
		is := *writable != 0
		p.Writable = &is
	}
	p.Notification = r.optionalInt()
	if err := r.json(&p.AccessList); err != nil {
		return p, fmt.Errorf("parameter %s: access list: %w", p.Path, err)
	}
	p.UpdatedAt = r.time()
	return p, nil
}

// mergeParameter is Parameter.Merge in SQL, so that thousands of observations
// need not be read first. The suite holds it to Merge.
const mergeParameter = `INSERT INTO parameters (device, path, value, sealed, type, known, writable, notification, access_list, updated_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (device, path) DO UPDATE SET
		value = CASE WHEN excluded.known THEN excluded.value ELSE value END,
		sealed = CASE WHEN excluded.known THEN excluded.sealed ELSE sealed END,
		type = CASE WHEN excluded.type <> '' THEN excluded.type ELSE type END,
		known = known OR excluded.known,
		writable = coalesce(excluded.writable, writable),
		notification = coalesce(excluded.notification, notification),
		access_list = coalesce(excluded.access_list, access_list),
		updated_at = excluded.updated_at`

func (c *conn) observe(n int64, at time.Time, observations []device.Observation) error {
	for i := range observations {
		values, err := observedValues(n, at, &observations[i])
		if err != nil {
			return err
		}
		if _, err := c.exec(mergeParameter, values...); err != nil {
			return err
		}
	}
	return nil
}

func observedValues(n int64, at time.Time, o *device.Observation) ([]any, error) {
	values := []any{n, o.Path, "", "", "", int64(0), nil, nil, nil, milliseconds(at)}
	if o.Value != nil {
		values[2], values[3], values[4], values[5] = o.Value.Text, string(o.Value.Sealed), o.Value.Type, int64(1)
	}
	if o.Writable != nil {
		values[6] = boolInt(*o.Writable)
	}
	if o.Notification != nil {
		values[7] = int64(*o.Notification)
	}
	if o.AccessList != nil {
		raw, err := json.Marshal(o.AccessList)
		if err != nil {
			return nil, fmt.Errorf("encode access list: %w", err)
		}
		values[8] = string(raw)
	}
	return values, nil
}

// Observe returns device.ErrNotFound for an unknown device.
func (s parameters) Observe(ctx context.Context, id device.ID, at time.Time, observations []device.Observation) error {
	return s.write(ctx, "observe", func(c *conn) error {
		n, err := c.knownDevice(id)
		if err != nil {
			return err
		}
		stored, err := c.parameterCount(n)
		if err != nil {
			return err
		}
		if err := c.checkParameterLimit(n, stored, observations); err != nil {
			return err
		}
		return c.observe(n, at, observations)
	})
}

func (c *conn) knownDevice(id device.ID) (int64, error) {
	n, err := c.deviceNumber(id)
	if err == nil && n == 0 {
		err = device.ErrNotFound
	}
	return n, err
}

func (c *conn) parameterCount(n int64) (count int, err error) {
	_, err = c.one(func(r *row) error { count = r.int(); return nil }, "SELECT count(*) FROM parameters WHERE device = ?", n)
	return count, err
}

// checkParameterLimit looks at single paths only if the limit is near.
func (c *conn) checkParameterLimit(n int64, stored int, observations []device.Observation) error {
	if stored+len(observations) <= device.MaxParameters {
		return nil
	}
	fresh := make(map[string]bool)
	for i := range observations {
		path := observations[i].Path
		known, err := c.one(func(*row) error { return nil }, "SELECT 1 FROM parameters WHERE device = ? AND path = ?", n, path)
		if err != nil {
			return err
		}
		if !known {
			fresh[path] = true
		}
	}
	if stored+len(fresh) > device.MaxParameters {
		return fmt.Errorf("%w: a device holds at most %d parameters", device.ErrLimit, device.MaxParameters)
	}
	return nil
}

// Replace returns device.ErrNotFound for an unknown device.
func (s parameters) Replace(ctx context.Context, id device.ID, path string, at time.Time, observations []device.Observation) error {
	return s.write(ctx, "replaceParameters", func(c *conn) error {
		n, err := c.knownDevice(id)
		if err != nil {
			return err
		}
		gone, err := c.unobserved(n, path, observations)
		if err != nil {
			return err
		}
		stored, err := c.parameterCount(n)
		if err != nil {
			return err
		}
		if err := c.checkParameterLimit(n, stored-len(gone), observations); err != nil {
			return err
		}
		for _, path := range gone {
			if _, err := c.exec("DELETE FROM parameters WHERE device = ? AND path = ?", n, path); err != nil {
				return err
			}
		}
		return c.observe(n, at, observations)
	})
}

// unobserved returns the paths of a branch that no observation names.
func (c *conn) unobserved(n int64, path string, observations []device.Observation) ([]string, error) {
	observed := make(map[string]bool, len(observations))
	for i := range observations {
		observed[observations[i].Path] = true
	}
	var gone []string
	from, to := branch(path)
	err := c.each(func(r *row) error {
		if known := r.text(); !observed[known] {
			gone = append(gone, known)
		}
		return nil
	}, "SELECT path FROM parameters WHERE device = ? AND path >= ? AND path < ?", n, from, to)
	return gone, err
}

// branch returns the range of paths of a branch: the object itself and what is
// below it, a leaf alone, or everything for the empty path.
func branch(path string) (from, to string) {
	switch {
	case path == "":
		return "", endOfText
	case device.IsObject(path):
		return path, strings.TrimSuffix(path, ".") + "/" // The byte after the dot.
	default:
		return path, path + "\x00"
	}
}

// endOfText is greater than every text: no UTF-8 has such a byte.
const endOfText = "\xff"

const parameterPage = "SELECT " + parameterColumns + ` FROM parameters
	WHERE device = (SELECT n FROM devices WHERE id = ?) AND path >= ? AND path < ? AND path > ? ORDER BY path LIMIT ?`

func (s parameters) Parameters(ctx context.Context, id device.ID, path, after string, limit int) (all []device.Parameter, err error) {
	from, to := branch(path)
	err = s.read(ctx, "listParameters", func(c *conn) error {
		return c.each(func(r *row) error {
			p, err := scanParameter(r)
			all = append(all, p)
			return err
		}, parameterPage, string(id), from, to, after, limit)
	})
	return all, err
}

func (s parameters) Values(ctx context.Context, id device.ID, paths []string) (all []device.Parameter, err error) {
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	err = s.read(ctx, "getParameters", func(c *conn) error {
		return snapshot(c, func() error {
			n, err := c.deviceNumber(id)
			if err != nil || n == 0 {
				return err
			}
			for _, path := range paths {
				_, err := c.one(func(r *row) error {
					p, err := scanParameter(r)
					all = append(all, p)
					return err
				}, "SELECT "+parameterColumns+" FROM parameters WHERE device = ? AND path = ?", n, path)
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	return all, err
}
