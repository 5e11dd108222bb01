package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

const credentialColumns = "username, device, password, created_at, issued, seen_at"

func scanCredential(r *row) device.Credential {
	return device.Credential{
		Username: r.text(), Device: device.ID(r.text()), Password: secret.Sealed(r.text()), CreatedAt: r.time(), Issued: r.bool(), SeenAt: r.time(),
	}
}

func (c *conn) putCredential(credential *device.Credential) error {
	_, err := c.exec("INSERT OR REPLACE INTO credentials ("+credentialColumns+") VALUES (?, ?, ?, ?, ?, ?)", credential.Username,
		string(credential.Device), string(credential.Password), milliseconds(credential.CreatedAt), credential.Issued, milliseconds(credential.SeenAt))
	return err
}

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
		return c.putCredential(&credential)
	})
}

func (s credentials) Credential(ctx context.Context, username string) (credential device.Credential, err error) {
	err = s.read(ctx, "getCredential", func(c *conn) error {
		found, err := c.one(func(r *row) error { credential = scanCredential(r); return nil },
			"SELECT "+credentialColumns+" FROM credentials WHERE username = ?", username)
		if err == nil && !found {
			err = device.ErrNotFound
		}
		return err
	})
	return credential, err
}

const credentialsOfDevice = "SELECT " + credentialColumns + " FROM credentials WHERE device = ? ORDER BY created_at, username"

func (s credentials) CredentialsOf(ctx context.Context, id device.ID) (all []device.Credential, err error) {
	err = s.read(ctx, "listCredentials", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanCredential(r)); return nil }, credentialsOfDevice, string(id))
	})
	return all, err
}

func (s credentials) NoteCredentialSeen(ctx context.Context, username string, at time.Time) error {
	return s.write(ctx, "noteCredentialSeen", func(c *conn) error {
		// One that was seen before is matched as well, so that it is found.
		changed, err := c.exec("UPDATE credentials SET seen_at = CASE WHEN seen_at = 0 THEN ? ELSE seen_at END WHERE username = ?", milliseconds(at), username)
		if err == nil && changed == 0 {
			err = device.ErrNotFound
		}
		return err
	})
}

func (s credentials) DeleteCredential(ctx context.Context, username string) error {
	return s.write(ctx, "deleteCredential", func(c *conn) error {
		removed, err := c.exec("DELETE FROM credentials WHERE username = ?", username)
		if err == nil && removed == 0 {
			err = device.ErrNotFound
		}
		return err
	})
}

func (s credentials) DeleteCredentials(ctx context.Context, id device.ID) error {
	return s.write(ctx, "deleteCredentials", func(c *conn) error {
		_, err := c.exec("DELETE FROM credentials WHERE device = ?", string(id))
		return err
	})
}
