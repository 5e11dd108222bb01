package cwmp

// GetParameterAttributes reads the attributes of parameters (TR-069 A.3.2.5). Sent
// by the ACS.
type GetParameterAttributes struct {
	// ParameterNames is full paths, or partial paths that end with a dot.
	ParameterNames []string
}

// Method returns "GetParameterAttributes".
func (*GetParameterAttributes) Method() string { return "GetParameterAttributes" }

func (m *GetParameterAttributes) decode(e *element) {
	m.ParameterNames = e.child("ParameterNames").tokens()
}

func (m *GetParameterAttributes) encode(w *writer) { w.strings("ParameterNames", m.ParameterNames) }

// ParameterAttributeStruct is the attributes of one parameter (TR-069 A.3.2.5).
type ParameterAttributeStruct struct {
	Name string
	// Notification is 0 off, 1 passive, 2 active; 3 to 6 are the lightweight
	// kinds of CWMP 1.4.
	Notification int
	// AccessList names who beside the ACS may write: "Subscriber", or a
	// vendor's word.
	AccessList []string
}

// GetParameterAttributesResponse answers GetParameterAttributes (TR-069 A.3.2.5).
type GetParameterAttributesResponse struct {
	ParameterList []ParameterAttributeStruct
}

// Method returns "GetParameterAttributesResponse".
func (*GetParameterAttributesResponse) Method() string { return "GetParameterAttributesResponse" }

func (m *GetParameterAttributesResponse) decode(e *element) {
	list := e.child("ParameterList")
	if list.count() == 0 {
		return
	}
	m.ParameterList = make([]ParameterAttributeStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.ParameterList = append(m.ParameterList, ParameterAttributeStruct{
			Name:         c.child("Name").token(),
			Notification: c.child("Notification").integer(),
			AccessList:   c.child("AccessList").tokens(),
		})
	}
}

func (m *GetParameterAttributesResponse) encode(w *writer) {
	w.openArray("ParameterList", "cwmp:ParameterAttributeStruct", len(m.ParameterList))
	for i := range m.ParameterList {
		w.open("ParameterAttributeStruct")
		w.text("Name", m.ParameterList[i].Name)
		w.number("Notification", int64(m.ParameterList[i].Notification))
		w.strings("AccessList", m.ParameterList[i].AccessList)
		w.close("ParameterAttributeStruct")
	}
	w.close("ParameterList")
}
