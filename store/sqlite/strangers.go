package sqlite

import (
	"context"
	"math"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const strangerColumns = "id, mac, serial_number, address, user_agent, pack, model, protocol, path, first_at, last_at, requests"

func scanStranger(r *row) provisioners.Stranger {
	return provisioners.Stranger{
		ID: r.text(), MAC: r.text(), SerialNumber: r.text(), Address: r.text(), UserAgent: r.text(), Pack: r.text(), Model: r.text(), Protocol: r.text(), Path: r.text(),
		First: r.time(), Last: r.time(), Requests: r.int64(),
	}
}

const noteStranger = "INSERT INTO strangers (" + strangerColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
	mac = CASE excluded.mac WHEN '' THEN mac ELSE excluded.mac END,
	serial_number = CASE excluded.serial_number WHEN '' THEN serial_number ELSE excluded.serial_number END,
	address = CASE excluded.address WHEN '' THEN address ELSE excluded.address END,
	user_agent = CASE excluded.user_agent WHEN '' THEN user_agent ELSE excluded.user_agent END,
	pack = CASE excluded.pack WHEN '' THEN pack ELSE excluded.pack END,
	model = CASE excluded.model WHEN '' THEN model ELSE excluded.model END,
	protocol = CASE excluded.protocol WHEN '' THEN protocol ELSE excluded.protocol END,
	path = CASE excluded.path WHEN '' THEN path ELSE excluded.path END,
	last_at = max(last_at, excluded.last_at), requests = requests + excluded.requests`

func (s fetches) NoteStranger(ctx context.Context, n provisioners.Stranger) error {
	return s.write(ctx, "noteStranger", func(c *conn) error {
		_, err := c.exec(noteStranger, n.ID, n.MAC, n.SerialNumber, n.Address, n.UserAgent, n.Pack, n.Model, n.Protocol, n.Path,
			milliseconds(n.First), milliseconds(n.Last), n.Requests)
		return err
	})
}

const strangersAfter = "SELECT " + strangerColumns + " FROM strangers WHERE (last_at, id) < (?, ?) ORDER BY last_at DESC, id DESC LIMIT ?"

func (s fetches) ListStrangers(ctx context.Context, after provisioners.Stranger, limit int) (all []provisioners.Stranger, err error) {
	if err := store.CheckPageSize(limit); err != nil {
		return nil, err
	}
	last := milliseconds(after.Last)
	if after.ID == "" && after.Last.IsZero() {
		last = math.MaxInt64
	}
	err = s.read(ctx, "listStrangers", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanStranger(r)); return nil }, strangersAfter, last, after.ID, limit)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (s fetches) Stranger(ctx context.Context, id string) (n provisioners.Stranger, err error) {
	err = s.read(ctx, "getStranger", func(c *conn) error {
		found, err := c.one(func(r *row) error { n = scanStranger(r); return nil }, "SELECT "+strangerColumns+" FROM strangers WHERE id = ?", id)
		if err == nil && !found {
			err = provisioners.ErrNotFound
		}
		return err
	})
	return n, err
}

func (s fetches) DeleteStranger(ctx context.Context, id string) error {
	return s.write(ctx, "deleteStranger", func(c *conn) error {
		removed, err := c.exec("DELETE FROM strangers WHERE id = ?", id)
		if err == nil && removed == 0 {
			err = provisioners.ErrNotFound
		}
		return err
	})
}

const (
	countStrangers     = "SELECT count(*) FROM strangers"
	countSilent        = "SELECT count(*) FROM strangers WHERE last_at < ?"
	deleteOldStrangers = "DELETE FROM strangers WHERE id IN (SELECT id FROM strangers ORDER BY last_at, id LIMIT ?)"
)

// DeleteStrangers removes those of the longest silence: whichever are more, those
// beyond keep or those silent since before, begin with the same.
func (s fetches) DeleteStrangers(ctx context.Context, keep int, before time.Time, limit int) (removed int, err error) {
	err = s.write(ctx, "deleteStrangers", func(c *conn) error {
		total, silent := 0, 0
		if _, err := c.one(func(r *row) error { total = r.int(); return nil }, countStrangers); err != nil {
			return err
		}
		if _, err := c.one(func(r *row) error { silent = r.int(); return nil }, countSilent, ceilMilliseconds(before)); err != nil {
			return err
		}
		removed, err = c.exec(deleteOldStrangers, max(0, min(limit, max(total-max(keep, 0), silent))))
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
