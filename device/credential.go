package device

import (
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

// CredentialOwner is the owner for which the password of a credential is
// sealed.
func CredentialOwner(username string) string { return "credential/" + username }

// ConnectionRequestOwner is the owner for which a device's connection-request
// password is sealed.
func ConnectionRequestOwner(device ID) string { return "connectionRequest/" + string(device) }
