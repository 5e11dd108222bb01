package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// operation describes one call.
type operation struct {
	id, method, path     string
	tag                  string
	summary, description string
	// status is the answer's if nothing goes wrong, 0 for 200, or 204 where the
	// answer has no body.
	status int
	// problems are the kinds that can come beside those of every operation.
	problems []problemKind
	// maxBody bounds the body in bytes, 0 for defaultMaxBody.
	maxBody int64
	// anyQuery lets query parameters come that are not described, where others say
	// which they are.
	anyQuery bool
}

// defaultMaxBody bounds a body where the operation says nothing else.
const defaultMaxBody = 64 << 10

// everywhere are the problems that every operation can answer with.
func everywhere() []problemKind {
	return []problemKind{kindMalformed, kindUnauthenticated, kindForbidden, kindInvalid, kindLimit, kindInternal, kindUnavailable}
}

// register adds an operation. What the handler returns as an error becomes a
// problem by the table of errors.go.
func register[I, O any](a *API, op operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, a.describe(op), func(ctx context.Context, input *I) (*O, error) {
		exchangeOf(ctx).clearReadDeadline()
		output, err := handler(ctx, input)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return output, nil
	})
}

func (a *API) describe(op operation) huma.Operation {
	if op.maxBody == 0 {
		op.maxBody = defaultMaxBody
	}
	permission := permissions()[op.id]
	if permission != public {
		op.problems = append(op.problems, kindPasswordChange)
	}
	return huma.Operation{
		OperationID: op.id, Method: op.method, Path: prefix + op.path, Tags: []string{op.tag},
		Summary: op.summary, Description: strings.TrimSpace(op.description + "\n\nPermission: `" + string(permission) + "`."),
		DefaultStatus: op.status, MaxBodyBytes: op.maxBody, SkipValidateParams: op.anyQuery,
		Security:   security(permission),
		Extensions: map[string]any{"x-permission": string(permission)},
		Responses:  a.problemResponses(append(everywhere(), op.problems...)),
	}
}

// problemResponses describes problems, those of one status together.
func (a *API) problemResponses(kinds []problemKind) map[string]*huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	responses := map[string]*huma.Response{}
	for _, k := range kinds {
		status := strconv.Itoa(k.status)
		text := fmt.Sprintf("%s (`%s%s`).", k.title, problemTypePrefix, k.name)
		if known := responses[status]; known != nil {
			known.Description += " " + text
			continue
		}
		responses[status] = &huma.Response{Description: text, Content: map[string]*huma.MediaType{problemType: {Schema: schema}}}
	}
	return responses
}

// problemTransformer turns what huma says by itself, of parameters and bodies
// that do not fit their schema, into problems of ours. It leaves out the values
// that huma would repeat, as they may be secret.
func (a *API) problemTransformer(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := kindOf(model.Status).problem("")
	p.Instance = instance(ctx.Context())
	if model.Status >= http.StatusInternalServerError {
		return p, nil // What huma knows of these is not for the client.
	}
	for _, d := range model.Errors {
		p.Errors = append(p.Errors, fieldError(d))
	}
	switch {
	case len(p.Errors) == 1:
		p.Detail = strings.TrimSpace(p.Errors[0].Location + " " + p.Errors[0].Message)
	case len(p.Errors) == 0:
		p.Detail = model.Detail
	default:
		p.Detail = fmt.Sprintf("%d places are wrong", len(p.Errors))
	}
	return p, nil
}

// fieldError says in our words where a body or a parameter does not fit. huma
// reports a property that is missing at the object that lacks it; we name the
// property.
func fieldError(d *huma.ErrorDetail) FieldError {
	f := FieldError{Location: d.Location, Message: d.Message}
	var missing string
	if n, err := fmt.Sscanf(d.Message, validation.MsgExpectedRequiredProperty, &missing); n == 1 && err == nil {
		f.Location, f.Message = d.Location+"."+missing, "is required"
	}
	return f
}

// errNoPrincipal cannot happen behind guard.
var errNoPrincipal = errors.New("request without a principal")
