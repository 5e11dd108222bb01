package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

// guard stands before every operation, public ones too: it proves who asks,
// checks that they may, and sees to the audit entry of what writes.
func (a *API) guard(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	x := exchangeOf(ctx.Context())
	x.operation = op.OperationID
	x.target = strings.TrimPrefix(ctx.URL().Path, prefix+"/")
	needed, known := permissions()[op.OperationID]
	if !known {
		a.refuse(ctx, kindForbidden.problem("nobody may do this"))
		return
	}
	// Public operations say themselves whether they leave an entry.
	defer a.audit(ctx)
	admitted, err := a.admit(ctx, needed)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	next(huma.WithContext(ctx, admitted))
}

// admit returns the context in which the operation runs, or why it may not.
func (a *API) admit(ctx huma.Context, needed users.Permission) (context.Context, error) {
	request := humaecho.Unwrap(ctx).Request()
	if needed == public {
		return ctx.Context(), a.checkOrigin(request)
	}
	x := exchangeOf(ctx.Context())
	given, err := a.credential(request)
	if err != nil {
		return nil, err
	}
	p, err := given.prove(ctx.Context())
	if err != nil {
		return nil, err
	}
	x.prove, x.actor, x.audited = given.prove, p.Actor, request.Method != http.MethodGet
	if given.cookie {
		// A browser sends the cookie whoever's page asks it to; a token comes only
		// from who knows it.
		if err := a.checkOrigin(request); err != nil {
			return nil, err
		}
	}
	if other := alternatives()[x.operation]; other != "" && p.Allows(other) {
		needed = other
	}
	if err := mayCall(p, needed); err != nil {
		return nil, err
	}
	return users.WithPrincipal(ctx.Context(), p), nil
}

// mayCall returns the problem of a principal who may not call an operation that
// needs the permission.
func mayCall(p users.Principal, needed users.Permission) error {
	switch {
	case needed == signedIn:
		return nil
	case p.MustChangePassword:
		return kindPasswordChange.problem("somebody else chose the password: change it with POST " + prefix + "/me/password")
	case !p.Allows(needed):
		return lacks(p, needed)
	default:
		return nil
	}
}

// needs returns the problem of whoever asks without a permission that only the
// handler knows to be needed.
func needs(ctx context.Context, needed users.Permission) error {
	p, err := principal(ctx)
	if err == nil && !p.Allows(needed) {
		err = lacks(p, needed)
	}
	return err
}

// lacks returns the problem of a principal without a permission.
func lacks(p users.Principal, needed users.Permission) *Problem {
	return kindForbidden.problem("the role " + string(p.Role) + " does not have the permission " + string(needed))
}

// refuse answers with a problem instead of running the operation.
func (a *API) refuse(ctx huma.Context, err error) {
	c := humaecho.Unwrap(ctx)
	if err := writeProblem(c, a.problem(ctx.Context(), err)); err != nil {
		a.Logger.DebugContext(ctx.Context(), "cannot write answer", slog.String(logkeys.Request, requestID(ctx.Context())), slog.Any(logkeys.Error, err))
	}
}
