package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// Paging is how every list is asked for.
type Paging struct {
	PageSize  int    `query:"pageSize" default:"50" minimum:"1" maximum:"1000" doc:"How many items to return at most."`
	PageToken string `query:"pageToken" maxLength:"4096" doc:"The nextPageToken of the page before; the other parameters must be the same."`
}

// Filtering is what lists with a filter are asked for with. The types of inputs
// that others embed are exported because huma looks at no others.
type Filtering struct {
	Filter string `query:"filter" maxLength:"8192" doc:"Which items to return, in the filter language."`
	Paging
}

// Page is the answer of every list.
type Page[T any] struct {
	Items         []T    `json:"items" nullable:"false"`
	NextPageToken string `json:"nextPageToken" doc:"Gives the next page as pageToken; empty on the last page."`
	TotalSize     *int   `json:"totalSize,omitempty" doc:"How many items there are in all; absent where counting them would cost too much."`
}

type pageOutput[T any] struct {
	Body Page[T]
}

// newPage returns a page of what convert makes of the items.
func newPage[From, To any](items []From, next string, total *int, convert func(From) (To, error)) (*pageOutput[To], error) {
	page := Page[To]{Items: make([]To, 0, len(items)), NextPageToken: next, TotalSize: total}
	for _, item := range items {
		shown, err := convert(item)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, shown)
	}
	return &pageOutput[To]{Body: page}, nil
}

// parseFilter reads the filter of a list.
func parseFilter(schema *query.Schema, text string, now time.Time) (query.Expr, error) {
	expr, err := query.Parse(schema, text, query.WithNow(now))
	if err != nil {
		return nil, syntaxProblem("query.filter", err)
	}
	return expr, nil
}

// listProblem turns what a store says of a page token that it cannot read into
// the place in the request.
func listProblem(err error, token string) error {
	invalidToken := errors.Is(err, device.ErrInvalid) || errors.Is(err, tasks.ErrInvalid) || errors.Is(err, files.ErrInvalid)
	if invalidToken && token != "" {
		return invalid("query.pageToken", "must be the nextPageToken of a list with the same parameters")
	}
	return err
}

// encodeToken returns a page token that holds what v does.
func encodeToken(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// decodeToken reads a page token of encodeToken.
func decodeToken(token string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		return invalid("query.pageToken", "must be the nextPageToken of a list with the same parameters")
	}
	return nil
}

// principal returns who asks.
func principal(ctx context.Context) (users.Principal, error) {
	p, ok := users.PrincipalFrom(ctx)
	if !ok {
		return users.Principal{}, errNoPrincipal
	}
	return p, nil
}

// scope returns what the one who asks may see. Without a principal it is an
// error, never everything.
func scope(ctx context.Context) (device.Scope, error) {
	p, err := principal(ctx)
	return p.Scope, err
}

// shownTime returns a time as answers show it, null for none.
func shownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}
