package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

const linesTag = "Lines"

func (a *API) registerLines() {
	register(a, operation{
		id: "listLines", method: http.MethodGet, path: "/lines", tag: linesTag, summary: "List lines in order of group and number",
		description: "What accounts that are bound to a line take from it. Passwords are never shown.",
	}, a.listLines)
	register(a, operation{
		id: "createLine", method: http.MethodPost, path: "/lines", tag: linesTag, summary: "Add a line to a group",
		status: http.StatusCreated, problems: []problemKind{kindNotFound, kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createLine)
	register(a, operation{
		id: "getLine", method: http.MethodGet, path: "/lines/{line}", tag: linesTag, summary: "Get a line",
		problems: []problemKind{kindNotFound},
	}, a.getLine)
	register(a, operation{
		id: "updateLine", method: http.MethodPatch, path: "/lines/{line}", tag: linesTag, summary: "Change a line",
		description: "A merge patch (RFC 7396): what is absent stays, null removes. Group and number never change. With If-Match it is refused if somebody changed the line since.",
		problems:    []problemKind{kindNotFound, kindConflict, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.updateLine)
	register(a, operation{
		id: "deleteLine", method: http.MethodDelete, path: "/lines/{line}", tag: linesTag, summary: "Delete a line",
		description: "Accounts that are bound to it have nothing from it any longer.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindConflict, kindPrecondition},
	}, a.deleteLine)
}

// Line is a line as answers show it.
type Line struct {
	ID          string     `json:"id" doc:"Group and number, joined by a colon."`
	Group       string     `json:"group" doc:"The group whose line it is; empty for the root."`
	Number      string     `json:"number" doc:"The directory number; unique within the group."`
	User        string     `json:"user"`
	AuthUser    string     `json:"authUser"`
	Password    *string    `json:"password" doc:"Always null."`
	Secret      bool       `json:"secret" doc:"There is a password, which is not shown."`
	DisplayName string     `json:"displayName"`
	Label       string     `json:"label"`
	Voicemail   string     `json:"voicemail"`
	Listed      bool       `json:"listed" doc:"Company directories show it."`
	Revision    int64      `json:"revision"`
	UpdatedAt   *time.Time `json:"updatedAt"`
	UpdatedBy   string     `json:"updatedBy"`
}

func showLine(l provisioners.Line) (Line, error) {
	return Line{
		ID: l.String(), Group: l.Group, Number: l.Number, User: l.User, AuthUser: l.AuthUser, Secret: l.Password != "", DisplayName: l.DisplayName,
		Label: l.Label, Voicemail: l.Voicemail, Listed: l.Listed, Revision: l.Revision, UpdatedAt: shownTime(l.UpdatedAt), UpdatedBy: l.UpdatedBy,
	}, nil
}

type listLinesInput struct {
	Group  string `query:"group" maxLength:"256" doc:"Only the lines of this group and of those below it."`
	Own    bool   `query:"own" doc:"Only the lines of exactly that group."`
	Search string `query:"search" maxLength:"128" doc:"Only those whose number, user or display name holds the text, whatever its case."`
	Paging
}

// linesToken is where a list of lines goes on.
type linesToken struct {
	Group  string               `json:"g"`
	Own    bool                 `json:"o"`
	Search string               `json:"s"`
	After  provisioners.LineKey `json:"a"`
}

func (a *API) listLines(ctx context.Context, in *listLinesInput) (*pageOutput[Line], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	at := linesToken{Group: in.Group, Own: in.Own, Search: in.Search}
	if in.PageToken != "" {
		asked := at
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
		if asked.After = at.After; asked != at {
			return nil, invalid("query.pageToken", "must be the nextPageToken of a list with the same parameters")
		}
	}
	list := provisioners.LineList{Scope: s, Group: in.Group, OfGroup: in.Own, Search: in.Search, After: at.After, Limit: in.PageSize}
	switch {
	case !in.Own && in.Group != "" && inScope(device.Scope{Group: in.Group}, s.Group):
		// The group holds all that may be seen.
	case in.Group != "" && !inScope(s, in.Group), in.Own && !inScope(s, in.Group):
		return newPage(nil, "", nil, showLine)
	case !in.Own && in.Group != "":
		list.Scope.Group = in.Group
	}
	found, err := a.Provisioning.Lines.ListLines(ctx, list)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) == in.PageSize {
		at.After = found[len(found)-1].LineKey
		if next, err = encodeToken(at); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, nil, showLine)
}

// LinePath is the path of a line.
type LinePath struct {
	Line string `path:"line" maxLength:"512" doc:"Group and number, joined by a colon: acme/south:201 as acme%2Fsouth:201."`
}

type lineOutput struct {
	ETag string `header:"ETag"`
	Body Line
}

func lineTag(l provisioners.Line) string { return fmt.Sprintf(`"r%d"`, l.Revision) }

func newLineOutput(l provisioners.Line) (*lineOutput, error) {
	shown, err := showLine(l)
	return &lineOutput{ETag: lineTag(l), Body: shown}, err
}

// visibleLine returns the line if it exists and lies in the scope of the one who
// asks.
func (a *API) visibleLine(ctx context.Context, id string) (provisioners.Line, error) {
	s, err := scope(ctx)
	if err != nil {
		return provisioners.Line{}, err
	}
	colon := strings.LastIndexByte(id, ':')
	if colon < 0 || !inScope(s, id[:colon]) {
		return provisioners.Line{}, lineProblem(provisioners.ErrNotFound)
	}
	found, err := a.Provisioning.Lines.Lines(ctx, []provisioners.LineKey{{Group: id[:colon], Number: id[colon+1:]}})
	if err == nil && len(found) == 0 {
		err = lineProblem(provisioners.ErrNotFound)
	}
	if err != nil {
		return provisioners.Line{}, err
	}
	return found[0], nil
}

// lineProblem says of a line what the errors of settings say.
func lineProblem(err error) error {
	switch {
	case errors.Is(err, provisioners.ErrNotFound):
		return kindNotFound.problem("there is no such line")
	case errors.Is(err, provisioners.ErrConflict):
		return kindConflict.problem("the line was changed at the same moment: read it and try again")
	}
	return err
}

func (a *API) getLine(ctx context.Context, in *LinePath) (*lineOutput, error) {
	l, err := a.visibleLine(ctx, in.Line)
	if err != nil {
		return nil, err
	}
	return newLineOutput(l)
}
