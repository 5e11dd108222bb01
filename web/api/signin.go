package api

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/users"
)

const signInTag = "Signing in"

func (a *API) registerSignIn() {
	register(a, operation{
		id: "getSignInMethods", method: http.MethodGet, path: "/signIn", tag: signInTag, summary: "Get how one can sign in",
	}, a.signInMethods)
	register(a, operation{
		id: "signIn", method: http.MethodPost, path: "/signIn", tag: signInTag, summary: "Sign in with a password",
		description: "Begins a browser session, which the cookie of the answer stands for. 401 second-factor-required asks for code as well; " +
			"429 says how long to wait after too many failures. For pages of other origins it is refused.",
		problems: []problemKind{kindSecondFactor, kindTooLarge, kindMediaType},
	}, a.signIn)
	register(a, operation{
		id: "signOut", method: http.MethodPost, path: "/signOut", tag: signInTag, summary: "End the browser session",
		description: "And remove its cookie. A token, which has no session, stays as it is.",
		status:      http.StatusNoContent,
	}, a.signOut)
}

// SignInMethods says how one can sign in.
type SignInMethods struct {
	Password    bool          `json:"password" doc:"With POST /api/v1/signIn."`
	OpenID      *OpenIDMethod `json:"openId" doc:"With GET /api/v1/signIn/openId; null if no provider is configured."`
	MinPassword int           `json:"minPassword" doc:"How many characters a new password must have."`
}

// OpenIDMethod is the OpenID provider.
type OpenIDMethod struct {
	Name string `json:"name" doc:"What people call it."`
}

// TransformSchema implements huma.SchemaTransformer.
func (SignInMethods) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["openId"] = orNull(s.Properties["openId"])
	return s
}

type signInMethodsOutput struct {
	Body SignInMethods
}

func (a *API) signInMethods(context.Context, *noInput) (*signInMethodsOutput, error) {
	methods := SignInMethods{Password: true, MinPassword: users.MinPassword}
	if a.SignOn != nil {
		methods.OpenID = &OpenIDMethod{Name: a.SignOn.Name()}
	}
	return &signInMethodsOutput{Body: methods}, nil
}

// SignIn is the body that signs somebody in.
type SignIn struct {
	Name     string `json:"name" maxLength:"64"`
	Password string `json:"password" maxLength:"1024" writeOnly:"true"`
	Code     string `json:"code,omitempty" maxLength:"64" writeOnly:"true" doc:"Of the second factor, or a recovery code, once it is asked for."`
}

type signInInput struct {
	Body SignIn
}

type signedInOutput struct {
	SetCookie []string `header:"Set-Cookie" doc:"The cookie of the browser session."`
	Body      Me
}

func (a *API) signIn(ctx context.Context, in *signInInput) (*signedInOutput, error) {
	x := exchangeOf(ctx)
	x.audited = true
	note(ctx, userTarget(in.Body.Name), "password")
	signedIn, err := a.Directory.SignIn(ctx, users.SignIn{
		Name: in.Body.Name, Password: in.Body.Password, Code: in.Body.Code, Address: x.address, UserAgent: x.userAgent,
	})
	if err != nil {
		return nil, a.notSignedIn(x, err)
	}
	x.actor = signedIn.Principal.Actor
	shown, err := a.showMe(ctx, signedIn.Principal)
	if err != nil {
		return nil, err
	}
	return &signedInOutput{SetCookie: []string{sessionCookieOf(x, signedIn)}, Body: shown}, nil
}

// notSignedIn returns the problem of an attempt that failed, and sees to what the
// audit log has to know of it.
func (a *API) notSignedIn(x *exchange, err error) error {
	var attempts *users.AttemptsError
	switch {
	case errors.As(err, &attempts):
		x.limitedFor = attempts.RetryAfter
		x.detail += ", too many attempts"
	case errors.Is(err, users.ErrSecondFactor):
		x.detail += ", code of the second factor missing or wrong"
		return kindSecondFactor.problem("give the code of the second factor, or a recovery code").with("WWW-Authenticate", challenge)
	case errors.Is(err, users.ErrUnauthenticated):
		return unauthenticated("", "the name or the password is not right")
	}
	return err
}

func sessionCookieOf(x *exchange, s users.SignedIn) string {
	return newCookie(sessionCookie, s.Cookie, 0, x.overTLS)
}

var userNamePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{0,63}$`)

// userTarget names a user for the audit log. What cannot be the name of a user is
// left out: it may be a password in the wrong field.
func userTarget(name string) string {
	if !userNamePattern.MatchString(name) {
		return "user/?"
	}
	return "user/" + name
}

type signedOutOutput struct {
	SetCookie []string `header:"Set-Cookie" doc:"Removes the cookie of the browser session."`
}

func (a *API) signOut(ctx context.Context, _ *noInput) (*signedOutOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	if p.BrowserSession != "" {
		note(ctx, "session/"+p.BrowserSession, "")
		err := a.Directory.EndSession(ctx, p.User, p.BrowserSession, "")
		if err != nil && !errors.Is(err, users.ErrNotFound) {
			return nil, err
		}
	}
	return &signedOutOutput{SetCookie: clearedCookies(sessionCookie)}, nil
}
