package mongo

import (
	"context"
	"fmt"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const convergencesCollection = "convergences"

// Convergences returns what is known of the way of devices to their settings.
func (s *Store) Convergences() provisioners.ConvergenceStore { return convergences{s} }

type convergences struct{ *Store }

func (s convergences) collection() *driver.Collection {
	return s.database.Collection(convergencesCollection)
}

// convergenceDocument is what is known of one device, in the collection convergences.
type convergenceDocument struct {
	Device   device.ID `bson:"_id"`
	Revision int64     `bson:"revision"`
	// Body is the rest as JSON: it is read and written whole, and the paths in it are
	// names of no field.
	Body string `bson:"body"`
}

// documentOfConvergence cuts times to what is stored.
func documentOfConvergence(c provisioners.Convergence) (convergenceDocument, error) {
	body, err := store.EncodeConvergence(c)
	return convergenceDocument{Device: c.Device, Revision: c.Revision, Body: body}, err
}

func (d *convergenceDocument) convergence() (provisioners.Convergence, error) {
	c, err := store.DecodeConvergence(d.Body)
	if err != nil {
		return c, fmt.Errorf("device %s: %w", d.Device, err)
	}
	c.Device, c.Revision = d.Device, d.Revision
	return c, nil
}

func (s convergences) Convergence(ctx context.Context, id device.ID) (c provisioners.Convergence, err error) {
	err = s.do(ctx, "getConvergence", func(ctx context.Context) error {
		d, err := findOne[convergenceDocument](ctx, s.collection(), byID(id), provisioners.ErrNotFound)
		if err == nil {
			c, err = d.convergence()
		}
		return err
	})
	if err != nil {
		return provisioners.Convergence{}, err
	}
	return c, nil
}

func (s convergences) PutConvergence(ctx context.Context, c provisioners.Convergence) (provisioners.Convergence, error) {
	next := store.WholeConvergence(c)
	next.Revision++
	err := s.do(ctx, "putConvergence", func(ctx context.Context) error {
		d, err := documentOfConvergence(next)
		if err != nil {
			return err
		}
		return putRevision(ctx, s.collection(), string(d.Device), c.Revision, d, provisioners.ErrConflict, provisioners.ErrConflict)
	})
	if err != nil {
		return provisioners.Convergence{}, err
	}
	return next, nil
}
