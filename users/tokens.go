package users

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// NewToken says what token to create.
type NewToken struct {
	// Name says what the token is for.
	Name string
	Role Role
	// Scope limits the token to a subtree of the groups.
	Scope device.Scope
	// Expires is zero for a token that does not expire.
	Expires time.Time
	// CreatedBy is the Actor who asked.
	CreatedBy string
}

// CreateToken creates a token and returns its text, which is shown once and
// never stored. It returns ErrName, ErrRole, ErrScope, ErrExpires, or ErrLimit if
// MaxTokens exist.
func (d *Directory) CreateToken(ctx context.Context, n NewToken) (plain string, t Token, err error) {
	now := d.moment()
	if err := checkTokenName(n.Name); err != nil {
		return "", Token{}, err
	}
	if err := d.MayHave(ctx, n.Role, n.Scope); err != nil {
		return "", Token{}, err
	}
	if !n.Expires.IsZero() && !n.Expires.After(now) {
		return "", Token{}, ErrExpires
	}
	all, err := d.options.Tokens.Tokens(ctx)
	if err != nil {
		return "", Token{}, fmt.Errorf("list tokens: %w", err)
	}
	if len(all) >= MaxTokens {
		return "", Token{}, fmt.Errorf("%w: at most %d", ErrLimit, MaxTokens)
	}
	plain = newTokenText()
	t = Token{
		ID: newOrderedID(now), Name: n.Name, Role: n.Role, Scope: n.Scope, Hash: hashToken(plain),
		CreatedAt: now, CreatedBy: n.CreatedBy,
	}
	if !n.Expires.IsZero() {
		t.Expires = n.Expires.UTC().Truncate(time.Millisecond)
	}
	if err := d.options.Tokens.PutToken(ctx, t); err != nil {
		return "", Token{}, fmt.Errorf("store token: %w", err)
	}
	return plain, t, nil
}

// Tokens returns every token in order of creation.
func (d *Directory) Tokens(ctx context.Context) ([]Token, error) { return d.options.Tokens.Tokens(ctx) }

// DeleteToken removes a token, which is void from that moment in this process,
// and within two seconds in others. It returns ErrNotFound.
func (d *Directory) DeleteToken(ctx context.Context, id string) error {
	if err := d.options.Tokens.DeleteToken(ctx, id); err != nil {
		return err
	}
	d.tokens.forget(func(t Token) bool { return t.ID == id })
	return nil
}

// lastUsedInterval is how much time passes between two writes of LastUsed.
const lastUsedInterval = time.Minute

// Authenticate proves who holds a bearer token. It returns ErrUnauthenticated
// for a token that is unknown, expired or malformed. A token whose role is gone has
// no permissions.
func (d *Directory) Authenticate(ctx context.Context, bearer string) (Principal, error) {
	if !isTokenText(bearer) {
		return Principal{}, ErrUnauthenticated
	}
	now := d.moment()
	hash := hashToken(bearer)
	t, ok := d.tokens.get(hash, now)
	if !ok {
		var err error
		if t, err = d.load(ctx, hash, now); err != nil {
			return Principal{}, err
		}
	}
	if !t.Expires.IsZero() && !now.Before(t.Expires) {
		return Principal{}, ErrUnauthenticated
	}
	permissions, err := d.permissionsOf(ctx, t.Role)
	if err != nil {
		return Principal{}, err
	}
	return Principal{Actor: "token:" + t.ID + " " + t.Name, Role: t.Role, Permissions: permissions, Scope: t.Scope}, nil
}

// load reads a token, notes that it was used, and keeps it for a moment. What
// is unknown is never kept: a token counts as soon as it is created, by
// whichever process.
func (d *Directory) load(ctx context.Context, hash string, now time.Time) (Token, error) {
	generation := d.tokens.generation()
	t, err := d.options.Tokens.TokenByHash(ctx, hash)
	if errors.Is(err, ErrNotFound) {
		return Token{}, ErrUnauthenticated
	}
	if err != nil {
		return Token{}, fmt.Errorf("read token: %w", err)
	}
	valid := t.Expires.IsZero() || now.Before(t.Expires)
	if valid && now.Sub(t.LastUsed) >= lastUsedInterval {
		err := d.options.Tokens.TouchToken(ctx, t.ID, now)
		if errors.Is(err, ErrNotFound) {
			return Token{}, ErrUnauthenticated // Deleted this moment.
		}
		if err != nil {
			return Token{}, fmt.Errorf("note the use of a token: %w", err)
		}
		t.LastUsed = now
	}
	d.tokens.put(hash, t, now, generation)
	return t, nil
}
