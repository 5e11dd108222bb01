package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

// exchange is one request with its answer: what the layers between the router
// and the handlers tell one another of it. It is used by one goroutine.
type exchange struct {
	id         string
	address    string
	operation  string
	controller *http.ResponseController
	// overTLS says that the client's connection is encrypted, up to a trusted
	// proxy at least; host is the one that it asked.
	overTLS         bool
	host, userAgent string

	// prove proves anew who asks, by what the request came with; nil for public
	// operations.
	prove func(ctx context.Context) (users.Principal, error)

	// What follows is for the audit log. audited says that there is to be an entry;
	// actor is who asks; action is the operation's name unless it says otherwise,
	// and outcome the answer's status.
	audited        bool
	actor, action  string
	target, detail string
	outcome        int
	changed        bool
	before, after  any
	limitedFor     time.Duration
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeOf returns the exchange of the context; an empty one outside of a
// request, so that nobody has to ask whether there is one.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

func newRequestID() string { return strings.ToLower(rand.Text()) }

func requestID(ctx context.Context) string { return exchangeOf(ctx).id }

func operationID(ctx context.Context) string { return exchangeOf(ctx).operation }

// instance names this answer in a problem.
func instance(ctx context.Context) string { return "urn:dialtone:request:" + requestID(ctx) }

// maxAuditText bounds the target and the detail of an audit entry in bytes.
const maxAuditText = 256

// note says for the audit log what a request acts on, and what about it matters.
// Neither may hold a secret.
func note(ctx context.Context, target, detail string) {
	x := exchangeOf(ctx)
	x.target, x.detail = target, detail
}

// change says for the audit log what was before and what is after: structs that
// encode as JSON objects, or nil for what was not or is no longer. It is called
// once the change is made. The log keeps the fields that differ.
func change(ctx context.Context, before, after any) {
	x := exchangeOf(ctx)
	x.changed, x.before, x.after = true, before, after
}

// clearReadDeadline undoes the deadline under which the body was read. Left
// standing, it would end the request's context while the handler still works:
// net/http goes on reading to notice that the client left.
func (x *exchange) clearReadDeadline() {
	if x.controller != nil {
		_ = x.controller.SetReadDeadline(time.Time{}) // Not every ResponseWriter has deadlines, as in tests.
	}
}

// extendWriteDeadline lets the answer take so long from now. It is a deadline of
// the socket, so it goes by the machine's clock.
func (x *exchange) extendWriteDeadline(d time.Duration) {
	if x.controller != nil {
		_ = x.controller.SetWriteDeadline(time.Now().Add(d))
	}
}

// extendReadDeadline lets the next bytes of the body take so long from now.
func (x *exchange) extendReadDeadline(d time.Duration) {
	if x.controller != nil {
		_ = x.controller.SetReadDeadline(time.Now().Add(d))
	}
}
