package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

const auditTag = "Audit"

func (a *API) registerAudit() {
	register(a, operation{
		id: "listAuditEntries", method: http.MethodGet, path: "/audit", tag: auditTag, summary: "List who did what, the newest first",
		description: "Every call that writes leaves an entry, whatever came of it, and so does every attempt to sign in. Not for those who are limited to a group.",
	}, a.listAudit)
	a.registerAuditExport()
	register(a, operation{
		id: "verifyAudit", method: http.MethodGet, path: "/audit/verification", tag: auditTag, summary: "Check that the audit log was not changed",
		description: "Reads all of it, which may take minutes; one check goes on at a time. The entries form a hash chain: who keeps hash elsewhere can " +
			"tell later that none before it was changed. Not for those who are limited to a group.",
	}, a.verifyAudit)
}

// AuditEntry is an entry of the audit log as answers show it.
type AuditEntry struct {
	ID       string    `json:"id" doc:"The sequence as text."`
	Sequence int64     `json:"sequence" doc:"Without a gap from 1; up to 0 for entries from before there was a chain."`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor" doc:"user:NAME, token:ID NAME, anonymous, command line, or system."`
	Address  string    `json:"address" doc:"Where the request came from."`
	Action   string    `json:"action" doc:"The operation's name in this description; signIn also with OpenID."`
	Target   string    `json:"target" doc:"What was changed, such as device/ID."`
	Outcome  int       `json:"outcome" doc:"The HTTP status that the actor got."`
	Detail   string    `json:"detail"`
	Before   Object    `json:"before,omitempty" doc:"The fields that were changed as they were; absent if there were none. Secrets are masked."`
	After    Object    `json:"after,omitempty" doc:"The fields that were changed as they are then; absent if there are none. Secrets are masked."`
	Previous string    `json:"previous" doc:"The hash of the entry before; empty for the first."`
	Hash     string    `json:"hash" doc:"SHA-256 over this entry and previous, in lower-case hex; empty before there was a chain."`
}

// showAuditEntry returns the entry as answers show it.
func showAuditEntry(e users.AuditEntry) (AuditEntry, error) {
	return AuditEntry{
		ID: strconv.FormatInt(e.Sequence, 10), Sequence: e.Sequence, At: e.At.UTC(), Actor: e.Actor, Address: e.Address, Action: e.Action,
		Target: e.Target, Outcome: e.Outcome, Detail: e.Detail, Before: Object(e.Before), After: Object(e.After), Previous: e.Previous, Hash: e.Hash,
	}, nil
}

type auditToken struct {
	After *int64 `json:"a"`
}

type auditInput struct {
	Filtering
}

func (a *API) listAudit(ctx context.Context, in *auditInput) (*pageOutput[AuditEntry], error) {
	if err := wholeFleet(ctx, "audit entries"); err != nil {
		return nil, err
	}
	filter, err := parseFilter(users.AuditSchema(), in.Filter, a.Now())
	if err != nil {
		return nil, err
	}
	var at auditToken
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	entries, err := a.Audit.List(ctx, users.AuditList{Filter: filter, After: at.After, Limit: in.PageSize + 1})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(entries) > in.PageSize {
		entries = entries[:in.PageSize]
		if next, err = encodeToken(auditToken{After: &entries[len(entries)-1].Sequence}); err != nil {
			return nil, err
		}
	}
	return newPage(entries, next, nil, showAuditEntry)
}

// AuditVerification says whether the audit log is whole.
type AuditVerification struct {
	OK        bool   `json:"ok" doc:"Every entry fits."`
	First     int64  `json:"first" doc:"The sequence of the oldest entry of the chain; 0 if there is none."`
	Last      int64  `json:"last" doc:"The sequence of the newest entry; 0 if there is none."`
	Hash      string `json:"hash" doc:"The hash of the newest entry."`
	Checked   int64  `json:"checked" doc:"How many entries were checked."`
	Unchained int64  `json:"unchained" doc:"How many entries are from before there was a chain: nothing proves them."`
	BrokenAt  int64  `json:"brokenAt,omitempty" doc:"The sequence of the first entry that does not fit."`
	Problem   string `json:"problem,omitempty" doc:"What does not fit."`
}

type verificationOutput struct {
	Body AuditVerification
}

// verifyTime bounds a check of the audit log.
const verifyTime = 10 * time.Minute

func (a *API) verifyAudit(ctx context.Context, _ *noInput) (*verificationOutput, error) {
	if err := wholeFleet(ctx, "audit entries"); err != nil {
		return nil, err
	}
	select {
	case a.verifying <- struct{}{}:
		defer func() { <-a.verifying }()
	default:
		return nil, kindLimit.problem("the audit log is being checked already")
	}
	exchangeOf(ctx).extendWriteDeadline(verifyTime + answerTime)
	ctx, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	c, err := a.Audit.Verify(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, kindUnavailable.problem("the audit log is too long to be checked in ten minutes")
	}
	if err != nil {
		return nil, err
	}
	return &verificationOutput{Body: AuditVerification{
		OK: c.BrokenAt == 0 && c.Problem == "", First: c.First, Last: c.Last, Hash: c.Hash, Checked: c.Checked, Unchained: c.Unchained,
		BrokenAt: c.BrokenAt, Problem: c.Problem,
	}}, nil
}
