package users

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// User is a person who may sign in.
type User struct {
	Name string
	// DisplayName is how lists show them; empty for Name.
	DisplayName string
	Role        Role
	// Scope limits the user to a subtree of the groups.
	Scope device.Scope
	// Disabled users cannot sign in; what they had open is void.
	Disabled bool
	// PasswordHash is an Argon2id hash in PHC string form; empty for one who signs
	// in elsewhere (Subject) only.
	PasswordHash string
	// MustChangePassword says that somebody else chose the password: the user may
	// do nothing else before it is changed.
	MustChangePassword bool
	// Subject is who they are at the OpenID provider: its issuer, a space and its
	// subject. Empty for local users, else unique.
	Subject string
	// SecondFactor is zero without one.
	SecondFactor SecondFactor
	// Preferences is what the console keeps for them: a JSON object of at most
	// MaxPreferences bytes, or empty.
	Preferences string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	LastSignIn  time.Time
	// Revision grows with every change.
	Revision int64
}

// MaxPreferences bounds User.Preferences in bytes.
const MaxPreferences = 64 << 10

// SecondFactor is a TOTP generator (RFC 6238) of a user.
type SecondFactor struct {
	// Key is the shared secret, sealed for SecondFactorOwner; empty without a
	// second factor.
	Key secret.Sealed
	// Pending is a key that was shown and not yet confirmed by a code.
	Pending secret.Sealed
	// LastStep is the time step of the last code that was accepted: no code is
	// accepted twice.
	LastStep int64
	// Recovery are the SHA-256 of the recovery codes that are left, in lower-case
	// hex.
	Recovery []string
}

// SecondFactorOwner is the owner for which the key of a user's second factor is
// sealed.
func SecondFactorOwner(name string) string { return "user/" + name + "/totp" }

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

// BrowserSession is a user who is signed in with a browser. Its cookie is a
// random text that is never stored.
type BrowserSession struct {
	// ID is public and names it in lists and in the audit log.
	ID string
	// Hash is the SHA-256 of the cookie's value in lower-case hex.
	Hash string
	User string
	// Method is how they signed in: "password" or "openid".
	Method    string
	CreatedAt time.Time
	// LastUsed is accurate to a minute.
	LastUsed time.Time
	// Expires is when it ends, however busy.
	Expires time.Time
	// Address and UserAgent are those of the sign-in; UserAgent is cut to 256
	// bytes.
	Address   string
	UserAgent string
}

// Store keeps users. Every method is one atomic operation.
type Store interface {
	// PutUser stores a user: a new one with Revision 0 (ErrExists if the name is
	// taken), else if Revision is still the stored one (ErrConflict). It returns
	// ErrExists also if another user has the Subject.
	PutUser(ctx context.Context, u User) error
	// User returns a user, or ErrNotFound.
	User(ctx context.Context, name string) (User, error)
	// UserBySubject returns the user with the Subject, or ErrNotFound.
	UserBySubject(ctx context.Context, subject string) (User, error)
	// Users returns every user in order of name, without their Preferences: those
	// of all together may be hundreds of megabytes.
	Users(ctx context.Context) ([]User, error)
	// DeleteUser removes a user, or returns ErrNotFound. What they have open is
	// not touched.
	DeleteUser(ctx context.Context, name string) error
}

// RoleStore keeps the roles that operators made. Every method is one atomic
// operation.
type RoleStore interface {
	// PutRole stores a role: a new one with Revision 0 (ErrExists if the name is
	// taken), else if Revision is still the stored one (ErrConflict). Permissions
	// are stored by name: what a store holds of a name that is no permission any
	// longer is left out of what it returns.
	PutRole(ctx context.Context, r RoleDefinition) error
	// Role returns a role, or ErrNotFound.
	Role(ctx context.Context, name Role) (RoleDefinition, error)
	// Roles returns every role in order of name.
	Roles(ctx context.Context) ([]RoleDefinition, error)
	// DeleteRole removes a role, or returns ErrNotFound.
	DeleteRole(ctx context.Context, name Role) error
}

// TokenStore keeps tokens. Every method is one atomic operation.
type TokenStore interface {
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

// BrowserSessionStore keeps browser sessions. Every method is one atomic
// operation.
type BrowserSessionStore interface {
	// PutBrowserSession stores a new one.
	PutBrowserSession(ctx context.Context, b BrowserSession) error
	// BrowserSessionByHash returns one, or ErrNotFound. The caller checks Expires
	// and LastUsed.
	BrowserSessionByHash(ctx context.Context, hash string) (BrowserSession, error)
	// BrowserSessions returns those of a user, or of all with an empty name, the
	// newest first, at most limit.
	BrowserSessions(ctx context.Context, user string, limit int) ([]BrowserSession, error)
	// TouchBrowserSession notes when one was last used. It returns ErrNotFound for
	// one that was deleted, and never brings it back.
	TouchBrowserSession(ctx context.Context, id string, at time.Time) error
	// DeleteBrowserSession removes one, or returns ErrNotFound.
	DeleteBrowserSession(ctx context.Context, id string) error
	// DeleteBrowserSessions removes those of a user but the one with the ID keep,
	// and returns how many.
	DeleteBrowserSessions(ctx context.Context, user, keep string) (int, error)
	// DeleteOldBrowserSessions removes up to limit that expired before the first
	// time or were last used before the second, and returns how many.
	DeleteOldBrowserSessions(ctx context.Context, expired, unused time.Time, limit int) (int, error)
}
