package sqlite

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// embedded holds the migrations. Files are only ever added: one that was
// released is never changed, which its checksum in the database enforces.
//
//go:embed migrations/*.sql
var embedded embed.FS

// migration is one step of the schema, from a file named NNNN_what.sql.
type migration struct {
	version  int
	name     string
	sql      string
	checksum string
}

// applied is one row of schema_versions.
type applied struct {
	version  int
	checksum string
}

// loadMigrations reads the steps, which are numbered from 1 without a gap.
func loadMigrations(from fs.FS) ([]migration, error) {
	names, err := fs.Glob(from, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	slices.Sort(names)
	var all []migration
	for _, name := range names {
		m, err := loadMigration(from, name)
		if err != nil {
			return nil, err
		}
		if m.version != len(all)+1 {
			return nil, fmt.Errorf("migration %s has number %d, expected %d", name, m.version, len(all)+1)
		}
		all = append(all, m)
	}
	return all, nil
}

func loadMigration(from fs.FS, name string) (migration, error) {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return migration{}, fmt.Errorf("read migration: %w", err)
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
	version, err := strconv.Atoi(number)
	if err != nil {
		return migration{}, fmt.Errorf("migration %s must begin with its number", name)
	}
	sum := sha256.Sum256(raw)
	return migration{version: version, name: name, sql: string(raw), checksum: hex.EncodeToString(sum[:])}, nil
}

// prepareSchema brings the database to the schema of this program or checks
// that it has it.
func prepareSchema(c *conn, o Options) error {
	steps, err := loadMigrations(o.migrations)
	if err != nil {
		return err
	}
	if !o.Shared {
		err := c.script("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL, checksum TEXT NOT NULL)")
		if err != nil {
			return fmt.Errorf("create schema_versions: %w", err)
		}
	}
	done, err := c.appliedMigrations()
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if err := checkMigrations(steps, done); err != nil {
		return err
	}
	if o.Shared && len(done) < len(steps) {
		return fmt.Errorf("%w: it has version %d, this program %d", ErrOlderSchema, len(done), len(steps))
	}
	for _, m := range steps[len(done):] {
		if err := c.migrate(m, milliseconds(o.Now())); err != nil {
			return fmt.Errorf("migrate to version %d (%s): %w", m.version, m.name, err)
		}
	}
	return nil
}

func checkMigrations(steps []migration, done []applied) error {
	if len(done) > len(steps) {
		return fmt.Errorf("%w: it has version %d, this program %d", ErrNewerSchema, done[len(done)-1].version, len(steps))
	}
	for i, d := range done {
		if d.version != steps[i].version || d.checksum != steps[i].checksum {
			return fmt.Errorf("%w: version %d", ErrSchema, d.version)
		}
	}
	return nil
}

func (c *conn) appliedMigrations() ([]applied, error) {
	var all []applied
	err := c.each(func(r *row) error {
		all = append(all, applied{version: r.int(), checksum: r.text()})
		return nil
	}, "SELECT version, checksum FROM schema_versions ORDER BY version")
	return all, err
}

// migrate applies one step in a transaction of its own.
func (c *conn) migrate(m migration, now int64) error {
	if err := c.script("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := c.script(m.sql)
	if err == nil {
		_, err = c.exec("INSERT INTO schema_versions (version, applied_at, checksum) VALUES (?, ?, ?)", m.version, now, m.checksum)
	}
	if err == nil {
		err = c.script("COMMIT")
	}
	if err == nil {
		return nil
	}
	if undo := c.script("ROLLBACK"); undo != nil && !isNoTransaction(undo) {
		return errors.Join(err, undo)
	}
	return err
}
