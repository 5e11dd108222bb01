package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func (a *API) registerSummary() {
	register(a, operation{
		id: "getDeviceSummary", method: http.MethodGet, path: "/devices/summary", tag: devicesTag, summary: "Count devices by state, model and tag",
		description: "Of the devices that the one who asks may see. The answer may be a few seconds old: asOf says from when it is.",
	}, a.deviceSummary)
}

// DeviceSummary says what a fleet is made of.
type DeviceSummary struct {
	Total  int          `json:"total"`
	States DeviceStates `json:"states"`
	Models []ModelCount `json:"models" nullable:"false" doc:"The models with their firmware, those with the most devices first; at most 200."`
	Others int          `json:"others" doc:"The devices of models that models leaves out."`
	Tags   []TagCount   `json:"tags" nullable:"false" doc:"The tags in use, those with the most devices first; at most 200."`
	AsOf   time.Time    `json:"asOf" doc:"When the devices were counted."`
}

// DeviceStates counts devices by state.
type DeviceStates struct {
	Online  int `json:"online"`
	Late    int `json:"late"`
	Offline int `json:"offline"`
	Never   int `json:"never"`
}

// ModelCount counts the devices of one model and firmware.
type ModelCount struct {
	Model           string `json:"model" doc:"Empty where unknown."`
	SoftwareVersion string `json:"softwareVersion" doc:"Empty where unknown."`
	Count           int    `json:"count"`
}

// TagCount counts the devices with a tag.
type TagCount struct {
	Tag   string `json:"tag"`
	Count int    `json:"count"`
}

type summaryOutput struct {
	Body DeviceSummary
}

func (a *API) deviceSummary(ctx context.Context, _ *noInput) (*summaryOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := a.overview.summaries.get(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	counted := answer.value
	shown := DeviceSummary{
		Total: counted.Total, States: showStates(counted.States), Models: make([]ModelCount, 0, len(counted.Models)), Others: counted.Others,
		Tags: make([]TagCount, 0, len(counted.Tags)), AsOf: answer.at.UTC(),
	}
	for _, m := range counted.Models {
		shown.Models = append(shown.Models, ModelCount(m))
	}
	for _, t := range counted.Tags {
		shown.Tags = append(shown.Tags, TagCount(t))
	}
	return &summaryOutput{Body: shown}, nil
}

func showStates(counts map[device.State]int) DeviceStates {
	return DeviceStates{
		Online: counts[device.StateOnline], Late: counts[device.StateLate], Offline: counts[device.StateOffline], Never: counts[device.StateNever],
	}
}
