package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerBulks() {
	register(a, operation{
		id: "createBulkTask", method: http.MethodPost, path: "/tasks/bulk", tag: tasksTag, summary: "Queue the same task for every device that matches",
		description: "202 with a record that says how far it came: the tasks are queued one after the other, at a pace that the fleet bears. " +
			"With dryRun 200: how many devices match, and some of them.",
		status: http.StatusAccepted, maxBody: maxTaskBody, problems: []problemKind{kindTooLarge, kindMediaType},
	}, a.createBulk)
	register(a, operation{
		id: "getBulkTask", method: http.MethodGet, path: "/tasks/bulk/{id}", tag: tasksTag, summary: "Get how far a bulk task came",
		problems: []problemKind{kindNotFound},
	}, a.getBulk)
	register(a, operation{
		id: "cancelBulkTask", method: http.MethodPost, path: "/tasks/bulk/{id}/cancel", tag: tasksTag, summary: "Make no further tasks",
		description: "Those that are queued already stay. It takes the permission that making it took: for one that changes devices that is `devices.write`.",
		problems:    []problemKind{kindNotFound, kindState, kindConflict},
	}, a.cancelBulk)
	a.describeBody("/tasks/bulk", kindBodies(a.schemas(), "BulkTask", reflect.TypeFor[bulkFields]()))
	post := a.path("/tasks/bulk").Post
	post.Responses["200"] = &huma.Response{Description: "What the tasks would be queued for.", Content: map[string]*huma.MediaType{
		"application/json": {Schema: a.schemas().Schema(reflect.TypeFor[DryRun](), true, "")},
	}}
	post.Responses["202"].Content["application/json"].Schema = a.schemas().Schema(reflect.TypeFor[Bulk](), true, "")
}

// Bulk is a bulk task as answers show it.
type Bulk struct {
	ID                string     `json:"id"`
	State             string     `json:"state" enum:"running,finished,failed,cancelled" doc:"Failed if it ended before every device was done, as lastError says."`
	Filter            string     `json:"filter"`
	Scope             string     `json:"scope" doc:"The group to which the devices were limited; empty for none."`
	Kind              tasks.Kind `json:"kind" doc:"editDevices for one that changes the devices themselves."`
	Args              any        `json:"args" doc:"The arguments as given; the value of a secret is null, and secret is true. Of editDevices: addTags, removeTags and group."`
	Priority          int        `json:"priority"`
	Expires           *time.Time `json:"expires"`
	ConnectionRequest bool       `json:"connectionRequest"`
	CreatedBy         string     `json:"createdBy"`
	CreatedAt         time.Time  `json:"createdAt"`
	FinishedAt        *time.Time `json:"finishedAt"`
	Queued            int        `json:"queued" doc:"Devices that have their task, or were changed."`
	Refused           int        `json:"refused" doc:"Devices that could not be given it, or not be changed."`
	LastError         string     `json:"lastError" doc:"Why the last one was refused, or the whole failed; empty if none was."`
	UniqueKey         string     `json:"uniqueKey" doc:"The uniqueKey of the tasks that it makes; empty for editDevices."`
}

// TransformSchema implements huma.SchemaTransformer.
func (Bulk) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["args"] = &huma.Schema{Type: huma.TypeObject, Description: s.Properties["args"].Description, AdditionalProperties: true}
	kind := kindSchema()
	kind.Enum = append(kind.Enum, string(editDevices))
	kind.Description = s.Properties["kind"].Description
	s.Properties["kind"] = kind
	return s
}

func showBulk(b tasks.Bulk) (Bulk, error) {
	shown, err := showBulkWork(b)
	if err != nil {
		return Bulk{}, fmt.Errorf("show bulk task %s: %w", b.ID, hidden{err})
	}
	state := "running"
	switch {
	case b.Stopped:
		state = "cancelled"
	case b.Failed:
		state = "failed"
	case !b.FinishedAt.IsZero():
		state = "finished"
	}
	return Bulk{
		ID: string(b.ID), State: state, Filter: b.Filter, Scope: b.Scope.Group, Kind: shown.kind, Args: shown.args, Priority: b.Priority,
		Expires: shownTime(b.Expires), ConnectionRequest: b.ConnectionRequest, CreatedBy: b.CreatedBy, CreatedAt: b.CreatedAt.UTC(),
		FinishedAt: shownTime(b.FinishedAt), Queued: b.Queued, Refused: b.Refused, LastError: b.LastError, UniqueKey: shown.uniqueKey,
	}, nil
}

// bulkWork is what a bulk task does to each device, as answers show it.
type bulkWork struct {
	kind      tasks.Kind
	args      any
	uniqueKey string
}

func showBulkWork(b tasks.Bulk) (bulkWork, error) {
	if b.Edit != nil {
		return bulkWork{kind: editDevices, args: b.Edit}, nil
	}
	args, err := (&tasks.Task{Kind: b.Kind, Args: b.Args}).MaskedArgs()
	return bulkWork{kind: b.Kind, args: args, uniqueKey: tasks.BulkKeyPrefix + string(b.ID)}, err
}

type createBulkInput struct {
	Body json.RawMessage `doc:"The task and the filter."`
}

type createBulkOutput struct {
	Status   int
	Location string `header:"Location" doc:"The path of the record."`
	Body     any
}

func (a *API) createBulk(ctx context.Context, in *createBulkInput) (*createBulkOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	fields, args, err := splitBody[bulkFields](in.Body)
	if err != nil {
		return nil, err
	}
	filter, err := fields.check(a.deviceSchema, a.Now())
	if err != nil {
		return nil, err
	}
	if _, err := fields.Kind.Parse(args); err != nil {
		return nil, err
	}
	if fields.DryRun {
		note(ctx, "bulk", "dry run of "+string(fields.Kind))
		return a.dryRun(ctx, p, filter)
	}
	b, err := a.Bulks.Begin(ctx, tasks.NewBulk{
		Filter: fields.Filter, Scope: p.Scope, Kind: fields.Kind, Args: args, Priority: fields.Priority,
		Expires: stored(fields.Expires), CreatedBy: p.Actor, ConnectionRequest: fields.ConnectionRequest,
	})
	if err != nil {
		return nil, err
	}
	note(ctx, "bulk/"+string(b.ID), string(b.Kind)+" for "+b.Filter)
	shown, err := showBulk(b)
	return &createBulkOutput{Status: http.StatusAccepted, Location: prefix + "/tasks/bulk/" + string(b.ID), Body: shown}, err
}

func (f *bulkFields) check(schema *query.Schema, now time.Time) (query.Expr, error) {
	if strings.TrimSpace(f.Filter) == "" {
		return nil, invalid("body.filter", "is required: * matches every device")
	}
	filter, err := query.Parse(schema, f.Filter, query.WithNow(now))
	if err != nil {
		return nil, syntaxProblem("body.filter", err)
	}
	if err := checkKind(f.Kind); err != nil {
		return nil, err
	}
	if err := checkPriority(f.Priority); err != nil {
		return nil, err
	}
	if !f.Expires.IsZero() && !f.Expires.After(now) {
		return nil, invalid("body.expires", "must lie in the future")
	}
	return filter, nil
}

type bulkInput struct {
	ID string `path:"id" doc:"The id of the bulk task."`
}

type bulkOutput struct {
	Body Bulk
}

func (a *API) getBulk(ctx context.Context, in *bulkInput) (*bulkOutput, error) {
	b, err := a.visibleBulk(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	shown, err := showBulk(b)
	return &bulkOutput{Body: shown}, err
}

func (a *API) cancelBulk(ctx context.Context, in *bulkInput) (*bulkOutput, error) {
	b, err := a.visibleBulk(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "bulk/"+string(b.ID), "")
	needed := users.WriteTasks
	if b.Edit != nil {
		needed = users.WriteDevices
	}
	if err := needs(ctx, needed); err != nil {
		return nil, err
	}
	stopped, err := a.Bulks.Stop(ctx, b.ID)
	if errors.Is(err, tasks.ErrState) {
		return nil, kindState.problem("the bulk task has ended already")
	}
	if err != nil {
		return nil, err
	}
	shown, err := showBulk(stopped)
	return &bulkOutput{Body: shown}, err
}

// visibleBulk returns the bulk task if it is limited to what the one who asks
// may see, else tasks.ErrNotFound.
func (a *API) visibleBulk(ctx context.Context, text string) (tasks.Bulk, error) {
	s, err := scope(ctx)
	if err != nil {
		return tasks.Bulk{}, err
	}
	id, err := tasks.ParseID(text)
	if err != nil {
		return tasks.Bulk{}, tasks.ErrNotFound
	}
	b, err := a.Bulks.Get(ctx, id)
	if err != nil {
		return tasks.Bulk{}, err
	}
	if !inScope(s, b.Scope.Group) {
		return tasks.Bulk{}, tasks.ErrNotFound
	}
	return b, nil
}
