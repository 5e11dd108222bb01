package cwmp

// Kicked tells that a user reached the device through a page that wants something
// of the ACS (TR-069 A.4.2.1). Sent by the device; deprecated.
type Kicked struct {
	// Command is what is wanted; at most 32 characters.
	Command string
	// Referer is the page that the user came from; at most 64 characters.
	Referer string
	// Arg is the argument of the Command; at most 256 characters.
	Arg string
	// Next is where the user is to go if the ACS does not say otherwise; at
	// most 1024 characters.
	Next string
}

// Method returns "Kicked".
func (*Kicked) Method() string { return "Kicked" }

func (m *Kicked) decode(e *element) {
	m.Command = e.child("Command").value()
	m.Referer = e.child("Referer").value()
	m.Arg = e.child("Arg").value()
	m.Next = e.child("Next").value()
}

func (m *Kicked) encode(w *writer) {
	w.text("Command", m.Command)
	w.text("Referer", m.Referer)
	w.text("Arg", m.Arg)
	w.text("Next", m.Next)
}

// KickedResponse answers Kicked (TR-069 A.4.2.1).
type KickedResponse struct {
	// NextURL is where the device sends the user's browser; at most 1024
	// characters. An ACS that echoes Next here lets anyone who can reach the
	// device redirect its users.
	NextURL string
}

// Method returns "KickedResponse".
func (*KickedResponse) Method() string { return "KickedResponse" }

func (m *KickedResponse) decode(e *element) { m.NextURL = e.child("NextURL").token() }

func (m *KickedResponse) encode(w *writer) { w.text("NextURL", m.NextURL) }
