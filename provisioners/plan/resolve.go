package plan

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Resolver says what devices should have, as provisioners.Resolver describes.
type Resolver interface {
	EffectiveOf(ctx context.Context, devices []device.Device, c provisioners.Change) ([]provisioners.Effective, error)
}

// Devices reads device records, as device.Store describes.
type Devices interface {
	Get(ctx context.Context, id device.ID) (device.Device, error)
	List(ctx context.Context, l device.List) (device.Page, error)
}

// resolve returns what devices should have, in their order. What is wrong with one of
// them is in its Err.
func resolve(ctx context.Context, r Resolver, devices []device.Device, c provisioners.Change) ([]provisioners.Effective, error) {
	all, err := r.EffectiveOf(ctx, devices, c)
	if err == nil && len(all) != len(devices) {
		err = errors.New("another number of answers than of devices")
	}
	if err != nil {
		return nil, fmt.Errorf("resolve settings of %d devices: %w", len(devices), err)
	}
	return all, nil
}
