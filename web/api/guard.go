package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

// guard stands before every operation: it proves who asks, checks that they
// may, and sees to the audit entry of what writes.
func (a *API) guard(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	x := exchangeOf(ctx.Context())
	x.operation = op.OperationID
	principal, err := a.authenticate(ctx)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	if op.Method != http.MethodGet {
		x.target = strings.TrimPrefix(ctx.URL().Path, prefix+"/")
		defer a.audit(ctx, principal)
	}
	permission, ok := permissions()[op.OperationID]
	if !ok || !principal.Role.Allows(permission) {
		a.refuse(ctx, kindForbidden.problem("the role "+string(principal.Role)+" does not have the permission "+string(permission)))
		return
	}
	next(huma.WithContext(ctx, users.WithPrincipal(ctx.Context(), principal)))
}

func (a *API) authenticate(ctx huma.Context) (users.Principal, error) {
	bearer, ok := bearerToken(ctx.Header("Authorization"))
	if !ok {
		return users.Principal{}, unauthenticated("", "give a token: Authorization: Bearer TOKEN")
	}
	p, err := a.Directory.Authenticate(ctx.Context(), bearer)
	if err != nil {
		if asProblem(err) != nil && asProblem(err).Status == http.StatusUnauthorized {
			return users.Principal{}, unauthenticated(`, error="invalid_token"`, "the token is unknown, expired or deleted")
		}
		return users.Principal{}, err
	}
	return p, nil
}

// unauthenticated returns a 401 with its challenge (RFC 6750 section 3).
func unauthenticated(parameters, detail string) *Problem {
	return kindUnauthenticated.problem(detail).with("WWW-Authenticate", `Bearer realm="dialtone"`+parameters)
}

func bearerToken(header string) (string, bool) {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	token = strings.TrimSpace(token)
	return token, token != ""
}

// refuse answers with a problem instead of running the operation.
func (a *API) refuse(ctx huma.Context, err error) {
	c := humaecho.Unwrap(ctx)
	if err := writeProblem(c, a.problem(ctx.Context(), err)); err != nil {
		a.Logger.DebugContext(ctx.Context(), "cannot write answer", slog.String(logkeys.Request, requestID(ctx.Context())), slog.Any(logkeys.Error, err))
	}
}

// auditTimeout bounds the time that an answer waits for its audit entry.
const auditTimeout = 5 * time.Second

// audit stores the entry of an operation that ran, also if it panicked or the
// client has left. It is called by defer.
func (a *API) audit(ctx huma.Context, p users.Principal) {
	failure := recover()
	outcome := humaecho.Unwrap(ctx).Response().Status
	if failure != nil {
		outcome = http.StatusInternalServerError
	}
	x := exchangeOf(ctx.Context())
	at := a.moment()
	entry := users.AuditEntry{
		ID: users.NewAuditID(at), At: at, Actor: p.Actor, Address: x.address, Action: x.operation,
		Target: bounded(x.target), Outcome: outcome, Detail: bounded(x.detail),
	}
	store, cancel := context.WithTimeout(context.WithoutCancel(ctx.Context()), auditTimeout)
	defer cancel()
	if err := a.Audit.AppendAudit(store, entry); err != nil {
		a.metrics.auditFailures.Inc()
		a.Logger.ErrorContext(store, "cannot store audit entry", slog.String(logkeys.Request, x.id), slog.String(logkeys.User, p.Actor),
			slog.String(logkeys.Operation, x.operation), slog.String(logkeys.Name, entry.Target), slog.Int(logkeys.Status, outcome), slog.Any(logkeys.Error, err))
	}
	if failure != nil {
		panic(failure)
	}
}

// bounded returns text cut to maxAuditText bytes with a mark where it was cut.
func bounded(text string) string {
	if len(text) <= maxAuditText {
		return text
	}
	const mark = "…"
	return strings.ToValidUTF8(text[:maxAuditText-len(mark)], "") + mark
}

// moment returns the time as it is stored.
func (a *API) moment() time.Time { return a.Now().UTC().Truncate(time.Millisecond) }
