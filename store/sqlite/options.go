package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/nodes"
)

// Options say which database to open and how.
type Options struct {
	// Path is the database file. It is created with mode 0600 if it does not
	// exist, unless Shared is set; its folder must exist.
	Path string
	// Readers is how many connections read at once, 4 if 0.
	Readers int
	// Shared opens the database beside a server that owns it: nothing is
	// created or migrated, no lock is taken, and writes wait for the server's.
	// For commands such as "dialtone token create".
	Shared bool
	// IndexedParameters are the names of the indexed parameters (device.Device,
	// Indexed) by which lists can be filtered and ordered. Each has an index, made
	// by Open unless Shared is set; those of other names are dropped then.
	IndexedParameters []string
	// Now is the clock, for the record of migrations only; time.Now if nil.
	Now func() time.Time
	// Logger may be nil.
	Logger *slog.Logger
	// Registerer may be nil.
	Registerer prometheus.Registerer

	// migrations replaces those of this package, in tests.
	migrations fs.FS
}

func (o Options) withDefaults() (Options, error) {
	if o.Path == "" {
		return o, errors.New("open store: path must not be empty")
	}
	if err := checkIndexedNames(o.IndexedParameters); err != nil {
		return o, fmt.Errorf("open store: %w", err)
	}
	if o.Readers <= 0 {
		o.Readers = defaultReaders
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.migrations == nil {
		o.migrations = embedded
	}
	return o, nil
}

const defaultReaders = 4

// Open opens the store. Without Options.Shared it takes the file for this
// process alone (ErrLocked), migrates it to the schema of this program, and
// ends the session locks that a crash left: their ids stay, so that the next
// session of each device sees that the last one did not end in order. It
// returns ErrNewerSchema, ErrOlderSchema or ErrSchema if the file and the
// program do not fit, and an error that wraps device.ErrInvalid for a name of
// Options.IndexedParameters that cannot be one.
func Open(ctx context.Context, o Options) (*Store, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &Store{path: o.Path, indexed: o.IndexedParameters}
	if err := s.open(o); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.abandon())
	}
	return s, nil
}

func (s *Store) open(o Options) error {
	if err := s.takeFile(o); err != nil {
		return err
	}
	c, err := openConn(o.Path, "journal_mode = wal", "synchronous = full", "foreign_keys = on", "temp_store = memory",
		"cache_size = -64000", "mmap_size = 1073741824", "wal_autocheckpoint = 2000", "journal_size_limit = 67108864")
	if err != nil {
		return err
	}
	s.conn = c
	if err := prepareSchema(c, o); err != nil {
		return err
	}
	if !o.Shared {
		if err := c.endSessionLocks(); err != nil {
			return err
		}
		if err := c.indexParameters(o.IndexedParameters); err != nil {
			return err
		}
	}
	m, err := newMetrics(o.Registerer)
	if err != nil {
		return err
	}
	if s.readers, err = openReaders(o.Path, o.Readers, m); err != nil {
		return err
	}
	s.writer = newWriter(c, m, o.Logger)
	s.carried, s.nodes = newCarriedSessions(s.writer.alive), nodes.NewMemory(s.writer.alive)
	return nil
}

func (s *Store) takeFile(o Options) (err error) {
	if o.Shared {
		if _, err := os.Stat(o.Path); err != nil {
			return fmt.Errorf("no database to share: %w", err)
		}
		return nil
	}
	if s.lock, err = takeLock(o.Path); err != nil {
		return err
	}
	return createPrivate(o.Path)
}

// createPrivate makes sure that the file exists and that a new one is for its
// owner only. SQLite gives its side files the mode of the database.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	return f.Close()
}
