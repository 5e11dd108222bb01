package storetest

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

type faultyConvergences struct {
	next provisioners.ConvergenceStore
	plan *plan
}

func (f faultyConvergences) Convergence(ctx context.Context, id device.ID) (provisioners.Convergence, error) {
	return planned(f.plan, "Convergences.Convergence", func() (provisioners.Convergence, error) { return f.next.Convergence(ctx, id) })
}

func (f faultyConvergences) PutConvergence(ctx context.Context, c provisioners.Convergence) (provisioners.Convergence, error) {
	return planned(f.plan, "Convergences.PutConvergence", func() (provisioners.Convergence, error) { return f.next.PutConvergence(ctx, c) })
}

type faultyDataModels struct {
	next provisioners.DataModelStore
	plan *plan
}

func (f faultyDataModels) DataModel(ctx context.Context, key device.ModelKey, root string) (provisioners.DataModel, error) {
	return planned(f.plan, "DataModels.DataModel", func() (provisioners.DataModel, error) { return f.next.DataModel(ctx, key, root) })
}

func (f faultyDataModels) PutDataModel(ctx context.Context, m provisioners.DataModel) (provisioners.DataModel, error) {
	return planned(f.plan, "DataModels.PutDataModel", func() (provisioners.DataModel, error) { return f.next.PutDataModel(ctx, m) })
}

func (f faultyDataModels) ListDataModels(ctx context.Context, after provisioners.DataModel, limit int) ([]provisioners.DataModel, error) {
	return planned(f.plan, "DataModels.ListDataModels", func() ([]provisioners.DataModel, error) { return f.next.ListDataModels(ctx, after, limit) })
}

func (f faultyDataModels) DeleteDataModel(ctx context.Context, key device.ModelKey, root string) error {
	return f.plan.do("DataModels.DeleteDataModel", func() error { return f.next.DeleteDataModel(ctx, key, root) })
}
