package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/trace"
)

// pruneInterval is how often old traces are removed.
const pruneInterval = time.Minute

// ordersKept is how long an order to trace is shown after its end.
const ordersKept = 7 * 24 * time.Hour

// pruneTraces keeps traces within their bounds, until the context ends.
func (h *house) pruneTraces(ctx context.Context) {
	ticker := time.NewTicker(pruneInterval)
	defer ticker.Stop()
	for {
		if err := errors.Join(h.traces.Prune(ctx), h.pruneOrders(ctx)); err != nil && ctx.Err() == nil {
			h.logger.Error("cannot remove old traces", logkeys.Error, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// pruneOrders removes orders that ended long ago.
func (h *house) pruneOrders(ctx context.Context) error {
	documents, err := h.store.Declared().Documents(ctx, declared.TraceOrder)
	if err != nil {
		return err
	}
	for _, d := range documents {
		var order trace.Order
		if json.Unmarshal(d.Body, &order) != nil || h.now().Before(order.Until.Add(ordersKept)) {
			continue
		}
		err := h.store.Declared().DeleteDocument(ctx, d.Kind, d.ID, d.Revision)
		if err != nil && !errors.Is(err, declared.ErrNotFound) && !errors.Is(err, declared.ErrConflict) {
			return err
		}
	}
	return nil
}
