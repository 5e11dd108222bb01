package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

func (a *API) registerProvisioningSummary() {
	register(a, operation{
		id: "getProvisioningSummary", method: http.MethodGet, path: "/provisioning/summary", tag: settingsTag, summary: "Count devices by how they stand with their settings",
		description: "Of the devices that the one who asks may see. The answer may be a few seconds old: asOf says from when it is.",
	}, a.provisioningSummary)
}

// ProvisioningSummary counts devices by the state of their provisioning.
type ProvisioningSummary struct {
	None      int       `json:"none" doc:"No pack serves them, or nothing was computed yet."`
	Pending   int       `json:"pending" doc:"They did not take the current settings yet."`
	Converged int       `json:"converged" doc:"They have what they should."`
	Drifted   int       `json:"drifted" doc:"They had it, and somebody changed something on them."`
	Failing   int       `json:"failing" doc:"They cannot be given it."`
	AsOf      time.Time `json:"asOf" doc:"When the devices were counted."`
}

type provisioningSummaryOutput struct {
	Body ProvisioningSummary
}

func (a *API) provisioningSummary(ctx context.Context, _ *noInput) (*provisioningSummaryOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := a.overview.provisioning.get(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	counts := answer.value
	return &provisioningSummaryOutput{Body: ProvisioningSummary{
		None: counts[device.ProvisioningNone], Pending: counts[device.ProvisioningPending], Converged: counts[device.ProvisioningConverged],
		Drifted: counts[device.ProvisioningDrifted], Failing: counts[device.ProvisioningFailing], AsOf: answer.at.UTC(),
	}}, nil
}

// countProvisioning counts the devices of a group by the state of their provisioning.
func (a *API) countProvisioning(ctx context.Context, group string) (map[device.ProvisioningState]int, error) {
	counts := make(map[device.ProvisioningState]int)
	for _, state := range device.ProvisioningStates() {
		expr, err := query.Parse(a.deviceSchema, `provisioning = "`+string(state)+`"`)
		if err != nil {
			return nil, fmt.Errorf("parse the filter of devices that are %s: %w", state, err)
		}
		page, err := a.Devices.List(ctx, device.List{Scope: device.Scope{Group: group}, Filter: expr, PageSize: 1, Now: a.Now(), Count: true})
		if err != nil {
			return nil, fmt.Errorf("count devices that are %s: %w", state, err)
		}
		counts[state] = page.Total
	}
	return counts, nil
}
