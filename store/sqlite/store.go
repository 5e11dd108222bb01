package sqlite

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
)

// Store is the embedded store. It is safe for concurrent use.
type Store struct {
	path    string
	lock    *fileLock
	conn    *conn
	writer  *writer
	readers *readers
	// indexed are the names of the indexed parameters.
	indexed []string
	// What is only of use while servers run is kept in memory: this store has
	// one process.
	carried *carriedSessions
	nodes   *nodes.Memory

	closing  sync.Once
	closeErr error
}

var _ store.Store = (*Store)(nil)

// The parts of the store are views of it, one for each interface.
type (
	devices         struct{ *Store }
	sessions        struct{ *Store }
	parameters      struct{ *Store }
	credentials     struct{ *Store }
	models          struct{ *Store }
	taskStore       struct{ *Store }
	bulks           struct{ *Store }
	fileStore       struct{ *Store }
	groups          struct{ *Store }
	summaries       struct{ *Store }
	causes          struct{ *Store }
	userStore       struct{ *Store }
	roles           struct{ *Store }
	tokens          struct{ *Store }
	browserSessions struct{ *Store }
	audit           struct{ *Store }
	pastStore       struct{ *Store }
	documents       struct{ *Store }
	traces          struct{ *Store }
	provisioning    struct{ *Store }
	levels          struct{ *Store }
	lines           struct{ *Store }
	fetches         struct{ *Store }
	convergences    struct{ *Store }
	dataModels      struct{ *Store }
)

// Devices returns the device records.
func (s *Store) Devices() device.Store { return devices{s} }

// Sessions returns what sessions change on the device records.
func (s *Store) Sessions() device.SessionStore { return sessions{s} }

// Parameters returns the parameter trees.
func (s *Store) Parameters() device.ParameterStore { return parameters{s} }

// Credentials returns the credentials of devices.
func (s *Store) Credentials() device.CredentialStore { return credentials{s} }

// Models returns what was learnt of models.
func (s *Store) Models() device.ModelStore { return models{s} }

// Tasks returns the tasks.
func (s *Store) Tasks() tasks.Store { return taskStore{s} }

// Bulks returns the bulk tasks.
func (s *Store) Bulks() tasks.BulkStore { return bulks{s} }

// Files returns what is known of files.
func (s *Store) Files() files.Store { return fileStore{s} }

// Groups returns the tree of groups.
func (s *Store) Groups() device.GroupStore { return groups{s} }

// Summary returns what counts the devices.
func (s *Store) Summary() device.SummaryStore { return summaries{s} }

// Causes returns what groups the failed tasks.
func (s *Store) Causes() tasks.CauseStore { return causes{s} }

// Users returns the users.
func (s *Store) Users() users.Store { return userStore{s} }

// Roles returns the roles that operators made.
func (s *Store) Roles() users.RoleStore { return roles{s} }

// Tokens returns the tokens.
func (s *Store) Tokens() users.TokenStore { return tokens{s} }

// BrowserSessions returns who is signed in.
func (s *Store) BrowserSessions() users.BrowserSessionStore { return browserSessions{s} }

// Audit returns the audit log.
func (s *Store) Audit() users.AuditStore { return audit{s} }

// History returns what happened over time.
func (s *Store) History() history.Store { return pastStore{s} }

// Declared returns what operators declared.
func (s *Store) Declared() declared.Store { return documents{s} }

// Provisioning returns how devices stand with their settings and files.
func (s *Store) Provisioning() device.ProvisioningStore { return provisioning{s} }

// Levels returns the levels of settings.
func (s *Store) Levels() provisioners.LevelStore { return levels{s} }

// Lines returns the lines of customers.
func (s *Store) Lines() provisioners.LineStore { return lines{s} }

// Fetches returns what phones asked for.
func (s *Store) Fetches() provisioners.FetchStore { return fetches{s} }

// Convergences returns what is known of the way of devices to their settings.
func (s *Store) Convergences() provisioners.ConvergenceStore { return convergences{s} }

// DataModels returns what devices have for parameters.
func (s *Store) DataModels() provisioners.DataModelStore { return dataModels{s} }

// Traces returns the messages of sessions that were traced.
func (s *Store) Traces() trace.Store { return traces{s} }

// Carried returns the sessions on their way between nodes.
func (s *Store) Carried() device.CarriedSessionStore { return s.carried }

// Nodes returns what the nodes know of each other.
func (s *Store) Nodes() nodes.Store { return s.nodes }

// Maintain does nothing: a transaction leaves nothing half done, and SQLite
// keeps its file in order by itself.
func (s *Store) Maintain(ctx context.Context, _ time.Time) error {
	return errors.Join(ctx.Err(), s.writer.alive())
}

// Ping returns an error while the store cannot read and write: it commits a
// change of one row, which a full or read-only disk refuses.
func (s *Store) Ping(ctx context.Context) error {
	err := s.write(ctx, "ping", func(c *conn) error {
		_, err := c.exec("UPDATE pings SET count = count + 1 WHERE n = 1")
		return err
	})
	if err != nil {
		return err
	}
	return s.read(ctx, "ping", func(c *conn) error {
		_, err := c.one(func(*row) error { return nil }, "SELECT count FROM pings WHERE n = 1")
		return err
	})
}

// Close finishes the writes that are queued and closes the store. Calls after
// it return ErrClosed; closing again does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() { s.closeErr = s.abandon() })
	return s.closeErr
}

// abandon closes what is open, in the order that lets the last connection
// empty the write-ahead log.
func (s *Store) abandon() error {
	var all []error
	if s.writer != nil {
		s.writer.close()
	}
	if s.readers != nil {
		all = append(all, s.readers.close())
	}
	if s.conn != nil {
		all = append(all, s.conn.close())
	}
	return errors.Join(append(all, s.lock.release())...)
}

func (s *Store) write(ctx context.Context, operation string, run func(*conn) error) error {
	return s.writer.do(ctx, operation, run)
}

func (s *Store) read(ctx context.Context, operation string, read func(*conn) error) error {
	return s.readers.do(ctx, operation, read)
}
