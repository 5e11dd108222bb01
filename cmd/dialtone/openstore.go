package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/mongo"
	"github.com/dialtone-acs/dialtone/store/sqlite"
)

// openStore opens the store that the options name: the one place that knows
// which kinds there are. Shared opens it beside a server that runs; a MongoDB is
// always shared. Indexed are the names of the indexed parameters.
func openStore(ctx context.Context, o dataOptions, shared bool, indexed []string, logger *slog.Logger, registry prometheus.Registerer) (store.Store, error) {
	if err := o.checkStore(); err != nil {
		return nil, err
	}
	if o.Store.isMongoDB() {
		return openMongoDB(ctx, o, indexed, logger, registry)
	}
	path, err := o.databasePath()
	if err != nil {
		return nil, err
	}
	opened, err := sqlite.Open(ctx, sqlite.Options{Path: path, Shared: shared, IndexedParameters: indexed, Logger: logger, Registerer: registry, Now: clock})
	if err != nil {
		return nil, err // A nil *sqlite.Store would be a store.Store that is not nil.
	}
	return opened, nil
}

func openMongoDB(ctx context.Context, o dataOptions, indexed []string, logger *slog.Logger, registry prometheus.Registerer) (store.Store, error) {
	options, err := o.mongoDB(indexed, logger, registry)
	if err != nil {
		return nil, err
	}
	opened, err := mongo.Open(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("--store: %w", err)
	}
	return opened, nil
}

// mongoDB returns the options of the store on MongoDB.
func (o dataOptions) mongoDB(indexed []string, logger *slog.Logger, registry prometheus.Registerer) (mongo.Options, error) {
	password, err := o.storePassword()
	if err != nil {
		return mongo.Options{}, err
	}
	return mongo.Options{URI: o.Store.Reveal(), Password: password, IndexedParameters: indexed, Logger: logger, Registerer: registry, Now: clock}, nil
}

// openContent returns where the contents of files are kept: in the store, if it
// keeps them, so that every node has them, else in a folder of the data folder.
// The second value is closed before the store; nil if there is nothing to close.
func openContent(o dataOptions, opened store.Store) (files.Content, io.Closer, error) {
	if keeper, ok := opened.(interface{ Content() files.Content }); ok {
		return keeper.Content(), nil, nil
	}
	folder, err := files.OpenDirectory(o.filesPath())
	if err != nil {
		return nil, nil, fmt.Errorf("files folder: %w", err)
	}
	return folder, folder, nil
}
