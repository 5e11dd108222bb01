package cwmp

// GetParameterValues reads parameters (TR-069 A.3.2.2). Sent by the ACS.
type GetParameterValues struct {
	// ParameterNames is full paths, or partial paths that end with a dot; the
	// empty string is the whole tree.
	ParameterNames []string
}

// Method returns "GetParameterValues".
func (*GetParameterValues) Method() string { return "GetParameterValues" }

func (m *GetParameterValues) decode(e *element) {
	m.ParameterNames = e.child("ParameterNames").tokens()
}

func (m *GetParameterValues) encode(w *writer) { w.strings("ParameterNames", m.ParameterNames) }

// GetParameterValuesResponse answers GetParameterValues (TR-069 A.3.2.2).
type GetParameterValuesResponse struct {
	// ParameterList is as sent: it may miss parameters that were asked for,
	// and hold others or the same one twice.
	ParameterList []ParameterValueStruct
}

// Method returns "GetParameterValuesResponse".
func (*GetParameterValuesResponse) Method() string { return "GetParameterValuesResponse" }

func (m *GetParameterValuesResponse) decode(e *element) { m.ParameterList = decodeParameterValues(e) }

func (m *GetParameterValuesResponse) encode(w *writer) { encodeParameterValues(w, m.ParameterList) }
