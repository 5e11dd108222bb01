package sqlite

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

func (s credentials) PutCredential(ctx context.Context, credential device.Credential) error {
	return s.write(ctx, "putCredential", func(c *conn) error {
		owner := credential.Device
		_, err := c.one(func(r *row) error { owner = device.ID(r.text()); return nil },
			"SELECT device FROM credentials WHERE username = ?", credential.Username)
		if err != nil {
			return err
		}
		if owner != credential.Device {
			return device.ErrDuplicate
		}
		_, err = c.exec("INSERT OR REPLACE INTO credentials (username, device, password, created_at) VALUES (?, ?, ?, ?)",
			credential.Username, string(credential.Device), string(credential.Password), milliseconds(credential.CreatedAt))
		return err
	})
}

func (s credentials) Credential(ctx context.Context, username string) (credential device.Credential, err error) {
	err = s.read(ctx, "getCredential", func(c *conn) error {
		found, err := c.one(func(r *row) error {
			credential = device.Credential{Username: username, Device: device.ID(r.text()), Password: secret.Sealed(r.text()), CreatedAt: r.time()}
			return nil
		}, "SELECT device, password, created_at FROM credentials WHERE username = ?", username)
		if err == nil && !found {
			err = device.ErrNotFound
		}
		return err
	})
	return credential, err
}

func (s credentials) DeleteCredentials(ctx context.Context, id device.ID) error {
	return s.write(ctx, "deleteCredentials", func(c *conn) error {
		_, err := c.exec("DELETE FROM credentials WHERE device = ?", string(id))
		return err
	})
}
