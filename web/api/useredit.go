package api

import (
	"context"
	"errors"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// maxDisplayName bounds the display name of a user in characters.
const maxDisplayName = 128

// NewUser is the body that creates a user.
type NewUser struct {
	Name               string     `json:"name" maxLength:"64" doc:"Lower-case letters, digits, and . _ - @ inside."`
	DisplayName        string     `json:"displayName,omitempty" maxLength:"128"`
	Role               users.Role `json:"role" maxLength:"64"`
	Scope              string     `json:"scope,omitempty" doc:"Limits them to the subtree of a group; absent takes the group to which the one who asks is limited."`
	Password           string     `json:"password,omitempty" maxLength:"1024" writeOnly:"true" doc:"Absent for a random one."`
	MustChangePassword *bool      `json:"mustChangePassword,omitempty" doc:"The password has to be changed at the first sign-in; absent for true."`
}

// CreatedUser is a user with the password that was made for them.
type CreatedUser struct {
	User     User   `json:"user"`
	Password string `json:"password,omitempty" doc:"It is shown this once; absent if it was given."`
}

type createUserInput struct {
	Body NewUser
}

type createUserOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location" doc:"The path of the user."`
	Body     CreatedUser
}

func (a *API) createUser(ctx context.Context, in *createUserInput) (*createUserOutput, error) {
	b := in.Body
	note(ctx, userTarget(b.Name), "")
	s, err := a.grant(ctx, b.Role, b.Scope)
	if err != nil {
		return nil, err
	}
	if err := checkDisplayName(b.DisplayName); err != nil {
		return nil, err
	}
	known, err := a.hasGroup(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	u, password, err := a.Directory.NewUser(ctx, users.NewUser{
		Name: b.Name, DisplayName: b.DisplayName, Role: b.Role, Scope: s, Password: b.Password,
		MustChange: b.MustChangePassword == nil || *b.MustChangePassword,
	})
	if errors.Is(err, users.ErrName) {
		return nil, invalid("body.name", "must begin with a-z or 0-9, go on with those or . _ - @, and have at most 64 characters")
	}
	if err != nil {
		return nil, grantProblem(err)
	}
	if known {
		a.keepGroup(ctx, s.Group)
	}
	change(ctx, nil, auditedUserOf(u))
	shown, err := showUser(u)
	out := &createUserOutput{ETag: userTag(u), Location: prefix + "/users/" + u.Name, Body: CreatedUser{User: shown}}
	if b.Password == "" {
		out.Body.Password = password
	}
	return out, err
}

// grant checks that the one who asks may give somebody the role and the scope, and
// returns the latter: by default their own.
func (a *API) grant(ctx context.Context, role users.Role, group string) (device.Scope, error) {
	p, err := principal(ctx)
	if err != nil {
		return device.Scope{}, err
	}
	if group == "" {
		group = p.Scope.Group
	}
	if err := checkGroup("body.scope", group); err != nil {
		return device.Scope{}, err
	}
	s := device.Scope{Group: group}
	return s, grantProblem(a.Directory.MayGrant(ctx, p, role, s))
}

func checkDisplayName(text string) error {
	if text == "" {
		return nil
	}
	if fault := lineFault(text, maxDisplayName); fault != "" {
		return invalid("body.displayName", fault)
	}
	return nil
}

// UserPatch is the body that changes a user.
type UserPatch struct {
	DisplayName  patch[string]     `json:"displayName" required:"false"`
	Role         patch[users.Role] `json:"role" required:"false"`
	Scope        patch[string]     `json:"scope" required:"false" doc:"Null for the group to which the one who asks is limited, else for all."`
	Disabled     patch[bool]       `json:"disabled" required:"false"`
	Password     patch[string]     `json:"password" required:"false" writeOnly:"true" doc:"Never shown."`
	SecondFactor removal           `json:"secondFactor" required:"false" writeOnly:"true" doc:"Null removes it; nobody else can turn it on."`
}

// fields names the fields that are changed, for the audit log.
func (b *UserPatch) fields() string {
	var names []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"displayName", b.DisplayName.Set}, {"role", b.Role.Set}, {"scope", b.Scope.Set}, {"disabled", b.Disabled.Set},
		{"password", b.Password.Set}, {"secondFactor", b.SecondFactor.Set},
	} {
		if f.set {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}

// removal is a field of a merge patch that can only be null.
type removal struct{ patch[struct{}] }

// Schema implements huma.SchemaProvider.
func (removal) Schema(huma.Registry) *huma.Schema { return null() }

type updateUserInput struct {
	UserPath
	IfMatch string    `header:"If-Match" doc:"The ETag that the change is based on."`
	Body    UserPatch `contentType:"application/merge-patch+json"`
}

// maxUserEdits bounds how often the edit of a user meets another change of the same
// user, such as a sign-in, which need not concern it.
const maxUserEdits = 5

func (a *API) updateUser(ctx context.Context, in *updateUserInput) (out *userOutput, err error) {
	for range maxUserEdits {
		if out, err = a.updateUserOnce(ctx, in); !errors.Is(err, users.ErrConflict) {
			return out, err
		}
	}
	return nil, err
}

// updateUserOnce changes a user as it is now, or returns users.ErrConflict if it was
// changed at the same moment.
func (a *API) updateUserOnce(ctx context.Context, in *updateUserInput) (*userOutput, error) {
	u, err := a.ownedUser(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if in.IfMatch != "" && !matches(in.IfMatch, userTag(u)) {
		return nil, kindPrecondition.problem("the user has the ETag " + userTag(u) + " by now")
	}
	note(ctx, userTarget(u.Name), in.Body.fields())
	edit, err := a.userEdit(ctx, u, &in.Body)
	if err != nil {
		return nil, err
	}
	known := false
	if edit.Scope != nil {
		if known, err = a.hasGroup(ctx, edit.Scope.Group); err != nil {
			return nil, err
		}
	}
	changed, err := a.Directory.EditUser(ctx, u.Name, edit)
	if err != nil {
		return nil, grantProblem(err)
	}
	if known {
		a.keepGroup(ctx, changed.Scope.Group)
	}
	after := auditedUserOf(changed)
	if edit.Password != nil {
		after.Password = masked
	}
	change(ctx, auditedUserOf(u), after)
	return newUserOutput(changed)
}

// userEdit returns the change that the patch asks for, if the one who asks may
// make it. It holds for the user as it was read: what it may be given was checked
// against that.
func (a *API) userEdit(ctx context.Context, u users.User, b *UserPatch) (users.UserEdit, error) {
	e := users.UserEdit{Revision: u.Revision, DisplayName: b.DisplayName.pointer(), Disabled: b.Disabled.pointer(), RemoveSecondFactor: b.SecondFactor.Null}
	if err := checkOwnSecrets(ctx, u, b); err != nil {
		return e, err
	}
	if e.DisplayName != nil {
		if err := checkDisplayName(*e.DisplayName); err != nil {
			return e, err
		}
	}
	if b.Password.Set {
		if b.Password.Null {
			return e, invalid("body.password", passwordRule)
		}
		e.Password = &b.Password.Value
	}
	if !b.Role.Set && !b.Scope.Set {
		return e, nil
	}
	role, group := u.Role, u.Scope.Group
	if b.Role.Set {
		role, e.Role = b.Role.Value, &b.Role.Value
	}
	if b.Scope.Set {
		group = b.Scope.Value
	}
	s, err := a.grant(ctx, role, group)
	if b.Scope.Set {
		e.Scope = &s
	}
	return e, err
}

// checkOwnSecrets refuses to change one's own password, or remove one's own second
// factor, without the password: who finds a browser that is signed in must not
// keep the user out.
func checkOwnSecrets(ctx context.Context, u users.User, b *UserPatch) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	if p.User == u.Name && (b.Password.Set || b.SecondFactor.Set) {
		return kindForbidden.problem("one's own password and second factor are changed under " + prefix + "/me, with the password")
	}
	return nil
}
