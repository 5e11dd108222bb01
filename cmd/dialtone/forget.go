package main

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

const (
	// forgetInterval is how often retention is looked after.
	forgetInterval = 10 * time.Minute
	// forgetBatch bounds what is removed of each kind at a time.
	forgetBatch = 500
	// forgetEntries bounds the audit entries that one look removes: seven million a
	// day, many times what strangers can have written.
	forgetEntries = 50_000
)

// forget removes what is kept no longer, until the context ends: audit entries,
// browser sessions, history, and devices that nobody added and that fell silent.
func (h *house) forget(ctx context.Context) {
	ticker := time.NewTicker(forgetInterval)
	defer ticker.Stop()
	for {
		h.forgetOnce(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (h *house) forgetOnce(ctx context.Context) {
	now := h.now()
	for what, remove := range map[string]func() (int, error){
		"audit entries":                    func() (int, error) { return h.audit.Prune(ctx, now.Add(-h.options.AuditRetention), forgetEntries) },
		"browser sessions":                 func() (int, error) { return h.forgetSessions(ctx) },
		"history":                          func() (int, error) { return h.forgetHistory(ctx, now) },
		"silent devices that nobody added": func() (int, error) { return h.forgetDevices(ctx, now) },
	} {
		n, err := remove()
		if err != nil && ctx.Err() == nil {
			h.logger.Error("cannot remove what is old", logkeys.Kind, what, logkeys.Error, err)
		} else if n > 0 {
			h.logger.Info("removed what is old", logkeys.Kind, what, logkeys.Count, n)
		}
	}
}

func (h *house) forgetSessions(ctx context.Context) (removed int, err error) {
	for {
		n, err := h.directory.DeleteOldSessions(ctx, forgetBatch)
		removed += n
		if err != nil || n < forgetBatch {
			return removed, err
		}
	}
}

func (h *house) forgetHistory(ctx context.Context, now time.Time) (int, error) {
	retention := history.Retention{Sessions: h.options.HistoryRetention, Counts: h.options.HistoryRetention}
	removed, err := history.Prune(ctx, h.store.History(), retention, now)
	return removed.Sessions + removed.Counts, err
}

// forgetDevices removes one batch: how many there are is bounded.
func (h *house) forgetDevices(ctx context.Context, now time.Time) (int, error) {
	if h.options.ForgetSilent <= 0 {
		return 0, nil
	}
	ids, err := h.store.Devices().DeleteSilent(ctx, now.Add(-h.options.ForgetSilent), forgetBatch)
	return len(ids), err
}
