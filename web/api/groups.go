package api

import (
	"context"
	"net/http"
	"path"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
)

const groupsTag = "Groups"

func (a *API) registerGroups() {
	register(a, operation{
		id: "listGroups", method: http.MethodGet, path: "/groups", tag: groupsTag, summary: "List groups in order of path",
		description: "With parent, also an empty one, only those directly below it; else all. Who is limited to a group sees its subtree: " +
			"to them that group is what lies directly below the root.",
	}, a.listGroups)
	register(a, operation{
		id: "createGroup", method: http.MethodPost, path: "/groups", tag: groupsTag, summary: "Make a group, and those above it that are missing",
		status: http.StatusCreated, problems: []problemKind{kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createGroup)
	register(a, operation{
		id: "getGroup", method: http.MethodGet, path: "/groups/{path}", tag: groupsTag, summary: "Get a group, and how its devices are",
		problems: []problemKind{kindNotFound},
	}, a.getGroup)
	register(a, operation{
		id: "updateGroup", method: http.MethodPatch, path: "/groups/{path}", tag: groupsTag, summary: "Change the title or the description of a group",
		description: "A merge patch (RFC 7396): what is absent stays, null removes. A group's path never changes.",
		problems:    []problemKind{kindNotFound, kindConflict, kindTooLarge, kindMediaType},
	}, a.updateGroup)
	register(a, operation{
		id: "deleteGroup", method: http.MethodDelete, path: "/groups/{path}", tag: groupsTag, summary: "Delete a group",
		description: "One that has no groups, devices, users, tokens, lines or settings any longer.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindState},
	}, a.deleteGroup)
}

// Group is a group as lists show it.
type Group struct {
	Path        string    `json:"path" doc:"The names from the root joined by slashes, such as reseller/customer/site."`
	Name        string    `json:"name" doc:"The last part of the path."`
	Title       string    `json:"title" doc:"How lists show it; empty for the name."`
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"createdAt"`
	UpdatedAt   time.Time `json:"updatedAt"`
	HasChildren bool      `json:"hasChildren" doc:"There are groups directly below it."`
}

func (a *API) showGroup(ctx context.Context, g device.Group) (Group, error) {
	below, err := a.Groups.Groups(ctx, device.GroupList{Parent: g.Path, Children: true, Limit: 1})
	return Group{
		Path: g.Path, Name: path.Base(g.Path), Title: g.Title, Description: g.Description,
		CreatedAt: g.CreatedAt.UTC(), UpdatedAt: g.UpdatedAt.UTC(), HasChildren: len(below) > 0,
	}, err
}

type listGroupsInput struct {
	Parent string `query:"parent" maxLength:"256" doc:"A group, or empty for the root: only those directly below it."`
	Search string `query:"search" maxLength:"128" doc:"Only those whose path or title holds the text, whatever its case."`
	Paging
	children bool
}

// Resolve implements huma.Resolver: an empty parent is not an absent one.
func (in *listGroupsInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.children = u.Query().Has("parent")
	return nil
}

// groupsToken is where a list of groups goes on.
type groupsToken struct {
	Parent   string `json:"p"`
	Children bool   `json:"c"`
	Search   string `json:"s"`
	After    string `json:"a"`
}

func (a *API) listGroups(ctx context.Context, in *listGroupsInput) (*pageOutput[Group], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	at := groupsToken{Parent: in.Parent, Children: in.children, Search: in.Search}
	if in.PageToken != "" {
		asked := at
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
		if asked.After = at.After; asked != at {
			return nil, invalid("query.pageToken", "must be the nextPageToken of a list with the same parameters")
		}
	}
	found, err := a.Groups.Groups(ctx, groupList(s, at, in.PageSize+1))
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > in.PageSize {
		found = found[:in.PageSize]
		at.After = found[len(found)-1].Path
		if next, err = encodeToken(at); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, nil, func(g device.Group) (Group, error) { return a.showGroup(ctx, g) })
}

// groupList asks for groups in a scope. Below the root is, for who is limited to a
// group, that group: what lies between is not theirs to see.
func groupList(s device.Scope, at groupsToken, limit int) device.GroupList {
	l := device.GroupList{Scope: s, Parent: at.Parent, Children: at.Children, Search: at.Search, After: at.After, Limit: limit}
	if at.Children && at.Parent == "" && s.Group != "" {
		l.Parent = parentOf(s.Group)
	}
	return l
}

// parentOf returns the group above, empty for the root.
func parentOf(group string) string {
	if above := path.Dir(group); above != "." {
		return above
	}
	return ""
}
