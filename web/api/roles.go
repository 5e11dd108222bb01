package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerRoles() {
	register(a, operation{
		id: "listRoles", method: http.MethodGet, path: "/roles", tag: usersTag, summary: "List roles, the built-in ones first",
		description: "All of them at once: there are few.",
	}, a.listRoles)
	register(a, operation{
		id: "createRole", method: http.MethodPost, path: "/roles", tag: usersTag, summary: "Create a role",
		description: "Nobody makes a role with a permission that they lack. Not for those who are limited to a group.",
		status:      http.StatusCreated, problems: []problemKind{kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createRole)
	register(a, operation{
		id: "updateRole", method: http.MethodPatch, path: "/roles/{name}", tag: usersTag, summary: "Change a role",
		description: "A merge patch (RFC 7396): what is absent stays. Whoever has the role may do what it says at once. " +
			"Built-in roles stay as they are. Not for those who are limited to a group.",
		problems: []problemKind{kindNotFound, kindConflict, kindState, kindTooLarge, kindMediaType},
	}, a.updateRole)
	register(a, operation{
		id: "deleteRole", method: http.MethodDelete, path: "/roles/{name}", tag: usersTag, summary: "Delete a role",
		description: "One that no user and no token has. Not for those who are limited to a group.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindState},
	}, a.deleteRole)
	register(a, operation{
		id: "listPermissions", method: http.MethodGet, path: "/permissions", tag: usersTag, summary: "List what roles can allow",
	}, a.listPermissions)
}

// RoleInfo is a role as answers show it.
type RoleInfo struct {
	Name        users.Role         `json:"name"`
	Description string             `json:"description"`
	Permissions []users.Permission `json:"permissions" nullable:"false"`
	BuiltIn     bool               `json:"builtIn" doc:"It cannot be changed or deleted."`
	CreatedAt   *time.Time         `json:"createdAt,omitempty" doc:"Absent for a built-in role."`
	UpdatedAt   *time.Time         `json:"updatedAt,omitempty" doc:"Absent for a built-in role."`
}

func showRole(r users.RoleDefinition) (RoleInfo, error) {
	return RoleInfo{
		Name: r.Name, Description: r.Description, Permissions: r.Permissions.List(), BuiltIn: r.BuiltIn,
		CreatedAt: shownTime(r.CreatedAt), UpdatedAt: shownTime(r.UpdatedAt),
	}, nil
}

func (a *API) listRoles(ctx context.Context, _ *noInput) (*pageOutput[RoleInfo], error) {
	all, err := a.Directory.Roles(ctx)
	if err != nil {
		return nil, err
	}
	total := len(all)
	return newPage(all, "", &total, showRole)
}

// NewRole is the body that creates a role.
type NewRole struct {
	Name        users.Role         `json:"name" maxLength:"64" doc:"A lower-case letter, then those, digits and hyphens."`
	Description string             `json:"description,omitempty" maxLength:"256"`
	Permissions []users.Permission `json:"permissions" nullable:"false" maxItems:"64"`
}

type createRoleInput struct {
	Body NewRole
}

type roleOutput struct {
	Body RoleInfo
}

func (a *API) createRole(ctx context.Context, in *createRoleInput) (*roleOutput, error) {
	if err := wholeFleet(ctx, "roles"); err != nil {
		return nil, err
	}
	name, err := users.ParseRole(string(in.Body.Name))
	if err != nil {
		return nil, invalid("body.name", "must begin with a-z, go on with a-z, 0-9 or -, and have at most 64 characters")
	}
	note(ctx, "role/"+string(name), "")
	granted, err := parsePermissions(in.Body.Permissions)
	if err != nil {
		return nil, err
	}
	if err := checkDescription(in.Body.Description); err != nil {
		return nil, err
	}
	return a.putRole(ctx, nil, users.RoleDefinition{Name: name, Description: in.Body.Description, Permissions: granted})
}

// putRole stores a role that the one who asks could grant, as it was and as it is
// to be.
func (a *API) putRole(ctx context.Context, before *users.RoleDefinition, r users.RoleDefinition) (*roleOutput, error) {
	if err := checkLacking(ctx, r.Permissions); err != nil {
		return nil, err
	}
	stored, err := a.Directory.PutRole(ctx, r)
	if errors.Is(err, users.ErrRole) || errors.Is(err, users.ErrExists) {
		return nil, kindDuplicate.problem("a role of that name exists")
	}
	if err != nil {
		return nil, err
	}
	after, err := showRole(stored)
	if before == nil {
		change(ctx, nil, auditedRoleOf(stored))
	} else {
		change(ctx, auditedRoleOf(*before), auditedRoleOf(stored))
	}
	return &roleOutput{Body: after}, err
}

// checkLacking refuses permissions that the one who asks does not have.
func checkLacking(ctx context.Context, granted users.Permissions) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	var lacking []users.Permission
	for _, permission := range granted.List() {
		if !p.Allows(permission) {
			lacking = append(lacking, permission)
		}
	}
	if len(lacking) > 0 {
		return kindForbidden.problem(grantDetail(&users.GrantError{Lacking: lacking}))
	}
	return nil
}

func parsePermissions(list []users.Permission) (users.Permissions, error) {
	for i, permission := range list {
		if _, err := users.NewPermissions(permission); err != nil {
			return users.Permissions{}, invalid(fmt.Sprintf("body.permissions[%d]", i), "must be the name of a permission")
		}
	}
	return users.NewPermissions(list...)
}

// maxRoleDescription bounds the description of a role in characters.
const maxRoleDescription = 256

func checkDescription(text string) error {
	if text == "" {
		return nil
	}
	if fault := lineFault(text, maxRoleDescription); fault != "" {
		return invalid("body.description", fault)
	}
	return nil
}

type rolePath struct {
	Name string `path:"name" maxLength:"64" doc:"The name of the role."`
}

// ownRole returns a role that was made, and that the one who asks may change: one
// that allows no more than they may.
func (a *API) ownRole(ctx context.Context, name string) (users.RoleDefinition, error) {
	if err := wholeFleet(ctx, "roles"); err != nil {
		return users.RoleDefinition{}, err
	}
	r, err := a.Directory.Role(ctx, users.Role(name))
	if errors.Is(err, users.ErrNotFound) || errors.Is(err, users.ErrRole) {
		return r, kindNotFound.problem("there is no such role")
	}
	if err != nil {
		return r, err
	}
	note(ctx, "role/"+string(r.Name), "")
	if r.BuiltIn {
		return r, kindState.problem("a built-in role stays as it is")
	}
	return r, checkLacking(ctx, r.Permissions)
}

// RolePatch is the body that changes a role.
type RolePatch struct {
	Description patch[string]             `json:"description" required:"false"`
	Permissions patch[[]users.Permission] `json:"permissions" required:"false"`
}

type updateRoleInput struct {
	Name string    `path:"name" maxLength:"64" doc:"The name of the role."`
	Body RolePatch `contentType:"application/merge-patch+json"`
}

func (a *API) updateRole(ctx context.Context, in *updateRoleInput) (*roleOutput, error) {
	before, err := a.ownRole(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	after := before
	if in.Body.Description.Set {
		after.Description = strings.TrimSpace(in.Body.Description.Value)
		if err := checkDescription(after.Description); err != nil {
			return nil, err
		}
	}
	if in.Body.Permissions.Set {
		if after.Permissions, err = parsePermissions(in.Body.Permissions.Value); err != nil {
			return nil, err
		}
	}
	return a.putRole(ctx, &before, after)
}

func (a *API) deleteRole(ctx context.Context, in *rolePath) (*nothing, error) {
	r, err := a.ownRole(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if err := a.Directory.DeleteRole(ctx, r.Name); err != nil {
		return nil, err
	}
	change(ctx, auditedRoleOf(r), nil)
	return nil, nil
}
