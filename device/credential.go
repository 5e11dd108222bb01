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
}

// CredentialOwner is the owner for which the password of a credential is
// sealed.
func CredentialOwner(username string) string { return "credential/" + username }

// ConnectionRequestOwner is the owner for which a device's connection-request
// password is sealed.
func ConnectionRequestOwner(device ID) string { return "connectionRequest/" + string(device) }
