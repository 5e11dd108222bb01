package storetest_test

import (
	"context"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

type unfenced struct{ device.ProvisioningStore }

func (s unfenced) NoteConverged(ctx context.Context, id device.ID, c device.Converged) error {
	if err := s.ProvisioningStore.NoteConverged(ctx, id, c); !errors.Is(err, device.ErrSessionLost) {
		return err
	}
	return nil
}

type stubborn struct{ device.ProvisioningStore }

func (s stubborn) Reconsider(ctx context.Context, id device.ID, _ time.Time) error {
	return s.ProvisioningStore.Reconsider(ctx, id, time.Time{})
}

type overwritingConvergences struct{ provisioners.ConvergenceStore }

func (s overwritingConvergences) PutConvergence(ctx context.Context, c provisioners.Convergence) (provisioners.Convergence, error) {
	if stored, err := s.Convergence(ctx, c.Device); err == nil {
		c.Revision = stored.Revision
	}
	return s.ConvergenceStore.PutConvergence(ctx, c)
}

type cuttingConvergences struct{ provisioners.ConvergenceStore }

func (s cuttingConvergences) PutConvergence(ctx context.Context, c provisioners.Convergence) (provisioners.Convergence, error) {
	c.Confirmed = c.Confirmed[:min(len(c.Confirmed), provisioners.MaxConfirmed-1)]
	return s.ConvergenceStore.PutConvergence(ctx, c)
}

type rootless struct{ provisioners.DataModelStore }

func (s rootless) DataModel(ctx context.Context, key device.ModelKey, _ string) (provisioners.DataModel, error) {
	return s.DataModelStore.DataModel(ctx, key, "Device.")
}

type namingDataModels struct{ provisioners.DataModelStore }

func (s namingDataModels) ListDataModels(ctx context.Context, after provisioners.DataModel, limit int) ([]provisioners.DataModel, error) {
	page, err := s.DataModelStore.ListDataModels(ctx, after, limit)
	for i := range page {
		whole, err := s.DataModel(ctx, page[i].Key, page[i].Root)
		if err != nil {
			return nil, err
		}
		page[i] = whole
	}
	return page, err
}
