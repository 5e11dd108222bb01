package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerMe() {
	register(a, operation{
		id: "getCurrentPrincipal", method: http.MethodGet, path: "/me", tag: signInTag, summary: "Get who asks, and what they may",
	}, a.me)
	register(a, operation{
		id: "changeOwnPassword", method: http.MethodPost, path: "/me/password", tag: signInTag, summary: "Change one's own password",
		description: "Ends the other browser sessions. Users only.",
		status:      http.StatusNoContent, problems: []problemKind{kindConflict, kindTooLarge, kindMediaType},
	}, a.changePassword)
	register(a, operation{
		id: "getPreferences", method: http.MethodGet, path: "/me/preferences", tag: signInTag, summary: "Get what the console keeps for the user",
		description: "Users only.",
	}, a.preferences)
	register(a, operation{
		id: "putPreferences", method: http.MethodPut, path: "/me/preferences", tag: signInTag, summary: "Replace what the console keeps for the user",
		description: "Any JSON object of up to 64 KiB. Users only.",
		status:      http.StatusNoContent, problems: []problemKind{kindConflict, kindTooLarge, kindMediaType},
	}, a.putPreferences)
}

// Me is who asks.
type Me struct {
	Actor              string             `json:"actor" doc:"As the audit log has it: user:NAME or token:ID NAME."`
	Name               string             `json:"name,omitempty" doc:"Of the user; absent for a token."`
	DisplayName        string             `json:"displayName,omitempty" doc:"Of the user; absent if it is the name."`
	Role               users.Role         `json:"role"`
	Scope              string             `json:"scope" doc:"The group to whose subtree they are limited; empty for all."`
	Permissions        []users.Permission `json:"permissions" nullable:"false" doc:"Those of the role at this moment."`
	MustChangePassword bool               `json:"mustChangePassword" doc:"Nothing else may be done before the password is changed."`
	SecondFactor       bool               `json:"secondFactor"`
	HasPassword        bool               `json:"hasPassword" doc:"False for a token, and for a user who signs in with OpenID only."`
	BrowserSession     string             `json:"browserSession,omitempty" doc:"The id of the browser session; absent for a token."`
	LastSignIn         *time.Time         `json:"lastSignIn" doc:"Null for a token."`
}

type meOutput struct {
	Body Me
}

func (a *API) me(ctx context.Context, _ *noInput) (*meOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := a.showMe(ctx, p)
	return &meOutput{Body: shown}, err
}

func (a *API) showMe(ctx context.Context, p users.Principal) (Me, error) {
	shown := Me{
		Actor: p.Actor, Name: p.User, Role: p.Role, Scope: p.Scope.Group, Permissions: p.Permissions.List(),
		MustChangePassword: p.MustChangePassword, BrowserSession: p.BrowserSession,
	}
	if p.User == "" {
		return shown, nil
	}
	u, err := a.self(ctx, p)
	if err != nil {
		return Me{}, err
	}
	shown.DisplayName, shown.SecondFactor, shown.HasPassword = u.DisplayName, u.SecondFactor.Key != "", u.PasswordHash != ""
	shown.LastSignIn = shownTime(u.LastSignIn)
	return shown, nil
}

// self returns the user who asks.
func (a *API) self(ctx context.Context, p users.Principal) (users.User, error) {
	u, err := a.Directory.User(ctx, p.User)
	if errors.Is(err, users.ErrNotFound) {
		return u, unauthenticated("", "the user was deleted") // A moment ago.
	}
	return u, err
}

// person returns the principal if it is a user: a token has no password, no
// browser sessions and nothing of its own.
func person(ctx context.Context) (users.Principal, error) {
	p, err := principal(ctx)
	if err == nil && p.User == "" {
		err = kindForbidden.problem("this is for users who are signed in, not for tokens")
	}
	return p, err
}

// NewPassword is the body that changes a password.
type NewPassword struct {
	Current string `json:"current" maxLength:"1024" writeOnly:"true"`
	New     string `json:"new" maxLength:"1024" writeOnly:"true"`
}

type newPasswordInput struct {
	Body NewPassword
}

func (a *API) changePassword(ctx context.Context, in *newPasswordInput) (*nothing, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, userTarget(p.User), "password")
	err = a.Directory.ChangePassword(ctx, p, in.Body.Current, in.Body.New)
	switch {
	case errors.Is(err, users.ErrUnauthenticated):
		return nil, invalid("body.current", "is not the password")
	case errors.Is(err, users.ErrPassword):
		return nil, invalid("body.new", passwordRule+" or the password so far")
	}
	return nil, err
}

// Object is any JSON object.
type Object []byte

// MarshalJSON returns the object as it is.
func (o Object) MarshalJSON() ([]byte, error) { return o, nil }

// UnmarshalJSON keeps the object as it is.
func (o *Object) UnmarshalJSON(raw []byte) error {
	*o = append((*o)[:0], raw...)
	return nil
}

// Schema implements huma.SchemaProvider.
func (Object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

var (
	_ json.Marshaler   = Object{}
	_ json.Unmarshaler = (*Object)(nil)
)

type preferencesOutput struct {
	Body Object
}

func (a *API) preferences(ctx context.Context, _ *noInput) (*preferencesOutput, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	u, err := a.self(ctx, p)
	if err != nil {
		return nil, err
	}
	if u.Preferences == "" {
		u.Preferences = "{}"
	}
	return &preferencesOutput{Body: Object(u.Preferences)}, nil
}

type preferencesInput struct {
	Body Object
}

func (a *API) putPreferences(ctx context.Context, in *preferencesInput) (*nothing, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, userTarget(p.User), "preferences")
	err = a.Directory.SetPreferences(ctx, p.User, string(in.Body))
	if errors.Is(err, users.ErrInvalid) {
		return nil, invalid("body", "must be a JSON object of at most 64 KiB")
	}
	return nil, err
}
