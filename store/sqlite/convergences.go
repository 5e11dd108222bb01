package sqlite

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const convergenceColumns = "device, revision, body"

func scanConvergence(r *row) (provisioners.Convergence, error) {
	id, revision := device.ID(r.text()), r.int64()
	c, err := store.DecodeConvergence(r.text())
	if err != nil {
		return c, fmt.Errorf("device %s: %w", id, err)
	}
	c.Device, c.Revision = id, revision
	return c, nil
}

const putConvergence = "INSERT INTO convergences (" + convergenceColumns + `) VALUES (?, ?, ?)
	ON CONFLICT (device) DO UPDATE SET revision = excluded.revision, body = excluded.body`

// convergenceValues returns the values for putConvergence.
func convergenceValues(c *provisioners.Convergence) ([]any, error) {
	body, err := store.EncodeConvergence(*c)
	return []any{string(c.Device), c.Revision, body}, err
}

const (
	convergenceOf         = "SELECT " + convergenceColumns + " FROM convergences WHERE device = ?"
	revisionOfConvergence = "SELECT revision FROM convergences WHERE device = ?"
)

func (s convergences) Convergence(ctx context.Context, id device.ID) (found provisioners.Convergence, err error) {
	err = s.read(ctx, "getConvergence", func(c *conn) error {
		stored, err := c.one(func(r *row) (err error) {
			found, err = scanConvergence(r)
			return err
		}, convergenceOf, string(id))
		if err == nil && !stored {
			err = provisioners.ErrNotFound
		}
		return err
	})
	if err != nil {
		return provisioners.Convergence{}, err
	}
	return found, nil
}

func (s convergences) PutConvergence(ctx context.Context, put provisioners.Convergence) (provisioners.Convergence, error) {
	next := store.WholeConvergence(put)
	next.Revision++
	values, err := convergenceValues(&next) // Not within the transaction, for which others wait.
	if err != nil {
		return provisioners.Convergence{}, err
	}
	err = s.write(ctx, "putConvergence", func(c *conn) error {
		if err := c.checkRevision(put.Revision, revisionOfConvergence, string(put.Device)); err != nil {
			return err
		}
		_, err := c.exec(putConvergence, values...)
		return err
	})
	if err != nil {
		return provisioners.Convergence{}, err
	}
	return next, nil
}

// checkRevision returns provisioners.ErrConflict unless the revision that a query reads,
// 0 where nothing is stored, is the one that was seen.
func (c *conn) checkRevision(seen int64, sql string, args ...any) error {
	stored := int64(0)
	_, err := c.one(func(r *row) error { stored = r.int64(); return nil }, sql, args...)
	if err == nil && stored != seen {
		err = provisioners.ErrConflict
	}
	return err
}
