package main

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

const (
	// forgetInterval is how often retention is looked after.
	forgetInterval = 10 * time.Minute
	// forgetBatch bounds what one look removes of each kind at a time.
	forgetBatch = 500
)

// forget removes what is kept no longer, until the context ends: audit entries,
// and devices that nobody added and that fell silent.
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
	if n, err := h.store.Audit().DeleteAudit(ctx, now.Add(-h.options.AuditRetention), forgetBatch); err != nil && ctx.Err() == nil {
		h.logger.Error("cannot remove old audit entries", logkeys.Error, err)
	} else if n > 0 {
		h.logger.Info("removed old audit entries", logkeys.Count, n)
	}
	if h.options.ForgetSilent <= 0 {
		return
	}
	ids, err := h.store.Devices().DeleteSilent(ctx, now.Add(-h.options.ForgetSilent), forgetBatch)
	if err != nil && ctx.Err() == nil {
		h.logger.Error("cannot forget silent devices", logkeys.Error, err)
	} else if len(ids) > 0 {
		h.logger.Info("forgot silent devices that nobody added", logkeys.Count, len(ids))
	}
}
