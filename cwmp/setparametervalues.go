package cwmp

// SetParameterValues writes parameters, all or none (TR-069 A.3.2.1). Sent by the
// ACS.
type SetParameterValues struct {
	// ParameterList holds no name twice: devices answer that with a fault.
	ParameterList []ParameterValueStruct
	// ParameterKey becomes the device's ParameterKey if all values are set;
	// at most 32 characters.
	ParameterKey string
}

// Method returns "SetParameterValues".
func (*SetParameterValues) Method() string { return "SetParameterValues" }

func (m *SetParameterValues) decode(e *element) {
	m.ParameterList = decodeParameterValues(e)
	m.ParameterKey = e.child("ParameterKey").value()
}

func (m *SetParameterValues) encode(w *writer) {
	encodeParameterValues(w, m.ParameterList)
	w.text("ParameterKey", m.ParameterKey)
}

// SetParameterValuesResponse answers SetParameterValues (TR-069 A.3.2.1).
type SetParameterValuesResponse struct {
	// Status is 0 if the values are applied, 1 if they will be later, such as
	// after a reboot.
	Status int
}

// Method returns "SetParameterValuesResponse".
func (*SetParameterValuesResponse) Method() string { return "SetParameterValuesResponse" }

func (m *SetParameterValuesResponse) decode(e *element) { m.Status = e.child("Status").integer() }

func (m *SetParameterValuesResponse) encode(w *writer) { w.number("Status", int64(m.Status)) }
