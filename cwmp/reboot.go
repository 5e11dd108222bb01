package cwmp

// Reboot asks a device to restart after the session (TR-069 A.3.2.9). Sent by the
// ACS.
type Reboot struct {
	// CommandKey comes back with EventMReboot; at most 32 characters.
	CommandKey string
}

// Method returns "Reboot".
func (*Reboot) Method() string { return "Reboot" }

func (m *Reboot) decode(e *element) { m.CommandKey = e.child("CommandKey").value() }

func (m *Reboot) encode(w *writer) { w.text("CommandKey", m.CommandKey) }

// RebootResponse answers Reboot (TR-069 A.3.2.9).
type RebootResponse struct{}

// Method returns "RebootResponse".
func (*RebootResponse) Method() string { return "RebootResponse" }

func (*RebootResponse) decode(*element) {}
func (*RebootResponse) encode(*writer)  {}
