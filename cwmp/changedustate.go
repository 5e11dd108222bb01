package cwmp

import "strings"

// ChangeDUState asks a device to install, update and uninstall deployment units,
// which are pieces of software (TR-069 A.4.1.10). Sent by the ACS, since CWMP 1.2. A
// DUStateChangeComplete tells what came of it.
type ChangeDUState struct {
	// Operations is done in this order; at least one.
	Operations []OperationStruct
	// CommandKey comes back in the DUStateChangeComplete; at most 32
	// characters.
	CommandKey string
}

// OperationStruct is one operation of a ChangeDUState: an InstallOpStruct,
// UpdateOpStruct or UninstallOpStruct, or an UnknownOpStruct from Decode.
type OperationStruct interface {
	// operation is the name of the type in the schema.
	operation() string
	encode(w *writer)
}

// InstallOpStruct installs a deployment unit (TR-069 A.4.1.10). Empty fields but the
// URL are not written.
type InstallOpStruct struct {
	// URL is where the deployment unit is; at most 1024 characters.
	URL string
	// UUID is what the deployment unit is to be known by; the device finds one
	// if it is empty.
	UUID string
	// Username and Password are for the server of the URL.
	Username string
	Password string
	// ExecutionEnvRef is the path of the execution environment; the device
	// chooses if it is empty.
	ExecutionEnvRef string
}

// UpdateOpStruct updates a deployment unit, or all that there are if both UUID and
// URL are empty (TR-069 A.4.1.10). Empty fields are not written.
type UpdateOpStruct struct {
	// UUID is the deployment unit.
	UUID string
	// Version is the one to update where several are installed; at most 32
	// characters.
	Version string
	// URL is where the update is, or without a UUID, where the deployment unit
	// came from; at most 1024 characters.
	URL string
	// Username and Password are for the server of the URL.
	Username string
	Password string
}

// UninstallOpStruct removes a deployment unit (TR-069 A.4.1.10). Empty fields but
// the UUID are not written.
type UninstallOpStruct struct {
	// UUID is the deployment unit.
	UUID string
	// Version is the one to remove; all are if it is empty.
	Version string
	// ExecutionEnvRef is the path of the execution environment to remove it
	// from.
	ExecutionEnvRef string
}

// UnknownOpStruct is an operation of a type that CWMP does not have.
type UnknownOpStruct struct {
	// Type is its xsi:type as sent; empty if there was none.
	Type string
}

func (InstallOpStruct) operation() string   { return "InstallOpStruct" }
func (UpdateOpStruct) operation() string    { return "UpdateOpStruct" }
func (UninstallOpStruct) operation() string { return "UninstallOpStruct" }
func (UnknownOpStruct) operation() string   { return "" }

// Method returns "ChangeDUState".
func (*ChangeDUState) Method() string { return "ChangeDUState" }

func (m *ChangeDUState) decode(e *element) {
	for c := e.first; c != nil; c = c.next {
		if c.local == "Operations" {
			m.Operations = append(m.Operations, decodeOperation(c))
		}
	}
	m.CommandKey = e.child("CommandKey").value()
}

func decodeOperation(e *element) OperationStruct {
	typ := trim(e.typ)
	switch typ[strings.LastIndexByte(typ, ':')+1:] {
	case "InstallOpStruct":
		return InstallOpStruct{
			URL:  e.child("URL").token(),
			UUID: e.child("UUID").token(), Username: e.child("Username").value(), Password: e.child("Password").value(),
			ExecutionEnvRef: e.child("ExecutionEnvRef").token(),
		}
	case "UpdateOpStruct":
		return UpdateOpStruct{
			UUID: e.child("UUID").token(), Version: e.child("Version").token(), URL: e.child("URL").token(),
			Username: e.child("Username").value(), Password: e.child("Password").value(),
		}
	case "UninstallOpStruct":
		return UninstallOpStruct{
			UUID: e.child("UUID").token(), Version: e.child("Version").token(), ExecutionEnvRef: e.child("ExecutionEnvRef").token(),
		}
	}
	return UnknownOpStruct{Type: clone(typ)}
}

func (m *ChangeDUState) encode(w *writer) {
	for _, o := range m.Operations {
		w.raw("<Operations")
		if unknown, ok := o.(UnknownOpStruct); ok {
			w.instanceType(unknown.Type)
		} else {
			w.instanceType(prefixCWMP + ":" + o.operation())
		}
		w.raw(">")
		o.encode(w)
		w.close("Operations")
	}
	w.text("CommandKey", m.CommandKey)
}

func (o InstallOpStruct) encode(w *writer) {
	w.text("URL", o.URL)
	w.optional("UUID", o.UUID)
	w.optional("Username", o.Username)
	w.optional("Password", o.Password)
	w.optional("ExecutionEnvRef", o.ExecutionEnvRef)
}

func (o UpdateOpStruct) encode(w *writer) {
	w.optional("UUID", o.UUID)
	w.optional("Version", o.Version)
	w.optional("URL", o.URL)
	w.optional("Username", o.Username)
	w.optional("Password", o.Password)
}

func (o UninstallOpStruct) encode(w *writer) {
	w.text("UUID", o.UUID)
	w.optional("Version", o.Version)
	w.optional("ExecutionEnvRef", o.ExecutionEnvRef)
}

func (UnknownOpStruct) encode(*writer) {}

// ChangeDUStateResponse answers ChangeDUState (TR-069 A.4.1.10): the device has
// taken it on.
type ChangeDUStateResponse struct{}

// Method returns "ChangeDUStateResponse".
func (*ChangeDUStateResponse) Method() string { return "ChangeDUStateResponse" }

func (*ChangeDUStateResponse) decode(*element) {}
func (*ChangeDUStateResponse) encode(*writer)  {}
