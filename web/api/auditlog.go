package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerAudit() {
	register(a, operation{
		id: "listAuditEntries", method: http.MethodGet, path: "/audit", tag: tokensTag, summary: "List who changed what, the newest first",
		description: "Every call that writes leaves an entry, whatever came of it. Not for tokens that are limited to a group.",
	}, a.listAudit)
}

// AuditEntry is an entry of the audit log as answers show it.
type AuditEntry struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor" doc:"user:NAME, token:ID NAME, or system."`
	Address string    `json:"address" doc:"Where the request came from."`
	Action  string    `json:"action" doc:"The operation's name in this description."`
	Target  string    `json:"target" doc:"What was changed, such as device/ID."`
	Outcome int       `json:"outcome" doc:"The HTTP status that the actor got."`
	Detail  string    `json:"detail"`
}

type auditToken struct {
	Before string `json:"b"`
}

type auditInput struct {
	Paging
}

func (a *API) listAudit(ctx context.Context, in *auditInput) (*pageOutput[AuditEntry], error) {
	if err := wholeFleet(ctx, "audit entries"); err != nil {
		return nil, err
	}
	var at auditToken
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	entries, err := a.Audit.Audit(ctx, at.Before, in.PageSize+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(entries) > in.PageSize {
		entries = entries[:in.PageSize]
		if next, err = encodeToken(auditToken{Before: entries[len(entries)-1].ID}); err != nil {
			return nil, err
		}
	}
	return newPage(entries, next, nil, func(e users.AuditEntry) (AuditEntry, error) {
		return AuditEntry{ID: e.ID, At: e.At.UTC(), Actor: e.Actor, Address: e.Address, Action: e.Action, Target: e.Target, Outcome: e.Outcome, Detail: e.Detail}, nil
	})
}
