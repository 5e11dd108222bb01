package main

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

func TestOneLookForgetsMoreThanStrangersCanLeave(t *testing.T) {
	const many = 2*forgetBatch + 1
	newFolder(t).with(t, func(s store.Store) {
		long := clock().Add(-48 * time.Hour)
		audit := users.NewAuditLog(s.Audit(), clock)
		var entries []users.AuditEntry
		for i := range many {
			entries = append(entries, users.AuditEntry{Sequence: int64(i + 1), At: long, Actor: "anonymous", Action: "signIn"})
			must(t, s.BrowserSessions().PutBrowserSession(t.Context(), users.BrowserSession{
				ID: fmt.Sprintf("%04d", i), Hash: fmt.Sprintf("%064d", i), User: "anna", Method: "password", CreatedAt: long, LastUsed: long, Expires: long,
			}))
		}
		_, err := s.Audit().AppendAudit(t.Context(), entries)
		must(t, err)
		o := &serveOptions{}
		o.AuditRetention, o.SignInIdle, o.HistoryRetention = time.Hour, time.Hour, time.Hour
		h := &house{options: o, logger: slog.New(slog.DiscardHandler), store: s, audit: audit, directory: newDirectory(s, nil, o.signInOptions, clock)}
		h.forgetOnce(t.Context())
		left, err := s.Audit().Audit(t.Context(), users.AuditList{Limit: many, Ascending: true})
		must(t, err)
		if len(left) != 1 || left[0].Action != "pruneAudit" {
			t.Errorf("%d entries are left, the first is %+v", len(left), left[0])
		}
		sessions, err := s.BrowserSessions().BrowserSessions(t.Context(), "", many)
		must(t, err)
		if len(sessions) != 0 {
			t.Errorf("%d sessions are left", len(sessions))
		}
	})
}
