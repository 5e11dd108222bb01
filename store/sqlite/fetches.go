package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const fetchColumns = `f.id, f.device, f.at, f.protocol, f.method, f.path, f.address, f.user_agent, f.status, f.bytes, f.complete, f.digest, f.detail`

func scanFetch(r *row) provisioners.Fetch {
	return provisioners.Fetch{
		ID: r.text(), Device: device.ID(r.text()), At: r.time(), Protocol: r.text(), Method: r.text(), Path: r.text(), Address: r.text(), UserAgent: r.text(),
		Status: r.int(), Bytes: r.int64(), Complete: r.bool(), Digest: r.text(), Detail: r.text(),
	}
}

const insertFetch = `INSERT INTO fetches (id, device, at, protocol, method, path, address, user_agent, status, bytes, complete, digest, detail)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

// AppendFetches stores all of them or none.
func (s fetches) AppendFetches(ctx context.Context, all []provisioners.Fetch) error {
	if len(all) > provisioners.MaxFetches {
		return fmt.Errorf("%w: %d fetches at once, at most %d", device.ErrInvalid, len(all), provisioners.MaxFetches)
	}
	return s.write(ctx, "appendFetches", func(c *conn) error {
		for i := range all {
			f := &all[i]
			if _, err := c.exec(insertFetch, f.ID, string(f.Device), milliseconds(f.At), f.Protocol, f.Method, f.Path, f.Address, f.UserAgent,
				f.Status, f.Bytes, f.Complete, f.Digest, f.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}

// fetchQuery returns the query for a list.
func fetchQuery(l provisioners.FetchList) (sql string, args []any) {
	w := &where{}
	w.write("SELECT " + fetchColumns + " FROM fetches f ")
	if l.Scope.Group != "" {
		// A CROSS JOIN keeps the order: fetches by id, and the device of each.
		w.write("CROSS JOIN devices d ON d.id = f.device ")
	}
	w.write("WHERE ")
	w.scope(l.Scope)
	if l.Device != "" {
		w.write(" AND f.device = ?", string(l.Device))
	}
	if l.Failed {
		w.write(" AND f.status >= 400")
	}
	if l.After != "" {
		w.write(" AND f.id < ?", l.After)
	}
	w.write(" ORDER BY f.id DESC LIMIT ?", l.Limit)
	return w.text.String(), w.args
}

func (s fetches) ListFetches(ctx context.Context, l provisioners.FetchList) (all []provisioners.Fetch, err error) {
	if err := store.CheckPageSize(l.Limit); err != nil {
		return nil, err
	}
	sql, args := fetchQuery(l)
	err = s.read(ctx, "listFetches", func(c *conn) error {
		return c.search(ctx, func(r *row) error { all = append(all, scanFetch(r)); return nil }, sql, args)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

const deleteOldFetches = "DELETE FROM fetches WHERE n IN (SELECT n FROM fetches WHERE at < ? ORDER BY at, id LIMIT ?)"

func (s fetches) DeleteFetches(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.write(ctx, "deleteFetches", func(c *conn) error {
		removed, err = c.exec(deleteOldFetches, ceilMilliseconds(before), max(limit, 0))
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
