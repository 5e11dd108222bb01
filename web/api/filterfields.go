package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerFilterFields() {
	register(a, operation{
		id: "listFilterFields", method: http.MethodGet, path: "/filterFields", tag: systemTag, summary: "List the fields that filters and orders may name",
		description: "For those who build a filter: with the values that are known of a field, where there are few.",
	}, a.filterFields)
}

// FilterField is a field that filters name.
type FilterField struct {
	Name   string   `json:"name"`
	Type   string   `json:"type" enum:"string,int,time,bool,list"`
	Search bool     `json:"search" doc:"A bare word searches it."`
	Orders bool     `json:"orders" doc:"orderBy may name it."`
	Values []string `json:"values,omitempty" nullable:"false" doc:"Values that it has, or may have; absent where they are not known. There may be others."`
}

// FilterFields is the answer of listFilterFields.
type FilterFields struct {
	Items []FilterField `json:"items" nullable:"false"`
}

type filterFieldsInput struct {
	Of string `query:"of" required:"true" enum:"devices,tasks,files,audit" doc:"Which list the filter is for."`
}

type filterFieldsOutput struct {
	Body FilterFields
}

func (a *API) filterFields(ctx context.Context, in *filterFieldsInput) (*filterFieldsOutput, error) {
	schema, orders := a.filterSchema(in.Of)
	values, err := a.knownValues(ctx, in.Of)
	if err != nil {
		return nil, err
	}
	answer := FilterFields{Items: []FilterField{}}
	for _, f := range schema.Fields() {
		answer.Items = append(answer.Items, FilterField{
			Name: f.Name, Type: typeName(f.Type), Search: f.Search, Orders: orders && f.Orders(), Values: values[f.Name],
		})
	}
	return &filterFieldsOutput{Body: answer}, nil
}

// filterSchema returns the fields of a list, and whether the list can be ordered.
func (a *API) filterSchema(of string) (schema *query.Schema, orders bool) {
	switch of {
	case "tasks":
		return tasks.Schema(), false
	case "files":
		return files.Schema(), false
	case "audit":
		return users.AuditSchema(), false
	default:
		return a.deviceSchema, true
	}
}

func typeName(t query.Type) string {
	return map[query.Type]string{query.String: "string", query.Int: "int", query.Time: "time", query.Bool: "bool", query.StringList: "list"}[t]
}

// knownValues returns the values that are known of the fields of a list.
func (a *API) knownValues(ctx context.Context, of string) (map[string][]string, error) {
	switch of {
	case "devices":
		s, err := scope(ctx)
		if err != nil {
			return nil, err
		}
		answer, err := a.overview.summaries.get(ctx, s.Group)
		return deviceValues(answer.value), err
	case "tasks":
		return taskValues(), nil
	case "audit":
		return map[string][]string{"action": a.audited()}, nil
	default:
		return nil, nil
	}
}

// deviceValues returns the values that the devices of a summary have.
func deviceValues(s device.Summary) map[string][]string {
	models, versions := map[string]bool{}, map[string]bool{}
	for _, m := range s.Models {
		models[m.Model], versions[m.SoftwareVersion] = true, true
	}
	var tags []string
	for _, t := range s.Tags {
		tags = append(tags, t.Tag)
	}
	slices.Sort(tags)
	var states []string
	for _, state := range device.ProvisioningStates() {
		states = append(states, string(state))
	}
	return map[string][]string{"provisioning": states, "model": sortedTexts(models), "softwareVersion": sortedTexts(versions), "tags": tags}
}

// sortedTexts returns the texts that are not empty, in order.
func sortedTexts(set map[string]bool) []string {
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

func taskValues() map[string][]string {
	values := map[string][]string{}
	for _, s := range tasks.States() {
		values["state"] = append(values["state"], string(s))
	}
	for _, info := range tasks.Kinds() {
		values["kind"] = append(values["kind"], string(info.Kind))
	}
	for _, r := range tasks.Reasons() {
		values["faultReason"] = append(values["faultReason"], string(r))
	}
	return values
}

// audited returns the operations that leave entries in the audit log.
func (a *API) audited() []string {
	var actions []string
	for _, item := range a.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				actions = append(actions, op.OperationID)
			}
		}
	}
	slices.Sort(actions)
	return actions
}
