package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// sentinel is one line of the table from the errors of the domain to problems.
type sentinel struct {
	err    error
	kind   problemKind
	detail string
}

// sentinels returns that table. The text of an error itself is never shown: it
// may say more than the one who asked should know.
func sentinels() []sentinel {
	return []sentinel{
		{device.ErrNotFound, kindNotFound, "there is no such device"},
		{device.ErrDuplicate, kindDuplicate, "the identity or user name belongs to another device"},
		{device.ErrConflict, kindConflict, "the device was changed at the same moment: read it and try again"},
		{device.ErrLimit, kindLimit, "no further device may be stored"},
		{device.ErrInvalid, kindInvalid, ""},
		{tasks.ErrNotFound, kindNotFound, "there is no such task"},
		{tasks.ErrConflict, kindConflict, "the task was changed at the same moment: read it and try again"},
		{tasks.ErrDuplicate, kindDuplicate, "an open task of the device has this uniqueKey"},
		{tasks.ErrLimit, kindLimit, "the device has as many open tasks as it may"},
		{tasks.ErrState, kindState, "the task is in no state for this"},
		{tasks.ErrInvalid, kindInvalid, ""},
		{files.ErrNotFound, kindNotFound, "there is no such file"},
		{files.ErrExists, kindDuplicate, "a file of that name exists"},
		{files.ErrTooLarge, kindTooLarge, "the file is larger than the server takes"},
		{files.ErrName, kindInvalid, ""},
		{files.ErrInvalid, kindInvalid, ""},
		{provisioners.ErrNotFound, kindNotFound, "there are no such settings"},
		{provisioners.ErrConflict, kindConflict, "the settings were changed at the same moment: read them and try again"},
		{shelf.ErrNotFound, kindNotFound, "there is no such vendor pack, or no such version of it"},
		{shelf.ErrInUse, kindState, "the version is in force: activate another first"},
		{users.ErrUnauthenticated, kindUnauthenticated, ""},
		{users.ErrSecondFactor, kindSecondFactor, "give the code of the second factor, or a recovery code"},
		{users.ErrTooManyAttempts, kindLimit, "too many attempts failed: wait before the next"},
		{users.ErrGrant, kindForbidden, "nobody grants what they do not have"},
		{users.ErrNotFound, kindNotFound, "there is no such user, role, token or session"},
		{users.ErrExists, kindDuplicate, "a user or role of that name exists"},
		{users.ErrConflict, kindConflict, "it was changed at the same moment: read it and try again"},
		{users.ErrLimit, kindLimit, "as many exist as may"},
		{users.ErrInUse, kindState, "users or tokens have the role"},
		{users.ErrLastAdmin, kindState, "one administrator of the whole fleet must remain"},
		{users.ErrName, kindInvalid, ""},
		{users.ErrRole, kindInvalid, "there is no such role"},
		{users.ErrScope, kindInvalid, "the role must be limited to a group"},
		{users.ErrPassword, kindInvalid, passwordRule},
		{users.ErrExpires, kindInvalid, ""},
		{users.ErrPermission, kindInvalid, ""},
		{users.ErrInvalid, kindInvalid, ""},
		{errTooManySubscribers, kindLimit, "as many readers of events are connected as may"},
		{errTooManyStreams, kindLimit, "the one who asks follows as many streams of events as a caller may: 8"},
		{errHubClosed, kindUnavailable, "the server is shutting down"},
		{context.DeadlineExceeded, kindUnavailable, "the server took too long"},
		{context.Canceled, kindUnavailable, "the request was given up"},
	}
}

// retryAfter is how many seconds a client is told to wait after a problem that
// goes away by itself.
const retryAfter = "5"

// problem returns what the client is told of an error. What is not in the table
// is logged, and told as an internal error without a word about it.
func (a *API) problem(ctx context.Context, err error) *Problem {
	p := asProblem(err)
	if p == nil {
		a.Logger.ErrorContext(ctx, "request failed", slog.String(logkeys.Request, requestID(ctx)), slog.String(logkeys.Operation, operationID(ctx)), slog.Any(logkeys.Error, err))
		p = kindInternal.problem("the server's log says why, under the instance of this problem")
	}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		if p.GetHeaders().Get("Retry-After") == "" {
			p.with("Retry-After", retryAfter)
		}
	}
	p.Instance = instance(ctx)
	return p
}

// asProblem returns the problem that an error of the domain stands for, nil if
// it is none that is to be told.
func asProblem(err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	if p := fieldProblem(err); p != nil {
		return p
	}
	if p := identityProblem(err); p != nil {
		return p
	}
	for _, s := range sentinels() {
		if errors.Is(err, s.err) {
			p := s.kind.problem(s.detail)
			var duplicate *tasks.DuplicateError
			if errors.As(err, &duplicate) {
				p.Existing = string(duplicate.Existing)
			}
			return p
		}
	}
	return nil
}

// fieldProblem returns the problem of an error that names a field of the body.
func fieldProblem(err error) *Problem {
	var argument *tasks.ArgumentError
	if errors.As(err, &argument) {
		return invalid("body."+argument.Field, argument.Message)
	}
	var field *files.FieldError
	if errors.As(err, &field) {
		return invalid("body."+field.Field, field.Message)
	}
	return nil
}

// syntaxProblem returns the problem of a filter or an order at the location.
func syntaxProblem(location string, err error) error {
	var syntax *query.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	p := invalid(location, syntax.Message)
	p.Errors[0].Position = &syntax.Position
	return p
}
