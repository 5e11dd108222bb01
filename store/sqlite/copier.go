package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/store"
)

// copier reads and writes the whole store.
type copier struct{ *Store }

// Copier returns what copies the whole store.
func (s *Store) Copier() store.Copier { return copier{s} }

// recordTables names the tables that records are in.
func recordTables() []string {
	return []string{
		"devices", "parameters", "credentials", "model_limits", "tasks", "bulks", "files", "grants", "groups", "users", "roles", "tokens",
		"audit", "past_sessions", "counts", "declared", "levels", "lines", "convergences", "data_models",
	}
}

func (s copier) Empty(ctx context.Context) (empty bool, err error) {
	var parts []string
	for _, table := range recordTables() {
		parts = append(parts, "EXISTS (SELECT 1 FROM "+table+")")
	}
	err = s.read(ctx, "isEmpty", func(c *conn) error {
		return c.search(ctx, func(r *row) error { empty = !r.bool(); return nil }, "SELECT "+strings.Join(parts, " OR "), nil)
	})
	return empty, err
}

// Export reads one snapshot, so that it is consistent also while others write.
// It uses a connection of its own, so that a long export keeps no reader
// waiting. The write-ahead log grows meanwhile by what others write.
func (s copier) Export(ctx context.Context, each func(store.Record) error) (err error) {
	started := time.Now()
	defer func() { s.writer.metrics.observe("export", started, err) }()
	if err := errors.Join(ctx.Err(), s.writer.alive()); err != nil {
		return err
	}
	c, err := openConn(s.path, "query_only = on", "temp_store = memory", "cache_size = -16000")
	if err != nil {
		return err
	}
	err = snapshot(c, func() error {
		for _, e := range exports() {
			if err := e(ctx, c, each); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, c.close())
}

// Import is one transaction: it is stored whole or not at all. It returns
// device.ErrDuplicate for an identity, a *tasks.DuplicateError for a unique key,
// and users.ErrExists for a subject, that another record has.
func (s copier) Import(ctx context.Context, records []store.Record) error {
	if len(records) > store.MaxImport {
		return fmt.Errorf("import: %d records at once, at most %d", len(records), store.MaxImport)
	}
	return s.write(ctx, "import", func(c *conn) error {
		return whollyOrNot(c, func() error { return c.importRecords(records) })
	})
}

// whollyOrNot undoes what was written if a rule refuses in the middle, without
// undoing the writes that share the transaction.
func whollyOrNot(c *conn, write func() error) error {
	if _, err := c.exec("SAVEPOINT whole"); err != nil {
		return err
	}
	err := write()
	if isDatabaseError(err) {
		return err // The whole transaction is rolled back.
	}
	if err != nil {
		if _, undo := c.exec("ROLLBACK TO whole"); undo != nil {
			return undo
		}
	}
	if _, released := c.exec("RELEASE whole"); released != nil {
		return released
	}
	return err
}

// Rewrite takes turns with other writers: each page of records is read, given
// to change and written in one transaction, also beside another process. If the
// database fails in the middle of one, change sees the records of that page once
// more.
func (s copier) Rewrite(ctx context.Context, change func(*store.Record) (bool, error)) (int, error) {
	total := 0
	for _, kind := range rewrites() {
		for after, more := (position{}), true; more; {
			var page rewritten
			err := s.write(ctx, "rewrite", func(c *conn) error {
				return whollyOrNot(c, func() (err error) {
					page, err = c.rewritePage(kind, after, change)
					return err
				})
			})
			if err != nil {
				return total, err
			}
			total += page.changed
			after, more = page.last, page.rows == kind.size
		}
	}
	return total, nil
}
