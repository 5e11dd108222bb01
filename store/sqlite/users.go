package sqlite

import (
	"context"
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users"
)

const userColumns = `name, display_name, role, scope, disabled, password_hash, must_change_password, subject, factor_key, factor_pending,
	factor_last_step, factor_recovery, preferences, created_at, updated_at, last_sign_in, revision`

func scanUser(r *row) (users.User, error) {
	u := users.User{
		Name: r.text(), DisplayName: r.text(), Role: users.Role(r.text()), Scope: device.Scope{Group: r.text()}, Disabled: r.bool(),
		PasswordHash: r.text(), MustChangePassword: r.bool(), Subject: r.text(),
	}
	u.SecondFactor = users.SecondFactor{Key: secret.Sealed(r.text()), Pending: secret.Sealed(r.text()), LastStep: r.int64()}
	if err := r.json(&u.SecondFactor.Recovery); err != nil {
		return u, fmt.Errorf("user %s: recovery codes: %w", u.Name, err)
	}
	u.Preferences, u.CreatedAt, u.UpdatedAt, u.LastSignIn, u.Revision = r.text(), r.time(), r.time(), r.time(), r.int64()
	return u, nil
}

// putUser replaces the user of that name. "INSERT OR REPLACE" would remove
// another user of the same subject.
const putUser = "INSERT INTO users (" + userColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name, role = excluded.role, scope = excluded.scope,
		disabled = excluded.disabled, password_hash = excluded.password_hash, must_change_password = excluded.must_change_password,
		subject = excluded.subject, factor_key = excluded.factor_key, factor_pending = excluded.factor_pending,
		factor_last_step = excluded.factor_last_step, factor_recovery = excluded.factor_recovery, preferences = excluded.preferences,
		created_at = excluded.created_at, updated_at = excluded.updated_at, last_sign_in = excluded.last_sign_in, revision = excluded.revision`

// putUser stores the user as it is. It returns users.ErrExists if another has
// the subject.
func (c *conn) putUser(u *users.User) error {
	if err := c.checkSubject(u); err != nil {
		return err
	}
	recovery, err := encodeList(u.SecondFactor.Recovery)
	if err != nil {
		return err
	}
	f := &u.SecondFactor
	_, err = c.exec(putUser, u.Name, u.DisplayName, string(u.Role), u.Scope.Group, u.Disabled, u.PasswordHash, u.MustChangePassword, u.Subject,
		string(f.Key), string(f.Pending), f.LastStep, recovery, u.Preferences, milliseconds(u.CreatedAt), milliseconds(u.UpdatedAt),
		milliseconds(u.LastSignIn), u.Revision)
	return err
}

func (c *conn) checkSubject(u *users.User) error {
	owner := u.Name
	_, err := c.one(func(r *row) error { owner = r.text(); return nil }, "SELECT name FROM users WHERE subject = ? AND subject <> ''", u.Subject)
	if err == nil && owner != u.Name {
		err = users.ErrExists
	}
	return err
}

// PutUser stores the user with the next revision. It returns users.ErrConflict
// also if u.Revision is set and there is no such user.
func (s userStore) PutUser(ctx context.Context, u users.User) error {
	return s.write(ctx, "putUser", func(c *conn) error {
		if err := c.checkUserRevision("SELECT revision FROM users WHERE name = ?", u.Name, u.Revision); err != nil {
			return err
		}
		next := u
		next.Revision++
		return c.putUser(&next)
	})
}

// checkUserRevision compares the revision that a writer saw, 0 for none, with the
// one that the query finds.
func (c *conn) checkUserRevision(sql, name string, seen int64) error {
	stored := int64(0)
	_, err := c.one(func(r *row) error { stored = r.int64(); return nil }, sql, name)
	switch {
	case err != nil:
		return err
	case seen == 0 && stored != 0:
		return users.ErrExists
	case seen != stored:
		return users.ErrConflict
	}
	return nil
}

func (s userStore) User(ctx context.Context, name string) (users.User, error) {
	return s.user(ctx, "getUser", "SELECT "+userColumns+" FROM users WHERE name = ?", name)
}

func (s userStore) UserBySubject(ctx context.Context, subject string) (users.User, error) {
	return s.user(ctx, "userBySubject", "SELECT "+userColumns+" FROM users WHERE subject = ? AND subject <> ''", subject)
}

func (s userStore) user(ctx context.Context, operation, sql, key string) (u users.User, err error) {
	err = s.read(ctx, operation, func(c *conn) error {
		found, err := c.one(func(r *row) (err error) { u, err = scanUser(r); return err }, sql, key)
		return orNotFound(found, err)
	})
	return u, err
}

// orNotFound returns users.ErrNotFound where nothing was found or changed.
func orNotFound(found bool, err error) error {
	if err == nil && !found {
		return users.ErrNotFound
	}
	return err
}

// listedUserColumns are userColumns without what lists leave out.
var listedUserColumns = strings.Replace(userColumns, "preferences", "''", 1)

func (s userStore) Users(ctx context.Context) (all []users.User, err error) {
	err = s.read(ctx, "listUsers", func(c *conn) error {
		return c.each(func(r *row) error {
			u, err := scanUser(r)
			all = append(all, u)
			return err
		}, "SELECT "+listedUserColumns+" FROM users ORDER BY name")
	})
	return all, err
}

func (s userStore) DeleteUser(ctx context.Context, name string) error {
	return s.deleteOne(ctx, "deleteUser", "DELETE FROM users WHERE name = ?", name)
}

// deleteOne runs a DELETE of one row by its key, or returns users.ErrNotFound.
func (s *Store) deleteOne(ctx context.Context, operation, sql, key string) error {
	return s.write(ctx, operation, func(c *conn) error {
		removed, err := c.exec(sql, key)
		return orNotFound(removed > 0, err)
	})
}
