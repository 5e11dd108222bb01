package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

const (
	// signOnPath is where one signs in with OpenID; the provider sends the browser
	// back to callbackPath.
	signOnPath   = "/signIn/openId"
	callbackPath = signOnPath + "/callback"
	// signInPage is the console's page for signing in.
	signInPage = "/sign-in"
	// pendingAge is how long the browser keeps what a sign-in needs to come back.
	pendingAge = 10 * time.Minute
	// signOnTime bounds what is asked of the provider.
	signOnTime = 20 * time.Second
)

func (a *API) registerSignOn() {
	register(a, operation{
		id: "beginOpenId", method: http.MethodGet, path: signOnPath, tag: signInTag, summary: "Sign in with the OpenID provider",
		description: "For a browser, which is sent to the provider, and comes back to returnTo in the end. If anything goes wrong it is sent to " +
			signInPage + "?error=CODE, with returnTo if it is not /. Of one address 100 of these calls and of its callback are answered in a minute.",
		status: http.StatusSeeOther, problems: []problemKind{kindNotFound},
	}, a.beginSignOn)
	register(a, operation{
		id: "finishOpenId", method: http.MethodGet, path: callbackPath, tag: signInTag, summary: "Come back from the OpenID provider",
		description: "For a browser that the provider sends. It begins a browser session as POST /api/v1/signIn does.",
		status:      http.StatusSeeOther, problems: []problemKind{kindNotFound}, anyQuery: true,
	}, a.finishSignOn)
}

type beginSignOnInput struct {
	ReturnTo string `query:"returnTo" maxLength:"1024" doc:"A path of this server, with its query, to come back to; absent for /."`
}

// redirectOutput sends the browser elsewhere.
type redirectOutput struct {
	Location  string   `header:"Location"`
	SetCookie []string `header:"Set-Cookie"`
}

func (a *API) beginSignOn(ctx context.Context, in *beginSignOnInput) (*redirectOutput, error) {
	if a.SignOn == nil {
		return nil, kindNotFound.problem("no OpenID provider is configured")
	}
	if in.ReturnTo != "" && !isOwnPath(in.ReturnTo) {
		return nil, invalid("query.returnTo", "must be a path of this server, such as /devices?filter=online")
	}
	if err := a.mayAsk(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, signOnTime)
	defer cancel()
	x := exchangeOf(ctx)
	to, pending, err := a.SignOn.Begin(ctx, a.callbackURL(x), in.ReturnTo)
	if err != nil {
		return a.notSignedOn(ctx, err, in.ReturnTo), nil
	}
	return &redirectOutput{Location: to, SetCookie: []string{newCookie(pendingCookie, pending, pendingAge, x.overTLS)}}, nil
}

// mayAsk returns the problem of a stranger who calls too often: each of these calls
// may have the server ask the provider.
func (a *API) mayAsk(ctx context.Context) error {
	wait := a.strangers.ask(a.Now(), exchangeOf(ctx).address)
	if wait <= 0 {
		return nil
	}
	return kindLimit.problem("too many sign-ins from this address: wait before the next").with("Retry-After", fmt.Sprint(secondsUp(wait)))
}

func (a *API) callbackURL(x *exchange) string { return a.webURL(x) + prefix + callbackPath }

// isOwnPath reports whether a browser that is sent to the text stays on this
// server: it begins with one slash, and neither a second nor what browsers take
// for one follows.
func isOwnPath(text string) bool {
	u, err := url.Parse(text)
	plain := !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' })
	return err == nil && plain && strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && u.Host == "" && u.Scheme == ""
}

// finishSignOnInput takes every parameter as the provider sends it.
type finishSignOnInput struct {
	Code  string `query:"code" doc:"What the provider gives out for the user. Other parameters of the provider may come as well."`
	State string `query:"state" doc:"What beginOpenId gave the provider."`
	Error string `query:"error" doc:"Why the provider did not prove the user."`

	query   url.Values
	pending string
}

// Resolve implements huma.Resolver.
func (in *finishSignOnInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.query = u.Query()
	name := cookieName(pendingCookie, exchangeOf(ctx.Context()).overTLS)
	if c, err := huma.ReadCookie(ctx, name); err == nil {
		in.pending = c.Value
	}
	return nil
}

func (a *API) finishSignOn(ctx context.Context, in *finishSignOnInput) (*redirectOutput, error) {
	if a.SignOn == nil {
		return nil, kindNotFound.problem("no OpenID provider is configured")
	}
	if err := a.mayAsk(ctx); err != nil {
		return nil, err
	}
	if in.pending == "" {
		// Nobody tried to sign in with this browser, or too long ago: nothing is
		// proven or refused, and nothing is left in the audit log.
		return a.notSignedOn(ctx, codeError("expired"), ""), nil
	}
	ctx, cancel := context.WithTimeout(ctx, signOnTime)
	defer cancel()
	x := exchangeOf(ctx)
	x.audited, x.action = true, "signIn"
	note(ctx, "user/?", "openid")
	signedIn, returnTo, err := a.signOn(ctx, x, in)
	if err != nil {
		x.outcome = http.StatusUnauthorized
		x.detail += ", " + signOnCode(err)
		return a.notSignedOn(ctx, err, returnTo), nil
	}
	x.outcome, x.actor = http.StatusOK, signedIn.Principal.Actor
	// The provider may call them otherwise by now, perhaps like somebody else.
	x.target = userTarget(signedIn.Principal.User)
	if !isOwnPath(returnTo) {
		returnTo = "/"
	}
	return &redirectOutput{Location: returnTo, SetCookie: append(clearedCookies(pendingCookie), sessionCookieOf(x, signedIn))}, nil
}

// signOn proves who comes back, and signs them in. It returns where they wanted to
// return to also if it cannot, as far as that is known.
func (a *API) signOn(ctx context.Context, x *exchange, in *finishSignOnInput) (users.SignedIn, string, error) {
	e, returnTo, err := a.SignOn.Finish(ctx, a.callbackURL(x), in.pending, in.query)
	if err != nil {
		return users.SignedIn{}, returnTo, err
	}
	note(ctx, userTarget(e.Name), "openid")
	e.Address, e.UserAgent = x.address, x.userAgent
	signedIn, err := a.Directory.SignInExternal(ctx, e)
	return signedIn, returnTo, err
}

// notSignedOn sends the browser back to where it can try again, with where it wanted
// to return to.
func (a *API) notSignedOn(ctx context.Context, err error, returnTo string) *redirectOutput {
	code := signOnCode(err)
	// The provider's words may be anything: they go to the log, not to the browser.
	a.Logger.WarnContext(ctx, "cannot sign in with OpenID", slog.String(logkeys.Request, requestID(ctx)), slog.String(logkeys.Reason, code), slog.Any(logkeys.Error, err))
	page := signInPage + "?error=" + code
	if returnTo != "/" && isOwnPath(returnTo) {
		page += "&returnTo=" + url.QueryEscape(returnTo)
	}
	return &redirectOutput{Location: page, SetCookie: clearedCookies(pendingCookie)}
}

// codeError is an error that is but its code.
type codeError string

func (e codeError) Error() string { return "sign-in with OpenID: " + string(e) }

// Code returns what the one who signs in is told.
func (e codeError) Code() string { return string(e) }

var codePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]{0,39}$`)

// signOnCode says in one word why somebody could not sign in.
func signOnCode(err error) string {
	var coded interface{ Code() string }
	if errors.As(err, &coded) && codePattern.MatchString(coded.Code()) {
		return coded.Code()
	}
	for _, known := range []struct {
		err  error
		code string
	}{
		{users.ErrUnauthenticated, "disabled"}, {users.ErrExists, "name-taken"}, {users.ErrName, "name"}, {users.ErrRole, "role"},
		{users.ErrScope, "scope"}, {users.ErrLimit, "limit"}, {context.DeadlineExceeded, "timeout"},
	} {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	return "failed"
}
