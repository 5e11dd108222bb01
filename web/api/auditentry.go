package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/users"
)

// anonymous is the actor of who is not known.
const anonymous = "anonymous"

// auditTimeout bounds the time that an answer waits for its audit entry.
const auditTimeout = 5 * time.Second

// audit stores the entry of an operation that ran, also if it panicked or the
// client has left. It is called by defer.
func (a *API) audit(ctx huma.Context) {
	failure := recover()
	x := exchangeOf(ctx.Context())
	if failure != nil {
		x.outcome = http.StatusInternalServerError
	}
	if x.outcome == 0 {
		x.outcome = humaecho.Unwrap(ctx).Response().Status
	}
	if x.audited && a.mayLeave(x) {
		_ = a.append(ctx.Context(), x) // It is logged, and too late to be told.
	}
	if failure != nil {
		panic(failure)
	}
}

// mayLeave reports whether there may be another entry: what strangers fail to do,
// and what callers are forbidden, is bounded; what is done never is.
func (a *API) mayLeave(x *exchange) bool {
	var ok bool
	var leftOut int
	switch {
	case x.actor == anonymous:
		ok, leftOut = a.strangers.admit(a.Now(), x.address, x.limitedFor)
	case x.outcome == http.StatusForbidden:
		ok, leftOut = a.refusals.admit(a.Now(), x.actor)
	default:
		return true
	}
	if ok && leftOut > 0 {
		x.detail = strings.TrimPrefix(fmt.Sprintf("%s; %d like it before were left out", x.detail, leftOut), "; ")
	}
	return ok
}

// attest stores the entry of an operation before it answers, for answers that must
// not be given without one: what was told cannot be taken back. It returns the
// problem to answer with instead.
func (a *API) attest(ctx context.Context) error {
	x := exchangeOf(ctx)
	x.outcome = http.StatusOK
	if err := a.append(ctx, x); err != nil {
		x.outcome = 0
		return kindUnavailable.problem("it cannot be written to the audit log, and is not told without")
	}
	x.audited = false
	return nil
}

// append stores the entry of an operation, or logs why it could not.
func (a *API) append(ctx context.Context, x *exchange) error {
	store, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	entry := x.entry(a.moment())
	if x.changed {
		var err error
		if entry.Before, entry.After, err = users.Difference(x.before, x.after); err != nil {
			// What was done is told all the same.
			a.Logger.ErrorContext(store, "cannot compare for the audit log", slog.String(logkeys.Request, x.id), slog.Any(logkeys.Error, err))
		}
	}
	err := a.Audit.Append(store, entry)
	if err != nil {
		a.metrics.auditFailures.Inc()
		a.Logger.ErrorContext(store, "cannot store audit entry", slog.String(logkeys.Request, x.id), slog.String(logkeys.User, x.actor),
			slog.String(logkeys.Operation, entry.Action), slog.String(logkeys.Name, entry.Target), slog.Int(logkeys.Status, x.outcome), slog.Any(logkeys.Error, err))
	}
	return err
}

// entry returns what the exchange leaves in the audit log, but for what changed.
func (x *exchange) entry(at time.Time) users.AuditEntry {
	action := x.operation
	if x.action != "" {
		action = x.action
	}
	return users.AuditEntry{
		At: at, Actor: x.actor, Address: x.address, Action: action, Target: bounded(x.target), Outcome: x.outcome, Detail: bounded(x.detail),
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
