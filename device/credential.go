package device

import (
	"fmt"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Credential is a user name and password with which one device, and no other,
// authenticates itself to the ACS (TR-069 3.4.4). User names are unique.
type Credential struct {
	Username string
	Device   ID
	// Password is sealed for CredentialOwner(Username); Digest needs it in
	// clear.
	Password  secret.Sealed
	CreatedAt time.Time
	// Issued says that the server made it up and gave it to the device; else an
	// operator entered it.
	Issued bool
	// SeenAt is when the device first used it, zero if it has not.
	SeenAt time.Time
}

// MaxCredentials bounds the credentials of one device: that in use, one on its way
// to the device, and what an operator entered.
const MaxCredentials = 8

const (
	// issuedNameLength is how many random characters end the user name of a credential
	// that is issued, issuedPasswordLength how many its password has.
	issuedNameLength     = 6
	issuedPasswordLength = 24
)

// IssueCredential makes up a credential for a device, which nobody has stored yet, and
// returns its password in clear too. Seal is that of a secret.Keeper; the error is its.
func IssueCredential(id ID, at time.Time, seal func(plain secret.Text, owner string) (secret.Sealed, error)) (Credential, secret.Text, error) {
	c := Credential{
		Username: string(id) + "-" + strings.ToLower(secret.RandomText(issuedNameLength).Reveal()), Device: id,
		CreatedAt: at.UTC().Truncate(time.Millisecond), Issued: true,
	}
	password := secret.RandomText(issuedPasswordLength)
	sealed, err := seal(password, CredentialOwner(c.Username))
	if err != nil {
		return Credential{}, secret.Text{}, fmt.Errorf("seal credential: %w", err)
	}
	c.Password = sealed
	return c, password, nil
}

// CredentialOwner is the owner for which the password of a credential is
// sealed.
func CredentialOwner(username string) string { return "credential/" + username }

// ConnectionRequestOwner is the owner for which a device's connection-request
// password is sealed.
func ConnectionRequestOwner(device ID) string { return "connectionRequest/" + string(device) }
