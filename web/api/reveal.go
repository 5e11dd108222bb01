package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/dialtone-acs/dialtone/device"
)

func (a *API) registerReveal() {
	register(a, operation{
		id: "revealParameter", method: http.MethodPost, path: "/devices/{id}/parameters/reveal", tag: devicesTag, summary: "Show the value of a secret parameter",
		description: "As it was last reported or set. Every call leaves an entry in the audit log, which says who saw which parameter, not its value.",
		problems:    []problemKind{kindNotFound, kindTooLarge, kindMediaType},
	}, a.revealParameter)
}

// ParameterPath is the body that names a parameter.
type ParameterPath struct {
	Path string `json:"path" minLength:"1" maxLength:"256" doc:"The full path of a parameter."`
}

// PlainParameter is a parameter with its value in clear, secret or not.
type PlainParameter struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

type revealInput struct {
	DevicePath
	Body ParameterPath
}

type revealOutput struct {
	Body PlainParameter
}

func (a *API) revealParameter(ctx context.Context, in *revealInput) (*revealOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	path := in.Body.Path
	if err := device.CheckPath(path); err != nil || device.IsObject(path) {
		return nil, invalid("body.path", "must be the full path of a parameter")
	}
	note(ctx, "device/"+string(d.ID), path)
	found, err := a.Parameters.Parameters(ctx, d.ID, path, "", 1)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].Path != path || !found[0].Known {
		return nil, kindNotFound.problem("no value of this parameter is known")
	}
	value, err := a.open(d.ID, found[0])
	if err != nil {
		return nil, err
	}
	if err := a.attest(ctx); err != nil {
		return nil, err
	}
	return &revealOutput{Body: PlainParameter{Path: path, Value: value}}, nil
}

// open returns the value of a parameter.
func (a *API) open(id device.ID, p device.Parameter) (string, error) {
	if p.Sealed == "" {
		return p.Value, nil
	}
	plain, err := a.Opener.Open(p.Sealed, device.ParameterOwner(id, p.Path))
	if err != nil {
		return "", fmt.Errorf("open parameter: %w", hidden{err})
	}
	return plain.Reveal(), nil
}
