package cwmp

// Inform opens a session (TR-069 A.3.3.1). Sent by the device.
type Inform struct {
	DeviceID DeviceIDStruct
	// Events is why the device opens the session, in the order sent;
	// duplicates are possible.
	Events []EventStruct
	// MaxEnvelopes is 1 from every conforming device; 0 if absent.
	MaxEnvelopes int
	// CurrentTime is the device's clock.
	CurrentTime DateTime
	// RetryCount is how many attempts at this session failed before.
	RetryCount int
	// ParameterList holds the forced parameters, and those that changed.
	ParameterList []ParameterValueStruct
}

// DeviceIDStruct identifies a device (TR-069 A.3.3.1). White space around the
// fields is cut off; they are otherwise as the device sent them, and any may be
// empty.
type DeviceIDStruct struct {
	Manufacturer string
	OUI          string
	ProductClass string
	SerialNumber string
}

// Method returns "Inform".
func (*Inform) Method() string { return "Inform" }

func (m *Inform) decode(e *element) {
	id := e.child("DeviceId")
	m.DeviceID = DeviceIDStruct{
		Manufacturer: id.child("Manufacturer").token(),
		OUI:          id.child("OUI").token(),
		ProductClass: id.child("ProductClass").token(),
		SerialNumber: id.child("SerialNumber").token(),
	}
	if events := e.child("Event"); events.count() > 0 {
		m.Events = make([]EventStruct, 0, events.count())
		for c := events.first; c != nil; c = c.next {
			m.Events = append(m.Events, EventStruct{
				EventCode:  c.child("EventCode").value(),
				CommandKey: c.child("CommandKey").value(),
			})
		}
	}
	m.MaxEnvelopes = e.child("MaxEnvelopes").unsigned()
	m.CurrentTime = e.child("CurrentTime").dateTime()
	m.RetryCount = e.child("RetryCount").unsigned()
	m.ParameterList = decodeParameterValues(e)
}

func (m *Inform) encode(w *writer) {
	w.open("DeviceId")
	w.text("Manufacturer", m.DeviceID.Manufacturer)
	w.text("OUI", m.DeviceID.OUI)
	w.text("ProductClass", m.DeviceID.ProductClass)
	w.text("SerialNumber", m.DeviceID.SerialNumber)
	w.close("DeviceId")
	w.openArray("Event", "cwmp:EventStruct", len(m.Events))
	for i := range m.Events {
		w.open("EventStruct")
		w.text("EventCode", m.Events[i].EventCode)
		w.text("CommandKey", m.Events[i].CommandKey)
		w.close("EventStruct")
	}
	w.close("Event")
	w.number("MaxEnvelopes", int64(m.MaxEnvelopes))
	w.dateTime("CurrentTime", m.CurrentTime)
	w.number("RetryCount", int64(m.RetryCount))
	encodeParameterValues(w, m.ParameterList)
}

// InformResponse answers an Inform (TR-069 A.3.3.1). Sent by the ACS.
type InformResponse struct {
	// MaxEnvelopes is what a decoded message said. Encode always writes 1:
	// that is the one legal value, and a device that reads another may send
	// several envelopes in one POST.
	MaxEnvelopes int
}

// Method returns "InformResponse".
func (*InformResponse) Method() string { return "InformResponse" }

func (m *InformResponse) decode(e *element) { m.MaxEnvelopes = e.child("MaxEnvelopes").unsigned() }

func (m *InformResponse) encode(w *writer) { w.number("MaxEnvelopes", 1) }
