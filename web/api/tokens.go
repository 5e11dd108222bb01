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

const tokensTag = "Tokens"

func (a *API) registerTokens() {
	register(a, operation{
		id: "listTokens", method: http.MethodGet, path: "/tokens", tag: tokensTag, summary: "List tokens in order of creation",
		description: "All of them at once: there are few.",
	}, a.listTokens)
	register(a, operation{
		id: "createToken", method: http.MethodPost, path: "/tokens", tag: tokensTag, summary: "Create a token",
		description: "The answer has the token itself, this once: it is stored as a hash. Nobody grants a permission or a scope that they lack.",
		status:      http.StatusCreated, problems: []problemKind{kindTooLarge, kindMediaType},
	}, a.createToken)
	register(a, operation{
		id: "deleteToken", method: http.MethodDelete, path: "/tokens/{id}", tag: tokensTag, summary: "Delete a token",
		status: http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteToken)
}

// Token is a token as answers show it.
type Token struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Role      users.Role `json:"role"`
	Scope     string     `json:"scope" doc:"The group to whose subtree it is limited; empty for all."`
	CreatedAt time.Time  `json:"createdAt"`
	CreatedBy string     `json:"createdBy"`
	Expires   *time.Time `json:"expires"`
	LastUsed  *time.Time `json:"lastUsed" doc:"Accurate to a minute."`
}

// CreatedToken is a token with its text.
type CreatedToken struct {
	Token  Token  `json:"token"`
	Secret string `json:"secret" doc:"What goes after Bearer. It is shown this once."`
}

// NewToken is the body that creates a token.
type NewToken struct {
	Name    string     `json:"name" minLength:"1" maxLength:"64" doc:"What it is for."`
	Role    users.Role `json:"role" maxLength:"64"`
	Scope   string     `json:"scope,omitempty" doc:"Limits it to the subtree of a group; absent takes the group to which the one who asks is limited."`
	Expires time.Time  `json:"expires,omitzero" doc:"Absent for never."`
}

func showToken(t users.Token) (Token, error) {
	return Token{
		ID: t.ID, Name: t.Name, Role: t.Role, Scope: t.Scope.Group, CreatedAt: t.CreatedAt.UTC(), CreatedBy: t.CreatedBy,
		Expires: shownTime(t.Expires), LastUsed: shownTime(t.LastUsed),
	}, nil
}

type noInput struct{}

func (a *API) listTokens(ctx context.Context, _ *noInput) (*pageOutput[Token], error) {
	visible, err := a.visibleTokens(ctx)
	if err != nil {
		return nil, err
	}
	total := len(visible)
	return newPage(visible, "", &total, showToken)
}

// visibleTokens returns the tokens whose scope lies in that of the one who asks.
func (a *API) visibleTokens(ctx context.Context) ([]users.Token, error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.Directory.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	var visible []users.Token
	for _, t := range all {
		if inScope(s, t.Scope.Group) {
			visible = append(visible, t)
		}
	}
	return visible, nil
}

type createTokenInput struct {
	Body NewToken
}

type createTokenOutput struct {
	Body CreatedToken
}

func (a *API) createToken(ctx context.Context, in *createTokenInput) (*createTokenOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	s, err := a.grant(ctx, in.Body.Role, in.Body.Scope)
	if err != nil {
		return nil, err
	}
	known, err := a.hasGroup(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	plain, t, err := a.Directory.CreateToken(ctx, users.NewToken{
		Name: in.Body.Name, Role: in.Body.Role, Scope: s, Expires: in.Body.Expires, CreatedBy: p.Actor,
	})
	if err != nil {
		return nil, tokenProblem(err)
	}
	if known {
		a.keepGroup(ctx, s.Group)
	}
	note(ctx, "token/"+t.ID, fmt.Sprintf("%s %q for %q", t.Role, t.Name, t.Scope.Group))
	change(ctx, nil, auditedTokenOf(t))
	shown, err := showToken(t)
	return &createTokenOutput{Body: CreatedToken{Token: shown, Secret: plain}}, err
}

// tokenProblem names the field of the body that the error is about.
func tokenProblem(err error) error {
	switch {
	case errors.Is(err, users.ErrName):
		return invalid("body.name", "must have 1 to 64 printable characters, and no white space around them")
	case errors.Is(err, users.ErrExpires):
		return invalid("body.expires", "must lie in the future")
	default:
		return grantProblem(err)
	}
}

type tokenInput struct {
	ID string `path:"id" doc:"The id of the token."`
}

func (a *API) deleteToken(ctx context.Context, in *tokenInput) (*nothing, error) {
	visible, err := a.visibleTokens(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range visible {
		if t.ID == in.ID {
			note(ctx, "token/"+t.ID, strings.TrimSpace(t.Name))
			if err := a.Directory.DeleteToken(ctx, t.ID); err != nil {
				return nil, err
			}
			change(ctx, auditedTokenOf(t), nil)
			return nil, nil
		}
	}
	return nil, users.ErrNotFound
}
