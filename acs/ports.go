package acs

import (
	"context"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Account is what a request has proven of who sends it.
type Account = access.Account

// Authenticator finds out who speaks.
type Authenticator interface {
	// Authenticate returns what a request outside a session proves, before its body is
	// decoded. It returns ErrUnauthorized where that can never be enough; then it has
	// set the WWW-Authenticate headers of the answer. Any other error is the server's
	// own.
	Authenticate(w http.ResponseWriter, r *http.Request) (Account, error)
	// Challenge sets the WWW-Authenticate headers for these methods. Stale says that
	// only the nonce was not good.
	Challenge(w http.ResponseWriter, methods []access.Method, stale bool)
	// Continues reports whether a request may be one of the session that an account
	// opened for a device: it shows nobody else's credentials or certificate. An error
	// is the server's own.
	Continues(r *http.Request, of Account, id device.ID) (bool, error)
	// Forget drops what is remembered of a user name, whose credential has changed.
	Forget(username string)
}

// Credentials is the credential store as the server uses it (device.CredentialStore).
type Credentials interface {
	PutCredential(ctx context.Context, c device.Credential) error
	Credential(ctx context.Context, username string) (device.Credential, error)
	CredentialsOf(ctx context.Context, id device.ID) ([]device.Credential, error)
	NoteCredentialSeen(ctx context.Context, username string, at time.Time) error
	DeleteCredential(ctx context.Context, username string) error
}

// Queue is the task queue as a session uses it (tasks.Queue).
type Queue interface {
	Enqueue(ctx context.Context, n tasks.New) (tasks.Task, error)
	Get(ctx context.Context, id tasks.ID) (tasks.Task, error)
	Open(ctx context.Context, id device.ID) ([]tasks.Task, error)
	Claim(ctx context.Context, id device.ID, l tasks.Lease) (tasks.Task, time.Time, error)
	Depart(ctx context.Context, t tasks.Task, f tasks.Flight) (tasks.Task, error)
	Await(ctx context.Context, t tasks.Task, reason string) (tasks.Task, error)
	Succeed(ctx context.Context, t tasks.Task, result any, reason string) (tasks.Task, error)
	Fail(ctx context.Context, t tasks.Task, f tasks.Fault) (tasks.Task, error)
	FailFor(ctx context.Context, t tasks.Task, f tasks.Fault) (tasks.Task, error)
	Recover(ctx context.Context, t tasks.Task) (tasks.Task, error)
	Continue(ctx context.Context, t tasks.Task, reason string) (tasks.Task, error)
	Cancelled(ctx context.Context, t tasks.Task, reason string) (tasks.Task, error)
	OpenArgs(t tasks.Task) (tasks.Args, error)
}

// Devices is the device store as a session uses it.
type Devices interface {
	Create(ctx context.Context, d device.Device, limit int) error
	Get(ctx context.Context, id device.ID) (device.Device, error)
	ByIdentity(ctx context.Context, identity device.Identity) (device.Device, error)
}

// Keeper seals and opens secrets.
type Keeper interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
	Open(sealed secret.Sealed, owner string) (secret.Text, error)
}

// FileOffer is a file made ready for one device to fetch.
type FileOffer struct {
	URL      string
	FileType string
	// Version is what the file brings, such as the version of a firmware; may be
	// empty.
	Version string
	// Size is in bytes.
	Size int64
}

// FileRequest asks for a file to be made ready for one device.
type FileRequest struct {
	Device device.ID
	Task   tasks.ID
	// Name is the file's name.
	Name string
	// Until is when the offer ends.
	Until time.Time
	// Host is the name or address by which the device reached this server,
	// without a port; for URLs where none is configured.
	Host string
}

// FileServer makes files of ours ready for devices.
type FileServer interface {
	// Offer returns where the device fetches the file. It returns an error that
	// wraps ErrNoFile if there is no such file, or if it cannot be offered.
	Offer(ctx context.Context, r FileRequest) (FileOffer, error)
	// Receive returns where the device sends a file of that type, once, and the
	// name that it will have. It returns an error that wraps ErrNoFile if it is not
	// known how devices reach us.
	Receive(ctx context.Context, r ReceiveRequest) (FileReceipt, error)
	// Received returns the size of a file that a device sent, in bytes. It returns
	// an error that wraps ErrNoFile if nothing of that name came.
	Received(ctx context.Context, name string) (size int64, err error)
}

// ReceiveRequest asks for a place where one device puts one file.
type ReceiveRequest struct {
	Device device.ID
	Task   tasks.ID
	// FileType is what the device is told to send.
	FileType string
	// Until is when the place ends.
	Until time.Time
	// Host is that of FileRequest.
	Host string
}

// FileReceipt is a place where one device puts one file.
type FileReceipt struct {
	URL string
	// Name is the name that the file will have.
	Name string
}

// Observer is told of sessions. It must not block.
type Observer interface {
	// SessionBegan is called once the InformResponse is ready; created says that
	// the device is new.
	SessionBegan(s Summary, created bool)
	// SessionEnded is called once the lock is given back.
	SessionEnded(s Summary)
}

// Summary is what observers are told of a session.
type Summary struct {
	ID     string
	Device device.Device
	Events []device.Event
	// StartedAt and Duration are set when the session ended.
	StartedAt time.Time
	Duration  time.Duration
	RPCs      int
	// Calls are the requests that the device made, at most MaxCalls.
	Calls   []Call
	Outcome Outcome
}

// Name is what logs call the session: the beginning of its ID, which is the cookie of
// a session that lasts.
func (s Summary) Name() string { return sessionName(s.ID) }

// Outcome says how a session ended.
type Outcome string

// The outcomes.
const (
	// Completed: by 204.
	Completed Outcome = "completed"
	// TimedOut: the device stopped answering.
	TimedOut Outcome = "timedOut"
	// Superseded: a newer session of the same device began.
	Superseded Outcome = "superseded"
	// Broken: the device or the server made an error that ended it.
	Broken Outcome = "broken"
)

// source is one origin of work for a session. The engine asks each in order; a
// new capability is a new source.
type source interface {
	name() string
	// next returns the next request and whether it is a read, or nil if there
	// is none now.
	next(ctx context.Context, s *Session) (m cwmp.Message, read bool, err error)
	// answer takes the response or fault to the last request. It returns an
	// error only if the server failed.
	answer(ctx context.Context, s *Session, m cwmp.Message) error
	// unsent says that the last request was not sent, nor will be.
	unsent(ctx context.Context, s *Session, f tasks.Fault) error
	// lost says that the last request will not be answered in this session.
	lost(ctx context.Context, s *Session, f tasks.Fault) error
}
