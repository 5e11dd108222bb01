package users

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
)

// Principal is who a request comes from, once that is proven.
type Principal struct {
	// Actor is "user:NAME" or "token:ID NAME", as the audit log writes it.
	Actor string
	Role  Role
	// Scope limits what the principal sees and does to a subtree of the groups.
	Scope device.Scope
}

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
