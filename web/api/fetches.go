package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func (a *API) registerFetches() {
	register(a, operation{
		id: "listFetches", method: http.MethodGet, path: "/fetches", tag: settingsTag, summary: "List what phones asked for, newest first",
		description: "Requests of phones that are not known are in it for who sees the whole fleet.",
	}, a.listFetches)
	register(a, operation{
		id: "listDeviceFetches", method: http.MethodGet, path: "/devices/{id}/fetches", tag: settingsTag, summary: "List what a device asked for, newest first",
		problems: []problemKind{kindNotFound},
	}, a.listDeviceFetches)
}

// Fetch is one request for a file, as it was answered.
type Fetch struct {
	ID        string    `json:"id"`
	Device    string    `json:"device" doc:"Empty for a phone that is not known."`
	At        time.Time `json:"at"`
	Protocol  string    `json:"protocol" enum:"http,https,tftp"`
	Method    string    `json:"method"`
	Path      string    `json:"path" doc:"As the phone sent it."`
	Address   string    `json:"address"`
	UserAgent string    `json:"userAgent"`
	Status    int       `json:"status" doc:"That of HTTP, also for TFTP."`
	Bytes     int64     `json:"bytes"`
	Complete  bool      `json:"complete" doc:"All of the answer was sent."`
	SHA256    string    `json:"sha256" doc:"Of what was given; empty if nothing was, or where it may hold secrets."`
	Detail    string    `json:"detail" doc:"Why it was refused."`
}

func showFetch(f provisioners.Fetch) (Fetch, error) {
	return Fetch{
		ID: f.ID, Device: string(f.Device), At: f.At.UTC(), Protocol: f.Protocol, Method: f.Method, Path: f.Path, Address: f.Address, UserAgent: f.UserAgent,
		Status: f.Status, Bytes: f.Bytes, Complete: f.Complete, SHA256: f.Digest, Detail: f.Detail,
	}, nil
}

// FetchPaging is how lists of requests are asked for.
type FetchPaging struct {
	Failed bool `query:"failed" doc:"Only those whose status is 400 or above."`
	Paging
}

// fetchesToken is where a list of requests goes on.
type fetchesToken struct {
	Device device.ID `json:"d"`
	Failed bool      `json:"f"`
	After  string    `json:"a"`
}

func (a *API) listFetches(ctx context.Context, in *FetchPaging) (*pageOutput[Fetch], error) {
	return a.fetches(ctx, "", in)
}

type deviceFetchesInput struct {
	DevicePath
	FetchPaging
}

func (a *API) listDeviceFetches(ctx context.Context, in *deviceFetchesInput) (*pageOutput[Fetch], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.fetches(ctx, d.ID, &in.FetchPaging)
}

func (a *API) fetches(ctx context.Context, id device.ID, in *FetchPaging) (*pageOutput[Fetch], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	at := fetchesToken{Device: id, Failed: in.Failed}
	if in.PageToken != "" {
		asked := at
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
		if asked.After = at.After; asked != at {
			return nil, invalid("query.pageToken", "must be the nextPageToken of a list with the same parameters")
		}
	}
	found, err := a.Provisioning.Fetches.ListFetches(ctx, provisioners.FetchList{Scope: s, Device: id, Failed: in.Failed, After: at.After, Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) == in.PageSize {
		at.After = found[len(found)-1].ID
		if next, err = encodeToken(at); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, nil, showFetch)
}
