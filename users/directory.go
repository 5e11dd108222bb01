package users

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// MaxTokens bounds how many tokens exist at once.
const MaxTokens = 1000

// AdminName is the name of the first user.
const AdminName = "admin"

// Directory knows users and tokens: it makes them, and proves who somebody is.
// It is safe for concurrent use and owns no goroutine.
type Directory struct {
	options  Options
	tokens   *cache[Token]
	sessions *cache[openSession]
	roles    *cache[RoleDefinition]
	attempts *attempts
	// admins is held while a change may take away an administrator, so that two of
	// them cannot take away the last two.
	admins sync.Mutex
	// hashing bounds how many passwords are hashed at once, and with it the
	// memory that sign-ins can take.
	hashing chan struct{}
}

// maxHashing is how many passwords are hashed at once.
const maxHashing = 2

// Options are what a Directory is made of. All are required but what says
// otherwise.
type Options struct {
	Users           Store
	Roles           RoleStore
	Tokens          TokenStore
	BrowserSessions BrowserSessionStore
	Keeper          Keeper
	Now             func() time.Time
	// Idle is how long a browser session may be unused, Lifetime how long it lasts
	// at most; 0 for 12 hours and 7 days.
	Idle     time.Duration
	Lifetime time.Duration
	// Cost is that of new hashes of passwords, the zero value for
	// DefaultPasswordCost. Less is for tests that hash passwords all the time.
	Cost PasswordCost
}

// Keeper seals the keys of second factors, as secret.Keeper does.
type Keeper interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
	Open(sealed secret.Sealed, owner string) (secret.Text, error)
}

// Defaults of Options.Idle and Options.Lifetime.
const (
	defaultIdle     = 12 * time.Hour
	defaultLifetime = 7 * 24 * time.Hour
)

// NewDirectory returns a directory over a store.
func NewDirectory(o Options) *Directory {
	if o.Idle <= 0 {
		o.Idle = defaultIdle
	}
	if o.Lifetime <= 0 {
		o.Lifetime = defaultLifetime
	}
	if o.Cost == (PasswordCost{}) {
		o.Cost = DefaultPasswordCost()
	}
	return &Directory{
		options: o, attempts: newAttempts(), hashing: make(chan struct{}, maxHashing),
		tokens: newCache[Token](cachedTokens), sessions: newCache[openSession](cachedSessions), roles: newCache[RoleDefinition](cachedRoles),
	}
}

// EnsureAdmin creates the user "admin" with a random password if there is no
// user at all, and returns that password, which is known nowhere else. Nobody is
// asked to change it: it is random.
func (d *Directory) EnsureAdmin(ctx context.Context) (password string, created bool, err error) {
	all, err := d.options.Users.Users(ctx)
	if err != nil {
		return "", false, fmt.Errorf("list users: %w", err)
	}
	if len(all) > 0 {
		return "", false, nil
	}
	_, password, err = d.NewUser(ctx, NewUser{Name: AdminName, Role: Admin})
	if errors.Is(err, ErrExists) {
		return "", false, nil // Another process was first.
	}
	if err != nil {
		return "", false, err
	}
	return password, true, nil
}

// moment returns the time as it is stored.
func (d *Directory) moment() time.Time { return d.options.Now().UTC().Truncate(time.Millisecond) }
