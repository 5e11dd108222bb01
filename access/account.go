package access

import (
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Account is what a request has proven of who sends it. The zero Account has proven
// nothing.
type Account struct {
	// Listener is the name of the listener that the request came to, and Secure says
	// that it came by TLS.
	Listener string
	Secure   bool
	// Username was proven by Method, Basic or Digest; both are empty without
	// credentials.
	Username string
	Method   Method
	// Device is the device that the credentials were issued to, empty for shared ones.
	Device device.ID
	// Issued, CreatedAt and SeenAt are those of the device's credential
	// (device.Credential). Superseded says that the device has used a newer one that
	// it was given, Outdated that a newer one is on its way to it.
	Issued     bool
	CreatedAt  time.Time
	SeenAt     time.Time
	Superseded bool
	Outdated   bool
	// Shared are the IDs of the shared credentials with this user name and password.
	Shared []string
	// Certificate is the client certificate, verified by the listener or, with
	// Proxied, by a trusted proxy; nil without one.
	Certificate *CertificateIdentity
	Proxied     bool
	// Stale says that the request had credentials whose nonce is no longer good: the
	// next challenge says so. It is not kept.
	Stale bool `json:"-"`
}

// Fingerprint identifies the client certificate, "" without one.
func (a Account) Fingerprint() string {
	if a.Certificate == nil {
		return ""
	}
	return a.Certificate.Fingerprint
}

// certificateMethod is the method by which the certificate came.
func (a Account) certificateMethod() Method {
	if a.Proxied {
		return Proxy
	}
	return Certificate
}

// Candidate is the device that an Inform says it is.
type Candidate struct {
	// Device is its record, with the address of the request. For a device of which
	// there is no record it is made of the Inform, without an ID.
	Device device.Device
	// Credentials are those of the record.
	Credentials []device.Credential
	// Bootstrap says that 0 BOOTSTRAP is among the events.
	Bootstrap bool
	// Asked says that it was asked for credentials a while ago and has not shown any
	// since.
	Asked bool
	// Now is the time.
	Now time.Time
}

func (c *Candidate) known() bool { return c.Device.ID != "" }

// bound reports whether the device has used credentials of its own.
func (c *Candidate) bound() bool {
	return slices.ContainsFunc(c.Credentials, func(own device.Credential) bool { return !own.SeenAt.IsZero() })
}
