package access

// Method is how a device proves who it is.
type Method string

// The methods.
const (
	// None asks for nothing.
	None Method = "none"
	// Basic and Digest are those of HTTP.
	Basic  Method = "basic"
	Digest Method = "digest"
	// Certificate is a client certificate that the listener verified.
	Certificate Method = "certificate"
	// Proxy is a client certificate that a trusted proxy verified and passes on.
	Proxy Method = "proxy"
)

// Methods returns every method.
func Methods() []Method { return []Method{None, Basic, Digest, Certificate, Proxy} }

// password reports whether the method proves a user name by a password.
func (m Method) password() bool { return m == Basic || m == Digest }

// Reaction is what is done about a device that has not proven to be itself.
type Reaction string

// The reactions.
const (
	// Accept serves it like any other.
	Accept Reaction = "accept"
	// Quarantine lets it open sessions and gives it nothing until an operator
	// approves it.
	Quarantine Reaction = "quarantine"
	// Refuse answers with fault 8001.
	Refuse Reaction = "refuse"
)

// Reactions returns every reaction.
func Reactions() []Reaction { return []Reaction{Accept, Quarantine, Refuse} }
