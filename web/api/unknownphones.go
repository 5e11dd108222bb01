package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerUnknownPhones() {
	register(a, operation{
		id: "listStrangers", method: http.MethodGet, path: "/strangers", tag: devicesTag, summary: "List phones that asked for files and are not known, the latest first",
		description: "Not for those who are limited to a group.",
	}, a.listStrangers)
	register(a, operation{
		id: "adoptStranger", method: http.MethodPost, path: "/strangers/{id}/adopt", tag: devicesTag, summary: "Make a device of a phone that is not known",
		description: "As createDevice does; what the body leaves out is taken from what the phone told. It needs devices.write, too. Not for those who are limited to a group.",
		status:      http.StatusCreated, problems: []problemKind{kindNotFound, kindDuplicate, kindTooLarge, kindMediaType},
	}, a.adoptStranger)
	register(a, operation{
		id: "deleteStranger", method: http.MethodDelete, path: "/strangers/{id}", tag: devicesTag, summary: "Take a phone off the list of those that are not known",
		description: "It is back with its next request. Not for those who are limited to a group.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteStranger)
}

// Stranger is a phone that asked for files and is not known.
type Stranger struct {
	ID           string    `json:"id"`
	MAC          string    `json:"mac" doc:"Empty if it did not tell."`
	SerialNumber string    `json:"serialNumber" doc:"Empty if it did not tell."`
	Address      string    `json:"address"`
	UserAgent    string    `json:"userAgent"`
	Pack         string    `json:"pack" doc:"The vendor pack, as far as the request tells."`
	Model        string    `json:"model" doc:"The model, as far as the request tells."`
	Protocol     string    `json:"protocol" enum:"http,https,tftp"`
	Path         string    `json:"path" doc:"What it asked for last."`
	First        time.Time `json:"first"`
	Last         time.Time `json:"last"`
	Requests     int64     `json:"requests"`
}

func showStranger(s provisioners.Stranger) (Stranger, error) {
	return Stranger{
		ID: s.ID, MAC: s.MAC, SerialNumber: s.SerialNumber, Address: s.Address, UserAgent: s.UserAgent, Pack: s.Pack, Model: s.Model,
		Protocol: s.Protocol, Path: s.Path, First: s.First.UTC(), Last: s.Last.UTC(), Requests: s.Requests,
	}, nil
}

// strangersToken is where a list of strangers goes on.
type strangersToken struct {
	Last time.Time `json:"l"`
	ID   string    `json:"i"`
}

func (a *API) listStrangers(ctx context.Context, in *Paging) (*pageOutput[Stranger], error) {
	if err := wholeFleet(ctx, "phones that are not known"); err != nil {
		return nil, err
	}
	var at strangersToken
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	found, err := a.Provisioning.Fetches.ListStrangers(ctx, provisioners.Stranger{Last: at.Last, ID: at.ID}, in.PageSize)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) == in.PageSize {
		last := found[len(found)-1]
		if next, err = encodeToken(strangersToken{Last: last.Last, ID: last.ID}); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, nil, showStranger)
}

// StrangerPath is the path of a phone that is not known.
type StrangerPath struct {
	ID string `path:"id" maxLength:"256" doc:"The id of the phone."`
}

// stranger returns one that the one who asks may see.
func (a *API) stranger(ctx context.Context, id string) (provisioners.Stranger, error) {
	if err := wholeFleet(ctx, "phones that are not known"); err != nil {
		return provisioners.Stranger{}, err
	}
	s, err := a.Provisioning.Fetches.Stranger(ctx, id)
	return s, strangerProblem(err)
}

func strangerProblem(err error) error {
	if errors.Is(err, provisioners.ErrNotFound) {
		return kindNotFound.problem("there is no such phone")
	}
	return err
}

type adoptInput struct {
	StrangerPath
	Body Adoption
}

// Adoption is the body that makes a device of a phone that is not known.
type Adoption struct {
	MAC      string       `json:"mac,omitempty" maxLength:"64" doc:"Needed if the phone did not tell."`
	Model    string       `json:"model,omitempty" maxLength:"64" doc:"Absent takes the one that the phone told."`
	Group    string       `json:"group,omitempty"`
	Tags     []string     `json:"tags,omitempty" nullable:"false"`
	Line     string       `json:"line,omitempty" maxLength:"64" doc:"The number of a line of the group or of one above: account 1 is bound to it."`
	Settings []SetSetting `json:"settings,omitempty" nullable:"false" maxItems:"2000" doc:"Settings of the device itself."`
}

func (a *API) adoptStranger(ctx context.Context, in *adoptInput) (*createdDeviceOutput, error) {
	s, err := a.stranger(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := needs(ctx, users.WriteDevices); err != nil {
		return nil, err
	}
	b := in.Body
	mac := cmp.Or(b.MAC, s.MAC)
	if mac == "" {
		return nil, invalid("body.mac", "is required: the phone did not tell its own")
	}
	out, err := a.addDevice(ctx, &NewDevice{
		MAC: mac, Model: cmp.Or(b.Model, s.Model), Group: b.Group, Tags: b.Tags, Line: b.Line, Settings: b.Settings,
	})
	if err != nil {
		return nil, err
	}
	// The device is there: that the phone stays on the list is no reason to say it was not.
	if err := a.Provisioning.Fetches.DeleteStranger(context.WithoutCancel(ctx), s.ID); err != nil && !errors.Is(err, provisioners.ErrNotFound) {
		a.Logger.WarnContext(ctx, "cannot take an adopted phone off the list", "error", err)
	}
	return out, nil
}

func (a *API) deleteStranger(ctx context.Context, in *StrangerPath) (*nothing, error) {
	if err := wholeFleet(ctx, "phones that are not known"); err != nil {
		return nil, err
	}
	note(ctx, "stranger/"+in.ID, "")
	return nil, strangerProblem(a.Provisioning.Fetches.DeleteStranger(ctx, in.ID))
}
