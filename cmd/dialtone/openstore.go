package main

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/sqlite"
)

// openStore opens the store that the options name: the one place that knows
// which kinds there are. Shared opens it beside a server that runs.
func openStore(ctx context.Context, o dataOptions, shared bool, logger *slog.Logger, registry prometheus.Registerer) (store.Store, error) {
	path, err := o.databasePath()
	if err != nil {
		return nil, err
	}
	opened, err := sqlite.Open(ctx, sqlite.Options{Path: path, Shared: shared, Logger: logger, Registerer: registry, Now: clock})
	if err != nil {
		return nil, err // A nil *sqlite.Store would be a store.Store that is not nil.
	}
	return opened, nil
}
