package cwmp

// AddObject creates an instance of a multi-instance object (TR-069 A.3.2.6). Sent
// by the ACS.
type AddObject struct {
	// ObjectName is the path of the table, with its final dot.
	ObjectName string
	// ParameterKey becomes the device's ParameterKey on success; at most 32
	// characters.
	ParameterKey string
}

// Method returns "AddObject".
func (*AddObject) Method() string { return "AddObject" }

func (m *AddObject) decode(e *element) {
	m.ObjectName = e.child("ObjectName").token()
	m.ParameterKey = e.child("ParameterKey").value()
}

func (m *AddObject) encode(w *writer) {
	w.text("ObjectName", m.ObjectName)
	w.text("ParameterKey", m.ParameterKey)
}

// AddObjectResponse answers AddObject (TR-069 A.3.2.6).
type AddObjectResponse struct {
	// InstanceNumber is at least 1; 0 if the device did not say.
	InstanceNumber int
	// Status is 0 if the object exists now, 1 if it will later.
	Status int
}

// Method returns "AddObjectResponse".
func (*AddObjectResponse) Method() string { return "AddObjectResponse" }

func (m *AddObjectResponse) decode(e *element) {
	m.InstanceNumber = e.child("InstanceNumber").unsigned()
	m.Status = e.child("Status").integer()
}

func (m *AddObjectResponse) encode(w *writer) {
	w.number("InstanceNumber", int64(m.InstanceNumber))
	w.number("Status", int64(m.Status))
}
