package api

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// login is the credential that a request gives to a device.
type login struct {
	// set says that the credential is to change; without a user name it is
	// removed.
	set      bool
	username string
	password secret.Text
}

// Both are string(256) in TR-069's data models (ManagementServer.Username and
// .Password).
const maxLogin = 256

func (n *NewDevice) login() (login, error) {
	if n.CWMPUsername == "" && n.CWMPPassword == "" {
		return login{}, nil
	}
	return newLogin(n.CWMPUsername, n.CWMPPassword)
}

func (b *DevicePatch) login() (login, error) {
	u, p := b.CWMPUsername, b.CWMPPassword
	switch {
	case !u.Set && !p.Set:
		return login{}, nil
	case u.Null && p.Null:
		return login{set: true}, nil
	default:
		return newLogin(u.Value, p.Value)
	}
}

func newLogin(username, password string) (login, error) {
	if fault := lineFault(username, maxLogin); fault != "" || strings.Contains(username, ":") {
		return login{}, invalid("body.cwmpUsername", "must go with cwmpPassword, and have 1 to 256 printable characters and no colon")
	}
	if password == "" || len(password) > maxLogin || strings.ContainsFunc(password, unicode.IsControl) {
		return login{}, invalid("body.cwmpPassword", "must go with cwmpUsername, and have 1 to 256 bytes without control characters")
	}
	return login{set: true, username: username, password: secret.NewText(password)}, nil
}

// checkLogin returns device.ErrDuplicate if the user name belongs to another
// device.
func (a *API) checkLogin(ctx context.Context, l login, id device.ID) error {
	if !l.set || l.username == "" {
		return nil
	}
	known, err := a.Credentials.Credential(ctx, l.username)
	if errors.Is(err, device.ErrNotFound) {
		return nil
	}
	if err == nil && known.Device != id {
		err = device.ErrDuplicate
	}
	return err
}

// setLogin makes the credential the only one of the device.
func (a *API) setLogin(ctx context.Context, l login, id device.ID) error {
	if !l.set {
		return nil
	}
	if err := a.Credentials.DeleteCredentials(ctx, id); err != nil {
		return err
	}
	if l.username == "" {
		return nil
	}
	sealed, err := a.Sealer.Seal(l.password, device.CredentialOwner(l.username))
	if err != nil {
		return err
	}
	return a.Credentials.PutCredential(ctx, device.Credential{Username: l.username, Device: id, Password: sealed, CreatedAt: a.moment()})
}
