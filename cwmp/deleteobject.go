package cwmp

// DeleteObject removes an instance of a multi-instance object (TR-069 A.3.2.7).
// Sent by the ACS.
type DeleteObject struct {
	// ObjectName is the path of the instance, with its final dot.
	ObjectName string
	// ParameterKey becomes the device's ParameterKey on success; at most 32
	// characters.
	ParameterKey string
}

// Method returns "DeleteObject".
func (*DeleteObject) Method() string { return "DeleteObject" }

func (m *DeleteObject) decode(e *element) {
	m.ObjectName = e.child("ObjectName").token()
	m.ParameterKey = e.child("ParameterKey").value()
}

func (m *DeleteObject) encode(w *writer) {
	w.text("ObjectName", m.ObjectName)
	w.text("ParameterKey", m.ParameterKey)
}

// DeleteObjectResponse answers DeleteObject (TR-069 A.3.2.7).
type DeleteObjectResponse struct {
	// Status is 0 if the object is gone, 1 if it will be later.
	Status int
}

// Method returns "DeleteObjectResponse".
func (*DeleteObjectResponse) Method() string { return "DeleteObjectResponse" }

func (m *DeleteObjectResponse) decode(e *element) { m.Status = e.child("Status").integer() }

func (m *DeleteObjectResponse) encode(w *writer) { w.number("Status", int64(m.Status)) }
