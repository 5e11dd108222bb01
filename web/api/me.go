package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerMe() {
	register(a, operation{
		id: "getCurrentPrincipal", method: http.MethodGet, path: "/me", tag: tokensTag, summary: "Get who asks, and what they may",
	}, a.me)
}

// Me is who asks.
type Me struct {
	Actor       string             `json:"actor"`
	Role        users.Role         `json:"role" enum:"admin,operator,viewer"`
	Scope       string             `json:"scope" doc:"The group to whose subtree they are limited; empty for all."`
	Permissions []users.Permission `json:"permissions" nullable:"false"`
}

type meOutput struct {
	Body Me
}

func (a *API) me(ctx context.Context, _ *noInput) (*meOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	shown := Me{Actor: p.Actor, Role: p.Role, Scope: p.Scope.Group, Permissions: []users.Permission{}}
	for _, permission := range permissions() {
		if p.Role.Allows(permission) {
			shown.Permissions = append(shown.Permissions, permission)
		}
	}
	slices.Sort(shown.Permissions)
	shown.Permissions = slices.Compact(shown.Permissions)
	return &meOutput{Body: shown}, nil
}
