package api

import (
	"context"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
)

// ProvisioningOptions are what the API needs of settings and the files of phones;
// all of it.
type ProvisioningOptions struct {
	Catalogue *provisioners.Catalogue
	Levels    Levels
	Lines     provisioners.LineStore
	Fetches   provisioners.FetchStore
	Resolver  Settings
	Planner   Planner
	Renderer  *plan.Renderer
	Shelf     *shelf.Shelf
	Marker    Marker
	// Refresh reads anew what this node holds of the levels that devices have in
	// common, so that an answer knows of the change before it.
	Refresh func(ctx context.Context) error

	// Convergence and DataModels keep what sessions found out, Reconsider has them look
	// again.
	Convergence provisioners.ConvergenceStore
	DataModels  provisioners.DataModelStore
	Reconsider  Reconsiderer
}

// Reconsiderer has the next session of a device compare its parameters, as
// device.ProvisioningStore describes.
type Reconsiderer interface {
	Reconsider(ctx context.Context, id device.ID, at time.Time) error
}

// Levels keeps the levels of settings, as provisioners.LevelStore describes.
type Levels interface {
	Levels(ctx context.Context, keys []provisioners.LevelKey) ([]provisioners.Level, error)
	PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error)
	SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) ([]provisioners.Level, error)
}

// Settings says what a device should have, as provisioners.Resolver describes.
type Settings interface {
	Effective(ctx context.Context, d device.Device) (provisioners.Effective, error)
	EffectiveOf(ctx context.Context, devices []device.Device, c provisioners.Change) ([]provisioners.Effective, error)
}

// Planner says what a change would do, as plan.Planner describes.
type Planner interface {
	Ask(ctx context.Context, q plan.Question) (plan.Answer, error)
	Differences(ctx context.Context, q plan.Question) ([]plan.Difference, error)
}

// Marker marks devices whose settings changed, as plan.Pass describes.
type Marker interface {
	MarkDevice(ctx context.Context, id device.ID) error
	Soon(id device.ID)
	SoonBelow(s device.Scope)
}

func (o *ProvisioningOptions) check() error {
	for name, missing := range map[string]bool{
		"Catalogue": o.Catalogue == nil, "Levels": o.Levels == nil, "Lines": o.Lines == nil, "Fetches": o.Fetches == nil,
		"Resolver": o.Resolver == nil, "Planner": o.Planner == nil, "Renderer": o.Renderer == nil, "Shelf": o.Shelf == nil,
		"Marker": o.Marker == nil, "Refresh": o.Refresh == nil,
		"Convergence": o.Convergence == nil, "DataModels": o.DataModels == nil, "Reconsider": o.Reconsider == nil,
	} {
		if missing {
			return errors.New("api: Options.Provisioning." + name + " is missing")
		}
	}
	return nil
}
