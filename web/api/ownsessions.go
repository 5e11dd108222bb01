package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerOwnSessions() {
	register(a, operation{
		id: "listOwnSessions", method: http.MethodGet, path: "/me/sessions", tag: signInTag, summary: "List one's own browser sessions, the newest first",
		description: "Users only.",
	}, a.listOwnSessions)
	register(a, operation{
		id: "deleteOwnSession", method: http.MethodDelete, path: "/me/sessions/{id}", tag: signInTag, summary: "End one of one's own browser sessions",
		description: "Users only.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteOwnSession)
	register(a, operation{
		id: "endOtherSessions", method: http.MethodPost, path: "/me/sessions/endOthers", tag: signInTag, summary: "End all of one's own browser sessions but this one",
		description: "Users only.",
		status:      http.StatusNoContent,
	}, a.endOtherSessions)
}

// BrowserSession is a user who is signed in with a browser.
type BrowserSession struct {
	ID        string    `json:"id"`
	Method    string    `json:"method" doc:"How they signed in: password or openid."`
	CreatedAt time.Time `json:"createdAt"`
	LastUsed  time.Time `json:"lastUsed" doc:"Accurate to a minute."`
	Expires   time.Time `json:"expires" doc:"When it ends, however busy."`
	Address   string    `json:"address" doc:"That of the sign-in."`
	UserAgent string    `json:"userAgent" doc:"That of the sign-in."`
	Current   bool      `json:"current" doc:"It is the one that asks."`
}

// BrowserSessions are those of one user; there are few.
type BrowserSessions struct {
	Items []BrowserSession `json:"items" nullable:"false"`
}

type browserSessionsOutput struct {
	Body BrowserSessions
}

// showSessions returns the browser sessions of a user, as the principal sees them.
func (a *API) showSessions(ctx context.Context, p users.Principal, name string) (*browserSessionsOutput, error) {
	all, err := a.Directory.SessionsOf(ctx, name)
	if err != nil {
		return nil, err
	}
	shown := BrowserSessions{Items: make([]BrowserSession, 0, len(all))}
	for _, b := range all {
		shown.Items = append(shown.Items, BrowserSession{
			ID: b.ID, Method: b.Method, CreatedAt: b.CreatedAt.UTC(), LastUsed: b.LastUsed.UTC(), Expires: b.Expires.UTC(),
			Address: b.Address, UserAgent: b.UserAgent, Current: b.ID == p.BrowserSession,
		})
	}
	return &browserSessionsOutput{Body: shown}, nil
}

func (a *API) listOwnSessions(ctx context.Context, _ *noInput) (*browserSessionsOutput, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return a.showSessions(ctx, p, p.User)
}

type browserSessionInput struct {
	ID string `path:"id" maxLength:"64" doc:"The id of the browser session."`
}

func (a *API) deleteOwnSession(ctx context.Context, in *browserSessionInput) (*nothing, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, users.ErrNotFound // To the directory it would mean all of them.
	}
	note(ctx, "session/"+in.ID, "")
	return nil, a.Directory.EndSession(ctx, p.User, in.ID, "")
}

func (a *API) endOtherSessions(ctx context.Context, _ *noInput) (*nothing, error) {
	p, err := person(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, userTarget(p.User), "other sessions")
	return nil, a.Directory.EndSession(ctx, p.User, "", p.BrowserSession)
}
