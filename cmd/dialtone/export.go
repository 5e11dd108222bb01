package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/store"
)

// exportCommand writes a consistent copy of the embedded store while a server
// goes on using it.
type exportCommand struct {
	dataOptions

	Backup string `required:"" help:"File to write; it must not exist." placeholder:"FILE" type:"path"`
}

// errExport says how a store is copied that export does not copy.
var errExport = errors.New("export copies the embedded store only: back a MongoDB up with mongodump, or copy it into an embedded store with dialtone store copy")

// Run writes the backup.
func (c *exportCommand) Run(ctx context.Context, s *streams) error {
	if c.Store.isMongoDB() {
		return errExport
	}
	err := withStore(ctx, c.dataOptions, func(opened store.Store) error { return opened.Backup(ctx, c.Backup) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.err, "wrote %s\nKeep %s and the folder %s with it: the secrets in the backup open only with that key, and uploaded files are not in it.\n",
		c.Backup, c.keyPath(), c.filesPath())
	return err
}
