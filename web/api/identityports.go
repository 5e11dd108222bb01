package api

import (
	"context"
	"net/url"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// Tokens knows the tokens of integrations, as users.Directory describes.
type Tokens interface {
	Authenticate(ctx context.Context, bearer string) (users.Principal, error)
	CreateToken(ctx context.Context, n users.NewToken) (plain string, t users.Token, err error)
	Tokens(ctx context.Context) ([]users.Token, error)
	DeleteToken(ctx context.Context, id string) error
}

// SignIns begins and ends browser sessions, as users.Directory describes.
type SignIns interface {
	SignIn(ctx context.Context, in users.SignIn) (users.SignedIn, error)
	SignInExternal(ctx context.Context, e users.External) (users.SignedIn, error)
	AuthenticateCookie(ctx context.Context, cookie string) (users.Principal, error)
	SessionsOf(ctx context.Context, name string) ([]users.BrowserSession, error)
	EndSession(ctx context.Context, name, id, keep string) error
}

// People knows users, as users.Directory describes.
type People interface {
	User(ctx context.Context, name string) (users.User, error)
	Users(ctx context.Context) ([]users.User, error)
	NewUser(ctx context.Context, n users.NewUser) (u users.User, password string, err error)
	EditUser(ctx context.Context, name string, e users.UserEdit) (users.User, error)
	DeleteUser(ctx context.Context, name string) error
	ChangePassword(ctx context.Context, p users.Principal, current, next string) error
	SetPreferences(ctx context.Context, name, preferences string) error
	BeginSecondFactor(ctx context.Context, p users.Principal, password string) (key, uri string, err error)
	ConfirmSecondFactor(ctx context.Context, name, code string) (recovery []string, err error)
	RemoveOwnSecondFactor(ctx context.Context, p users.Principal, password string) error
}

// Roles knows what roles there are and who may grant them, as users.Directory
// describes.
type Roles interface {
	Roles(ctx context.Context) ([]users.RoleDefinition, error)
	Role(ctx context.Context, name users.Role) (users.RoleDefinition, error)
	PutRole(ctx context.Context, r users.RoleDefinition) (users.RoleDefinition, error)
	DeleteRole(ctx context.Context, name users.Role) error
	MayGrant(ctx context.Context, p users.Principal, r users.Role, s device.Scope) error
}

// Groups keeps groups, as device.GroupStore describes.
type Groups interface {
	PutGroup(ctx context.Context, g device.Group) error
	Group(ctx context.Context, path string) (device.Group, error)
	Groups(ctx context.Context, l device.GroupList) ([]device.Group, error)
	DeleteGroup(ctx context.Context, path string) error
}

// SignOn signs people in with an OpenID provider. Its errors may have a method
// Code() string, which says in one word what went wrong and is shown to the one
// who signs in.
type SignOn interface {
	// Name is what people call the provider.
	Name() string
	// Begin returns where to send the browser, and what the browser has to bring
	// back to Finish: text for a cookie, which holds no secret that it can read.
	// The provider sends the browser to callbackURL afterwards.
	Begin(ctx context.Context, callbackURL, returnTo string) (redirectURL, pending string, err error)
	// Finish proves who comes back with the query of callbackURL, and returns the
	// returnTo of Begin, with an error too if it is known. callbackURL is the same as Begin's.
	Finish(ctx context.Context, callbackURL, pending string, query url.Values) (e users.External, returnTo string, err error)
}
