package users

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// MaxTokens bounds how many tokens exist at once.
const MaxTokens = 1000

// AdminName is the name of the first user.
const AdminName = "admin"

// Directory knows users and tokens: it makes them, and proves who somebody is.
// It is safe for concurrent use and owns no goroutine.
type Directory struct {
	store Store
	now   func() time.Time
	cache *tokenCache
	// hashing bounds how many passwords are hashed at once, and with it the
	// memory that sign-ins can take.
	hashing chan struct{}
}

// maxHashing is how many passwords are hashed at once.
const maxHashing = 2

// NewDirectory returns a directory over a store.
func NewDirectory(store Store, now func() time.Time) *Directory {
	return &Directory{store: store, now: now, cache: newTokenCache(), hashing: make(chan struct{}, maxHashing)}
}

// NewUser creates a user. It returns ErrName, ErrRole, ErrPassword, or ErrExists
// if the name is taken.
func (d *Directory) NewUser(ctx context.Context, name string, role Role, scope device.Scope, password string) (User, error) {
	if err := checkUserName(name); err != nil {
		return User{}, err
	}
	if _, err := ParseRole(string(role)); err != nil {
		return User{}, err
	}
	hash, err := d.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	now := d.moment()
	u := User{Name: name, Role: role, Scope: scope, PasswordHash: hash, CreatedAt: now, UpdatedAt: now}
	if err := d.store.PutUser(ctx, u); err != nil {
		return User{}, fmt.Errorf("store user %s: %w", name, err)
	}
	return d.store.User(ctx, name)
}

// EnsureAdmin creates the user "admin" with a random password if there is no
// user at all, and returns that password, which is known nowhere else.
func (d *Directory) EnsureAdmin(ctx context.Context) (password string, created bool, err error) {
	all, err := d.store.Users(ctx)
	if err != nil {
		return "", false, fmt.Errorf("list users: %w", err)
	}
	if len(all) > 0 {
		return "", false, nil
	}
	password = RandomPassword()
	_, err = d.NewUser(ctx, AdminName, Admin, device.Scope{}, password)
	if errors.Is(err, ErrExists) {
		return "", false, nil // Another process was first.
	}
	if err != nil {
		return "", false, err
	}
	return password, true, nil
}

// SignIn proves a user by the password. It returns ErrUnauthenticated for an
// unknown user as for a wrong password, after the same time.
func (d *Directory) SignIn(ctx context.Context, name, password string) (Principal, error) {
	u, err := d.store.User(ctx, name)
	known := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Principal{}, fmt.Errorf("read user: %w", err)
	}
	if !known {
		u.PasswordHash = nobody
	}
	if err := d.verify(ctx, u.PasswordHash, password); err != nil {
		return Principal{}, err
	}
	if !known {
		return Principal{}, ErrUnauthenticated
	}
	if NeedsRehash(u.PasswordHash) {
		if err := d.rehash(ctx, u, password); err != nil {
			return Principal{}, err
		}
	}
	return Principal{Actor: "user:" + u.Name, Role: u.Role, Scope: u.Scope}, nil
}

// nobody is the hash that the password of an unknown user is checked against,
// so that it takes as long as a known one's. No password is known to have it.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (d *Directory) rehash(ctx context.Context, u User, password string) error {
	hash, err := d.hash(ctx, password)
	if errors.Is(err, ErrPassword) {
		return nil // The old rules allowed it; it stays until it is changed.
	}
	if err != nil {
		return err
	}
	u.PasswordHash, u.UpdatedAt = hash, d.moment()
	if err := d.store.PutUser(ctx, u); err != nil && !errors.Is(err, ErrConflict) {
		return fmt.Errorf("store user %s: %w", u.Name, err)
	}
	return nil
}

func (d *Directory) hash(ctx context.Context, password string) (hash string, err error) {
	err = d.whileHashing(ctx, func() error {
		hash, err = HashPassword(password)
		return err
	})
	return hash, err
}

func (d *Directory) verify(ctx context.Context, hash, password string) error {
	return d.whileHashing(ctx, func() error { return VerifyPassword(hash, password) })
}

func (d *Directory) whileHashing(ctx context.Context, work func() error) error {
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
		return work()
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

// moment returns the time as it is stored.
func (d *Directory) moment() time.Time { return d.now().UTC().Truncate(time.Millisecond) }
