package sqlite

import (
	"context"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// KeyCheck returns the check value of the key that seals the secrets in this
// store; the first call stores what is proposed.
func (s *Store) KeyCheck(ctx context.Context, proposed secret.Sealed) (check secret.Sealed, err error) {
	err = s.write(ctx, "keyCheck", func(c *conn) error {
		if _, err := c.exec("INSERT OR IGNORE INTO key_check (n, value) VALUES (1, ?)", string(proposed)); err != nil {
			return err
		}
		_, err := c.one(func(r *row) error { check = secret.Sealed(r.text()); return nil }, "SELECT value FROM key_check WHERE n = 1")
		return err
	})
	if err != nil {
		return "", err
	}
	return check, nil
}

// ReplaceKeyCheck replaces the check value of the key.
func (s *Store) ReplaceKeyCheck(ctx context.Context, check secret.Sealed) error {
	return s.write(ctx, "replaceKeyCheck", func(c *conn) error {
		_, err := c.exec("INSERT OR REPLACE INTO key_check (n, value) VALUES (1, ?)", string(check))
		return err
	})
}
