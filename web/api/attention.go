package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerAttention() {
	register(a, operation{
		id: "getAttention", method: http.MethodGet, path: "/attention", tag: systemTag, summary: "Get what needs a person now",
		description: "Devices that wait for approval, have alarms or do not come, and tasks of the last 7 days that failed and that nobody has retried; the latter for those who may read tasks. " +
			"The most urgent first. The answer may be a few seconds old.",
	}, a.attention)
}

const (
	// attentionTime is how long a failed task needs attention.
	attentionTime = 7 * 24 * time.Hour
	// attentionSince says the same in a filter.
	attentionSince = `finishedAt >= "-7d"`
	// attentionCauses bounds the causes that are counted.
	attentionCauses = 1000
	// quarantinedFilter and alarmedFilter select what a person has to look at.
	quarantinedFilter = "quarantined"
	alarmedFilter     = "alarms:*"
)

// Attention is the answer of getAttention.
type Attention struct {
	Items []AttentionItem `json:"items" nullable:"false"`
}

// AttentionItem is one thing that needs a person.
type AttentionItem struct {
	Kind     string `json:"kind" enum:"devicesQuarantined,outcomeUnknown,devicesAlarmed,tasksFailed,devicesOffline,devicesLate,neverSeen" doc:"outcomeUnknown: a task that must not be repeated unseen may or may not have been carried out. Other kinds may come."`
	Count    int    `json:"count"`
	Of       string `json:"of" enum:"devices,tasks" doc:"What is counted, and which list the filter is for."`
	Filter   string `json:"filter" doc:"Selects them."`
	Severity string `json:"severity" enum:"high,medium,low"`
}

type attentionOutput struct {
	Body Attention
}

func (a *API) attention(ctx context.Context, _ *noInput) (*attentionOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	summary, err := a.overview.summaries.get(ctx, p.Scope.Group)
	if err != nil {
		return nil, err
	}
	marked, err := a.overview.marked.get(ctx, p.Scope.Group)
	if err != nil {
		return nil, err
	}
	unknown, failed := 0, 0
	if p.Allows(users.ReadTasks) {
		causes, err := a.overview.failures.get(ctx, p.Scope.Group)
		if err != nil {
			return nil, err
		}
		unknown, failed = countFailures(causes.value)
	}
	answer := Attention{Items: []AttentionItem{}}
	states := summary.value.States
	for _, item := range []AttentionItem{
		{Kind: "devicesQuarantined", Count: marked.value.quarantined, Of: "devices", Severity: "high", Filter: quarantinedFilter},
		{Kind: "outcomeUnknown", Count: unknown, Of: "tasks", Severity: "high", Filter: failedFilter + " AND " + attentionSince + " AND faultReason = outcomeUnknown"},
		{Kind: "devicesAlarmed", Count: marked.value.alarmed, Of: "devices", Severity: "medium", Filter: alarmedFilter},
		{Kind: "tasksFailed", Count: failed, Of: "tasks", Severity: "medium", Filter: failedFilter + " AND " + attentionSince + " AND faultReason != outcomeUnknown"},
		{Kind: "devicesOffline", Count: states[device.StateOffline], Of: "devices", Severity: "medium", Filter: "offline"},
		{Kind: "devicesLate", Count: states[device.StateLate], Of: "devices", Severity: "low", Filter: "late"},
		{Kind: "neverSeen", Count: states[device.StateNever], Of: "devices", Severity: "low", Filter: "neverSeen"},
	} {
		if item.Count > 0 {
			answer.Items = append(answer.Items, item)
		}
	}
	return &attentionOutput{Body: answer}, nil
}

// countFailures counts the tasks whose outcome is unknown, and the others.
func countFailures(causes []tasks.Cause) (unknown, failed int) {
	for _, c := range causes {
		if c.Reason == tasks.OutcomeUnknown {
			unknown += c.Count
		} else {
			failed += c.Count
		}
	}
	return unknown, failed
}

// markedDevices counts the devices that a person has to look at.
type markedDevices struct {
	quarantined int
	alarmed     int
}

// countMarked counts the marked devices of a group.
func (a *API) countMarked(ctx context.Context, group string) (markedDevices, error) {
	var counted markedDevices
	for _, c := range []struct {
		filter string
		count  *int
	}{{quarantinedFilter, &counted.quarantined}, {alarmedFilter, &counted.alarmed}} {
		expr, err := query.Parse(a.deviceSchema, c.filter)
		if err != nil {
			return counted, fmt.Errorf("parse %q: %w", c.filter, err)
		}
		page, err := a.Devices.List(ctx, device.List{Scope: device.Scope{Group: group}, Filter: expr, PageSize: 1, Now: a.Now(), Count: true})
		if err != nil {
			return counted, fmt.Errorf("count devices that are %q: %w", c.filter, err)
		}
		*c.count = page.Total
	}
	return counted, nil
}
