package users

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// User is a person who may sign in.
type User struct {
	Name string
	Role Role
	// Scope limits the user to a subtree of the groups.
	Scope device.Scope
	// PasswordHash is an Argon2id hash in PHC string form.
	PasswordHash string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	// Revision grows with every change.
	Revision int64
}

// Token is a bearer token of an integration. The token itself is shown once and
// never stored.
type Token struct {
	// ID is public and names the token in lists and in the audit log.
	ID string
	// Name says what the token is for.
	Name  string
	Role  Role
	Scope device.Scope
	// Hash is the SHA-256 of the token in lower-case hex.
	Hash      string
	CreatedAt time.Time
	CreatedBy string
	// Expires is zero for a token that does not expire.
	Expires time.Time
	// LastUsed is accurate to a minute.
	LastUsed time.Time
}

// AuditEntry says who changed what.
type AuditEntry struct {
	// ID orders entries by time.
	ID string
	At time.Time
	// Actor is "user:NAME", "token:ID NAME" or "system".
	Actor string
	// Address is where the request came from.
	Address string
	// Action is the operation's name in the API description.
	Action string
	// Target is what was changed, such as "device/abc".
	Target string
	// Outcome is the HTTP status that the actor got.
	Outcome int
	// Detail is bounded, without secrets.
	Detail string
}

// Store keeps users, tokens and the audit log. Every method is one atomic
// operation.
type Store interface {
	// PutUser stores a user: a new one with Revision 0 (ErrExists if the name is
	// taken), else if Revision is still the stored one (ErrConflict).
	PutUser(ctx context.Context, u User) error
	// User returns a user, or ErrNotFound.
	User(ctx context.Context, name string) (User, error)
	// Users returns every user in order of name.
	Users(ctx context.Context) ([]User, error)
	// PutToken stores a token, replacing one of the same ID.
	PutToken(ctx context.Context, t Token) error
	// TokenByHash returns a token, or ErrNotFound. The caller checks Expires.
	TokenByHash(ctx context.Context, hash string) (Token, error)
	// Tokens returns every token in order of creation.
	Tokens(ctx context.Context) ([]Token, error)
	// TouchToken notes when a token was last used. It returns ErrNotFound for a
	// token that was deleted, and never brings it back.
	TouchToken(ctx context.Context, id string, at time.Time) error
	// DeleteToken removes a token, or returns ErrNotFound.
	DeleteToken(ctx context.Context, id string) error
}

// AuditStore keeps the audit log.
type AuditStore interface {
	// AppendAudit adds an entry.
	AppendAudit(ctx context.Context, e AuditEntry) error
	// Audit returns up to limit entries older than before (an ID; empty for the
	// newest), the newest first.
	Audit(ctx context.Context, before string, limit int) ([]AuditEntry, error)
	// DeleteAudit removes up to limit entries from before the given time and
	// returns how many.
	DeleteAudit(ctx context.Context, before time.Time, limit int) (int, error)
}
