package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
)

// Provisioning returns how devices stand with their settings.
func (s *Store) Provisioning() device.ProvisioningStore { return provisioning{s} }

// provisioning changes device records whose state depends on what is there. One
// command holds an update for each of the cases that there are, of which the record
// fulfils one. Only where the record changes between two of them may none fit: it
// is read and replaced then, as it is in a case that is rare.
type provisioning struct{ *Store }

func (s provisioning) Mark(ctx context.Context, id device.ID, m device.Mark) (changed bool, err error) {
	m.At = whole(m.At)
	err = s.do(ctx, "markDevice", func(ctx context.Context) error {
		result, err := s.updateFitting(ctx, markUpdates(id, m))
		if err != nil {
			return err
		}
		if result.MatchedCount > 0 {
			changed = result.ModifiedCount > 0
			return nil
		}
		return s.change(ctx, "markDevice", id, func(d device.Device) (device.Device, error) {
			d, changed = d.ApplyMark(m)
			return d, nil
		})
	})
	return changed && err == nil, err
}

func (s provisioning) NoteFetched(ctx context.Context, id device.ID, f device.Fetched) error {
	f.At, f.OnlineUntil = whole(f.At), whole(f.OnlineUntil)
	return s.do(ctx, "noteFetched", func(ctx context.Context) error {
		result, err := s.updateFitting(ctx, fetchedUpdates(id, f))
		if err != nil || result.MatchedCount > 0 {
			return err
		}
		return s.change(ctx, "noteFetched", id, func(d device.Device) (device.Device, error) { return d.ApplyFetched(f), nil })
	})
}

func (s provisioning) NoteConverged(ctx context.Context, id device.ID, c device.Converged) error {
	c.At, c.DriftedSince, c.CheckAt = whole(c.At), whole(c.DriftedSince), whole(c.CheckAt)
	return s.do(ctx, "noteConverged", func(ctx context.Context) error {
		return s.change(ctx, "noteConverged", id, func(d device.Device) (device.Device, error) { return d.ApplyConverged(c) })
	})
}

func (s provisioning) Reconsider(ctx context.Context, id device.ID, at time.Time) error {
	at = whole(at)
	return s.do(ctx, "reconsiderDevice", func(ctx context.Context) error {
		return s.change(ctx, "reconsiderDevice", id, func(d device.Device) (device.Device, error) { return d.Reconsider(at), nil })
	})
}

// caseUpdate is an update of a device record for one case.
type caseUpdate struct {
	filter bson.D
	update bson.D
}

// updateFitting sends the updates, if there are any, as one command.
func (s provisioning) updateFitting(ctx context.Context, updates []caseUpdate) (*driver.BulkWriteResult, error) {
	if len(updates) == 0 {
		return &driver.BulkWriteResult{}, nil
	}
	writes := make([]driver.WriteModel, len(updates))
	for i, u := range updates {
		writes[i] = driver.NewUpdateOneModel().SetFilter(u.filter).SetUpdate(u.update)
	}
	result, err := s.deviceDocuments().BulkWrite(ctx, writes)
	if err != nil {
		return nil, fmt.Errorf("update device: %w", err)
	}
	return result, nil
}

// stateCase is what a record has to fulfil for its provisioning to be in a state
// after a change.
type stateCase struct {
	conditions bson.D
	// state is empty where the one that it is in stays.
	state device.ProvisioningState
}

// put notes the state.
func (c *stateCase) put(u *update) {
	if c.state != "" {
		u.put(foldedStateField, string(c.state))
	}
}
