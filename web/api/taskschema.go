package api

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/tasks"
)

// describeTaskBodies puts the schema of the body into the description of the
// call that queues a task: one object for each kind, told apart by kind. The
// handler reads the body by itself, and says in our words what is wrong.
func (a *API) describeTaskBodies() {
	a.describeBody("/devices/{id}/tasks", kindBodies(a.schemas(), "Task", reflect.TypeFor[taskFields]()))
	operation := a.path("/devices/{id}/tasks").Post
	accepted := operation.Responses["202"]
	operation.Responses["200"] = &huma.Response{Description: "The task as it ended, also when it failed.", Headers: accepted.Headers, Content: accepted.Content}
}

func (a *API) schemas() huma.Registry { return a.huma.OpenAPI().Components.Schemas }

func (a *API) path(path string) *huma.PathItem { return a.huma.OpenAPI().Paths[prefix+path] }

// describeBody replaces the schema of the JSON body that is posted to the path.
// huma keeps checking against the one it was registered with, which allows
// everything.
func (a *API) describeBody(path string, schema *huma.Schema) {
	a.path(path).Post.RequestBody.Content["application/json"].Schema = schema
}

// kindBodies returns the schema of a flat body: for each kind the fields of own
// and the arguments of that kind.
func kindBodies(r huma.Registry, name string, own reflect.Type) *huma.Schema {
	all := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: map[string]string{}}}
	fields := huma.SchemaFromType(r, own)
	for _, info := range tasks.Kinds() {
		body := *fields
		body.Title, body.Description = info.Title, kindWarnings()[info.Kind]
		body.Properties = maps.Clone(fields.Properties)
		body.Required = slices.Clone(fields.Required)
		body.Properties["kind"] = &huma.Schema{Type: huma.TypeString, Enum: []any{string(info.Kind)}}
		args := huma.SchemaFromType(r, reflect.TypeOf(info.NewArgs()).Elem())
		for property, schema := range args.Properties {
			if !isSealed(property) {
				given := *schema
				given.Nullable = false // An answer may have null for an empty array; a request may not.
				body.Properties[property] = &given
			}
		}
		body.Required = append(body.Required, args.Required...)
		component := name + strings.ToUpper(string(info.Kind[:1])) + string(info.Kind[1:])
		body.PrecomputeMessages()
		r.Map()[component] = &body
		ref := "#/components/schemas/" + component
		all.OneOf = append(all.OneOf, &huma.Schema{Ref: ref})
		all.Discriminator.Mapping[string(info.Kind)] = ref
	}
	return all
}

// kindWarnings says, of kinds of tasks that may do more than their title tells, what.
func kindWarnings() map[tasks.Kind]string {
	return map[tasks.Kind]string{
		tasks.FactoryReset: "A device whose convergence says factoryReset silent has CWMP switched off after it: it comes back only when it fetches its file, " +
			"to which DHCP options 66 or 160 or a rule of its own must lead it.",
	}
}

// isSealed reports whether a property is how a secret is kept, not how it is
// given.
func isSealed(property string) bool { return strings.HasPrefix(property, "sealed") }

// textValue is the schema of a value that may be written as a number or a
// boolean.
type textValue struct{}

// Schema implements huma.SchemaProvider.
func (textValue) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "The value as CWMP writes it; a number or a boolean stands for its text.",
		AnyOf:       []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeNumber}, {Type: huma.TypeBoolean}},
	}
}

// prepareSchemas tells the registry what it cannot see in the types of tasks.
func prepareSchemas(r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[tasks.Text](), reflect.TypeFor[textValue]())
}

// tidySchemas removes from the description what is no part of the contract.
func (a *API) tidySchemas() {
	all := a.schemas().Map()
	delete(all, "ErrorModel")
	delete(all, "ErrorDetail")
	for _, s := range all {
		before := len(s.Properties)
		maps.DeleteFunc(s.Properties, func(property string, _ *huma.Schema) bool { return isSealed(property) })
		if len(s.Properties) != before {
			s.PrecomputeMessages()
		}
	}
}
