package api

import (
	"context"
	"io"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// Devices keeps device records, as device.Store describes.
type Devices interface {
	Create(ctx context.Context, d device.Device, limit int) error
	Get(ctx context.Context, id device.ID) (device.Device, error)
	ByIdentity(ctx context.Context, identity device.Identity) (device.Device, error)
	Edit(ctx context.Context, id device.ID, e device.Edit) (device.Device, error)
	List(ctx context.Context, l device.List) (device.Page, error)
	Delete(ctx context.Context, id device.ID) error
}

// Parameters reads parameter trees, as device.ParameterStore describes.
type Parameters interface {
	Parameters(ctx context.Context, id device.ID, path, after string, limit int) ([]device.Parameter, error)
}

// Credentials keeps the credentials of devices, as device.CredentialStore
// describes.
type Credentials interface {
	PutCredential(ctx context.Context, c device.Credential) error
	Credential(ctx context.Context, username string) (device.Credential, error)
	DeleteCredentials(ctx context.Context, id device.ID) error
}

// Sealer seals a secret for its owner.
type Sealer interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
}

// Enqueuer is the task queue, as tasks.Queue describes.
type Enqueuer interface {
	Enqueue(ctx context.Context, n tasks.New) (tasks.Task, error)
	Get(ctx context.Context, id tasks.ID) (tasks.Task, error)
	List(ctx context.Context, l tasks.List) (tasks.Page, error)
	Open(ctx context.Context, id device.ID) ([]tasks.Task, error)
	Cancel(ctx context.Context, id tasks.ID, by string) (tasks.Task, error)
	Retry(ctx context.Context, id tasks.ID, by string) (tasks.Task, error)
	Wait(ctx context.Context, id tasks.ID) (tasks.Task, error)
}

// Bulks are tasks for many devices at once, as tasks.BulkRunner describes.
type Bulks interface {
	Begin(ctx context.Context, n tasks.NewBulk) (tasks.Bulk, error)
	Get(ctx context.Context, id tasks.ID) (tasks.Bulk, error)
	Stop(ctx context.Context, id tasks.ID) (tasks.Bulk, error)
}

// Waker calls a device, so that it opens a session now (a connection request).
type Waker interface {
	// Wake tries every method that the device is known to listen to, until one
	// reaches it. That none did is no error.
	Wake(ctx context.Context, id device.ID) (WakeResult, error)
}

// WakeResult says what became of a call.
type WakeResult struct {
	// Reached says that the device answered, or is in a session already.
	Reached bool
	// Method is what reached it, or was tried last: "http", "udp", "session";
	// empty if none could be tried.
	Method string
	// Detail says in words, without secrets, why none reached it, or what there
	// is to know beside.
	Detail string
}

// Library keeps the files that devices are given, as files.Library describes.
type Library interface {
	// Add stores a file with the content of the reader, which it reads to its
	// end without holding it in memory. The Size, SHA256, Content and CreatedAt
	// of f are set by it.
	Add(ctx context.Context, f files.File, content io.Reader) (files.File, error)
	Get(ctx context.Context, name string) (files.File, error)
	// OpenContent opens the content of a file, or returns files.ErrNotFound. The
	// caller closes it.
	OpenContent(ctx context.Context, f files.File) (io.ReadSeekCloser, error)
	List(ctx context.Context, l files.List) (files.Page, error)
	Delete(ctx context.Context, name string) error
}

// Directory knows who may sign in, and what they may do, as users.Directory
// describes.
type Directory interface {
	Tokens
	SignIns
	People
	Roles
}

// Audit writes, lists and checks the audit log, as users.AuditLog describes.
type Audit interface {
	Append(ctx context.Context, e users.AuditEntry) error
	List(ctx context.Context, l users.AuditList) ([]users.AuditEntry, error)
	Verify(ctx context.Context) (users.Chain, error)
}

// Summary counts devices, as device.SummaryStore describes.
type Summary interface {
	Summary(ctx context.Context, s device.Scope, now time.Time) (device.Summary, error)
}

// Causes groups failed tasks, as tasks.CauseStore describes.
type Causes interface {
	Causes(ctx context.Context, s device.Scope, since time.Time, limit int) ([]tasks.Cause, error)
}

// History reads what happened over time, as history.Store describes.
type History interface {
	Sessions(ctx context.Context, id device.ID, before time.Time, beforeID string, limit int) ([]history.Session, error)
	Counts(ctx context.Context, from, to time.Time) ([]history.Counts, error)
}

// Opener opens a sealed secret for its owner.
type Opener interface {
	Open(sealed secret.Sealed, owner string) (secret.Text, error)
}

// AuditHead returns the newest entry of the audit log, or users.ErrNotFound.
type AuditHead interface {
	LastAudit(ctx context.Context) (users.AuditEntry, error)
}
