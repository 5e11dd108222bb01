package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/sqlite"
)

// embedded reports whether the options name the embedded store, which one
// process has at a time.
func (o dataOptions) embedded() bool { return !o.Store.isMongoDB() }

// openAlone opens a store for work that is not done beside a server: the
// embedded one with its lock, so that no server can use it meanwhile. Where
// servers share a store, the caller asks its nodes.
func openAlone(ctx context.Context, o dataOptions) (store.Store, error) {
	opened, err := openStore(ctx, o, false, nil, slog.New(slog.DiscardHandler), nil)
	if errors.Is(err, sqlite.ErrLocked) {
		return nil, fmt.Errorf("%w: stop the server first", err)
	}
	return opened, err
}

// openExisting is openAlone for a store that must be there: a name that was
// mistyped would make a new one.
func openExisting(ctx context.Context, o dataOptions) (store.Store, error) {
	if o.embedded() {
		path, err := o.databasePath()
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no store: %w", err)
		}
	}
	return openAlone(ctx, o)
}
