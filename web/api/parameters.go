package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func (a *API) registerParameters() {
	register(a, operation{
		id: "listParameters", method: http.MethodGet, path: "/devices/{id}/parameters", tag: devicesTag, summary: "List the parameter tree of a device",
		description: "What is known of the tree, in order of paths, objects included: their path ends with a dot. A task of the kind refresh reads it anew.",
		problems:    []problemKind{kindNotFound},
	}, a.listParameters)
}

// Parameter is a parameter, or an object, as answers show it.
type Parameter struct {
	Path         string     `json:"path"`
	Value        *string    `json:"value" doc:"Null if unknown, of an object, or secret."`
	Type         string     `json:"type" doc:"Such as xsd:string; empty if unknown or of an object."`
	Writable     *bool      `json:"writable" doc:"Of an object: instances can be added, or this one deleted. Null if unknown."`
	Notification *int       `json:"notification" doc:"0 off, 1 passive, 2 active and so on; null if unknown."`
	UpdatedAt    *time.Time `json:"updatedAt" doc:"When any of this was last read or set."`
	Object       bool       `json:"object,omitempty" doc:"It is an object."`
	Secret       bool       `json:"secret,omitempty" doc:"The value is kept secret."`
}

func showParameter(p device.Parameter) (Parameter, error) {
	shown := Parameter{
		Path: p.Path, Type: p.Type, Writable: p.Writable, Notification: p.Notification, UpdatedAt: shownTime(p.UpdatedAt),
		Object: device.IsObject(p.Path), Secret: p.Secret(),
	}
	if p.Known && !shown.Secret && !shown.Object {
		shown.Value = &p.Value
	}
	return shown, nil
}

type listParametersInput struct {
	DevicePath
	Path string `query:"path" maxLength:"256" doc:"A parameter, or an object with its final dot; absent for the whole tree."`
	Paging
}

// parametersToken is where a list of parameters goes on.
type parametersToken struct {
	Path  string `json:"p"`
	After string `json:"a"`
	Total int    `json:"t"`
}

func (a *API) listParameters(ctx context.Context, in *listParametersInput) (*pageOutput[Parameter], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Path != "" {
		if err := device.CheckPath(in.Path); err != nil {
			return nil, invalid("query.path", "must be the path of a parameter, or of an object with its final dot")
		}
	}
	at := parametersToken{Path: in.Path}
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
		if at.Path != in.Path {
			return nil, invalid("query.pageToken", "must be the nextPageToken of a list with the same parameters")
		}
	}
	found, err := a.Parameters.Parameters(ctx, d.ID, in.Path, at.After, in.PageSize+1)
	if err != nil {
		return nil, err
	}
	more := len(found) > in.PageSize
	if in.PageToken == "" {
		if at.Total, err = a.countParameters(ctx, d.ID, in.Path, found, more); err != nil {
			return nil, err
		}
	}
	next := ""
	if more {
		found = found[:in.PageSize]
		at.After = found[len(found)-1].Path
		if next, err = encodeToken(at); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, &at.Total, showParameter)
}

// countStep is how many parameters are read at once to be counted.
const countStep = 5000

// countParameters counts the list that begins with found. The first page counts,
// and the token carries the number on: a tree is bounded, yet a page should not
// cost reading all of it.
func (a *API) countParameters(ctx context.Context, id device.ID, path string, found []device.Parameter, more bool) (int, error) {
	total := len(found)
	for more {
		next, err := a.Parameters.Parameters(ctx, id, path, found[len(found)-1].Path, countStep)
		if err != nil {
			return 0, err
		}
		total += len(next)
		more = len(next) == countStep
		if more {
			found = next
		}
	}
	return total, nil
}
