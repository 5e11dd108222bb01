package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

type faultyUsers struct {
	next users.Store
	plan *plan
}

func (f faultyUsers) PutUser(ctx context.Context, u users.User) error {
	return f.plan.do("Users.PutUser", func() error { return f.next.PutUser(ctx, u) })
}

func (f faultyUsers) User(ctx context.Context, name string) (users.User, error) {
	return planned(f.plan, "Users.User", func() (users.User, error) { return f.next.User(ctx, name) })
}

func (f faultyUsers) UserBySubject(ctx context.Context, subject string) (users.User, error) {
	return planned(f.plan, "Users.UserBySubject", func() (users.User, error) { return f.next.UserBySubject(ctx, subject) })
}

func (f faultyUsers) Users(ctx context.Context) ([]users.User, error) {
	return planned(f.plan, "Users.Users", func() ([]users.User, error) { return f.next.Users(ctx) })
}

func (f faultyUsers) DeleteUser(ctx context.Context, name string) error {
	return f.plan.do("Users.DeleteUser", func() error { return f.next.DeleteUser(ctx, name) })
}

type faultyRoles struct {
	next users.RoleStore
	plan *plan
}

func (f faultyRoles) PutRole(ctx context.Context, r users.RoleDefinition) error {
	return f.plan.do("Roles.PutRole", func() error { return f.next.PutRole(ctx, r) })
}

func (f faultyRoles) Role(ctx context.Context, name users.Role) (users.RoleDefinition, error) {
	return planned(f.plan, "Roles.Role", func() (users.RoleDefinition, error) { return f.next.Role(ctx, name) })
}

func (f faultyRoles) Roles(ctx context.Context) ([]users.RoleDefinition, error) {
	return planned(f.plan, "Roles.Roles", func() ([]users.RoleDefinition, error) { return f.next.Roles(ctx) })
}

func (f faultyRoles) DeleteRole(ctx context.Context, name users.Role) error {
	return f.plan.do("Roles.DeleteRole", func() error { return f.next.DeleteRole(ctx, name) })
}

type faultyTokens struct {
	next users.TokenStore
	plan *plan
}

func (f faultyTokens) PutToken(ctx context.Context, t users.Token) error {
	return f.plan.do("Tokens.PutToken", func() error { return f.next.PutToken(ctx, t) })
}

func (f faultyTokens) TokenByHash(ctx context.Context, hash string) (users.Token, error) {
	return planned(f.plan, "Tokens.TokenByHash", func() (users.Token, error) { return f.next.TokenByHash(ctx, hash) })
}

func (f faultyTokens) Tokens(ctx context.Context) ([]users.Token, error) {
	return planned(f.plan, "Tokens.Tokens", func() ([]users.Token, error) { return f.next.Tokens(ctx) })
}

func (f faultyTokens) TouchToken(ctx context.Context, id string, at time.Time) error {
	return f.plan.do("Tokens.TouchToken", func() error { return f.next.TouchToken(ctx, id, at) })
}

func (f faultyTokens) DeleteToken(ctx context.Context, id string) error {
	return f.plan.do("Tokens.DeleteToken", func() error { return f.next.DeleteToken(ctx, id) })
}

type faultyBrowserSessions struct {
	next users.BrowserSessionStore
	plan *plan
}

func (f faultyBrowserSessions) PutBrowserSession(ctx context.Context, b users.BrowserSession) error {
	return f.plan.do("BrowserSessions.PutBrowserSession", func() error { return f.next.PutBrowserSession(ctx, b) })
}

func (f faultyBrowserSessions) BrowserSessionByHash(ctx context.Context, hash string) (users.BrowserSession, error) {
	return planned(f.plan, "BrowserSessions.BrowserSessionByHash", func() (users.BrowserSession, error) { return f.next.BrowserSessionByHash(ctx, hash) })
}

func (f faultyBrowserSessions) BrowserSessions(ctx context.Context, user string, limit int) ([]users.BrowserSession, error) {
	return planned(f.plan, "BrowserSessions.BrowserSessions", func() ([]users.BrowserSession, error) { return f.next.BrowserSessions(ctx, user, limit) })
}

func (f faultyBrowserSessions) TouchBrowserSession(ctx context.Context, id string, at time.Time) error {
	return f.plan.do("BrowserSessions.TouchBrowserSession", func() error { return f.next.TouchBrowserSession(ctx, id, at) })
}

func (f faultyBrowserSessions) DeleteBrowserSession(ctx context.Context, id string) error {
	return f.plan.do("BrowserSessions.DeleteBrowserSession", func() error { return f.next.DeleteBrowserSession(ctx, id) })
}

func (f faultyBrowserSessions) DeleteBrowserSessions(ctx context.Context, user, keep string) (int, error) {
	return planned(f.plan, "BrowserSessions.DeleteBrowserSessions", func() (int, error) { return f.next.DeleteBrowserSessions(ctx, user, keep) })
}

func (f faultyBrowserSessions) DeleteOldBrowserSessions(ctx context.Context, expired, unused time.Time, limit int) (int, error) {
	return planned(f.plan, "BrowserSessions.DeleteOldBrowserSessions", func() (int, error) {
		return f.next.DeleteOldBrowserSessions(ctx, expired, unused, limit)
	})
}
