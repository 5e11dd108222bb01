package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

const usersTag = "Users and roles"

func (a *API) registerUsers() {
	register(a, operation{
		id: "listUsers", method: http.MethodGet, path: "/users", tag: usersTag, summary: "List users in order of name",
		description: "Who is limited to a group sees the users of its subtree.",
	}, a.listUsers)
	register(a, operation{
		id: "createUser", method: http.MethodPost, path: "/users", tag: usersTag, summary: "Create a user",
		description: "Without password a random one is made, which the answer shows this once. Nobody grants a permission or a scope that they lack.",
		status:      http.StatusCreated, problems: []problemKind{kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createUser)
	register(a, operation{
		id: "getUser", method: http.MethodGet, path: "/users/{name}", tag: usersTag, summary: "Get a user", problems: []problemKind{kindNotFound},
	}, a.getUser)
	register(a, operation{
		id: "updateUser", method: http.MethodPatch, path: "/users/{name}", tag: usersTag, summary: "Change a user",
		description: "A merge patch (RFC 7396): what is absent stays. A password has to be changed by the user then, and ends their browser sessions; " +
			"null for secondFactor removes it, as for a lost phone. Who may do more than the one who asks cannot be changed. With If-Match it is " +
			"refused if somebody changed the user since.",
		problems: []problemKind{kindNotFound, kindConflict, kindState, kindPrecondition, kindTooLarge, kindMediaType},
	}, a.updateUser)
	register(a, operation{
		id: "deleteUser", method: http.MethodDelete, path: "/users/{name}", tag: usersTag, summary: "Delete a user",
		description: "And end what they have open. Their tokens stay.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound, kindState},
	}, a.deleteUser)
	register(a, operation{
		id: "unlockUser", method: http.MethodPost, path: "/users/{name}/unlock", tag: usersTag, summary: "Let a user sign in again who failed too often",
		description: "The failures of the name so far count no longer, at any node; those of an address still do. Whatever else changes the user " +
			"does the same. A disabled user is enabled by PATCH.",
		status: http.StatusNoContent, problems: []problemKind{kindNotFound, kindConflict},
	}, a.unlockUser)
	register(a, operation{
		id: "listUserSessions", method: http.MethodGet, path: "/users/{name}/sessions", tag: usersTag, summary: "List the browser sessions of a user, the newest first",
		problems: []problemKind{kindNotFound},
	}, a.listUserSessions)
	register(a, operation{
		id: "deleteUserSessions", method: http.MethodDelete, path: "/users/{name}/sessions", tag: usersTag, summary: "End every browser session of a user",
		status: http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteUserSessions)
}

// User is a user as answers show it.
type User struct {
	Name               string     `json:"name"`
	DisplayName        string     `json:"displayName" doc:"How lists show them; empty for the name."`
	Role               users.Role `json:"role"`
	Scope              string     `json:"scope" doc:"The group to whose subtree they are limited; empty for all."`
	Disabled           bool       `json:"disabled" doc:"They cannot sign in."`
	MustChangePassword bool       `json:"mustChangePassword" doc:"Somebody else chose the password: it is to be changed at the next sign-in."`
	SecondFactor       bool       `json:"secondFactor" doc:"They need a code to sign in."`
	External           bool       `json:"external" doc:"They sign in with the OpenID provider, which also says their role and scope."`
	HasPassword        bool       `json:"hasPassword"`
	CreatedAt          time.Time  `json:"createdAt"`
	UpdatedAt          time.Time  `json:"updatedAt"`
	LastSignIn         *time.Time `json:"lastSignIn"`
}

func showUser(u users.User) (User, error) {
	return User{
		Name: u.Name, DisplayName: u.DisplayName, Role: u.Role, Scope: u.Scope.Group, Disabled: u.Disabled, MustChangePassword: u.MustChangePassword,
		SecondFactor: u.SecondFactor.Key != "", External: u.Subject != "", HasPassword: u.PasswordHash != "",
		CreatedAt: u.CreatedAt.UTC(), UpdatedAt: u.UpdatedAt.UTC(), LastSignIn: shownTime(u.LastSignIn),
	}, nil
}

// userTag is the ETag of a user. It covers what operators edit and nothing else:
// that the user signs in, or that the console keeps something for them, is no change
// that an edit could undo. A new password shows in the time of the change only.
func userTag(u users.User) string {
	text, _ := json.Marshal(auditedUserOf(u)) // It holds texts and booleans.
	sum := sha256.Sum256(fmt.Appendf(text, " %d %d", u.CreatedAt.UnixMilli(), u.UpdatedAt.UnixMilli()))
	return fmt.Sprintf(`"%x"`, sum[:12])
}

// UserPath is the path of what belongs to a user.
type UserPath struct {
	Name string `path:"name" maxLength:"64" doc:"The name of the user."`
}

type userOutput struct {
	ETag string `header:"ETag"`
	Body User
}

func newUserOutput(u users.User) (*userOutput, error) {
	shown, err := showUser(u)
	return &userOutput{ETag: userTag(u), Body: shown}, err
}

type namedToken struct {
	After string `json:"a"`
}

type listUsersInput struct {
	Paging
}

func (a *API) listUsers(ctx context.Context, in *listUsersInput) (*pageOutput[User], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	var at namedToken
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	all, err := a.Directory.Users(ctx)
	if err != nil {
		return nil, err
	}
	var page []users.User
	total := 0
	for _, u := range all {
		if !inScope(s, u.Scope.Group) {
			continue
		}
		total++
		if u.Name > at.After && len(page) <= in.PageSize {
			page = append(page, u)
		}
	}
	next := ""
	if len(page) > in.PageSize {
		page = page[:in.PageSize]
		if next, err = encodeToken(namedToken{After: page[len(page)-1].Name}); err != nil {
			return nil, err
		}
	}
	return newPage(page, next, &total, showUser)
}

// visibleUser returns the user if it exists and its scope lies in that of the one
// who asks, else users.ErrNotFound.
func (a *API) visibleUser(ctx context.Context, name string) (users.User, error) {
	s, err := scope(ctx)
	if err != nil {
		return users.User{}, err
	}
	u, err := a.Directory.User(ctx, name)
	if err != nil {
		return users.User{}, err
	}
	if !inScope(s, u.Scope.Group) {
		return users.User{}, users.ErrNotFound
	}
	return u, nil
}

func (a *API) getUser(ctx context.Context, in *UserPath) (*userOutput, error) {
	u, err := a.visibleUser(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return newUserOutput(u)
}

// ownedUser returns a user that the one who asks may change: one that they see and
// whose rights they could have granted. Whoever could set the password of somebody
// who may do more could do all that, too.
func (a *API) ownedUser(ctx context.Context, name string) (users.User, error) {
	p, err := principal(ctx)
	if err != nil {
		return users.User{}, err
	}
	u, err := a.visibleUser(ctx, name)
	if err != nil {
		return users.User{}, err
	}
	note(ctx, userTarget(u.Name), "")
	err = a.Directory.MayGrant(ctx, p, u.Role, u.Scope)
	if errors.Is(err, users.ErrGrant) {
		return users.User{}, kindForbidden.problem("the user may do more than the one who asks")
	}
	if errors.Is(err, users.ErrRole) || errors.Is(err, users.ErrScope) {
		err = nil // The user's role grants nothing as it is; it can be mended.
	}
	return u, err
}

func (a *API) deleteUser(ctx context.Context, in *UserPath) (*nothing, error) {
	u, err := a.ownedUser(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if err := a.Directory.DeleteUser(ctx, u.Name); err != nil {
		return nil, err
	}
	change(ctx, auditedUserOf(u), nil)
	return nil, nil
}

func (a *API) unlockUser(ctx context.Context, in *UserPath) (*nothing, error) {
	u, err := a.ownedUser(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	_, err = a.Directory.EditUser(ctx, u.Name, users.UserEdit{})
	return nil, err
}

func (a *API) listUserSessions(ctx context.Context, in *UserPath) (*browserSessionsOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	u, err := a.visibleUser(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return a.showSessions(ctx, p, u.Name)
}

func (a *API) deleteUserSessions(ctx context.Context, in *UserPath) (*nothing, error) {
	u, err := a.ownedUser(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return nil, a.Directory.EndSession(ctx, u.Name, "", "")
}
