package api

import (
	"context"
	"net/http"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/users"
)

// DryRun says which devices a bulk task would reach.
type DryRun struct {
	DryRun  bool     `json:"dryRun" doc:"Always true: nothing was done."`
	Matched int      `json:"matched"`
	Sample  []Device `json:"sample" nullable:"false" doc:"Some of them."`
}

// sampleSize is how many devices a dry run shows.
const sampleSize = 10

// dryRun shows devices, and what a filter finds of them, to those who may read
// devices: whoever may only change them is not told.
func (a *API) dryRun(ctx context.Context, p users.Principal, filter query.Expr) (*createBulkOutput, error) {
	if !p.Allows(users.ReadDevices) {
		return nil, lacks(p, users.ReadDevices)
	}
	now := a.Now()
	page, err := a.Devices.List(ctx, device.List{Scope: p.Scope, Filter: filter, PageSize: sampleSize, Now: now, Count: true})
	if err != nil {
		return nil, err
	}
	answer := DryRun{DryRun: true, Matched: page.Total, Sample: make([]Device, 0, len(page.Devices))}
	for _, d := range page.Devices {
		answer.Sample = append(answer.Sample, a.showDevice(d, now))
	}
	return &createBulkOutput{Status: http.StatusOK, Body: answer}, nil
}
