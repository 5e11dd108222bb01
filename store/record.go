package store

import (
	"context"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// Record is one record of a store as a copy carries it, with all that the store
// keeps of it: revisions, locks, sealed secrets. Exactly one field is set.
type Record struct {
	Device     *device.Device
	Parameters *Branch
	Credential *device.Credential
	Model      *Model
	Task       *tasks.Task
	Bulk       *tasks.Bulk
	File       *files.File
	Grant      *files.Grant
	Group      *device.Group
	User       *users.User
	Role       *users.RoleDefinition
	Token      *users.Token
	Audit      *users.AuditEntry
	Session    *history.Session
	Counts     *history.Counts
	Declared   *declared.Document
	Level      *provisioners.Level
	Line       *provisioners.Line

	Convergence *provisioners.Convergence
	DataModel   *provisioners.DataModel
}

// Branch is a run of parameters of one device in the order of paths, at most
// MaxBranch.
type Branch struct {
	Device     device.ID
	Parameters []device.Parameter
}

// MaxBranch bounds Branch.Parameters.
const MaxBranch = 1000

// Model is what is known of a model.
type Model struct {
	Key    device.ModelKey
	Limits device.ModelLimits
}

// MaxImport bounds the records of one Import.
const MaxImport = 500

// Copier reads and writes whole stores. What only matters while servers run
// (nodes, leases, messages, carried sessions), browser sessions, and what is large
// and soon removed (traces, fetches, strangers) are left out.
type Copier interface {
	// Empty reports whether the store holds no record.
	Empty(ctx context.Context) (bool, error)
	// Export calls each with every record, ordered by the fields of Record and
	// then by key (bytewise), so that stores that hold the same export the same.
	// The parameters of a device come in full branches. It is consistent only
	// while nobody writes. It stops at the first error of each and returns it.
	Export(ctx context.Context, each func(Record) error) error
	// Import stores records as they are, replacing those of the same key, at
	// most MaxImport at once. What other records are there stays.
	//
	// All branches of a device come in one call, in order, and its record in
	// that call or before: the first of them removes the tree that is stored,
	// so that after the call the tree is what the branches hold. A device
	// without a branch keeps its tree. Importing the same again changes nothing,
	// also after a call that failed. It returns device.ErrNotFound for branches
	// of a device that is not stored, and an error if another record has the
	// identity or the unique key of one of these, which is not stored then.
	Import(ctx context.Context, records []Record) error
	// Rewrite calls change with every record that may hold sealed secrets
	// (Device, Parameters, Credential, Task, Bulk, User, Declared, Level, Line), and
	// stores those that it reports as changed, while others go on working: a record
	// that somebody else changed meanwhile is read and given to change once more.
	// Change must leave keys as they are, and have no effect beside the record.
	// Revisions stay, so that no session loses a task that it has under way; who
	// saves a task, a bulk task, a document, a level or a line that he read before
	// brings back what he read, and a second Rewrite finds it. It stops at the first
	// error of change and returns it. It returns how many records were changed.
	Rewrite(ctx context.Context, change func(*Record) (bool, error)) (int, error)
}
