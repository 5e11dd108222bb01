package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
)

// editDevices stands as the kind of a bulk that changes devices.
const editDevices tasks.Kind = "editDevices"

func (a *API) registerBulkEdit() {
	register(a, operation{
		id: "createBulkEdit", method: http.MethodPost, path: "/devices/bulk", tag: devicesTag, summary: "Change the tags or the group of every device that matches",
		description: "202 with a record that says how far it came, as of a bulk task; /tasks/bulk/{id} shows and cancels it. " +
			"A device that has what is asked for already stays as it is, and counts. With dryRun 200: how many devices match, and some of them.",
		status: http.StatusAccepted, problems: []problemKind{kindTooLarge, kindMediaType},
	}, a.createBulkEdit)
	post := a.path("/devices/bulk").Post
	post.Responses["200"] = &huma.Response{Description: "What would be changed.", Content: map[string]*huma.MediaType{
		"application/json": {Schema: a.schemas().Schema(reflect.TypeFor[DryRun](), true, "")},
	}}
	post.Responses["202"].Content["application/json"].Schema = a.schemas().Schema(reflect.TypeFor[Bulk](), true, "")
}

// BulkEdit is the body that changes devices.
type BulkEdit struct {
	Filter     string        `json:"filter" maxLength:"8192" doc:"Which devices, in the filter language; * for all."`
	AddTags    []string      `json:"addTags,omitempty" nullable:"false" doc:"Tags that each device is to have."`
	RemoveTags []string      `json:"removeTags,omitempty" nullable:"false" doc:"Tags that no device is to have."`
	Group      patch[string] `json:"group" required:"false" doc:"The group to which each device is moved; null or empty for the root, absent to leave each where it is."`
	DryRun     bool          `json:"dryRun,omitempty" doc:"Only count the devices and show some of them."`
}

type createBulkEditInput struct {
	Body BulkEdit
}

func (a *API) createBulkEdit(ctx context.Context, in *createBulkEditInput) (*createBulkOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	filter, err := in.Body.check(p.Scope, a.deviceSchema, query.WithNow(a.Now()))
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		note(ctx, "bulk", "dry run of "+string(editDevices))
		return a.dryRun(ctx, p, filter)
	}
	if in.Body.Group.Set {
		if err := a.ensureGroup(ctx, "body.group", in.Body.Group.Value); err != nil {
			return nil, err
		}
	}
	b, err := a.Bulks.Begin(ctx, tasks.NewBulk{Filter: in.Body.Filter, Scope: p.Scope, CreatedBy: p.Actor, Edit: in.Body.edit()})
	if err != nil {
		return nil, err
	}
	note(ctx, "bulk/"+string(b.ID), in.Body.words()+" for "+b.Filter)
	shown, err := showBulk(b)
	return &createBulkOutput{Status: http.StatusAccepted, Location: prefix + "/tasks/bulk/" + string(b.ID), Body: shown}, err
}

func (e *BulkEdit) edit() *tasks.BulkEdit {
	return &tasks.BulkEdit{AddTags: e.AddTags, RemoveTags: e.RemoveTags, Group: e.Group.pointer()}
}

// check checks the body of somebody of that scope and returns the filter.
func (e *BulkEdit) check(s device.Scope, schema *query.Schema, now query.Option) (query.Expr, error) {
	if strings.TrimSpace(e.Filter) == "" {
		return nil, invalid("body.filter", "is required: * matches every device")
	}
	filter, err := query.Parse(schema, e.Filter, now)
	if err != nil {
		return nil, syntaxProblem("body.filter", err)
	}
	if len(e.AddTags) == 0 && len(e.RemoveTags) == 0 && !e.Group.Set {
		return nil, invalid("body", "must have addTags, removeTags or group")
	}
	if err := checkTagList("body.addTags", e.AddTags); err != nil {
		return nil, err
	}
	if err := checkTagList("body.removeTags", e.RemoveTags); err != nil {
		return nil, err
	}
	if e.Group.Set {
		if err := checkOwnGroup(s, e.Group.Value); err != nil {
			return nil, err
		}
	}
	return filter, e.edit().Validate()
}

// words says for the audit log what is changed.
func (e *BulkEdit) words() string {
	var words []string
	for _, tag := range e.AddTags {
		words = append(words, "+"+tag)
	}
	for _, tag := range e.RemoveTags {
		words = append(words, "-"+tag)
	}
	if e.Group.Set {
		words = append(words, "group "+e.Group.Value)
	}
	return strings.Join(words, ", ")
}
