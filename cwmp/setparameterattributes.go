package cwmp

// SetParameterAttributes writes the attributes of parameters (TR-069 A.3.2.4).
// Sent by the ACS.
type SetParameterAttributes struct {
	ParameterList []SetParameterAttributesStruct
}

// SetParameterAttributesStruct is what to change on one parameter, or on all below
// a partial path (TR-069 A.3.2.4).
type SetParameterAttributesStruct struct {
	Name string
	// NotificationChange says that Notification is to be set.
	NotificationChange bool
	// Notification is 0 off, 1 passive, 2 active.
	Notification int
	// AccessListChange says that AccessList replaces the device's.
	AccessListChange bool
	AccessList       []string
}

// Method returns "SetParameterAttributes".
func (*SetParameterAttributes) Method() string { return "SetParameterAttributes" }

func (m *SetParameterAttributes) decode(e *element) {
	list := e.child("ParameterList")
	if list.count() == 0 {
		return
	}
	m.ParameterList = make([]SetParameterAttributesStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.ParameterList = append(m.ParameterList, SetParameterAttributesStruct{
			Name:               c.child("Name").token(),
			NotificationChange: c.child("NotificationChange").boolean(),
			Notification:       c.child("Notification").integer(),
			AccessListChange:   c.child("AccessListChange").boolean(),
			AccessList:         c.child("AccessList").tokens(),
		})
	}
}

func (m *SetParameterAttributes) encode(w *writer) {
	w.openArray("ParameterList", "cwmp:SetParameterAttributesStruct", len(m.ParameterList))
	for i := range m.ParameterList {
		p := &m.ParameterList[i]
		w.open("SetParameterAttributesStruct")
		w.text("Name", p.Name)
		w.boolean("NotificationChange", p.NotificationChange)
		w.number("Notification", int64(p.Notification))
		w.boolean("AccessListChange", p.AccessListChange)
		w.strings("AccessList", p.AccessList)
		w.close("SetParameterAttributesStruct")
	}
	w.close("ParameterList")
}

// SetParameterAttributesResponse answers SetParameterAttributes (TR-069 A.3.2.4).
type SetParameterAttributesResponse struct{}

// Method returns "SetParameterAttributesResponse".
func (*SetParameterAttributesResponse) Method() string { return "SetParameterAttributesResponse" }

func (*SetParameterAttributesResponse) decode(*element) {}
func (*SetParameterAttributesResponse) encode(*writer)  {}
