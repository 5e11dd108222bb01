// Package store unites the store interfaces of the domain packages, and holds what
// the stores share of them: each interface is declared by the package that uses it,
// and a store is whatever passes store/storetest.
//
// The rules that let several stores be one:
//
//  1. Every method is one atomic operation on one document or row. No
//     transaction across collections is ever needed. Work of several steps is
//     ordered so that a crash repeats, never loses.
//  2. The time is an argument, never the database's clock; UTC, milliseconds.
//  3. Lists page by keyset, never by offset.
//  4. Not found, conflict, lease lost and duplicate are the domain's sentinel
//     errors.
//  5. Filters arrive as an AST; query.Match is the oracle.
//  6. A parameter path holds dots: it is data, never a key by accident.
//  7. Expired leases are returned by a reaper, not inside a claim.
package store

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
)

// Store is everything that a store keeps.
type Store interface {
	Devices() device.Store
	Sessions() device.SessionStore
	Parameters() device.ParameterStore
	Credentials() device.CredentialStore
	Models() device.ModelStore
	Tasks() tasks.Store
	Bulks() tasks.BulkStore
	Files() files.Store
	Groups() device.GroupStore
	Summary() device.SummaryStore
	Causes() tasks.CauseStore
	Users() users.Store
	Roles() users.RoleStore
	Tokens() users.TokenStore
	BrowserSessions() users.BrowserSessionStore
	Audit() users.AuditStore
	History() history.Store
	Declared() declared.Store
	Provisioning() device.ProvisioningStore
	Levels() provisioners.LevelStore
	Lines() provisioners.LineStore
	Fetches() provisioners.FetchStore
	Convergences() provisioners.ConvergenceStore
	DataModels() provisioners.DataModelStore
	Traces() trace.Store
	Carried() device.CarriedSessionStore
	Nodes() nodes.Store
	Copier() Copier

	// KeyCheck returns the check value of the key that seals the secrets in this
	// store; the first call stores what is proposed. ReplaceKeyCheck replaces it.
	KeyCheck(ctx context.Context, proposed secret.Sealed) (secret.Sealed, error)
	ReplaceKeyCheck(ctx context.Context, check secret.Sealed) error
	// Maintain finishes what a crash left half done and removes what nobody will
	// ask for. One node calls it now and then; it is bounded, and no error comes
	// of calling it anywhere at any time.
	Maintain(ctx context.Context, now time.Time) error
	// Ping returns an error while the store cannot read and write.
	Ping(ctx context.Context) error
	// Backup writes a consistent copy of everything to a new file while others
	// go on working. It returns an error if the file exists, and one that wraps
	// errors.ErrUnsupported where the database has its own tools for it.
	Backup(ctx context.Context, path string) error
	// Close waits for what is under way and closes the store.
	Close() error
}
