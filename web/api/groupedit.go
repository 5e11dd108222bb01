package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

const (
	// maxGroupTitle bounds the title of a group in characters.
	maxGroupTitle = 128
	// maxGroupDescription bounds its description, which may have several lines.
	maxGroupDescription = 1024
)

// groupProblem says of a group what the errors of devices say of devices.
func groupProblem(err error) error {
	switch {
	case errors.Is(err, device.ErrNotFound):
		return kindNotFound.problem("there is no such group")
	case errors.Is(err, device.ErrDuplicate):
		return kindDuplicate.problem("a group of that path exists")
	case errors.Is(err, device.ErrConflict):
		return kindConflict.problem("the group was changed at the same moment: read it and try again")
	default:
		return err
	}
}

// visibleGroup returns the group if it exists and lies in the scope of the one who
// asks. One that is missing although something is in it is made again.
func (a *API) visibleGroup(ctx context.Context, group string) (device.Group, error) {
	s, err := scope(ctx)
	if err != nil {
		return device.Group{}, err
	}
	if group == "" || !inScope(s, group) {
		return device.Group{}, groupProblem(device.ErrNotFound)
	}
	g, err := a.Groups.Group(ctx, group)
	if errors.Is(err, device.ErrNotFound) {
		g, err = a.mendGroup(ctx, group)
	}
	return g, groupProblem(err)
}

// NewGroup is the body that makes a group.
type NewGroup struct {
	Path        string `json:"path" minLength:"1" maxLength:"256" doc:"The names from the root joined by slashes."`
	Title       string `json:"title,omitempty" maxLength:"128"`
	Description string `json:"description,omitempty" maxLength:"1024"`
}

type createGroupInput struct {
	Body NewGroup
}

type createGroupOutput struct {
	Location string `header:"Location" doc:"The path of the group."`
	Body     Group
}

func (a *API) createGroup(ctx context.Context, in *createGroupInput) (*createGroupOutput, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := checkGroup("body.path", b.Path); err != nil {
		return nil, err
	}
	note(ctx, "group/"+b.Path, "")
	if !inScope(s, b.Path) {
		return nil, invalid("body.path", "must lie within "+s.Group+", to which the one who asks is limited")
	}
	g := device.Group{Path: b.Path, Title: b.Title, Description: b.Description}
	if err := checkGroupTexts(g); err != nil {
		return nil, err
	}
	if err := a.makeGroups(ctx, parentOf(g.Path)); err != nil {
		return nil, err
	}
	g.CreatedAt, g.UpdatedAt = a.moment(), a.moment()
	if err := a.Groups.PutGroup(ctx, g); err != nil {
		return nil, groupProblem(err)
	}
	a.keepGroup(ctx, parentOf(g.Path))
	change(ctx, nil, auditedGroupOf(g))
	shown, err := a.showGroup(ctx, g)
	return &createGroupOutput{Location: prefix + "/groups/" + url.PathEscape(g.Path), Body: shown}, err
}

// checkGroupTexts checks what people say of a group.
func checkGroupTexts(g device.Group) error {
	if g.Title != "" {
		if fault := lineFault(g.Title, maxGroupTitle); fault != "" {
			return invalid("body.title", fault)
		}
	}
	unfit := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
	if !utf8.ValidString(g.Description) || utf8.RuneCountInString(g.Description) > maxGroupDescription || strings.ContainsFunc(g.Description, unfit) {
		return invalid("body.description", fmt.Sprintf("must be printable and have at most %d characters", maxGroupDescription))
	}
	return nil
}

// makeGroups makes a group and those above it, as far as they are missing.
func (a *API) makeGroups(ctx context.Context, group string) error {
	return device.MakeGroups(ctx, a.Groups, group, a.moment())
}

// ensureGroup sees to it that a group which a device is given is there: it is made
// if the one who asks may make groups, and if it is the one they are limited to.
// The root always is.
func (a *API) ensureGroup(ctx context.Context, location, group string) error {
	p, err := principal(ctx)
	if err != nil || group == "" {
		return err
	}
	_, err = a.Groups.Group(ctx, group)
	if !errors.Is(err, device.ErrNotFound) {
		return err
	}
	if !p.Allows(users.WriteGroups) && group != p.Scope.Group {
		return invalid(location, "must be a group that exists, as the role "+string(p.Role)+" may not make one")
	}
	return a.makeGroups(ctx, group)
}
