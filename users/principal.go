package users

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
)

// Principal is who a request comes from, once that is proven. Two are equal (==)
// if they may do the same in the same name.
type Principal struct {
	// Actor is "user:NAME" or "token:ID NAME", as the audit log writes it.
	Actor string
	// User is the name of the user, empty for a token.
	User string
	// BrowserSession is the ID of the browser session, empty for a token.
	BrowserSession string
	Role           Role
	// Permissions are those of the role at this moment.
	Permissions Permissions
	// Scope limits what the principal sees and does to a subtree of the groups.
	Scope device.Scope
	// MustChangePassword says that the principal may do nothing but change the
	// password and sign out.
	MustChangePassword bool
}

// Allows reports whether the principal has the permission.
func (p Principal) Allows(permission Permission) bool { return p.Permissions.Has(permission) }

type principalKey struct{}

// WithPrincipal returns a context that carries the principal.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// PrincipalFrom returns the principal that the context carries; ok is false if
// it carries none.
func PrincipalFrom(ctx context.Context) (p Principal, ok bool) {
	p, ok = ctx.Value(principalKey{}).(Principal)
	return p, ok
}
