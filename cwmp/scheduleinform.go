package cwmp

// ScheduleInform asks a device for a session later, with the events EventScheduled
// and EventMScheduleInform (TR-069 A.4.1.2). Sent by the ACS.
type ScheduleInform struct {
	// DelaySeconds is how long after the response; at least 1.
	DelaySeconds int
	// CommandKey comes back with EventMScheduleInform; at most 32 characters.
	CommandKey string
}

// Method returns "ScheduleInform".
func (*ScheduleInform) Method() string { return "ScheduleInform" }

func (m *ScheduleInform) decode(e *element) {
	m.DelaySeconds = e.child("DelaySeconds").unsigned()
	m.CommandKey = e.child("CommandKey").value()
}

func (m *ScheduleInform) encode(w *writer) {
	w.number("DelaySeconds", int64(m.DelaySeconds))
	w.text("CommandKey", m.CommandKey)
}

// ScheduleInformResponse answers ScheduleInform (TR-069 A.4.1.2).
type ScheduleInformResponse struct{}

// Method returns "ScheduleInformResponse".
func (*ScheduleInformResponse) Method() string { return "ScheduleInformResponse" }

func (*ScheduleInformResponse) decode(*element) {}
func (*ScheduleInformResponse) encode(*writer)  {}
